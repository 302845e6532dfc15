//! Files good and bad, cut anywhere, and what is made of them.

mod sample;

use super::{Flaw, ReadError, Reader};
use crate::event::{RunEvent, Stamped};
use crate::record::Record;
use crate::session::tape::Tape;
use crate::verdict::{Channel, Source};
use proptest::prelude::*;
use sample::events;
use serde_json::json;
use std::fs;
use std::io::{self, BufReader, Read};

const HEADER: &str = "{\"formwork\":1,\"id\":\"i\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"t\"}\n";

/// The file, and where each of its lines ends.
fn written(events: &[Stamped]) -> (String, Vec<usize>) {
    let mut text = HEADER.to_owned();
    let mut ends = vec![text.len()];
    for event in events {
        text += &serde_json::to_string(event).unwrap();
        text.push('\n');
        ends.push(text.len());
    }
    (text, ends)
}

fn gather(text: impl AsRef<[u8]>) -> Tape {
    Tape::gather(Reader::new(text.as_ref()).unwrap()).unwrap()
}

/// The events as the file has them.
fn events_of(tape: &Tape) -> Vec<Stamped> {
    tape.events().collect()
}

fn record(events: &[Stamped]) -> Record {
    let mut record = Record::default();
    for stamped in events {
        record.apply(stamped.at, &stamped.event);
    }
    record
}

/// What `kill -9` can leave behind is a file cut at any byte.
#[test]
fn a_file_cut_at_any_byte_gives_what_was_lived_until_then() {
    let lived = events();
    let (text, ends) = written(&lived);
    for cut in 0..=text.len() {
        let part = &text.as_bytes()[..cut];
        // Without its line feed a line is whole all the same.
        let whole = ends.iter().filter(|end| **end - 1 <= cut).count();
        let Some(count) = whole.checked_sub(1) else {
            assert!(Reader::new(part).is_err(), "{cut}");
            continue;
        };
        let session = gather(part);
        assert_eq!(events_of(&session), lived[..count], "{cut}");
        assert_eq!(record(&events_of(&session)), record(&lived[..count]), "{cut}");
        let torn = !ends.contains(&cut) && !ends.contains(&(cut + 1));
        let expected = torn.then(|| format!("the torn last line, {}, was dropped", count + 2));
        assert_eq!(session.warnings, expected.into_iter().collect::<Vec<_>>(), "{cut}");
        let open = (3..lived.len()).contains(&count);
        assert_eq!(session.interrupted, if open { vec![1] } else { vec![] }, "{cut}");
    }
}

#[test]
fn lines_are_placed_and_times_lead_to_their_number() {
    let lived = events();
    let (text, ends) = written(&lived);
    for (number, line) in Reader::new(text.as_bytes()).unwrap().enumerate() {
        let line = line.unwrap();
        assert_eq!(line.offset as usize, ends[number]);
        let here = text[line.offset as usize..].lines().next().unwrap();
        assert_eq!(serde_json::from_str::<Stamped>(here).unwrap(), lived[number]);
    }
    let session = gather(&text);
    let table = [
        (0, 1),
        (1, 1),
        (2, 2),
        (5, 4),
        (13, 7),
        (44, 12),
        (45, 13),
        (u64::MAX, 13),
    ];
    for (at, count) in table {
        assert_eq!(session.count_at(at), count, "{at}");
    }
    assert_eq!(session.duration(), 45);
    // Stamps that fall, as only another program writes them, do not turn time back.
    let session = gather(format!(
        "{HEADER}{{\"at\":9,\"event\":\"draft\"}}\n{{\"at\":4,\"event\":\"draft\"}}\n"
    ));
    let times = [session.at(0), session.at(1), session.duration()];
    assert_eq!((times, session.stamped(1).at), ([9, 9, 9], 4));
}

#[test]
fn bad_lines_are_skipped_and_said() {
    let (good, after) = (
        "{\"at\":1,\"event\":\"draft\"}",
        "{\"at\":2,\"event\":\"draft\",\"x\":[{}]}",
    );
    let table: [(&[u8], Option<&str>); 14] = [
        (b"", None),
        (b" \r", None),
        (b"{\"at\":1,\"event\":\"tomorrow\",\"run\":\"x\",\"deep\":[[{}]]}", None),
        (b"nonsense", Some("expected")),
        (b"{\"at\":1,\"eve", Some("EOF")),
        (b"{\"event\":\"draft\"}", Some("missing field `at`")),
        (b"{\"at\":-1,\"event\":\"draft\"}", Some("invalid value")),
        (b"{\"at\":1}", Some("event")),
        (b"[]", Some("")),
        (b"\0\0\0\0", Some("expected value")),
        (b"{\"at\":1,\"event\":\"draft\",\"model\":\"\xff\"}", Some("unicode")),
        (b"{\"at\":1,\"event\":\"ended\",\"run\":1}", Some("missing field")),
        (b"{\"at\":1,\"event\":\"draft\",\"model\":7}", Some("invalid type")),
        (
            b"{\"at\":1,\"event\":\"attempt\",\"run\":1,\"attempt\":1,\"mode\":\"\x1b[2J\"}",
            Some(""),
        ),
    ];
    for (bad, why) in table {
        let text = [
            HEADER.as_bytes(),
            good.as_bytes(),
            b"\n",
            bad,
            b"\n",
            after.as_bytes(),
            b"\n",
        ]
        .concat();
        let session = gather(&text);
        let warnings = session.warnings.join("|");
        let shown = String::from_utf8_lossy(bad);
        assert_eq!(session.at(0), 1, "{shown}");
        assert_eq!(session.duration(), 2, "{shown}");
        assert!(!warnings.chars().any(crate::text::is_hidden), "{warnings:?}");
        match why {
            None => assert_eq!(warnings, "", "{shown}"),
            Some(why) => {
                assert_eq!((session.warnings.len(), session.len()), (1, 2), "{shown}");
                assert!(warnings.starts_with("line 3 was skipped: "), "{shown}: {warnings}");
                assert!(warnings.contains(why) && warnings.len() < 300, "{shown}: {warnings}");
            }
        }
    }
}

#[test]
fn a_file_full_of_bad_lines_warns_no_more_than_one_can_read() {
    let session = gather(format!("{HEADER}{}", "x\n".repeat(5_000)));
    assert_eq!(session.warnings.len(), 21);
    assert_eq!(session.warnings[20], "4980 further lines were skipped");
}

#[test]
fn a_line_that_is_too_long_is_not_held_in_memory() {
    let after = "{\"at\":2,\"event\":\"draft\"}\n";
    let long = io::repeat(b'x').take(1 << 27);
    let source = HEADER.as_bytes().chain(long).chain(&b"\n"[..]).chain(after.as_bytes());
    let mut reader = Reader::limited(BufReader::with_capacity(1 << 20, source), 1 << 10).unwrap();
    assert!(matches!(reader.next(), Some(Err(Flaw::Broken { line: 2, .. }))));
    let line = reader.next().unwrap().unwrap();
    assert_eq!(
        (line.number, line.offset, line.stamped.at),
        (3, HEADER.len() as u64 + (1 << 27) + 1, 2)
    );
    assert!(reader.next().is_none() && reader.next().is_none());
}

#[test]
fn a_last_line_of_a_later_program_is_not_torn() {
    let session = gather(format!(
        "{HEADER}{{\"at\":2,\"event\":\"ended\",\"run\":1,\"outcome\":\"postponed\"}}"
    ));
    assert!(
        session.warnings[0].starts_with("line 2 was skipped: "),
        "{:?}",
        session.warnings
    );
}

/// A disk that fails after its first part.
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("bad sector"))
    }
}

#[test]
fn a_disk_that_fails_ends_the_reading() {
    let open = || Reader::new(BufReader::new(HEADER.as_bytes().chain(Failing))).unwrap();
    let flaws: Vec<_> = open().map(|line| line.unwrap_err().to_string()).collect();
    assert_eq!(flaws, ["the rest cannot be read: bad sector"]);
    assert!(Tape::gather(open()).is_err());
}

#[test]
fn what_is_no_session_is_refused_by_name() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("s.jsonl");
    for (text, expected) in [
        (&b""[..], "s.jsonl is no session: it is empty"),
        (b"{\"a\":1}\n", "is no session: it has no session's first line"),
        (
            b"\x7fELF\x02\x01\x01\0\0\0",
            "is no session: it has no session's first line",
        ),
        (
            b"{\"formwork\":1,\"id\":3}\n",
            "is no session: it has a broken first line",
        ),
        (b"{\"formwork\":7}\n", "has format 7, which this formwork does not know"),
    ] {
        fs::write(&path, text).unwrap();
        let error = Tape::read(&path).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert!(matches!(Tape::read(temp.path()), Err(ReadError::NotASession { .. })));
    let error = Tape::read(&temp.path().join("missing")).unwrap_err().to_string();
    assert!(error.starts_with("cannot read the session "), "{error}");
    fs::write(&path, written(&events()).0).unwrap();
    assert_eq!(events_of(&Tape::read(&path).unwrap()), events());
}

/// A byte of the file, and what it is changed to; with `None` it is taken out.
fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, Option<u8>)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<Option<u8>>()), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_it_panic(damage in damage()) {
        let mut bytes = written(&events()).0.into_bytes();
        for (place, byte) in damage {
            let at = place.index(bytes.len());
            match byte {
                Some(byte) => bytes[at] = byte,
                None => _ = bytes.remove(at),
            }
        }
        if let Ok(reader) = Reader::new(bytes.as_slice()) {
            let session = Tape::gather(reader).unwrap();
            prop_assert!((1..session.len()).all(|index| session.at(index - 1) <= session.at(index)));
            let _ = record(&events_of(&session));
        }
    }

    /// A line is read alike whatever pieces the file arrives in.
    #[test]
    fn the_size_of_chunks_changes_nothing(capacity in 1_usize..300) {
        let (text, _) = written(&events());
        let reader = Reader::new(BufReader::with_capacity(capacity, text.as_bytes())).unwrap();
        prop_assert_eq!(Tape::gather(reader).unwrap(), gather(&text));
    }
}

/// The deepest value that an answer may have is read back from its session.
#[test]
fn the_deepest_value_is_read_back() {
    let value = (0..crate::json::limits::Limits::default().depth).fold(json!(1), |value, _| json!([value]));
    let (run, attempt) = (1, 1);
    let source = Source {
        channel: Channel::Content,
        call: None,
        start: 0,
        end: 1,
    };
    let event = RunEvent::Judged {
        run,
        attempt,
        source,
        value,
        errors: vec![],
        repairs: vec![],
    };
    let lived = [Stamped { at: 1, event }];
    assert_eq!(events_of(&gather(written(&lived).0)), lived);
}
