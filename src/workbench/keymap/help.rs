//! What the help says about keys.
//!
//! Owns the groups and their order. How they are drawn belongs to the overlays.

use super::Keymap;
use crate::workbench::action::{ACTIONS, Action, Context};

/// The keys of a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpGroup {
    /// Where they mean something, for a heading.
    pub title: &'static str,
    /// The keys as they are shown, what they do, and the action.
    pub entries: Vec<(String, &'static str, Action)>,
}

/// Every key in groups, those of the given contexts first and in their order. Actions without a key are left out.
pub fn help(keymap: &Keymap, contexts: &[Context]) -> Vec<HelpGroup> {
    let others = Context::ALL.iter().filter(|context| !contexts.contains(context));
    let order = contexts.iter().chain(others);
    let groups = order.map(|context| HelpGroup {
        title: title(*context),
        entries: entries(keymap, *context),
    });
    groups.filter(|group| !group.entries.is_empty()).collect()
}

fn entries(keymap: &Keymap, context: Context) -> Vec<(String, &'static str, Action)> {
    let rows = ACTIONS.iter().filter_map(|row| {
        let keys = keymap.keys_of(row.action, context);
        (!keys.is_empty()).then(|| (keys.join(", "), row.description, row.action))
    });
    rows.collect()
}

const fn title(context: Context) -> &'static str {
    match context {
        Context::Global => "Everywhere",
        Context::Typing => "While typing",
        Context::Editor => "In Schema and Input",
        Context::Output => "In Output",
        Context::Timeline => "On the timeline of a replay",
        Context::List => "Moving about",
    }
}
