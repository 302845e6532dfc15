//! Every command that the documentation shows is run as it stands there.
//!
//! Owns the folder that the commands find, and who answers them: the scripted server stands behind every address that a page names, and
//! the settings name a model. A
//! fence marked `sh` holds commands, one a line; `# exit N` behind one names its exit code where that is not 0. What opens the workbench
//! is opened on a terminal and left by Ctrl-Q. Commands of other programs are only known by name: a page cannot show one that nobody
//! has looked at.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
#![expect(clippy::print_stderr, reason = "a test that was skipped says so")]

#[path = "support/pty.rs"]
mod pty;
mod support;
#[cfg(feature = "local")]
#[path = "support/weights.rs"]
mod weights;

use pty::{Pty, command};
use serde_json::{Value, json};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use support::{Auto, Script, Server, model_entry};
use tempfile::TempDir;

/// The pages, from the project's root.
const PAGES: [&str; 7] = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/architecture.md",
    "docs/providers.md",
    "docs/schemas.md",
    "docs/sessions.md",
];

/// First words of commands that are not run here: they build, install or serve, and have tests or readers of their own.
const OTHERS: [&str; 8] = [
    "cargo",
    "export",
    "FORMWORK_CORPORA=FOLDER",
    "FORMWORK_FUZZ_SECONDS=600",
    "FORMWORK_SOAK_RUNS=2000",
    "OPENROUTER_API_KEY=sk-or-…",
    "tests/serve_model.sh",
    "tests/ssh.sh",
];

/// What the commands find in their folder.
const FILES: [(&str, &str); 8] = [
    ("letter.txt", "A letter: Ivan is 28 years old.\n"),
    ("notes.txt", "Buy milk; call Ada.\n"),
    ("mail.txt", "From: Ada\nSubject: the engine\n\nIt is urgent.\n"),
    (
        "user.schema.json",
        r#"{"title":"User","type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}"#,
    ),
    (
        "person.json",
        r#"{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"]}"#,
    ),
    ("bin/jq", "#!/bin/sh\ncat\n"),
    ("config/.keep", ""),
    ("sessions/user.jsonl", include_str!("../sessions/user.jsonl")),
];

/// A line of a fence.
struct Shown {
    page: &'static str,
    line: usize,
    text: String,
    exit: i32,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.page, self.line, self.text)
    }
}

/// The commands of a page.
fn commands(page: &'static str) -> Vec<Shown> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let mut shown = Vec::new();
    let mut fenced = false;
    for (at, line) in text.lines().enumerate() {
        if let Some(kind) = line.strip_prefix("```") {
            fenced = kind == "sh";
        } else if fenced && !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            let exit = line
                .split_once("# exit ")
                .map_or(0, |(_, code)| code.trim().parse().unwrap());
            shown.push(Shown {
                page,
                line: at + 1,
                text: line.trim().to_owned(),
                exit,
            });
        }
    }
    shown
}

/// What a model would answer to the schema of a command.
fn answer(text: &str) -> Value {
    let table = [
        (
            "urgent bool",
            json!({"from": "Ada", "subject": "the engine", "urgent": true}),
        ),
        ("tags [str]", json!({"tags": ["milk", "Ada"]})),
        ("-s 'name'", json!({"name": "Ivan"})),
    ];
    let found = table.into_iter().find(|(part, _)| text.contains(part));
    found.map_or_else(|| json!({"name": "Ivan", "age": 28}), |(_, value)| value)
}

/// A folder to run a page's commands in, one after the other.
struct Room {
    folder: TempDir,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in FILES {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
        }
        let jq = folder.path().join("bin/jq");
        let runs = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(jq, runs).unwrap();
        Self { folder }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// Puts a server behind every provider, and gives it the right answer.
    fn serve(&self, text: &str) -> Server {
        let entry = |id| model_entry(id, &["tools", "tool_choice", "response_format", "structured_outputs"]);
        let models = ["google/gemini-2.0-flash-lite-001", "openai/gpt-4o-mini"].map(entry);
        let server = Server::start(Script::auto(Auto::new(answer(text))).models(models));
        let url = server.base_url();
        let settings = ["openrouter", "openai"].map(|name| format!("[providers.{name}]\nbase_url = \"{url}\"\n"));
        let model = "[task]\nmodel = \"openai/gpt-4o-mini\"\n";
        fs::write(self.home().join("config.toml"), settings.concat() + model).unwrap();
        server
    }

    fn path(&self) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_formwork")).parent().unwrap();
        let own = self.folder.path().join("bin");
        let others = std::env::var("PATH").unwrap();
        format!("{}:{}:{others}", own.display(), program.display())
    }

    fn variables(&self) -> [(&'static str, String); 4] {
        [
            ("PATH", self.path()),
            ("FORMWORK_HOME", self.home().display().to_string()),
            ("OPENROUTER_API_KEY", "sk-or-v1-docs".into()),
            ("OPENAI_API_KEY", "sk-docs".into()),
        ]
    }

    /// Runs a command as a shell does.
    fn run(&self, shown: &Shown, text: &str) {
        let mut shell = Command::new("sh");
        shell.args(["-c", text]).env_clear().envs(self.variables());
        let output = shell
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert_eq!(output.status.code(), Some(shown.exit), "{shown}\n{out}\n{err}");
    }

    /// Opens a command on a terminal and leaves it.
    fn open(&self, shown: &Shown, text: &str) {
        let mut shell = command("sh");
        shell.args(["-c", text]);
        for (name, value) in self.variables() {
            shell.env(name, value);
        }
        shell.cwd(self.folder.path());
        let mut pty = Pty::spawn(shell, 100, 30);
        pty.wait(&shown.text, |screen| {
            screen.alternate_screen() && screen.contents().contains("3 Fields")
        });
        pty.send("\x11");
        assert_eq!(pty.exit().exit_code(), shown.exit as u32, "{shown}\n{}", pty.text());
    }
}

/// Whether a command opens the workbench.
fn opens(text: &str) -> bool {
    let words: Vec<&str> = text
        .split_whitespace()
        .take_while(|word| !word.starts_with('#'))
        .collect();
    match words.get(1).copied() {
        None | Some("open") => true,
        Some("replay") => !words
            .iter()
            .any(|word| matches!(*word, "--print" | "--events" | "--help")),
        Some(word) => word.starts_with('-') && !matches!(word, "--help" | "--version"),
    }
}

/// Links the demo model's weights into the room; whether there are any.
fn lend_weights(room: &Room) -> bool {
    #[cfg(feature = "local")]
    {
        weights::weights().is_some_and(|cache| {
            weights::link(&cache, &room.home().join("cache"));
            true
        })
    }
    #[cfg(not(feature = "local"))]
    {
        let _ = room;
        false
    }
}

#[track_caller]
fn play(page: &'static str) {
    let room = Room::new();
    for shown in commands(page) {
        let first = shown.text.split_whitespace().next().unwrap();
        if OTHERS.contains(&first) {
            continue;
        }
        assert!(
            first == "formwork" || shown.text.contains("| formwork"),
            "nobody has looked at {shown}"
        );
        let server = room.serve(&shown.text);
        let mut text = shown.text.clone();
        for port in ["8080", "8000", "11434", "1234"] {
            text = text.replace(&format!("http://localhost:{port}/v1"), &server.base_url());
        }
        if text.contains("--provider local") && !lend_weights(&room) {
            eprintln!("skipped: {shown}");
        } else if opens(&text) {
            room.open(&shown, &text);
        } else {
            room.run(&shown, &text);
        }
    }
}

#[test]
fn readme() {
    play("README.md");
}

#[test]
fn providers() {
    play("docs/providers.md");
}

#[test]
fn schemas() {
    play("docs/schemas.md");
}

#[test]
fn sessions() {
    play("docs/sessions.md");
}

#[test]
fn the_other_pages() {
    for page in PAGES {
        if !["README.md", "docs/providers.md", "docs/schemas.md", "docs/sessions.md"].contains(&page) {
            play(page);
        }
    }
}

#[test]
fn every_page_is_looked_at_and_links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<String> = PAGES.map(str::to_owned).to_vec();
    for folder in ["", "docs"] {
        for file in fs::read_dir(root.join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    for page in pages {
        let text = fs::read_to_string(root.join(&page)).unwrap();
        assert!(
            PAGES.contains(&page.as_str()) || !text.contains("```sh"),
            "{page} has commands: name it in PAGES"
        );
        let folder = root.join(&page).parent().unwrap().to_owned();
        for link in text
            .split("](")
            .skip(1)
            .map(|rest| rest.split([')', '#']).next().unwrap())
        {
            let outside = link.is_empty() || link.starts_with("http");
            assert!(outside || folder.join(link).exists(), "{page}: {link} leads nowhere");
        }
    }
}
