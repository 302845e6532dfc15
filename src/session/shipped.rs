//! The recordings that ship.
//!
//! Owns their names.

use super::store::Entry;

/// Their names.
pub fn names() -> Vec<&'static str> {
    Vec::new()
}

/// One of them.
pub fn text(_name: &str) -> Option<&'static str> {
    None
}

/// What the list says of one.
pub fn entry(_name: &str) -> Option<Entry> {
    None
}
