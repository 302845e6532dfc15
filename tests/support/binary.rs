//! The real binary against a scripted server, in folders of its own.
//!
//! Owns starting it and collecting what it said. After every run the key must be nowhere: neither on the two streams nor in any file
//! below the home, so that each test of the binary is a test of design §9 as well.

use crate::support::{Script, Server};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// The key that every run is given.
pub(crate) const KEY: &str = "sk-or-v1-SECRET-5f1d0c0ffee";

/// A task as short as they come.
pub(crate) const TASK: [&str; 6] = ["-s", "name, age int", "-t", "Ivan is 28 years old", "-m", "acme/quick"];

/// A run that takes longer hangs, and its test fails instead of blocking the others.
const HANGS: Duration = Duration::from_secs(90);

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; `None` after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// The lines of stdout, each of which must be JSON.
    pub fn lines(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Ends the test unless the run ended with this code and said this on stderr.
    #[track_caller]
    pub fn ended(&self, code: i32, said: &str) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.stderr.contains(said), "{said:?} is not said: {self:?}");
    }
}

/// A server, a home and a folder to work in.
pub(crate) struct Bench {
    /// The server.
    pub server: Server,
    folder: TempDir,
}

impl Bench {
    /// Starts the server.
    pub fn new(script: Script) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "work"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self {
            server: Server::start(script),
            folder,
        }
    }

    /// `FORMWORK_HOME`.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The folder that runs are started in.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// The recorded sessions in the order of their names, which is the order of their making.
    pub fn sessions(&self) -> Vec<PathBuf> {
        let folder = self.home().join("sessions");
        let mut files: Vec<PathBuf> = fs::read_dir(folder).map_or_else(
            |_| Vec::new(),
            |entries| entries.map(|entry| entry.unwrap().path()).collect(),
        );
        // What was deleted lies in a folder beside them.
        files.retain(|path| path.is_file());
        files.sort();
        files
    }

    /// The binary with these arguments and nothing else, not yet started.
    pub fn bare(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_formwork"));
        command
            .args(args)
            .env_clear()
            .env("FORMWORK_HOME", self.home())
            .env("OPENROUTER_API_KEY", KEY)
            .current_dir(self.work())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// `formwork run` at the server, not yet started.
    pub fn command(&self, args: &[&str]) -> Command {
        let url = self.server.base_url();
        let mut command = self.bare(&["run", "--base-url", &url]);
        command.args(args);
        command
    }

    /// Runs the short task with further arguments.
    pub async fn task(&self, args: &[&str]) -> Ran {
        self.run(&[&TASK, args].concat()).await
    }

    /// Runs to the end.
    pub async fn run(&self, args: &[&str]) -> Ran {
        self.wait(self.command(args).spawn().unwrap()).await
    }

    /// Waits for the end of what was started, and looks for the key.
    pub async fn wait(&self, child: Child) -> Ran {
        let output = tokio::time::timeout(HANGS, child.wait_with_output())
            .await
            .unwrap()
            .unwrap();
        let ran = Ran {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(
            !ran.stdout.contains(KEY) && !ran.stderr.contains(KEY),
            "the key: {ran:?}"
        );
        assert!(!ran.stderr.contains("panicked"), "{ran:?}");
        assert_eq!(holding(self.folder.path(), KEY), Vec::<PathBuf>::new());
        ran
    }
}

/// The files below a folder that hold a text.
pub(crate) fn holding(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(text) {
            found.push(path);
        }
    }
    found
}

/// The lines of a session file.
pub(crate) fn read_session(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

mod selftest {
    //! What every test of the binary leans on, and every helper used once, so that none goes unused wherever this is included.

    use super::{Bench, KEY, TASK, holding, read_session};
    use crate::support::{Auto, Script};
    use serde_json::json;

    #[tokio::test]
    async fn the_key_is_sent_and_would_be_found() {
        let bench = Bench::new(Script::auto(Auto::new(json!({"name": "Ivan", "age": 28}))));
        let ran = bench.task(&["--mode", "json"]).await;
        ran.ended(0, "valid at the first attempt");
        assert_eq!(ran.lines(), [json!({"name": "Ivan", "age": 28})]);
        let sent = bench.server.requests();
        let bearer = format!("Bearer {KEY}");
        assert!(
            sent.iter()
                .all(|request| request.header("authorization") == Some(&bearer))
        );
        let sessions = bench.sessions();
        assert_eq!(read_session(&sessions[0])[1]["event"], "started");
        assert_eq!(holding(&bench.home(), TASK[3]), sessions);
        std::fs::write(bench.work().join("leak"), KEY).unwrap();
        assert_eq!(holding(&bench.work(), KEY).len(), 1);
    }
}
