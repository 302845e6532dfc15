//! What keys mean: from key events to actions.
//!
//! Owns the bindings and how they are looked up. Their defaults come from the table in `action`, changes to them from `[keys]` of the
//! settings (`own`); how a key is written is `key`'s affair, what the help and the hint line say is `help`'s and `hints`'s.

mod help;
mod key;
mod own;

pub use help::{HelpGroup, help};
pub use key::{Key, parse_keys, pretty, shown};

use super::action::{ACTIONS, Action, Context};
use crossterm::event::{KeyEvent, KeyEventKind, KeyModifiers};

/// One way to an action.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Binding {
    context: Context,
    action: Action,
    keys: Vec<Key>,
    /// Whether the user set it.
    own: bool,
}

/// All bindings, in the order of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// What a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// It means this.
    Action(Action),
    /// It was taken: it begins or continues a sequence, which is in `pending`, or it broke one, and `pending` is empty.
    Pending,
    /// It means nothing here. While text is typed it is text.
    Unbound,
}

impl Default for Keymap {
    /// The keys of the table.
    fn default() -> Self {
        let bindings = ACTIONS.iter().flat_map(|row| {
            let contexts = row.keys.iter();
            contexts.flat_map(|(context, keys)| {
                keys.iter().filter_map(|text| {
                    Some(Binding {
                        context: *context,
                        action: row.action,
                        keys: parse_keys(text).ok()?,
                        own: false,
                    })
                })
            })
        });
        Self {
            bindings: bindings.collect(),
        }
    }
}

impl Keymap {
    /// What a key means in these contexts, the most particular first ([`Context::EDITOR`] and its kin). `pending` is what came
    /// before of a sequence; it is kept by the caller and emptied here as soon as the sequence is whole or broken. A key that
    /// breaks a sequence is dropped with it, so that nothing is done that was not meant; with Ctrl it counts by itself, so that
    /// `Ctrl-C` always does.
    pub fn press(&self, contexts: &[Context], pending: &mut Vec<KeyEvent>, key: KeyEvent) -> Press {
        if key.kind == KeyEventKind::Release {
            return Press::Unbound;
        }
        let broken = !pending.is_empty();
        pending.push(key);
        let keys: Vec<Key> = pending.iter().copied().map(Key::from).collect();
        let found = self.find(contexts, &keys);
        if found == Press::Pending {
            return found;
        }
        pending.clear();
        match found {
            Press::Unbound if broken && key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.press(contexts, pending, key)
            }
            Press::Unbound if broken => Press::Pending,
            Press::Unbound | Press::Pending | Press::Action(_) => found,
        }
    }

    fn find(&self, contexts: &[Context], keys: &[Key]) -> Press {
        for context in contexts {
            let mut here = self.bindings.iter().filter(|binding| binding.context == *context);
            if let Some(whole) = here.clone().find(|binding| binding.keys == keys) {
                return Press::Action(whole.action);
            }
            if here.any(|binding| binding.keys.starts_with(keys)) {
                return Press::Pending;
            }
        }
        Press::Unbound
    }

    /// The keys of an action in a context, as they are shown (`Alt-Enter`, `Ctrl-R`, `y p`), the one for hints first.
    pub fn keys_of(&self, action: Action, context: Context) -> Vec<String> {
        let mine = |binding: &&Binding| binding.action == action && binding.context == context;
        self.bindings
            .iter()
            .filter(mine)
            .map(|binding| shown(&binding.keys))
            .collect()
    }

    /// The first key that means the action in these contexts, as it is shown; none that a more particular context takes away.
    pub fn key_for(&self, action: Action, contexts: &[Context]) -> Option<String> {
        let mut all = contexts.iter().flat_map(|context| {
            let mine = move |binding: &&Binding| binding.action == action && binding.context == *context;
            self.bindings.iter().filter(mine)
        });
        all.find(|binding| self.find(contexts, &binding.keys) == Press::Action(action))
            .map(|binding| shown(&binding.keys))
    }

    /// What may follow the keys that have come of a sequence: each next key, as it is shown, and what it leads to.
    pub fn followers(&self, contexts: &[Context], pending: &[KeyEvent]) -> Vec<(String, Action)> {
        let keys: Vec<Key> = pending.iter().copied().map(Key::from).collect();
        let here = self
            .bindings
            .iter()
            .filter(|binding| contexts.contains(&binding.context));
        here.filter(|binding| self.find(contexts, &binding.keys) == Press::Action(binding.action))
            .filter_map(|binding| {
                let rest = binding.keys.strip_prefix(keys.as_slice())?;
                (!rest.is_empty()).then(|| (shown(rest), binding.action))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
