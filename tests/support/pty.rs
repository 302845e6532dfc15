//! A program on a terminal of its own, for tests: what it writes is shown by a terminal emulator, what is sent arrives as typed.
//!
//! Owns the terminal's both ends and all waiting: nothing here sleeps for luck, every wait is for something on the screen or in the
//! bytes and has a deadline. Other tests include it with `#[path = "support/pty.rs"] mod pty;`. The tests below use every method, so
//! that none goes unused wherever the module is included.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What takes longer hangs.
const HANGS: Duration = Duration::from_secs(30);

/// What computes on its own may take as long as this, on a slow machine in a build for tests.
const COMPUTES: Duration = Duration::from_secs(300);

/// `O_NOCTTY`: opening the terminal does not make it the tests' own.
const NOT_OURS: i32 = if cfg!(target_os = "linux") { 0o400 } else { 0x2_0000 };

/// How often the end of the program is looked for.
const LOOK: Duration = Duration::from_millis(5);

/// A program on a terminal. Dropping it hangs the terminal up and kills the program.
pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    shown: Arc<(Mutex<Shown>, Condvar)>,
    line: Option<Line>,
}

/// The terminal's near end.
struct Line {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    reader: JoinHandle<()>,
}

struct Shown {
    raw: Vec<u8>,
    /// How many of those the emulator has been given.
    drawn: usize,
    emulator: vt100::Parser,
    hung_up: bool,
}

impl Shown {
    /// Gives the emulator what has come, but no half of a frame that is written between the marks of a synchronized update: a terminal
    /// that knows them shows none either. At the end everything is shown.
    fn draw(&mut self, over: bool) {
        const BEGIN: &[u8] = b"\x1b[?2026h";
        const END: &[u8] = b"\x1b[?2026l";
        // A mark may have come in two pieces.
        let from = self.drawn.saturating_sub(BEGIN.len() - 1);
        let fresh = &self.raw[from..];
        let begun = fresh.windows(BEGIN.len()).rposition(|window| window == BEGIN);
        let open = begun.filter(|at| !over && find(&fresh[*at..], END).is_none());
        let until = open.map_or(self.raw.len(), |at| self.drawn.max(from + at));
        self.emulator.process(&self.raw[self.drawn..until]);
        self.drawn = until;
    }
}

/// A command in an environment of its own: the search path, a home that is not there, a UTF-8 locale and a terminal's name.
pub(crate) fn command(program: impl AsRef<OsStr>) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    for (name, value) in [
        ("HOME", "/nonexistent"),
        ("LC_ALL", "C.UTF-8"),
        ("TERM", "xterm-256color"),
    ] {
        command.env(name, value);
    }
    command.cwd(std::env::current_dir().unwrap());
    command
}

impl Pty {
    /// Starts a command on a new terminal, at least 2×2 (the emulator knows no smaller one).
    pub fn spawn(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        // Or the terminal would outlive the program.
        drop(pair.slave);
        let shown = Arc::new((
            Mutex::new(Shown {
                raw: Vec::new(),
                drawn: 0,
                emulator: vt100::Parser::new(rows, columns, 0),
                hung_up: false,
            }),
            Condvar::new(),
        ));
        let output = pair.master.try_clone_reader().unwrap();
        let reader = thread::spawn({
            let shown = shown.clone();
            move || show(output, &shown)
        });
        let line = Some(Line {
            keyboard: pair.master.take_writer().unwrap(),
            master: pair.master,
            reader,
        });
        Self { child, shown, line }
    }

    /// Sends bytes as the keyboard would.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let line = self.line.as_mut().unwrap();
        line.keyboard.write_all(bytes.as_ref()).unwrap();
        line.keyboard.flush().unwrap();
    }

    /// Waits until the screen satisfies a condition.
    #[track_caller]
    pub fn wait(&self, what: &str, condition: impl Fn(&vt100::Screen) -> bool) {
        self.until(what, HANGS, |shown| condition(shown.emulator.screen()));
    }

    /// The same for what the program has to compute first.
    #[track_caller]
    pub fn wait_long(&self, what: &str, condition: impl Fn(&vt100::Screen) -> bool) {
        self.until(what, COMPUTES, |shown| condition(shown.emulator.screen()));
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub fn wait_text(&self, text: &str) {
        self.wait(text, |screen| screen.contents().contains(text));
    }

    /// Waits until the bytes written so far, from `from` on, hold these.
    #[track_caller]
    pub fn wait_raw(&self, from: usize, bytes: &str) {
        self.until(bytes, HANGS, |shown| {
            find(&shown.raw[from..], bytes.as_bytes()).is_some()
        });
    }

    /// The screen's text, without trailing blanks.
    pub fn text(&self) -> String {
        lock(&self.shown.0).emulator.screen().contents()
    }

    /// Every byte written so far.
    pub fn raw(&self) -> Vec<u8> {
        lock(&self.shown.0).raw.clone()
    }

    /// Gives the terminal another size, at least 2×2.
    pub fn resize(&self, columns: u16, rows: u16) {
        lock(&self.shown.0).emulator.screen_mut().set_size(rows, columns);
        self.line.as_ref().unwrap().master.resize(size(columns, rows)).unwrap();
    }

    /// The program's process id.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Waits until the program ends, and until all it wrote is there.
    #[track_caller]
    pub fn exit(&mut self) -> ExitStatus {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < HANGS, "does not end:\n{}", self.text());
            thread::sleep(LOOK);
        };
        self.hang_up();
        status
    }

    /// Hangs the terminal up, as a broken connection does: the program gets `SIGHUP` and errors.
    pub fn hang_up(&mut self) {
        let Some(line) = self.line.take() else { return };
        lock(&self.shown.0).hung_up = true;
        // The reader holds the terminal as well; something to read lets it see that it is over.
        if let Some(name) = line.master.tty_name()
            && let Ok(mut far_end) = OpenOptions::new().write(true).custom_flags(NOT_OURS).open(name)
        {
            let _ = far_end.write_all(b"\0");
        }
        line.reader.join().unwrap();
    }

    #[track_caller]
    fn until(&self, what: &str, patience: Duration, condition: impl Fn(&Shown) -> bool) {
        let (shown, changed) = &*self.shown;
        let waited = changed.wait_timeout_while(lock(shown), patience, |shown| !condition(shown));
        let (shown, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(
            !timeout.timed_out(),
            "waited in vain for {what:?}; the screen:\n{}\n\nthe last bytes: {}",
            shown.emulator.screen().contents(),
            shown.raw[shown.raw.len().saturating_sub(2000)..].escape_ascii(),
        );
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        self.hang_up();
        let _ = self.child.kill();
    }
}

/// Where `part` begins in `bytes`.
pub(crate) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// A wait that fails does so with the lock held, and the terminal is still to be hung up.
fn lock(shown: &Mutex<Shown>) -> MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

fn show(mut output: Box<dyn Read + Send>, shown: &(Mutex<Shown>, Condvar)) {
    let mut bytes = [0; 4096];
    // An error is how the far end's closing looks on Linux.
    while let Ok(read @ 1..) = output.read(&mut bytes) {
        let mut state = lock(&shown.0);
        // That byte is our own; the program may have written more after it.
        let end = bytes[..read].iter().position(|byte| *byte == 0);
        let over = end.filter(|_| state.hung_up);
        let written = &bytes[..over.unwrap_or(read)];
        state.raw.extend_from_slice(written);
        state.draw(false);
        shown.1.notify_all();
        if over.is_some() {
            break;
        }
    }
    lock(&shown.0).draw(true);
    shown.1.notify_all();
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        ..PtySize::default()
    }
}

mod selftest {
    //! The terminal tested with a shell.

    use super::{Pty, command, find};

    #[test]
    fn a_shell_on_a_terminal() {
        let mut shell = command("sh");
        shell.args([
            "-c",
            "printf 'ready %s\\n' \"$(stty size)\"; read a; echo \"<$a>\"; stty size; exit 3",
        ]);
        let mut pty = Pty::spawn(shell, 30, 5);
        pty.wait_long("ready", |screen| screen.contents().contains("ready 5 30"));
        pty.wait_text("ready 5 30");
        pty.resize(40, 6);
        pty.send("one\r");
        pty.wait_text("<one>");
        pty.wait_raw(find(&pty.raw(), b"<one>").unwrap(), "6 40");
        assert!(pty.pid() > 0);
        assert_eq!(pty.exit().exit_code(), 3);
        assert!(pty.text().starts_with("ready 5 30\none\n<one>"), "{}", pty.text());
    }

    #[test]
    fn a_hang_up_ends_it() {
        let mut sleeper = command("sleep");
        sleeper.arg("1000");
        let mut pty = Pty::spawn(sleeper, 20, 4);
        pty.send("a");
        pty.wait("the echo", |screen| screen.cursor_position() == (0, 1));
        pty.hang_up();
        assert!(pty.exit().signal().is_some());
    }
}
