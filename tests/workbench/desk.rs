//! A workbench to sit down at: a scripted server, folders, settings, and the real binary on a terminal.
//!
//! Owns starting it and the looks that every test ends with: the key is neither on the terminal nor in a file. What is waited for is
//! on the screen, in the bytes or at the server; nothing sleeps.

use crate::binary::{Bench, KEY, TASK, holding, read_session};
use crate::pty::{Pty, command, find};
use crate::support::{Auto, Piece, Reply, Script};
use portable_pty::CommandBuilder;
use serde_json::{Value, json};
use std::fs;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Notify;

/// Columns and rows where nothing else is said.
pub(crate) const SIZE: (u16, u16) = (100, 30);

/// A server, and folders with settings that name it.
pub(crate) struct Desk {
    pub bench: Bench,
}

impl Desk {
    pub fn new(script: Script) -> Self {
        let desk = Self {
            bench: Bench::new(script),
        };
        desk.set("");
        desk
    }

    /// A desk whose model always says that Ivan is 28.
    pub fn ivan() -> Self {
        Self::new(Script::auto(Auto::new(json!({"name": "Ivan", "age": 28}))))
    }

    /// Writes the settings: the server's address and whatever else.
    pub fn set(&self, more: &str) {
        let url = self.bench.server.base_url();
        let settings = format!("{more}\n[providers.openrouter]\nbase_url = \"{url}\"\n");
        fs::write(self.bench.home().join("config.toml"), settings).unwrap();
    }

    /// The binary with these arguments, not yet started.
    pub fn command(&self, args: &[&str]) -> CommandBuilder {
        let mut formwork = command(env!("CARGO_BIN_EXE_formwork"));
        formwork.args(args);
        formwork.env("FORMWORK_HOME", self.bench.home());
        formwork.env("OPENROUTER_API_KEY", KEY);
        formwork.cwd(self.bench.work());
        formwork
    }

    /// Starts a command, and waits for the first frame.
    pub fn start(&self, command: CommandBuilder) -> Seat {
        self.start_at(command, SIZE)
    }

    /// The same on a terminal of another size.
    pub fn start_at(&self, command: CommandBuilder, (columns, rows): (u16, u16)) -> Seat {
        let seat = Seat {
            pty: Pty::spawn(command, columns, rows),
            home: self.bench.home(),
        };
        seat.wait("the workbench", |screen| {
            screen.alternate_screen() && screen.contents().contains("3 ")
        });
        seat
    }

    /// The workbench with these arguments.
    pub fn open(&self, args: &[&str]) -> Seat {
        self.start(self.command(args))
    }

    /// The workbench with the short task and more arguments.
    pub fn task(&self, more: &[&str]) -> Seat {
        self.open(&[&TASK, more].concat())
    }

    /// The lines of the only session.
    #[track_caller]
    pub fn session(&self) -> Vec<Value> {
        let sessions = self.bench.sessions();
        assert_eq!(sessions.len(), 1, "{sessions:?}");
        read_session(&sessions[0])
    }

    /// The names of the only session's events.
    #[track_caller]
    pub fn events(&self) -> Vec<String> {
        let lines = self.session();
        let names = lines.iter().filter_map(|line| line["event"].as_str());
        names.map(str::to_owned).collect()
    }

    /// Waits until so many replies were dropped before their end.
    pub fn dropped(&self, count: usize) {
        block_on(self.bench.server.dropped(count));
    }
}

fn block_on(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(future);
}

/// A workbench on its terminal. When it is left, the key must be nowhere.
pub(crate) struct Seat {
    pty: Pty,
    home: PathBuf,
}

impl Seat {
    /// Waits until one row of the screen has all of these, in this order.
    #[track_caller]
    pub fn row(&self, parts: &[&str]) {
        self.wait(&format!("a row with {parts:?}"), |screen| has_row(screen, parts));
    }

    /// Waits until no row of the screen has all of these.
    #[track_caller]
    pub fn no_row(&self, parts: &[&str]) {
        self.wait(&format!("no row with {parts:?}"), |screen| !has_row(screen, parts));
    }

    /// Sends keys that must not be answered by what is on the screen already, and waits for the answer.
    #[track_caller]
    pub fn press(&mut self, keys: &str, parts: &[&str]) {
        assert!(!self.shows(parts), "before {keys:?}: {parts:?} in\n{}", self.text());
        self.send(keys);
        self.row(parts);
    }

    /// Whether a row of the screen has all of these now.
    pub fn shows(&self, parts: &[&str]) -> bool {
        self.text().lines().any(|row| has(row, parts))
    }

    /// Whether the cursor is to be seen, as it is where text is typed.
    pub fn cursor(&self) -> bool {
        let look = std::cell::Cell::new(false);
        self.wait("the screen", |screen| {
            look.set(!screen.hide_cursor());
            true
        });
        look.get()
    }

    /// Leaves by the key that works everywhere.
    #[track_caller]
    pub fn quit(&mut self) {
        self.send("\x11");
        assert_eq!(self.exit().exit_code(), 0, "{}", self.text());
    }
}

impl Deref for Seat {
    type Target = Pty;
    fn deref(&self) -> &Pty {
        &self.pty
    }
}

impl DerefMut for Seat {
    fn deref_mut(&mut self) -> &mut Pty {
        &mut self.pty
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(find(&self.raw(), KEY.as_bytes()), None, "the key");
            assert_eq!(holding(&self.home, KEY), Vec::<PathBuf>::new());
            assert!(!self.text().contains("panicked"), "{}", self.text());
        }
    }
}

fn has_row(screen: &vt100::Screen, parts: &[&str]) -> bool {
    screen.contents().lines().any(|row| has(row, parts))
}

fn has(row: &str, parts: &[&str]) -> bool {
    let mut rest = Some(row);
    for part in parts {
        rest = rest.and_then(|rest| rest.split_once(part)).map(|(_, rest)| rest);
    }
    rest.is_some()
}

/// A streamed answer of pieces, with a gate after each but the last.
pub(crate) fn gated(pieces: &[&str]) -> (Reply, Vec<Arc<Notify>>) {
    let gates: Vec<Arc<Notify>> = pieces.iter().skip(1).map(|_| Arc::default()).collect();
    let mut body = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let delta = json!({"choices": [{"index": 0, "delta": {"content": piece}}]});
        body.push(Piece::from(format!("data: {delta}\n\n")));
        body.extend(gates.get(at).map(|gate| Piece::Wait(Arc::clone(gate))));
    }
    let finish = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    body.push(Piece::from(format!("data: {finish}\n\ndata: [DONE]\n\n")));
    (Reply::raw(200, "text/event-stream", body), gates)
}

/// The words of a 404 that OpenRouter answers where no endpoint calls tools.
pub(crate) fn no_tools() -> Reply {
    let words = "No endpoints found that support tool use. To learn more about provider routing, visit: \
                 https://openrouter.ai/docs/provider-routing";
    Reply::error(404, &json!({"error": {"message": words, "code": 404}}))
}

/// An editor that does what its script says; `$1` is the file. Gives its path.
pub(crate) fn script(folder: &std::path::Path, text: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("editor");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    format!("'{}'", path.display())
}
