//! The tabs of the pane Output, and what they share.
//!
//! Owns one file a tab: each has its state, takes in the record in `update` and draws only the rows in sight.

pub mod attempts;
pub mod fields;
#[cfg(test)]
pub mod fixtures;
pub mod raw;
pub mod wire;
