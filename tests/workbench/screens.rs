//! Screens of the real program, as text in `docs/screens.md`.
//!
//! Owns that file: the test fails when it shows something else than the program, and
//! `FORMWORK_WRITE=1 cargo test --test workbench screens` writes it. The times in it are those of the run that wrote it; they and the
//! status line, in which they decide what has room, are not compared.

use crate::desk::{Desk, Seat, gated, no_tools};
use crate::support::{Auto, Reply, Script, model_entry};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

const HEAD: &str = "# Screens

Captures of the real program on a terminal, with a scripted server instead of a model. The tests compare them with what the
program shows; `FORMWORK_WRITE=1 cargo test --test workbench screens` takes them again.
";

/// The size of most captures.
const SMALL: (u16, u16) = (100, 18);

/// The pages so far.
pub(crate) struct Book(pub String);

impl Book {
    pub fn page(&mut self, title: &str, words: &str, seat: &Seat) {
        write!(self.0, "\n## {title}\n\n{words}\n").unwrap();
        self.screen(seat);
    }

    /// One more screen on the same page.
    pub fn screen(&mut self, seat: &Seat) {
        self.0.push_str("\n```text\n");
        for row in seat.text().lines() {
            writeln!(self.0, "{}", row.trim_end()).unwrap();
        }
        self.0.push_str("```\n");
    }
}

/// A small extraction.
struct Example {
    schema: &'static str,
    text: &'static str,
    model: &'static str,
    value: Value,
}

fn user() -> Example {
    Example {
        schema: "name, age int",
        text: "Ivan is 28 years old",
        model: "google/gemini-2.0-flash-lite-001",
        value: json!({"name": "Ivan", "age": 28}),
    }
}

fn addresses() -> Example {
    Example {
        schema: "name, age int\naddresses [{street, city, country}]",
        text: "Jason is 25 years old.\nHe lives at 123 Main St, New York, USA\nand has a summer house at 456 Beach Rd, Miami, USA",
        model: "anthropic/claude-3.7-sonnet",
        value: json!({"name": "Jason", "age": 25, "addresses": [
            {"street": "123 Main St", "city": "New York", "country": "USA"},
            {"street": "456 Beach Rd", "city": "Miami", "country": "USA"}
        ]}),
    }
}

fn phone() -> Example {
    Example {
        schema: "name, age int\nphone_number str /^\\+?1?\\s*\\(?(\\d{3})\\)?[-.\\s]*(\\d{3})[-.\\s]*(\\d{4})$/",
        text: "Jason is 25 years old and his number is 1-212-456-7890",
        model: "google/gemini-2.0-flash-001",
        value: json!({"name": "Jason", "age": 25, "phone_number": "+1 (212) 456-7890"}),
    }
}

impl Example {
    /// The model offers tools and structured outputs; after the replies it answers with the value.
    fn sit(&self, replies: impl IntoIterator<Item = Reply>, mode: &str, size: (u16, u16)) -> (Desk, Seat) {
        let entry = model_entry(
            self.model,
            &["tools", "tool_choice", "response_format", "structured_outputs"],
        );
        let script = Script::new(replies)
            .then_auto(Auto::new(self.value.clone()))
            .models([entry]);
        let desk = Desk::new(script);
        let args = ["-s", self.schema, "-t", self.text, "-m", self.model, "--mode", mode];
        let seat = desk.start_at(desk.command(&args), size);
        seat.row(&["ready"]);
        (desk, seat)
    }

    /// Runs to the end.
    fn done(&self, mode: &str, size: (u16, u16)) -> (Desk, Seat) {
        let (desk, mut seat) = self.sit([], mode, size);
        seat.press("r", &["✓ valid"]);
        (desk, seat)
    }
}

fn three_examples(book: &mut Book) {
    let (_desk, seat) = addresses().done("auto", (120, 30));
    book.page(
        "Nested objects",
        "Schema and input on the left, the answer on the right.",
        &seat,
    );
    let (_desk, seat) = user().done("tools", SMALL);
    book.page("Two fields", "By a tool call, as the status line says.", &seat);
    let (_desk, seat) = phone().done("structured", SMALL);
    book.page(
        "A pattern",
        "Servers may ignore patterns; the answer is judged here.",
        &seat,
    );
}

/// Gives the README's screen.
fn small_terminals(book: &mut Book) -> String {
    let (_desk, seat) = addresses().done("auto", (80, 24));
    let from = book.0.len();
    book.page("80 columns", "The usual terminal.", &seat);
    let page = &book.0[from..];
    let screen = page[page.find("```").unwrap()..].to_owned();
    let (_desk, seat) = addresses().done("auto", (40, 12));
    book.page("40 columns", "The least: one pane at a time.", &seat);
    screen
}

fn what_can_happen(book: &mut Book) {
    let (reply, gates) = gated(&["{\"name\": \"Ivan\", \"age\": 2", "8}"]);
    let (_desk, mut seat) = user().sit([reply], "structured", SMALL);
    seat.press("r", &["name", "\"Ivan\""]);
    book.page(
        "While it streams",
        "The name is whole; the digits of the age may not be.",
        &seat,
    );
    gates[0].notify_one();
    seat.row(&["✓ valid"]);

    let (_desk, mut seat) = user().sit([no_tools()], "tools", SMALL);
    seat.press("3]]r", &["✓ valid"]);
    book.page(
        "A fallback",
        "The tab Attempts: no endpoint of the model calls tools.",
        &seat,
    );

    let wrong = Reply::sse_tool_call("answer", "{\"name\": \"Ivan\", \"age\": \"old\"}", 5);
    let (_desk, mut seat) = user().sit([wrong], "tools", SMALL);
    seat.press("3]]r", &["✓ valid"]);
    book.page(
        "A re-ask",
        "The first answer did not fit; the model was shown why.",
        &seat,
    );

    let busy = Reply::error(429, &json!({"error": {"code": 429, "message": "Rate limit exceeded"}}));
    let (_desk, mut seat) = user().sit([busy.header("retry-after", "20")], "tools", SMALL);
    seat.press("3]]r", &[" waiting ", " s: "]);
    book.page("A wait", "The countdown to the next attempt; `Ctrl-C` ends it.", &seat);

    let loose = Reply::sse_content("Here it is:\n```json\n{\"name\": \"Ivan\", \"age\": 28,}\n```\n", 6);
    let (_desk, mut seat) = user().sit([loose], "json", SMALL);
    seat.press("3]r", &["✓ valid"]);
    book.page(
        "Repairs",
        "The tab Raw: the answer as it came, and what was mended.",
        &seat,
    );
}

/// Replays and the browser; what is recorded has fixed times.
fn what_was_recorded(book: &mut Book) {
    let desk = Desk::ivan();
    crate::replay::fallback(&desk);
    let mut seat = desk.start_at(desk.command(&["replay", "fallback-404"]), SMALL);
    seat.row(&["event 2 of 13"]);
    seat.send("]]GB");
    seat.row(&["event 6 of 13"]);
    book.page(
        "A replay",
        "A recorded session at the moment of the fallback; `,` steps back over it. Nothing is asked of any server.",
        &seat,
    );
    seat.press("[[G\ti\x1b[F, tall bool", &["what if: "]);
    book.page(
        "What if",
        "Another schema is typed into the replay: the recorded answer is judged under it at once.",
        &seat,
    );
    seat.press("\x1b", &["i type"]);
    seat.press("S", &["─ Sessions ─"]);
    seat.row(&["input", "Ivan is 28 years old"]);
    book.page(
        "Sessions",
        "What was recorded, and what ships; searched as one types, with the first lines of the one under the cursor.",
        &seat,
    );
}

/// A text without what differs from run to run: status lines, spans, and the blanks and rules whose length depends on them.
fn skeleton(book: &str) -> String {
    let rows: Vec<&str> = book.lines().collect();
    // The last row but one of a screen, before its closing fence.
    let is_status = |at: usize| rows.get(at + 2) == Some(&"```");
    let rows = rows
        .iter()
        .enumerate()
        .filter(|(at, _)| !is_status(*at))
        .map(|(_, row)| row);
    let mut out = String::new();
    for row in rows {
        let words: Vec<&str> = row.split([' ', '─']).filter(|word| !word.is_empty()).collect();
        for (at, word) in words.iter().enumerate() {
            let span = words
                .get(at + 1)
                .is_some_and(|next| next.trim_end_matches([',', ':']) == "s");
            out.push_str(if span && word.parse::<f64>().is_ok() { "0" } else { word });
            out.push(' ');
        }
        out.push('\n');
    }
    out
}

/// Whether two books show the same but for what differs from run to run.
pub(crate) fn same_but_for_times(one: &str, other: &str) -> bool {
    skeleton(one) == skeleton(other)
}

/// Where the README's screen begins and ends.
fn screen_in(readme: &str) -> std::ops::Range<usize> {
    let (begin, end) = ("<!-- screen -->\n", "<!-- /screen -->");
    readme.find(begin).unwrap() + begin.len()..readme.find(end).unwrap()
}

#[test]
fn the_screens_of_the_docs_are_those_of_the_program() {
    let mut book = Book(HEAD.to_owned());
    three_examples(&mut book);
    let screen = small_terminals(&mut book);
    what_can_happen(&mut book);
    what_was_recorded(&mut book);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (path, front) = (root.join("docs/screens.md"), root.join("README.md"));
    let mut readme = std::fs::read_to_string(&front).unwrap();
    let place = screen_in(&readme);
    if std::env::var_os("FORMWORK_WRITE").is_some() {
        readme.replace_range(place, &screen);
        std::fs::write(&front, readme).unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &book.0).unwrap();
        return;
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    for (name, written, shown) in [
        ("docs/screens.md", written.as_str(), &book.0),
        ("README.md", &readme[place], &screen),
    ] {
        assert!(
            same_but_for_times(written, shown),
            "{name} is stale: write it with FORMWORK_WRITE=1; the program shows\n{shown}"
        );
    }
}
