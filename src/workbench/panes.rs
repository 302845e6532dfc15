//! What stands in the panes.

pub mod fields;
