//! The terminal: entering and leaving it, what it can do, and everything that comes from it.
//!
//! Owns every byte that is written to it and every mode that is set. What is drawn belongs to the workbench.

pub mod depth;
