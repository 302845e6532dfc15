//! The parts of the comparison with other programs (`benches/peers`) that are of this program: the server all of them ask, runs of
//! the worker in this process, and starts of the binary.
//!
//! `serve` prints its base URL and serves until its standard input ends. `many URL RUNS AT_ONCE` does so many runs. `start` prints
//! milliseconds as JSON. Time and memory of the first two are taken by whoever calls them.
#![expect(clippy::print_stdout, reason = "a benchmark's result is its output")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on must fail")]

#[path = "against/many.rs"]
mod many;
#[path = "workbench/screen.rs"]
#[expect(dead_code, reason = "the benchmark of the workbench uses all of it")]
mod screen;
#[path = "against/serve.rs"]
mod serve;
#[path = "against/start.rs"]
mod start;
#[path = "workbench/texts.rs"]
#[expect(dead_code, reason = "the benchmark of the workbench uses all of it")]
mod texts;

fn main() {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve"] => serve::serve(),
        ["many", url, runs, at_once] => many::many(url, runs.parse().unwrap(), at_once.parse().unwrap()),
        ["start"] => start::start(),
        ["schema"] => println!("{}", texts::people_schema()),
        _ => println!("see benches/peers; this is only a part of it"),
    }
}
