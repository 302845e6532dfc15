//! Sessions as they might have been: several runs, every kind of attempt, answers good, sloppy and odd, cut anywhere.

use crate::event::{CallRef, Closing, Delta, Draft, Header, Phase, RunEvent, Stamped, Why};
use crate::session::tape::Tape;
use crate::task::{Mode, Task};
use crate::verdict::{Change, Channel, Enforcer, Outcome, Source, Totals, Undo, Usage, Violation};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

const PERSON: &str = r#"{"title":"Person","type":"object","required":["name","age"],"properties":{"name":{"type":"string"},
    "age":{"type":"integer","minimum":0},"role":{"enum":["admin","user"]},"nick":{"type":"string"},
    "tags":{"type":"array","items":{"type":"string","maxLength":3}},"home":{"type":"object","properties":{"zip":{"type":"number"}}}}}"#;

/// A tape of events with these stamps.
pub(in crate::session) fn tape_of(events: impl IntoIterator<Item = (u64, RunEvent)>) -> Tape {
    let mut tape = Tape::new(Header {
        formwork: 1,
        id: "i".into(),
        created: "2026-11-22T17:42:59Z".into(),
        title: "t".into(),
    });
    for (at, event) in events {
        tape.push(Stamped { at, event });
    }
    tape
}

fn started(run: u32, schema: &str) -> RunEvent {
    let task = Task {
        schema: schema.into(),
        input: "x".into(),
        model: "m".into(),
        ..Task::default()
    };
    RunEvent::Started {
        run,
        version: "0".into(),
        task: Arc::new(task),
        provider: "p".into(),
        plan: vec![],
    }
}

fn attempt(run: u32, attempt: u32, mode: Mode, why: Why) -> RunEvent {
    let added = Change {
        pointer: "/properties/nick".into(),
        keyword: "required".into(),
        reason: String::new(),
        enforcer: Enforcer::Server,
        undo: Some(Undo::DropNull),
    };
    RunEvent::Attempt {
        run,
        attempt,
        mode,
        why,
        reason: "because".into(),
        changes: vec![added],
        body: json!({"n": attempt}),
    }
}

fn piece(run: u32, attempt: u32, channel: Channel, call: Option<CallRef>, text: &str) -> RunEvent {
    let text = text.into();
    RunEvent::Delta {
        run,
        attempt,
        delta: Delta { channel, call, text },
    }
}

fn closed(run: u32, attempt: u32) -> RunEvent {
    let usage = Usage {
        prompt: 3,
        completion: 4,
        cost: Some(0.25),
        ..Usage::default()
    };
    let closing = Closing {
        finish: Some("stop".into()),
        usage: Some(usage),
        ..Closing::default()
    };
    RunEvent::Closed { run, attempt, closing }
}

fn judged(run: u32, attempt: u32, valid: bool) -> RunEvent {
    let violation = Violation {
        pointer: "/age".into(),
        keyword: "type".into(),
        message: "no".into(),
    };
    RunEvent::Judged {
        run,
        attempt,
        source: Source {
            channel: Channel::Content,
            call: None,
            start: 0,
            end: 1,
        },
        value: json!({"name": "Ada", "age": attempt}),
        errors: if valid { vec![] } else { vec![violation] },
        repairs: vec![],
    }
}

fn ended(run: u32, outcome: Outcome) -> RunEvent {
    RunEvent::Ended {
        run,
        outcome,
        reason: "so it is".into(),
        budget: None,
        totals: Totals::default(),
    }
}

/// One run with a fallback, a re-ask and a retry.
pub(in crate::session) fn told() -> Tape {
    let content = |attempt, text: &str| piece(1, attempt, Channel::Content, None, text);
    let events = [
        RunEvent::Draft(Draft::default()),
        started(1, PERSON),
        attempt(1, 1, Mode::Tools, Why::First),
        closed(1, 1),
        attempt(1, 2, Mode::Json, Why::Fallback),
        content(2, "{\"name\":\"Ada\","),
        content(2, "\"age\":-3,"),
        content(2, "\"tags\":"),
        closed(1, 2),
        judged(1, 2, false),
        attempt(1, 3, Mode::Json, Why::Reask),
        content(3, "{\"na"),
        closed(1, 3),
        attempt(1, 4, Mode::Json, Why::Retry),
        content(4, "{\"name\":\"Ada\","),
        content(4, "\"age\":3}"),
        closed(1, 4),
        judged(1, 4, true),
        ended(1, Outcome::Valid),
    ];
    tape_of((0..).step_by(10).zip(events))
}

/// One answer that begins so and goes on in letters for so many pieces.
pub(super) fn endless(opening: &str, pieces: usize) -> Tape {
    let begin = [started(1, PERSON), attempt(1, 1, Mode::Json, Why::First)];
    let texts = std::iter::once(opening).chain(std::iter::repeat("abcd")).take(pieces);
    let pieces = texts.map(|text| piece(1, 1, Channel::Content, None, text));
    tape_of((0..).zip(begin.into_iter().chain(pieces)))
}

/// Texts that make a reader do everything it can.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(
        &[
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "'",
            "“",
            "”",
            "`",
            "```json\n",
            "```",
            " ",
            "\n",
            "\\",
            "\\u",
            "d83d",
            "\\ude00",
            "00e9",
            "a",
            "\"name\":",
            "\"tags\": [",
            "\"age\": ",
            "\"role\":\"admin\"",
            "\"v\"",
            "\"nick\":null",
            "1",
            "-",
            "2.5",
            "e9",
            "007",
            "1_000",
            "0x1f",
            "Infinity",
            "+",
            "...",
            "…",
            "true",
            "None",
            "NaN",
            "tr",
            "//",
            "/*",
            "*/",
            "#",
            "/",
            "<think>",
            "</think>",
            "<tool_call>",
            "[TOOL_REQUEST]",
            "{{",
            "}}",
            ";",
            "é",
            "😀",
            "\u{feff}",
            "[1]",
            "{\"a\": ",
            "[1, ",
            "see [1] and ",
            "\t",
        ][..],
    );
    prop::collection::vec(scrap, 0..40).prop_map(|scraps| scraps.concat())
}

/// A document that fits, with blanks and prose or a fence round it.
fn document() -> impl Strategy<Value = String> {
    let document = (
        "[a-zé\"\\\\]{0,12}",
        any::<i16>(),
        prop::collection::vec("[a-z]{0,5}", 0..5),
        any::<Option<f32>>(),
    );
    let document = document.prop_map(|(name, age, tags, zip)| {
        let zip = zip.filter(|zip| zip.is_finite());
        json!({"name": name, "age": age, "role": "user", "tags": tags, "nick": null, "home": {"zip": zip}})
    });
    let frame = prop::sample::select(
        &[
            ("", ""),
            ("Here [1] it is:\n```json\n", "\n```\nDone."),
            ("<think>{\"name\":1}</think>", ""),
            ("\n\n", "\n{\"name\":\"b\"}"),
        ][..],
    );
    (document, frame, any::<bool>()).prop_map(|(document, (before, after), pretty)| {
        let text = if pretty {
            serde_json::to_string_pretty(&document).unwrap_or_default()
        } else {
            document.to_string()
        };
        format!("{before}{text}{after}")
    })
}

/// The pieces of a text, cut at most every `size` characters.
fn cut(text: &str, size: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunks(size.max(1))
        .map(|piece| piece.iter().collect())
        .collect()
}

/// One answer, in channels that may take turns.
fn answer(run: u32, number: u32) -> impl Strategy<Value = Vec<RunEvent>> {
    let text = prop_oneof![3 => document(), 2 => scraps(), 1 => "[a-z0-9\" ]{0,30}"];
    let channel = prop::sample::select(&[Channel::Content, Channel::Content, Channel::Call, Channel::Reasoning][..]);
    let stream = (channel, 0_u32..3, text, 1_usize..6);
    (prop::collection::vec(stream, 1..4), any::<bool>()).prop_map(move |(streams, in_turns)| {
        let streams = streams.into_iter().map(|(channel, index, text, size)| {
            let call = (channel == Channel::Call).then(|| CallRef {
                index,
                ..CallRef::default()
            });
            let pieces = cut(&text, size).into_iter().enumerate();
            let pieces = pieces.map(move |(at, text)| {
                // A name may come late.
                let named = |call: CallRef| CallRef {
                    name: if at > 1 { "Person".into() } else { String::new() },
                    ..call
                };
                (at, piece(run, number, channel, call.clone().map(named), &text))
            });
            pieces.collect::<Vec<_>>()
        });
        let mut pieces: Vec<(usize, RunEvent)> = streams.flatten().collect();
        if in_turns {
            pieces.sort_by_key(|(at, _)| *at);
        }
        pieces.into_iter().map(|(_, event)| event).collect()
    })
}

/// One attempt, which may break off anywhere.
fn attempted(run: u32, number: u32) -> impl Strategy<Value = Vec<RunEvent>> {
    let whys = &[Why::Fallback, Why::Reask, Why::Retry, Why::Longer, Why::Reduced][..];
    let shape = (
        prop::sample::select(&Mode::ALL[..]),
        prop::sample::select(whys),
        0_u8..32,
    );
    (shape, answer(run, number)).prop_map(move |((mode, why, parts), pieces)| {
        let why = if number == 1 { Why::First } else { why };
        let wanted = |part: u8| parts & (1 << part) != 0;
        let before = [
            RunEvent::Progress {
                run,
                phase: Phase::Prompt,
                done: 1,
                total: 2,
            },
            RunEvent::Opened {
                run,
                attempt: number,
                status: 200,
                ms: 3,
            },
            RunEvent::Routed {
                run,
                attempt: number,
                provider: Some(format!("u{number}")),
                model: None,
                id: wanted(0).then(|| "g".into()),
            },
        ];
        let waiting = RunEvent::Waiting {
            run,
            ms: 5,
            reason: "later".into(),
        };
        let mut events = vec![attempt(run, number, mode, why)];
        events.extend(before);
        events.extend(pieces);
        events.extend(wanted(1).then(|| closed(run, number)));
        events.extend(wanted(2).then(|| judged(run, number, wanted(0))));
        events.extend(wanted(3).then_some(waiting));
        events
    })
}

/// One run. It may be cancelled, or have no end; an event of another run or of a later program may come in between.
fn run(number: u32) -> impl Strategy<Value = Vec<RunEvent>> {
    let schemas = &[PERSON, PERSON, "name, age int, tags [str]", "no: [schema"][..];
    let attempts =
        (1_u32..4).prop_flat_map(move |count| (1..=count).map(|one| attempted(number, one)).collect::<Vec<_>>());
    let ends = &[
        None,
        Some(Outcome::Valid),
        Some(Outcome::Cancelled),
        Some(Outcome::Failed),
    ][..];
    let draft = prop::option::of("[a-z]{0,3}");
    (
        prop::sample::select(schemas),
        attempts,
        prop::sample::select(ends),
        (draft.clone(), draft),
        any::<bool>(),
    )
        .prop_map(move |(schema, attempts, outcome, (drafted, mode), odd)| {
            let draft = Draft {
                input: drafted,
                mode,
                ..Draft::default()
            };
            let mut events = vec![RunEvent::Draft(draft), started(number, schema)];
            events.extend(attempts.concat());
            events.extend(outcome.map(|outcome| ended(number, outcome)));
            if odd {
                // As only a broken program writes them.
                events.push(piece(1, 1, Channel::Content, None, ",\"late\":[1,2"));
                events.extend([
                    RunEvent::Unknown,
                    judged(1, 1, false),
                    closed(1, 1),
                    piece(9, 9, Channel::Content, None, "x"),
                ]);
            }
            events
        })
}

/// A session of several runs.
pub(in crate::session) fn story() -> impl Strategy<Value = Tape> {
    let runs = (1_u32..4).prop_flat_map(|count| (1..=count).map(run).collect::<Vec<_>>());
    (runs, 0_u64..40).prop_map(|(runs, pace)| {
        let events = runs.concat();
        tape_of(events.into_iter().enumerate().map(|(index, event)| {
            let idle = (index as u64 / 50) * 10_000;
            (index as u64 * pace + idle, event)
        }))
    })
}
