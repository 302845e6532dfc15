//! What the workbench costs: bytes, latency, processor time and memory of the real binary on a terminal, and the time that `update` and
//! a frame take on large texts.
//!
//! Prints one table with the targets; an argument picks the groups whose names begin with it (`update`, `draw`, `binary`). The binary
//! plays against the scripted server of the tests. On a machine that others use as well the best round is the one to look at.
#![expect(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on must fail")]

#[path = "workbench/binary.rs"]
mod binary;
#[path = "workbench/inside.rs"]
mod inside;
#[path = "workbench/screen.rs"]
mod screen;
#[path = "workbench/sessions.rs"]
mod sessions;
#[path = "workbench/stage.rs"]
mod stage;
#[path = "../tests/support.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "the module's tests, which use all of it, are no part of a benchmark"
)]
mod support;
#[path = "workbench/table.rs"]
mod table;
#[path = "workbench/texts.rs"]
mod texts;

fn main() {
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    table::head();
    let groups: [(&str, fn()); 9] = [
        ("update", inside::update),
        ("draw", inside::draw),
        ("binary start", binary::start),
        ("binary idle", binary::idle),
        ("binary bytes", binary::bytes),
        ("binary keys", binary::keys),
        ("update wide", inside::wide),
        ("update many", inside::many),
        ("update sessions", sessions::browsing),
    ];
    for (name, group) in groups {
        if only.as_ref().is_none_or(|only| name.starts_with(only.as_str())) {
            group();
        }
    }
}
