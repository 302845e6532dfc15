//! Listing, reading and changing sessions, off the loop.
//!
//! Owns the way between the browser and the store; each function blocks and is called on a thread for that. What a file holds is
//! `session`'s.

use super::super::effect::{Answer, Rejudged};
use super::super::overlays::{Preview, SessionList, SessionRow, Source};
use super::super::replay::{Recorded, same_place};
use crate::event::{RunEvent, Stamped};
use crate::extract::prompt::cut;
use crate::record::Record;
use crate::schema::Schema;
use crate::session::history::History;
use crate::session::reader::Reader;
use crate::session::store::{self, Discarded, Entry, Store};
use crate::session::tape::Tape;
use crate::session::{shipped, whatif};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// How much of a session's beginning and of its end is looked at for a preview, in bytes.
const GLANCE: u64 = 512 << 10;

/// The most bytes of each text in a preview.
const TEXT: usize = 400;

/// The sessions, one's own first.
pub(super) fn list(store: &Store) -> Answer {
    let now = SystemTime::now();
    let ships = || {
        let names = shipped::names().into_iter();
        names.filter_map(|name| {
            let text = shipped::text(name)?;
            let entry = Entry::read(Path::new(name), now, text.len() as u64, text.as_bytes())?;
            Some(SessionRow::ships(name, &entry))
        })
    };
    Answer::Sessions(match store.list() {
        Ok(listing) => SessionList {
            rows: listing
                .entries
                .iter()
                .map(|entry| SessionRow::stored(entry, now))
                .chain(ships())
                .collect(),
            loading: false,
            error: None,
            others: listing.others.len(),
        },
        Err(error) => SessionList {
            rows: ships().collect(),
            loading: false,
            error: Some(format!(
                "cannot read the folder of sessions {}: {error}",
                store.folder().display()
            )),
            others: 0,
        },
    })
}

/// The first lines of a session's texts.
pub(super) fn preview(source: Source) -> Answer {
    let found = match &source {
        Source::File(path) => glance(path).map_err(|error| format!("cannot read {}: {error}", path.display())),
        Source::Ships(name) => shipped::text(name)
            .map(|text| look(text.lines()))
            .ok_or_else(|| format!("no session ships as {name}")),
    };
    Answer::Preview(source, found)
}

/// Looks at a file's beginning and end: of a large session the middle is not read.
fn glance(path: &Path) -> io::Result<Preview> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut head = Vec::new();
    (&file).take(GLANCE).read_to_end(&mut head)?;
    let mut preview = look(lines(&head).iter().map(String::as_str));
    if size > GLANCE {
        file.seek(SeekFrom::Start(size.saturating_sub(GLANCE).max(GLANCE)))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        let last = look(lines(&tail).iter().map(String::as_str));
        for (old, new) in [
            (&mut preview.input, last.input),
            (&mut preview.schema, last.schema),
            (&mut preview.value, last.value),
        ] {
            if !new.is_empty() {
                *old = new;
            }
        }
    }
    Ok(preview)
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let lines = BufReader::new(bytes).split(b'\n').map_while(Result::ok);
    lines.map(|line| String::from_utf8_lossy(&line).into_owned()).collect()
}

/// The last texts among events; what is no event is passed over.
fn look<'a>(lines: impl Iterator<Item = &'a str>) -> Preview {
    let mut preview = Preview::default();
    let keep = |old: &mut String, new: &str| cut(new, TEXT).clone_into(old);
    for line in lines {
        // Most lines are deltas, which say nothing here.
        if line.contains("\"event\":\"delta\"") {
            continue;
        }
        match serde_json::from_str::<Stamped>(line).map(|stamped| stamped.event) {
            Ok(RunEvent::Draft(draft)) => {
                if let Some(input) = &draft.input {
                    keep(&mut preview.input, input);
                }
                if let Some(schema) = &draft.schema {
                    keep(&mut preview.schema, schema);
                }
            }
            Ok(RunEvent::Started { task, .. }) => {
                keep(&mut preview.input, &task.input);
                keep(&mut preview.schema, &task.schema);
            }
            Ok(RunEvent::Judged { value, .. }) => keep(&mut preview.value, &value.to_string()),
            _ => {}
        }
    }
    preview
}

/// Gives a session another title.
pub(super) fn rename(path: &Path, title: &str) -> Answer {
    let result = store::rename(path, title).map_err(|error| error.to_string());
    Answer::SessionChanged(result.map(|()| "renamed".to_owned()))
}

/// Makes a copy that is one's own.
pub(super) fn fork(store: &Store, source: &Source) -> Answer {
    let result = match source {
        Source::File(path) => store::fork(path).map_err(|error| error.to_string()),
        Source::Ships(name) => copy(store, name),
    };
    Answer::SessionChanged(result.map(|path| format!("a copy: {}", path.display())))
}

fn copy(store: &Store, name: &str) -> Result<PathBuf, String> {
    let text = shipped::text(name).ok_or_else(|| format!("no session ships as {name}"))?;
    let failed = |error: io::Error| format!("cannot write into {}: {error}", store.folder().display());
    crate::config::paths::make_private_folder(store.folder()).map_err(failed)?;
    let mut file = tempfile::Builder::new()
        .prefix(&format!("{name}-"))
        .suffix(".jsonl")
        .tempfile_in(store.folder())
        .map_err(failed)?;
    io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)?;
    let (_, path) = file.keep().map_err(|error| failed(error.error))?;
    Ok(path)
}

/// Deletes a session, so that it can be brought back.
pub(super) fn delete(store: &Store, path: &Path) -> Answer {
    match store.discard(path) {
        Ok(discarded) => Answer::Discarded(discarded),
        Err(error) => Answer::SessionChanged(Err(error.to_string())),
    }
}

/// Brings a deleted session back.
pub(super) fn restore(store: &Store, discarded: &Discarded) -> Answer {
    let name = discarded.path.display().to_string();
    let result = store
        .restore(discarded)
        .map_err(|error| format!("not brought back: {error}"));
    Answer::SessionChanged(result.map(|()| format!("brought back: {name}")))
}

/// Judges a recording under another schema.
pub fn rejudge(history: &History, position: usize, schema: &Schema) -> Rejudged {
    let (tape, differences) = whatif::under(history.tape(), schema);
    let position = same_place(history.tape(), position, &tape);
    let history = Arc::new(History::new(Arc::new(tape)));
    let mut record = Box::<Record>::default();
    history.seek(&mut record, 0, position);
    Rejudged {
        history,
        differences,
        position,
        record,
    }
}

/// Reads a session to be replayed.
///
/// # Errors
/// A sentence that names it.
pub fn recorded(source: &Source, idle_limit: u64) -> Result<Recorded, String> {
    let tape = match source {
        Source::File(path) => Tape::read(path).map_err(|error| error.to_string())?,
        Source::Ships(name) => {
            let text = shipped::text(name).ok_or_else(|| format!("no session ships as {name}"))?;
            let reader = Reader::new(text.as_bytes()).map_err(|_| format!("the session {name} is broken"))?;
            Tape::gather(reader).map_err(|error| error.to_string())?
        }
    };
    Ok(Recorded {
        history: Arc::new(History::new(Arc::new(tape))),
        idle_limit,
        schema: None,
        position: None,
    })
}
