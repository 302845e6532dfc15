//! What a writer must know of a session that exists before it can go on in it.
//!
//! Owns one pass over the file: the header, the last stamp and run, runs without an end, and where a torn last line begins.
//! Adding events up belongs to `record`.

use crate::event::{FORMAT, Header, RunId};
use crate::verdict::{Totals, Usage};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

/// The most bytes of a line (design §9).
const MAX_LINE: u64 = 128 << 20;

/// The most bytes of a header.
const MAX_HEADER: u64 = 64 << 10;

/// What the pass found.
#[derive(Debug, PartialEq)]
pub struct Scan {
    /// The first line.
    pub header: Header,
    /// The largest stamp.
    pub last_at: u64,
    /// The largest run number; 0 without runs.
    pub last_run: RunId,
    /// Runs that have no `ended`, with what they had spent.
    pub open: BTreeMap<RunId, Totals>,
    /// Bytes up to the end of the last whole line.
    pub whole: u64,
    /// What follows them.
    pub tail: Tail,
}

/// What a file ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// A line feed.
    Clean,
    /// A whole event whose line feed is missing.
    Unended,
    /// A part of a line.
    Torn,
}

/// Why a file cannot be continued.
#[derive(Debug)]
pub enum ScanError {
    /// It cannot be read.
    Io(io::Error),
    /// It is something else; the reason ends a sentence that begins with the file's name.
    NotASession(&'static str),
    /// A later program wrote it.
    Newer(u32),
}

impl From<io::Error> for ScanError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The members of an event that matter here.
#[derive(Deserialize)]
struct Line {
    at: u64,
    event: String,
    run: Option<RunId>,
    usage: Option<Usage>,
}

/// Reads a whole session. Lines that are no events are passed over.
///
/// # Errors
/// See [`ScanError`].
pub fn scan(mut source: impl BufRead) -> Result<Scan, ScanError> {
    let mut line = Vec::new();
    source.by_ref().take(MAX_HEADER).read_until(b'\n', &mut line)?;
    let mut scan = Scan {
        header: header(&line)?,
        last_at: 0,
        last_run: 0,
        open: BTreeMap::new(),
        whole: line.len() as u64,
        tail: if line.ends_with(b"\n") {
            Tail::Clean
        } else {
            Tail::Unended
        },
    };
    let mut started = BTreeMap::new();
    loop {
        line.clear();
        if source.by_ref().take(MAX_LINE + 1).read_until(b'\n', &mut line)? == 0 {
            return Ok(scan);
        }
        if line.len() as u64 > MAX_LINE {
            return Err(ScanError::NotASession("has a line of more than 128 MiB"));
        }
        let event = serde_json::from_slice::<Line>(&line).ok();
        scan.tail = match (line.ends_with(b"\n"), &event) {
            (true, _) => Tail::Clean,
            (false, Some(_)) => Tail::Unended,
            (false, None) => Tail::Torn,
        };
        if scan.tail != Tail::Torn {
            scan.whole += line.len() as u64;
        }
        if let Some(event) = event {
            note(&mut scan, &mut started, &event);
        }
    }
}

fn header(line: &[u8]) -> Result<Header, ScanError> {
    #[derive(Deserialize)]
    struct Version {
        formwork: u32,
    }
    let version =
        serde_json::from_slice::<Version>(line).map_err(|_| ScanError::NotASession("has no session's first line"))?;
    if version.formwork > FORMAT {
        return Err(ScanError::Newer(version.formwork));
    }
    serde_json::from_slice(line).map_err(|_| ScanError::NotASession("has a broken first line"))
}

fn note(scan: &mut Scan, started: &mut BTreeMap<RunId, u64>, line: &Line) {
    scan.last_at = scan.last_at.max(line.at);
    let Some(run) = line.run else { return };
    scan.last_run = scan.last_run.max(run);
    if line.event == "started" {
        started.insert(run, line.at);
        scan.open.insert(run, Totals::default());
    }
    if line.event == "ended" {
        scan.open.remove(&run);
    }
    let Some(totals) = scan.open.get_mut(&run) else { return };
    totals.ms = started.get(&run).map_or(0, |start| line.at.saturating_sub(*start));
    if line.event == "attempt" {
        totals.attempts += 1;
    }
    if let Some(usage) = line.usage.as_ref().filter(|_| line.event == "closed") {
        totals.add(usage);
    }
}

#[cfg(test)]
mod tests {
    use super::{ScanError, Tail, scan};
    use crate::verdict::{Totals, Usage};

    const HEADER: &str = "{\"formwork\":1,\"id\":\"i\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"t\"}\n";

    #[test]
    fn a_run_that_was_cut_off() {
        let text = [
            HEADER,
            "{\"at\":1,\"event\":\"started\",\"run\":1}\n{\"at\":2,\"event\":\"ended\",\"run\":1}\n",
            "{\"at\":10,\"event\":\"started\",\"run\":2}\n{\"at\":11,\"event\":\"attempt\",\"run\":2}\n",
            "{\"at\":15,\"event\":\"closed\",\"run\":2,\"usage\":{\"prompt\":3,\"completion\":4,\"cost\":0.5}}\n",
            "no event\n{\"at\":20,\"event\":\"tomorrow\",\"x\":1}\n",
        ]
        .concat();
        let found = scan(text.as_bytes()).unwrap();
        assert_eq!((found.last_at, found.last_run, found.tail), (20, 2, Tail::Clean));
        assert_eq!(found.whole, text.len() as u64);
        let usage = Usage {
            prompt: 3,
            completion: 4,
            cost: Some(0.5),
            ..Usage::default()
        };
        assert_eq!(
            found.open.into_iter().collect::<Vec<_>>(),
            [(
                2,
                Totals {
                    attempts: 1,
                    usage,
                    ms: 5
                }
            )]
        );
    }

    #[test]
    fn every_cut_of_a_line_is_torn() {
        let event = "{\"at\":1,\"event\":\"draft\"}";
        for cut in 1..event.len() {
            let found = scan(format!("{HEADER}{}", &event[..cut]).as_bytes()).unwrap();
            assert_eq!((found.whole, found.tail), (HEADER.len() as u64, Tail::Torn), "{cut}");
        }
        let found = scan(format!("{HEADER}{event}").as_bytes()).unwrap();
        assert_eq!(
            (found.whole, found.tail),
            ((HEADER.len() + event.len()) as u64, Tail::Unended)
        );
    }

    #[test]
    fn what_is_no_session() {
        for text in [
            "",
            "\n",
            "hello\n",
            "{}\n",
            "[1]\n",
            "{\"formwork\":1}\n",
            "{\"formwork\":\"1\"}\n",
        ] {
            assert!(
                matches!(scan(text.as_bytes()), Err(ScanError::NotASession(_))),
                "{text:?}"
            );
        }
        assert!(matches!(
            scan("{\"formwork\":2}\n".as_bytes()),
            Err(ScanError::Newer(2))
        ));
    }
}
