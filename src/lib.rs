//! formwork: a text and a JSON Schema in, validated JSON out, with every step on record.
//!
//! The rooms and what each may know are listed in the README's section *The house*. `task`, `event` and `verdict` are the
//! vocabulary; `schema`, `json`, `extract`, `record` and `words` are logic without I/O; `provider`, `worker`, `session`, `config`,
//! `term` and `cli` are the edges; `workbench` is the screen, with its edges in `runtime`.

pub mod cli;
pub mod config;
pub mod event;
pub mod extract;
pub mod json;
pub mod provider;
pub mod record;
pub mod schema;
pub mod session;
pub mod task;
pub mod term;
pub mod text;
pub mod verdict;
pub mod words;
pub mod workbench;
pub mod worker;
