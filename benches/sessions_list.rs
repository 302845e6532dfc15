//! What the list of sessions costs, with the targets.
#![expect(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on must fail")]

#[path = "sessions/list.rs"]
mod list;
#[path = "workbench/table.rs"]
mod table;

fn main() {
    table::head();
    list::list();
}
