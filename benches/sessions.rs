//! What sessions cost: opening a large one, going anywhere in it, stepping back, the memory of the process that has it open, and the
//! list of many.
//!
//! Prints one table with the targets; an argument picks the rows whose names begin with it. On a machine that others use as well the best
//! round is the one to look at.
#![expect(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on must fail")]

#[path = "sessions/large.rs"]
mod large;
#[path = "sessions/list.rs"]
mod list;
#[path = "workbench/table.rs"]
mod table;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some(large::HOLD) {
        return large::hold(&arguments.next().unwrap());
    }
    let only = first.filter(|argument| !argument.starts_with('-'));
    table::head();
    for (name, megabytes) in [("1 MB", 1), ("10 MB", 10), ("100 MB", 100)] {
        if only.as_ref().is_none_or(|only| name.starts_with(only.as_str())) {
            large::rows(name, megabytes);
        }
    }
    if only.as_ref().is_none_or(|only| "list".starts_with(only.as_str())) {
        list::list();
    }
}
