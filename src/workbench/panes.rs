//! The panes: what the tabs of Output and the editors show.
//!
//! Each owns its own state and drawing; which of them is on the screen, and where, is the layout's.

pub mod attempts;
pub mod wire;

#[cfg(test)]
pub(crate) mod fixtures;
