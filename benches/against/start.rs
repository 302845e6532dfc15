//! From the start of the binary to its first byte.

use super::screen::Screen;
use serde_json::json;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Starts of each kind.
const ROUNDS: usize = 40;

/// Prints the milliseconds to the first byte of `--help`, and to the end of the first frame on a terminal, of each start.
pub fn start() {
    let (mut help, mut frame) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        help.push(first_byte());
        let home = tempfile::tempdir().unwrap();
        let mut screen = Screen::start(
            home.path(),
            true,
            &["-s", "name, age int", "-t", "Ada", "-m", "acme/quick"],
        );
        let drawn = screen.first_frame();
        frame.push((drawn - screen.started).as_secs_f64() * 1e3);
    }
    println!("{}", json!({"help": help, "frame": frame}));
}

fn first_byte() -> f64 {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_formwork"))
        .arg("--help")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = child.stdout.take().unwrap();
    output.read_exact(&mut [0]).unwrap();
    let taken = start.elapsed().as_secs_f64() * 1e3;
    output.read_to_end(&mut Vec::new()).unwrap();
    assert!(child.wait().unwrap().success());
    taken
}
