//! The program on a terminal of its own, with the moment at which each of its bytes came.
//!
//! Owns the terminal's both ends, and what the system tells of the process. A thread reads and notes the time; the screen is made of
//! it afterwards, so that the emulator's own time counts for nothing.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Columns and rows.
pub const SIZE: (u16, u16) = (120, 40);

/// What begins a frame, and what ends it.
const BEGINS: &[u8] = b"\x1b[?2026h";
const ENDS: &[u8] = b"\x1b[?2026l";

/// What takes longer hangs.
const HANGS: Duration = Duration::from_secs(60);

/// The program on its terminal. Dropping it kills it.
pub struct Screen {
    /// When it was started.
    pub started: Instant,
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    pieces: Receiver<(Instant, Vec<u8>)>,
    emulator: vt100::Parser,
    /// Every byte so far.
    written: Vec<u8>,
    _master: Box<dyn MasterPty + Send>,
}

/// What the system knows of the process.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Ticks of 10 ms of processor time, user and system.
    pub ticks: u64,
    /// How often a thread of it went to sleep, which is as often as it was woken.
    pub wakes: u64,
    /// Resident memory in kB.
    pub resident: u64,
}

impl Screen {
    /// Starts the program with a home, perhaps a key, and nothing else.
    pub fn start(home: &Path, key: bool, arguments: &[&str]) -> Self {
        let (cols, rows) = SIZE;
        let size = PtySize {
            rows,
            cols,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_formwork"));
        command.env_clear();
        command.args(arguments);
        let variables = [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")];
        for (name, value) in variables {
            command.env(name, value);
        }
        if key {
            command.env("OPENROUTER_API_KEY", "sk-or-v1-none");
        }
        command.env("FORMWORK_HOME", home);
        command.env("HOME", home);
        command.cwd(home);
        let mut output = pair.master.try_clone_reader().unwrap();
        let keyboard = pair.master.take_writer().unwrap();
        let (sender, pieces) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 65_536];
            // An error is how the far end's closing looks on Linux.
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                if sender.send((Instant::now(), bytes[..read].to_vec())).is_err() {
                    break;
                }
            }
        });
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        Self {
            started,
            child,
            keyboard,
            pieces,
            emulator: vt100::Parser::new(rows, cols, 0),
            written: Vec::new(),
            _master: pair.master,
        }
    }

    /// Sends bytes as the keyboard would; gives the moment.
    pub fn send(&mut self, bytes: &str) -> Instant {
        let now = Instant::now();
        self.keyboard.write_all(bytes.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
        now
    }

    /// Waits until the screen satisfies a condition; gives the moment at which the byte had come that made it so.
    pub fn until(&mut self, what: &str, condition: impl Fn(&vt100::Screen) -> bool) -> Instant {
        let deadline = Instant::now() + HANGS;
        let mut moment = Instant::now();
        while !condition(self.emulator.screen()) {
            let piece = self
                .pieces
                .recv_timeout(deadline.saturating_duration_since(Instant::now()));
            let Ok((at, bytes)) = piece else {
                panic!("waited in vain for {what}:\n{}", self.emulator.screen().contents())
            };
            moment = at;
            self.take(&bytes);
        }
        moment
    }

    /// Waits until a text is on the screen.
    pub fn until_text(&mut self, text: &str) -> Instant {
        self.until(text, |screen| screen.contents().contains(text))
    }

    /// Waits for the end of the first frame, which is near; gives the moment.
    pub fn first_frame(&mut self) -> Instant {
        let mut moment = self.started;
        while places(&self.written, ENDS).next().is_none() {
            let (at, bytes) = self.pieces.recv_timeout(HANGS).unwrap();
            self.take(&bytes);
            moment = at;
        }
        moment
    }

    /// Takes in what comes for so long.
    pub fn listen(&mut self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            match self.pieces.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok((_, bytes)) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// The screen as it is.
    pub fn shown(&self) -> &vt100::Screen {
        self.emulator.screen()
    }

    /// How many bytes have been written.
    pub fn bytes(&self) -> usize {
        self.written.len()
    }

    /// The sizes of the frames that begin from this byte on.
    pub fn frames(&self, from: usize) -> Vec<f64> {
        let written = &self.written[from..];
        let starts: Vec<usize> = places(written, BEGINS).collect();
        starts
            .iter()
            .zip(starts.iter().skip(1).chain([&written.len()]))
            .map(|(start, end)| (end - start) as f64)
            .collect()
    }

    fn take(&mut self, bytes: &[u8]) {
        self.emulator.process(bytes);
        self.written.extend_from_slice(bytes);
    }

    /// What the system knows of the process now.
    pub fn usage(&self) -> Usage {
        let pid = self.child.process_id().unwrap();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        // Behind the name, which may hold anything, the fields 14 and 15 are the times.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
        // A thread may end while it is looked at.
        let wakes = tasks.map(|task| number(&task.unwrap().path().join("status"), "voluntary_ctxt_switches:"));
        Usage {
            ticks,
            wakes: wakes.sum(),
            resident: number(Path::new(&format!("/proc/{pid}/status")), "VmRSS:"),
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The number behind a name at the beginning of a line.
fn number(file: &Path, name: &str) -> u64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn places<'a>(bytes: &'a [u8], part: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let windows = bytes.windows(part.len()).enumerate();
    windows.filter(move |(_, window)| *window == part).map(|(at, _)| at)
}
