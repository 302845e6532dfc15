//! The panes of the workbench, one file each.
//!
//! Owns nothing itself: a pane is plain state with functions over the record, and knows no other.

pub mod raw;
