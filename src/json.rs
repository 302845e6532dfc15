//! Reading an answer: incremental reader, repair, pointers, spans.
//!
//! Owns everything between bytes and a tree of values. Knows no schema, no network and no screen.

pub mod limits;
mod literal;
pub mod pointer;
pub mod reader;
pub mod repair;
pub mod tree;
