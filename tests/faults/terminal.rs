//! The matrix through the real workbench on a real terminal: each misbehaviour in one of the modes, in turn.
//!
//! Beside what comes of it, it is seen that the program can be left as ever, that the terminal is then as it was, and that nothing of
//! the key was drawn.

use crate::binary::{Bench, KEY, holding};
use crate::pty::{Pty, command, find};
use crate::table::{self, Expected, INPUT, MODES, Row, SCHEMA};
use crate::told::{kept, words};
use formwork::session::Tape;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

/// Columns and rows.
const SIZE: (u16, u16) = (100, 30);

/// Programs at a time; most of them wait.
const AT_ONCE: usize = 8;

#[test]
fn the_terminal_survives_every_misbehaviour() {
    let rows = table::rows();
    let (next, wrong) = (Mutex::new(0..rows.len()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let taken = next.lock().unwrap().next();
                    let Some(at) = taken else { return };
                    let mode = at % MODES.len();
                    let seen = play(&rows[at], MODES[mode]);
                    wrong.lock().unwrap().extend(rows[at].compare(mode, &seen));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn play(row: &Row, mode: &str) -> Expected {
    let bench = Bench::new(row.script(mode));
    let elsewhere = row.elsewhere();
    let url = elsewhere
        .as_ref()
        .map_or_else(|| bench.server.base_url(), |elsewhere| elsewhere.url.clone());
    let settings = format!(
        "[providers.openrouter]\nbase_url = \"{url}\"\nidle_timeout = \"{}ms\"\n",
        row.idle().as_millis()
    );
    fs::write(bench.home().join("config.toml"), settings).unwrap();
    let mut pty = open(&bench, mode);
    pty.wait_text("ready");
    pty.send("r");
    pty.wait(row.name, has_ended);
    for (columns, rows) in [(40, 12), SIZE] {
        pty.resize(columns, rows);
    }
    pty.send("3]]]\x11");
    assert_eq!(pty.exit().exit_code(), 0, "{}: {}", row.name, pty.text());
    let raw = pty.raw();
    for left in ["\x1b[?1049l", "\x1b[?25h", "\x1b[?2004l"] {
        let last = raw.windows(left.len()).rposition(|bytes| bytes == left.as_bytes());
        let back = left.replace('l', "h");
        let entered = find(&raw[last.unwrap_or_default()..], back.as_bytes());
        assert!(
            last.is_some() && (left.ends_with('h') || entered.is_none()),
            "{}: {left:?}",
            row.name
        );
    }
    assert_eq!(find(&raw, KEY.as_bytes()), None, "{}: the key", row.name);
    assert_eq!(holding(&bench.home(), KEY), Vec::<PathBuf>::new(), "{}", row.name);
    let [session] = &bench.sessions()[..] else {
        panic!("{}: one session is written", row.name)
    };
    assert_eq!(kept(session).runs.len(), 1, "{}", row.name);
    let events: Vec<_> = Tape::read(session).unwrap().events().map(|one| one.event).collect();
    Expected {
        exit: None,
        requests: elsewhere.map_or_else(|| bench.server.chats().len(), |elsewhere| elsewhere.asked()),
        events: words(&events).leak(),
    }
}

fn open(bench: &Bench, mode: &str) -> Pty {
    let mut formwork = command(env!("CARGO_BIN_EXE_formwork"));
    formwork.args(["-s", SCHEMA, "-t", INPUT, "-m", "acme/quick", "--mode", mode]);
    formwork.args(["--retries", "1", "--reasks", "1"]);
    formwork.env("FORMWORK_HOME", bench.home());
    formwork.env("OPENROUTER_API_KEY", KEY);
    formwork.cwd(bench.work());
    Pty::spawn(formwork, SIZE.0, SIZE.1)
}

/// Whether a run has been and is over: a next one could begin, and the status line no longer says only that.
fn has_ended(screen: &vt100::Screen) -> bool {
    let text = screen.contents();
    let mut last = text.lines().rev();
    let (hints, status) = (last.next().unwrap_or_default(), last.next().unwrap_or_default());
    hints.contains("r run") && !status.contains("ready")
}
