//! The reader of sessions, the record that its events add up to at any moment, and the writer that goes on in such a file.

use crate::drive::{Target, folder, gist, shape};
use fastrand::Rng;
use formwork::event::{RunEvent, Stamped};
use formwork::record::Record;
use formwork::session::{History, Journal, Reader, Tape};
use formwork::text;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

const HEADER: &str = r#"{"formwork":1,"id":"a","created":"2026-01-01T00:00:00Z","title":"letter"}"#;

pub const TARGET: Target = Target {
    name: "session",
    seeds: &[
        concat!(
            r#"{"formwork":1,"id":"a","created":"2026-01-01T00:00:00Z","title":"letter"}"#,
            "\n",
            r#"{"at":1,"event":"draft","schema":"name, age int","input":"Ivan is 28","model":"acme/quick","mode":"auto"}"#,
            "\n",
            r#"{"at":2,"event":"started","run":1,"version":"0.1.0","task":{"schema":"name, age int","input":"Ivan is 28","model":"acme/quick"},"provider":"openrouter","plan":[{"mode":"json","reason":"as asked"}]}"#,
            "\n",
            r#"{"at":3,"event":"attempt","run":1,"attempt":1,"mode":"json","why":"first","reason":"as asked","changes":[],"body":{"model":"acme/quick"}}"#,
            "\n",
            r#"{"at":4,"event":"opened","run":1,"attempt":1,"status":200,"ms":1}"#,
            "\n",
            r#"{"at":4,"event":"routed","run":1,"attempt":1,"provider":"Acme","model":"acme/quick-1","id":"gen-1"}"#,
            "\n",
            r#"{"at":5,"event":"delta","run":1,"attempt":1,"channel":"content","text":"{\"name\": \"Ivan\", \"age\": 28}"}"#,
            "\n",
            r#"{"at":6,"event":"closed","run":1,"attempt":1,"finish":"stop","usage":{"prompt":5,"completion":7,"reasoning":0,"cached":0,"cost":0.25}}"#,
            "\n",
            r#"{"at":7,"event":"judged","run":1,"attempt":1,"source":{"channel":"content","start":0,"end":27},"value":{"name":"Ivan","age":28},"errors":[],"repairs":[]}"#,
            "\n",
            r#"{"at":8,"event":"ended","run":1,"outcome":"valid","reason":"valid at the first attempt","totals":{"attempts":1,"usage":{"prompt":5,"completion":7,"reasoning":0,"cached":0},"ms":7}}"#,
            "\n",
        ),
        concat!(
            r#"{"formwork":1,"id":"b","created":"2026-01-01T00:00:00Z"}"#,
            "\n",
            r#"{"at":2,"event":"started","run":1,"version":"0.1.0","task":{"schema":"{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\"}}}","input":"x","model":"m"},"provider":"openai","plan":[]}"#,
            "\n",
            r#"{"at":3,"event":"attempt","run":1,"attempt":1,"mode":"tools","why":"first","reason":"","changes":[{"pointer":"","keyword":"type","reason":"x","enforcer":"local"}],"body":{}}"#,
            "\n",
            r#"{"at":5,"event":"delta","run":1,"attempt":1,"channel":"call","call":{"index":0,"id":"c","name":"User"},"text":"{\"a\":[1,"}"#,
            "\n",
            r#"{"at":5,"event":"delta","run":1,"attempt":1,"channel":"reasoning","text":"hm"}"#,
            "\n",
            r#"{"at":6,"event":"closed","run":1,"attempt":1,"error":{"class":"network","message":"broke"}}"#,
            "\n",
            r#"{"at":7,"event":"waiting","run":1,"ms":500,"reason":"a pause"}"#,
            "\n",
            r#"{"at":9,"event":"later","what":[1,2]}"#,
            "\n",
            "no JSON\n\n",
            r#"{"at":10,"event":"attempt","run":1,"attempt":2,"mode":"tools","why":"retry","reason":"","changes":[],"body":{}}"#,
        ),
    ],
    tokens: &[
        "\n",
        "{\"at\":1,\"event\":\"delta\",\"run\":1,\"attempt\":1,\"channel\":\"content\",\"text\":\"x\"}\n",
        "\"event\":",
        "\"started\"",
        "\"ended\"",
        "\"judged\"",
        "\"attempt\"",
        "\"delta\"",
        "\"at\":",
        "18446744073709551615",
        "4294967296",
        "\"run\":2",
        "{\"formwork\":2",
        "\"formwork\":1",
        "}\n{",
        "\"text\":\"",
        "\"schema\":\"",
        "\"channel\":\"call\"",
    ],
    check,
};

fn check(input: &[u8], rng: &mut Rng) -> u64 {
    let Ok(tape) = gather(input) else {
        let refused = format!("{:?}", Reader::new(input).map(|_| ()).unwrap_err());
        untouched(input);
        return shape(gist(&refused));
    };
    assert!((1..tape.len()).all(|index| tape.at(index - 1) <= tape.at(index)));
    assert!(tape.warnings.len() <= 21);
    for warning in &tape.warnings {
        assert!(
            !warning.chars().any(text::is_hidden) && warning.len() < 4000,
            "{warning:?}"
        );
    }
    let record = lived(&tape, tape.len());
    prefixes(input, &tape, rng);
    rewritten(&tape, &record);
    continued(input, &tape);
    sought(&tape, rng);
    let kinds: Vec<u64> = tape
        .events()
        .take(12)
        .map(|stamped| shape(std::mem::discriminant(&stamped.event)))
        .collect();
    let runs: Vec<(bool, usize)> = record
        .runs
        .iter()
        .take(3)
        .map(|run| (run.ended.is_some(), run.attempts.len().min(3)))
        .collect();
    let warnings: Vec<String> = tape.warnings.iter().take(2).map(|warning| gist(warning)).collect();
    shape((kinds, runs, warnings))
}

fn gather(input: &[u8]) -> Result<Tape, ()> {
    let reader = Reader::new(input).map_err(drop)?;
    Ok(Tape::gather(reader).unwrap())
}

/// The record of the first events of a tape.
fn lived(tape: &Tape, count: usize) -> Record {
    let mut record = Record::default();
    for index in 0..count {
        tape.apply(index, &mut record);
    }
    for run in &record.runs {
        // As `run --stream` and the panes ask.
        let speeds = run.attempts.iter().map(|attempt| attempt.tokens_per_s(run.started));
        drop((run.value(), run.verdict(), speeds.count()));
    }
    record
}

/// Any moment, reached from any other, is as it was lived.
fn sought(tape: &Tape, rng: &mut Rng) {
    let history = History::new(Arc::new(tape.clone()));
    let mut record = Record::default();
    let mut from = 0;
    for _ in 0..3 {
        let to = rng.usize(..=tape.len());
        history.seek(&mut record, from, to);
        assert_eq!(record, lived(tape, to), "from {from} to {to}");
        from = to;
    }
}

/// A file that is cut anywhere says the same as far as it goes; only of the line that was cut there may be another opinion.
fn prefixes(input: &[u8], tape: &Tape, rng: &mut Rng) {
    let cut = &input[..rng.usize(..=input.len())];
    if let Ok(part) = gather(cut) {
        let sure = part.len().saturating_sub(1);
        assert!(part.events().take(sure).eq(tape.events().take(sure)));
    }
}

/// Written again, it says the same.
fn rewritten(tape: &Tape, record: &Record) {
    let known: Vec<Stamped> = tape
        .events()
        .filter(|stamped| stamped.event != RunEvent::Unknown)
        .collect();
    let mut text = serde_json::to_string(&tape.header).unwrap();
    for stamped in &known {
        text.push('\n');
        text += &serde_json::to_string(stamped).unwrap();
    }
    text.push('\n');
    let again = gather(text.as_bytes()).unwrap();
    assert_eq!((&again.header, &again.warnings), (&tape.header, &vec![]));
    assert_eq!(again.len(), known.len());
    let float = |stamped: &Stamped| format!("{stamped:?}").contains('.');
    for (one, other) in again.events().zip(&known) {
        // The last bit of a long fraction may differ, as `serde_json` reads them.
        assert!(one == *other || float(&one), "{one:?} is not {other:?}");
    }
    assert_eq!(lived(&again, again.len()).runs.len(), record.runs.len());
}

fn file(input: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = folder();
    let path = folder.path().join("s.jsonl");
    fs::write(&path, input).unwrap();
    (folder, path)
}

fn open(path: &Path) -> Result<Journal, formwork::session::JournalError> {
    Journal::open(path, "", SystemTime::UNIX_EPOCH)
}

/// What is no session is left as it is; an empty file becomes one.
fn untouched(input: &[u8]) {
    let (_folder, path) = file(input);
    match open(&path) {
        Ok(_) => assert!(input.is_empty() || !fs::read(&path).unwrap().is_empty()),
        Err(_) => assert_eq!(fs::read(&path).unwrap(), input),
    }
}

/// A writer that goes on in the file keeps every event of it and adds nothing but ends of runs. It takes the words of a later program
/// for an end that the reader cannot read, so which runs these are is for the journal's own tests.
fn continued(input: &[u8], tape: &Tape) {
    let (_folder, path) = file(input);
    let Ok(journal) = open(&path) else {
        assert_eq!(fs::read(&path).unwrap(), input);
        return;
    };
    let most = tape.events().filter_map(|stamped| stamped.event.run()).max();
    let most = most.unwrap_or_default();
    assert!(
        journal.next_run() > most || most == u32::MAX,
        "run {} after {most}",
        journal.next_run()
    );
    drop(journal);
    let after = gather(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(after.header, tape.header);
    assert!(after.interrupted.iter().all(|run| tape.interrupted.contains(run)));
    assert!(after.events().take(tape.len()).eq(tape.events()));
    let mut added = after.events().skip(tape.len());
    assert!(added.all(|stamped| matches!(stamped.event, RunEvent::Ended { .. })));
}

#[test]
fn the_seeds_are_sessions() {
    for seed in TARGET.seeds {
        assert!(seed.starts_with(&HEADER[..20]));
        assert!(gather(seed.as_bytes()).unwrap().len() > 6, "{seed}");
    }
}
