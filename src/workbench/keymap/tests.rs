//! Keys as they are written, as they come, and what they mean with and without the user's own.

use super::{Key, Keymap, Press, help, parse_keys, pretty};
use crate::workbench::action::{ACTIONS, Action, Context};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use proptest::prelude::*;
use serde_json::{Value, json};

const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;
const NONE: KeyModifiers = KeyModifiers::NONE;

/// What terminals send for a key.
type Events<'a> = &'a [(KeyCode, KeyModifiers)];

fn event(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
    KeyEvent::new(code, modifiers)
}

fn letter(c: char) -> KeyEvent {
    KeyCode::Char(c).into()
}

fn own(keys: &Value) -> (Keymap, Vec<String>) {
    Keymap::new(keys.as_object().unwrap(), |_| None)
}

/// What the keys come to in the end.
fn press(keymap: &Keymap, contexts: &[Context], keys: &[KeyEvent]) -> Press {
    let mut pending = Vec::new();
    let mut last = Press::Unbound;
    for key in keys {
        last = keymap.press(contexts, &mut pending, *key);
        assert!(last == Press::Pending || pending.is_empty());
    }
    last
}

#[test]
fn what_is_written_is_what_comes_and_what_is_shown() {
    use KeyCode::{BackTab, Char, Enter, Esc, F, PageUp, Tab};
    let table: [(&str, &str, Events<'_>); 16] = [
        ("r", "r", &[(Char('r'), NONE)]),
        ("U", "U", &[(Char('U'), NONE), (Char('U'), SHIFT), (Char('u'), SHIFT)]),
        ("shift-u", "U", &[(Char('U'), SHIFT)]),
        ("?", "?", &[(Char('?'), NONE), (Char('?'), SHIFT)]),
        (
            "ctrl-r",
            "Ctrl-R",
            &[(Char('r'), CTRL), (Char('R'), CTRL), (Char('R'), CTRL.union(SHIFT))],
        ),
        ("Ctrl-R", "Ctrl-R", &[(Char('r'), CTRL)]),
        ("alt-u", "Alt-U", &[(Char('u'), ALT)]),
        (
            "alt-shift-u",
            "Alt-Shift-U",
            &[
                (Char('U'), ALT),
                (Char('U'), ALT.union(SHIFT)),
                (Char('u'), ALT.union(SHIFT)),
            ],
        ),
        ("alt-enter", "Alt-Enter", &[(Enter, ALT)]),
        (
            "shift-tab",
            "Shift-Tab",
            &[(BackTab, SHIFT), (BackTab, NONE), (Tab, SHIFT), (Tab, ALT)],
        ),
        ("space", "Space", &[(Char(' '), NONE)]),
        ("esc", "Esc", &[(Esc, NONE)]),
        ("F5", "F5", &[(F(5), NONE)]),
        ("pageup", "PageUp", &[(PageUp, NONE)]),
        ("-", "-", &[(Char('-'), NONE)]),
        ("alt--", "Alt--", &[(Char('-'), ALT)]),
    ];
    for (text, shown, events) in table {
        let keys = parse_keys(text).unwrap();
        assert_eq!(pretty(text), shown);
        assert_eq!(parse_keys(shown).unwrap(), keys, "{shown}");
        for (code, modifiers) in events {
            assert_eq!(keys, [Key::from(event(*code, *modifiers))], "{text}");
        }
    }
    assert_eq!(pretty("y p"), "y p");
    assert_eq!(pretty("z space"), "z Space");
    assert_ne!(parse_keys("u").unwrap(), parse_keys("U").unwrap());
}

#[test]
fn what_no_terminal_tells_apart_is_refused() {
    let table = [
        ("ctrl-i", "terminals send it as Tab"),
        ("CTRL-M", "terminals send it as Enter"),
        ("ctrl-j", "terminals send it as a line feed"),
        ("ctrl-h", "terminals send it as Backspace"),
        ("ctrl-[", "terminals send it as Esc"),
        ("ctrl-1", "terminals send Ctrl with letters and Space only"),
        ("ctrl-shift-r", "terminals do not tell it from Ctrl alone"),
        ("alt-[", "every arrow key begins with it"),
        ("alt-shift-o", "function keys begin with it"),
        ("shift-1", "write the character itself"),
        ("alt-esc", "terminals send it as Esc"),
        ("ctrl-tab", "terminals send it as Tab or Shift-Tab"),
        ("entre", "is no key"),
        ("f25", "is no key"),
        ("hyper-x", "is no key"),
        ("y ctrl-i", "terminals send it as Tab"),
        (" ", "a key is missing"),
    ];
    for (text, why) in table {
        let error = parse_keys(text).unwrap_err();
        assert!(error.contains(why), "{text}: {error}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_and_what_is_shown_reads_the_same(text in "((ctrl|alt|shift|x)-){0,2}(\\PC|f[0-9]{1,3}|space|tab|esc|up)( \\PC)?") {
        if let Ok(keys) = parse_keys(&text) {
            prop_assert_eq!(parse_keys(&pretty(&text)), Ok(keys));
        }
    }
}

#[test]
fn contexts_sequences_and_broken_sequences() {
    let keymap = Keymap::default();
    let ctrl_c = event(KeyCode::Char('c'), CTRL);
    let table: [(&[Context], &[KeyEvent], Press); 12] = [
        (Context::EDITOR, &[letter('r')], Press::Action(Action::Run)),
        (Context::TYPING, &[letter('r')], Press::Unbound),
        (
            Context::TYPING,
            &[event(KeyCode::Enter, ALT)],
            Press::Action(Action::Run),
        ),
        (Context::EDITOR, &[KeyCode::Enter.into()], Press::Action(Action::Type)),
        (Context::OUTPUT, &[KeyCode::Enter.into()], Press::Action(Action::Open)),
        (Context::OUTPUT, &[letter('y')], Press::Pending),
        (
            Context::OUTPUT,
            &[letter('y'), letter('p')],
            Press::Action(Action::CopyPointer),
        ),
        (Context::OUTPUT, &[letter('y'), letter('r')], Press::Pending),
        (
            Context::OUTPUT,
            &[letter('y'), letter('r'), letter('r')],
            Press::Action(Action::Run),
        ),
        (Context::OUTPUT, &[letter('y'), KeyCode::Esc.into()], Press::Pending),
        (Context::OUTPUT, &[letter('y'), ctrl_c], Press::Action(Action::Cancel)),
        (Context::EDITOR, &[letter('z')], Press::Unbound),
    ];
    for (contexts, keys, expected) in table {
        assert_eq!(press(&keymap, contexts, keys), expected, "{keys:?}");
    }
    let mut release = letter('r');
    release.kind = KeyEventKind::Release;
    assert_eq!(press(&keymap, Context::EDITOR, &[release]), Press::Unbound);
}

#[test]
fn every_row_of_the_table_is_reached() {
    let keymap = Keymap::default();
    for row in ACTIONS {
        for (context, keys) in row.keys {
            assert_eq!(keymap.keys_of(row.action, *context).len(), keys.len());
            let contexts = [Context::TYPING, Context::EDITOR, Context::OUTPUT, Context::TIMELINE];
            let contexts = contexts.into_iter().find(|all| all.contains(context)).unwrap();
            assert_eq!(
                keymap.key_for(row.action, contexts),
                Some(pretty(keys[0])),
                "{}",
                row.name
            );
        }
    }
}

#[test]
fn an_entry_replaces_the_default_in_its_context() {
    let (keymap, problems) = own(&json!({
        "global": {"run": ["R", "y r"], "mode": [], "next_tab": "t"},
        "typing": {"full-screen": "alt-f"},
    }));
    assert_eq!(problems, Vec::<String>::new());
    let table: [(&[Context], &[KeyEvent], Press); 8] = [
        (Context::EDITOR, &[letter('R')], Press::Action(Action::Run)),
        (Context::EDITOR, &[letter('r')], Press::Unbound),
        (Context::EDITOR, &[KeyCode::F(5).into()], Press::Unbound),
        (Context::TYPING, &[KeyCode::F(5).into()], Press::Action(Action::Run)),
        (Context::OUTPUT, &[letter('y'), letter('r')], Press::Action(Action::Run)),
        (Context::OUTPUT, &[letter('x')], Press::Unbound),
        (Context::OUTPUT, &[letter('t')], Press::Action(Action::NextTab)),
        (
            Context::TYPING,
            &[event(KeyCode::Char('f'), ALT)],
            Press::Action(Action::FullScreen),
        ),
    ];
    for (contexts, keys, expected) in table {
        assert_eq!(press(&keymap, contexts, keys), expected, "{keys:?}");
    }
    assert_eq!(keymap.keys_of(Action::Run, Context::Global), ["R", "y r"]);
}

#[test]
fn what_does_not_fit_is_said_and_changes_nothing() {
    let table = [
        (
            json!({"globl": {"run": "r"}}),
            "unknown context [keys.globl]; did you mean `global`?",
        ),
        (
            json!({"output": "x"}),
            "[keys.output] is a table: write run = \"r\" below it",
        ),
        (
            json!({"output": {"fodl": "x"}}),
            "[keys.output] fodl: there is no such action; did you mean `fold`?",
        ),
        (
            json!({"output": {"fold": 3}}),
            "[keys.output] fold: write a key, as \"r\", or several, as [\"r\", \"f5\"]; [] takes the keys away",
        ),
        (
            json!({"output": {"fold": "ctrl-i"}}),
            "[keys.output] fold: `ctrl-i` cannot be bound: terminals send it as Tab",
        ),
        (
            json!({"typing": {"run": "r"}}),
            "[keys.typing] run: `r` is text while typing: take one with ctrl- or alt-, or a function key",
        ),
        (
            json!({"typing": {"back": []}}),
            "[keys.typing] back needs a key: it keeps Esc",
        ),
        (
            json!({"global": {"quit": []}}),
            "[keys.global] quit needs a key: it keeps q, Ctrl-Q",
        ),
    ];
    for (keys, expected) in table {
        let (keymap, problems) = own(&keys);
        assert_eq!(problems, [expected]);
        let shown = |keymap: &Keymap| help(keymap, Context::OUTPUT);
        assert_eq!(shown(&keymap), shown(&Keymap::default()), "{keys}");
    }
}

#[test]
fn two_that_want_one_key_are_named_and_the_users_wins() {
    let x = [letter('x')];
    // The same context: the default loses the key.
    let (keymap, problems) = own(&json!({"global": {"run": "x"}}));
    let said = "[keys.global] run: `x` clashes with `x` of [keys.global] mode; run has it in global";
    assert_eq!(problems, [said]);
    assert_eq!(press(&keymap, Context::EDITOR, &x), Press::Action(Action::Run));
    assert_eq!(keymap.keys_of(Action::PickMode, Context::Global), Vec::<String>::new());
    // A more particular one: the default has it elsewhere.
    let (keymap, problems) = own(&json!({"output": {"fold": "x"}}));
    let said = "[keys.output] fold: `x` clashes with `x` of [keys.global] mode; fold has it in output";
    assert_eq!(problems, [said]);
    assert_eq!(press(&keymap, Context::OUTPUT, &x), Press::Action(Action::Fold));
    assert_eq!(press(&keymap, Context::EDITOR, &x), Press::Action(Action::PickMode));
    assert_eq!(keymap.key_for(Action::PickMode, Context::OUTPUT), None);
    // A wider one: it would be hidden by the default.
    let (keymap, problems) = own(&json!({"global": {"run": "n"}}));
    let said = "[keys.global] run: `n` clashes with `n` of [keys.list] next-match; run has it in global";
    assert_eq!(problems, [said]);
    assert_eq!(
        press(&keymap, Context::OUTPUT, &[letter('n')]),
        Press::Action(Action::Run)
    );
    // One begins the other.
    let (keymap, problems) = own(&json!({"output": {"follow": "z"}}));
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(
        press(&keymap, Context::OUTPUT, &[letter('z')]),
        Press::Action(Action::Follow)
    );
    // Panes that never have the focus together do not clash.
    let (_, problems) = own(&json!({"editor": {"load": "F"}}));
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn problems_begin_with_their_place() {
    let keys = json!({"globl": {"run": "r"}, "global": {"runn": "r", "run": "x"}});
    let place = |key: &str| (key != "keys.globl").then(|| format!("config.toml:{}", key.len()));
    let (_, problems) = Keymap::new(keys.as_object().unwrap(), place);
    let starts = [
        "config.toml:14: unknown",
        "config.toml:16: [keys",
        "config.toml:15: [keys",
    ];
    assert_eq!(problems.len(), starts.len(), "{problems:?}");
    for (problem, start) in problems.iter().zip(starts) {
        assert!(problem.starts_with(start), "{problem}");
    }
}

#[test]
fn the_help_begins_with_the_pane() {
    let groups = help(&Keymap::default(), Context::OUTPUT);
    let titles: Vec<&str> = groups.iter().map(|group| group.title).collect();
    let expected = [
        "In Output",
        "Moving about",
        "Everywhere",
        "In Schema and Input",
        "While typing",
        "On the timeline of a replay",
    ];
    assert_eq!(titles, expected);
    let run = groups[2].entries[0].clone();
    assert_eq!(
        run,
        ("r, Ctrl-R, Alt-Enter, F5".to_owned(), "run the task", Action::Run)
    );
    assert!(
        groups
            .iter()
            .all(|group| group.entries.iter().all(|entry| !entry.0.is_empty()))
    );
}

#[test]
fn what_may_follow_is_known() {
    let followers = Keymap::default().followers(Context::OUTPUT, &[letter('y')]);
    let expected = [
        ("y", Action::CopyValue),
        ("p", Action::CopyPointer),
        ("a", Action::CopyAll),
        ("c", Action::CopyCurl),
    ];
    assert_eq!(followers, expected.map(|(key, action)| (key.to_owned(), action)));
}
