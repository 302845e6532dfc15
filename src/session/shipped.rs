//! The recordings that ship.
//!
//! Owns their names.

/// Their names.
pub fn names() -> Vec<&'static str> {
    Vec::new()
}

/// One of them.
pub fn text(_name: &str) -> Option<&'static str> {
    None
}
