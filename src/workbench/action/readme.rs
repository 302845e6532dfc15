//! The table of keys for the README.
//!
//! Owns its form. What is in it comes from the table of actions.

use super::{ACTIONS, Context, Row};
use crate::workbench::keymap;

/// The default keys as a table in Markdown, a row for each action.
pub fn markdown_table() -> String {
    let mut lines = vec![
        "| does | keys | while typing | `[keys.…]` | name |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(ACTIONS.iter().map(line));
    lines.join("\n") + "\n"
}

fn line(row: &Row) -> String {
    let typing = row.keys.iter().find(|(context, _)| *context == Context::Typing);
    let others = || row.keys.iter().filter(|(context, _)| *context != Context::Typing);
    let mut plain: Vec<String> = others().map(|(_, keys)| code(keys)).collect();
    plain.dedup();
    let contexts: Vec<&str> = others().map(|(context, _)| context.as_str()).collect();
    format!(
        "| {} | {} | {} | {} | `{}` |",
        row.description,
        plain.join(" "),
        typing.map(|(_, keys)| code(keys)).unwrap_or_default(),
        contexts.join(", "),
        row.name
    )
}

/// Keys as code, as the help writes them.
fn code(keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().map(|text| format!("`{}`", keymap::pretty(text))).collect();
    keys.join(" ")
}
