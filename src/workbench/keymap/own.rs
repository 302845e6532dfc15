//! The user's own keys: `[keys.<context>]` with `action = "key"` or `action = ["key", …]`.
//!
//! Owns how they change the defaults and what is said where they do not fit. An action's entry replaces its default keys in that
//! context, `[]` takes them away.

use super::{Binding, Key, Keymap, parse_keys, shown};
use crate::config::nearest;
use crate::text::one_line;
use crate::workbench::action::{ACTIONS, Action, Context, Row};
use serde_json::{Map, Value};

/// What must always have a key, so that nobody is locked in.
const KEPT: [(Action, Context); 3] = [
    (Action::Quit, Context::Global),
    (Action::Back, Context::Global),
    (Action::Back, Context::Typing),
];

/// The most columns of a problem.
const MAX_PROBLEM: usize = 400;

/// The dotted key of an entry that does not fit, and the sentence that says why.
type Problem = (String, String);

impl Keymap {
    /// The default keys as `[keys]` changes them, and a sentence for each thing in it that does not fit; what does not fit changes
    /// nothing. `place` says where a dotted key is set ([`crate::config::Config::place`]).
    pub fn new(keys: &Map<String, Value>, place: impl Fn(&str) -> Option<String>) -> (Self, Vec<String>) {
        let mut keymap = Self::default();
        let mut problems = Vec::new();
        let at = |path: &str| place(path).map(|place| format!("{place}: ")).unwrap_or_default();
        for (name, table) in keys {
            let entries = match context_table(name, table) {
                Ok((context, entries)) => entries.iter().map(move |(action, value)| (context, action, value)),
                Err((path, problem)) => {
                    problems.push(format!("{}{problem}", at(&path)));
                    continue;
                }
            };
            for (context, action, value) in entries {
                let entry = format!("{}[keys.{name}] {action}", at(&format!("keys.{name}.{action}")));
                let said = keymap.set(context, action, value);
                problems.extend(said.into_iter().map(|problem| format!("{entry}: {problem}")));
            }
        }
        let clashes = keymap.settle().into_iter();
        problems.extend(clashes.map(|(path, problem)| format!("{}{problem}", at(&path))));
        problems.extend(keymap.keep_the_way_out());
        // They quote the file, which may hold anything.
        let shown = problems
            .iter()
            .map(|problem| one_line(problem, MAX_PROBLEM).into_owned());
        (keymap, shown.collect())
    }

    /// Takes over one entry. What is wrong with it is said; keys that are right are taken even beside wrong ones.
    fn set(&mut self, context: Context, name: &str, value: &Value) -> Vec<String> {
        let mut problems = Vec::new();
        // A variable's name has no hyphen.
        let spelt = name.replace('_', "-");
        let Some(row) = ACTIONS.iter().find(|row| row.name == spelt) else {
            let known: Vec<&str> = ACTIONS.iter().map(|row| row.name).collect();
            let near = nearest(&spelt, &known).map(|near| format!("; did you mean `{near}`?"));
            return vec![format!(
                "there is no such action{}",
                near.unwrap_or_else(|| "; the README lists them".to_owned())
            )];
        };
        let Some(texts) = texts(value) else {
            return vec!["write a key, as \"r\", or several, as [\"r\", \"f5\"]; [] takes the keys away".to_owned()];
        };
        let mut keys = Vec::new();
        for text in &texts {
            match read(context, text) {
                Ok(read) => keys.push(read),
                Err(problem) => problems.push(problem),
            }
        }
        if !keys.is_empty() || texts.is_empty() {
            self.replace(context, row, keys);
        }
        problems
    }

    /// Puts keys in the place of an action's keys in a context.
    fn replace(&mut self, context: Context, row: &Row, keys: Vec<Vec<Key>>) {
        let is_old = |binding: &Binding| binding.context == context && binding.action == row.action;
        let at = self.bindings.iter().position(is_old).unwrap_or(self.bindings.len());
        self.bindings.retain(|binding| !is_old(binding));
        let new = keys.into_iter().map(|keys| Binding {
            context,
            action: row.action,
            keys,
            own: true,
        });
        self.bindings.splice(at..at, new);
    }

    /// A problem for each two bindings that want the same key where both are looked up, or of which one begins the other. The user's
    /// own wins over a default; then the more particular context; then the first in the table. A loser that could never be reached,
    /// or that would hide the winner, is taken out.
    pub(in crate::workbench) fn settle(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut lost = vec![false; self.bindings.len()];
        for (i, one) in self.bindings.iter().enumerate() {
            for (j, other) in self.bindings.iter().enumerate().skip(i + 1) {
                let gone = [i, j].iter().any(|at| lost.get(*at).copied().unwrap_or_default());
                if gone || one.action == other.action || !clash(one, other) {
                    continue;
                }
                let first_wins = (one.own, rank(other.context)) >= (other.own, rank(one.context));
                let (winner, loser, at) = if first_wins { (one, other, j) } else { (other, one, i) };
                let path = format!("keys.{}.{}", winner.context.as_str(), winner.action);
                problems.push((path, sentence(winner, loser)));
                // In a wider context the loser still has its key elsewhere.
                let hides = rank(loser.context) <= rank(winner.context);
                if let Some(slot) = lost.get_mut(at) {
                    *slot = hides;
                }
            }
        }
        let mut lost = lost.into_iter();
        self.bindings.retain(|_| !lost.next().unwrap_or_default());
        problems
    }

    /// Gives back the default keys of what must have some.
    fn keep_the_way_out(&mut self) -> Vec<String> {
        let mut problems = Vec::new();
        for (action, context) in KEPT {
            if !self.keys_of(action, context).is_empty() {
                continue;
            }
            let defaults = Self::default().bindings.into_iter();
            let back: Vec<Binding> = defaults
                .filter(|binding| binding.action == action && binding.context == context)
                .collect();
            self.bindings
                .retain(|binding| !back.iter().any(|kept| clash(kept, binding)));
            let keys: Vec<String> = back.iter().map(|binding| shown(&binding.keys)).collect();
            problems.push(format!(
                "[keys.{}] {action} needs a key: it keeps {}",
                context.as_str(),
                keys.join(", ")
            ));
            self.bindings.extend(back);
        }
        problems
    }
}

/// A context and its entries, or the dotted key and what is wrong.
fn context_table<'a>(name: &str, table: &'a Value) -> Result<(Context, &'a Map<String, Value>), Problem> {
    let entries = table.as_object();
    let Some(context) = Context::ALL.into_iter().find(|known| known.as_str() == name) else {
        let first = entries.and_then(|entries| entries.keys().next());
        let path = first.map_or_else(|| format!("keys.{name}"), |action| format!("keys.{name}.{action}"));
        let known = Context::ALL.map(Context::as_str);
        let advice = nearest(name, &known).map_or_else(
            || format!("known are {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        return Err((path, format!("unknown context [keys.{name}]; {advice}")));
    };
    entries.map(|entries| (context, entries)).ok_or_else(|| {
        let problem = format!("[keys.{name}] is a table: write run = \"r\" below it");
        (format!("keys.{name}"), problem)
    })
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Array(texts) => texts.iter().map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn read(context: Context, text: &str) -> Result<Vec<Key>, String> {
    let keys = parse_keys(text)?;
    match keys.first() {
        Some(first) if context == Context::Typing && first.is_typed() => Err(format!(
            "`{text}` is text while typing: take one with ctrl- or alt-, or a function key"
        )),
        Some(_) | None => Ok(keys),
    }
}

fn clash(one: &Binding, other: &Binding) -> bool {
    let same = one.keys.starts_with(&other.keys) || other.keys.starts_with(&one.keys);
    same && one.context.overlaps(other.context)
}

/// How wide a context is: a pane's own keys are looked up before those of lists, and those before the global ones.
const fn rank(context: Context) -> u8 {
    match context {
        Context::Typing | Context::Editor | Context::Output | Context::Timeline => 0,
        Context::List => 1,
        Context::Global => 2,
    }
}

fn sentence(winner: &Binding, loser: &Binding) -> String {
    let (w, l) = (winner.context.as_str(), loser.context.as_str());
    format!(
        "[keys.{w}] {}: `{}` clashes with `{}` of [keys.{l}] {}; {} has it in {w}",
        winner.action,
        shown(&winner.keys),
        shown(&loser.keys),
        loser.action,
        winner.action,
    )
}
