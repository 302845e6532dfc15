//! What must hold for the table of actions.

use super::{ACTIONS, Context, markdown_table};
use crate::workbench::keymap::{self, Keymap};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn names_and_actions_are_there_once() {
    let names: BTreeSet<&str> = ACTIONS.iter().map(|row| row.name).collect();
    let actions: BTreeSet<_> = ACTIONS.iter().map(|row| row.action).collect();
    assert_eq!((names.len(), actions.len()), (ACTIONS.len(), ACTIONS.len()));
    for row in ACTIONS {
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(row.name.chars().all(plain), "{}", row.name);
        assert!(
            !row.description.is_empty() && !row.description.contains('|'),
            "{}",
            row.name
        );
        let contexts: BTreeSet<_> = row.keys.iter().map(|(context, _)| context).collect();
        assert_eq!(contexts.len(), row.keys.len(), "{}", row.name);
    }
}

#[test]
fn every_default_key_can_be_read_and_none_is_meant_twice() {
    for (row, context, text) in all() {
        let keys = keymap::parse_keys(text).unwrap_or_else(|why| panic!("{} in {context:?}: {why}", row.name));
        // So that what the help shows can be typed into the settings.
        assert_eq!(keymap::parse_keys(&keymap::pretty(text)).unwrap(), keys, "{text}");
    }
    assert_eq!(Keymap::default().settle(), []);
}

fn all() -> impl Iterator<Item = (&'static super::Row, Context, &'static str)> {
    ACTIONS.iter().flat_map(|row| {
        let keys = row.keys.iter();
        keys.flat_map(move |(context, keys)| keys.iter().map(move |text| (row, *context, *text)))
    })
}

/// Whether every terminal sends it: no function key, and with a modifier only what is one byte or `ESC` and one byte.
fn is_plain(text: &str) -> bool {
    text.split(' ').all(|key| {
        let (modifier, name) = key.rsplit_once('-').unwrap_or(("", key));
        let letter = name.chars().count() == 1;
        match modifier {
            "" => letter || !name.starts_with('f'),
            "ctrl" => letter,
            "alt" | "alt-shift" => letter || name == "enter",
            "shift" => name == "tab",
            _ => false,
        }
    })
}

#[test]
fn each_action_has_a_plain_key_wherever_it_has_one_but_f1_while_typing() {
    for row in ACTIONS {
        for (context, keys) in row.keys {
            let only_f1 = row.name == "help" && *context == Context::Typing;
            assert!(
                only_f1 || keys.iter().any(|key| is_plain(key)),
                "{} in {context:?}",
                row.name
            );
        }
        assert!(!row.keys.is_empty(), "{}", row.name);
    }
    assert!(is_plain("y p") && is_plain("shift-tab") && !is_plain("f5") && !is_plain("ctrl-enter"));
}

/// What stands before and after the table in the README.
const MARKS: (&str, &str) = ("<!-- keys -->\n", "<!-- /keys -->");

#[test]
fn the_readme_has_the_table_of_today() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(MARKS.0).unwrap();
    let (found, after) = rest.split_once(MARKS.1).unwrap();
    let table = markdown_table();
    if std::env::var_os("FORMWORK_WRITE").is_some() {
        fs::write(&path, format!("{before}{}{table}{}{after}", MARKS.0, MARKS.1)).unwrap();
        return;
    }
    assert!(
        found == table,
        "the keys in README.md are stale: run `FORMWORK_WRITE=1 cargo test --lib the_readme_has` to renew them"
    );
}
