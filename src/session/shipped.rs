//! The recordings that come with the program: the demo, and what the tests read.
//!
//! Owns their names and their texts, which are files in `sessions/`. `tests/recordings.rs` makes them anew.

use super::store::ALIKE;
use strsim::normalized_damerau_levenshtein as alike;

/// Each name with its text, in the order of a first look round.
const ALL: [(&str, &str); 9] = [
    ("user", include_str!("../../sessions/user.jsonl")),
    ("addresses", include_str!("../../sessions/addresses.jsonl")),
    ("phone", include_str!("../../sessions/phone.jsonl")),
    ("fallback", include_str!("../../sessions/fallback.jsonl")),
    ("reask", include_str!("../../sessions/reask.jsonl")),
    ("repair", include_str!("../../sessions/repair.jsonl")),
    ("retry", include_str!("../../sessions/retry.jsonl")),
    ("cancelled", include_str!("../../sessions/cancelled.jsonl")),
    ("list", include_str!("../../sessions/list.jsonl")),
];

/// The names.
pub fn names() -> Vec<&'static str> {
    ALL.iter().map(|(name, _)| *name).collect()
}

/// The name that `name` may be a slip of the pen for.
pub fn near(name: &str) -> Option<&'static str> {
    let likeness = |own: &str| alike(own, &name.to_lowercase());
    let near = names().into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(near) >= ALIKE).then_some(near)
}

/// The text of the recording with this name, as its file has it.
pub fn text(name: &str) -> Option<&'static str> {
    ALL.iter().find(|(own, _)| *own == name).map(|(_, text)| *text)
}
