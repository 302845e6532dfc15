//! The incremental reader, strict and lenient.

use crate::drive::{Target, gist, shape};
use fastrand::Rng;
use formwork::json::reader::{Limits, Reader, State, Tolerance};
use serde_json::Value;
use std::collections::BTreeSet;

pub const TARGET: Target = Target {
    name: "reader",
    seeds: &[
        r#"{"name": "Jason", "age": 25, "tags": ["a", "b"], "ok": true, "none": null, "rate": -1.5e-3}"#,
        "Here it is:\n```json\n{\"a\": [1, 2.5, \"x\\u00e9\\n\"], }\n```\nDone.",
        "<think>maybe {\"a\": 1}?</think>{'name': 'O\\'Neil', age: 28, 'tags': [a, b,], // end\n}",
        "[1, 1_000, 007, +5, .5, 5., 0x1F, 12%, NaN, None, True, undefined]",
        "{\"a\": \"5\" tall\", \"b\": \"he said \"no\", then\", \"c\": “smart”}",
        "{\"a\": {\"b\": {\"c\": {\"d\": [[[[]]]]}}}} {\"a\": 1}\n[2]",
        "{\"cut\": [1, {\"half\": \"way",
        "\u{feff}{\"\u{1f600}\": \"\\ud83d\\ude00\", \"\\ud83d\": 1}",
        "{{\"a\": 1}} /* c */ # d\n[TOOL_REQUEST]{\"name\":\"x\"}",
    ],
    tokens: &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"k\":",
        "\"v\"",
        "```json\n",
        "```",
        "<think>",
        "</think>",
        "true",
        "None",
        "NaN",
        "\u{201c}",
        "\u{201d}",
        "...",
        "\u{2026}",
        "/*",
        "*/",
        "{{",
        "}}",
        ";",
        "=",
        "<tool_call>",
        "\\u00",
        "e9",
        ".5",
        "+",
        "'",
        "`",
    ],
    check,
};

fn check(input: &[u8], rng: &mut Rng) -> u64 {
    let strict = whole(Tolerance::Strict, input);
    let lenient = whole(Tolerance::Lenient, input);
    in_pieces(Tolerance::Strict, input, &strict, rng);
    in_pieces(Tolerance::Lenient, input, &lenient, rng);
    let value = strict_is_serde_json(input, &strict, &lenient);
    if let Some(value) = &value {
        let again = value.to_string();
        let strict = whole(Tolerance::Strict, again.as_bytes());
        strict_is_serde_json(again.as_bytes(), &strict, &whole(Tolerance::Lenient, again.as_bytes()));
    }
    in_bounds(input, &lenient);
    let kinds: BTreeSet<String> = lenient
        .repairs()
        .iter()
        .map(|repair| format!("{:?}", repair.kind))
        .collect();
    let states = [strict.state(), lenient.state()].map(|state| match state {
        State::Broken(error) => {
            assert!(error.message.len() < 300, "{error}");
            gist(&error.message)
        }
        State::Seeking | State::Reading | State::Complete => format!("{state:?}"),
    });
    shape((states, kinds, lenient.tree().len().checked_ilog2()))
}

fn whole(tolerance: Tolerance, bytes: &[u8]) -> Reader {
    let mut reader = Reader::new(tolerance, Limits::default());
    reader.push(bytes);
    reader.finish();
    reader
}

/// Reads in pieces of any length: cuts make no difference, and what closed on the way is still the same at the end.
fn in_pieces(tolerance: Tolerance, bytes: &[u8], expected: &Reader, rng: &mut Rng) {
    let mut reader = Reader::new(tolerance, Limits::default());
    let mut closed = Vec::new();
    let longest = 1 << rng.u32(..10);
    let mut rest = bytes;
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at(rng.usize(1..=longest).min(rest.len()));
        rest = tail;
        match std::str::from_utf8(piece) {
            Ok(text) if rng.bool() => reader.push_str(text),
            Ok(_) | Err(_) => reader.push(piece),
        }
        for id in reader.take_closed() {
            if closed.len() < 64 {
                closed.push((id, reader.tree().node(id).close(), reader.tree().value(id)));
            }
        }
    }
    reader.finish();
    reader.take_closed();
    let mut whole = expected.clone();
    whole.take_closed();
    assert_eq!(reader, whole, "cuts make a difference");
    for (id, end, value) in closed {
        assert_eq!(
            (reader.tree().node(id).close(), reader.tree().value(id)),
            (end, value),
            "what closed has changed"
        );
    }
}

/// The strict reader is what `serde_json` says of the document as a member of a session's line, which is one container around it.
fn strict_is_serde_json(input: &[u8], strict: &Reader, lenient: &Reader) -> Option<Value> {
    let line = [b"[", input, b"]"].concat();
    let read = serde_json::from_slice::<Value>(&line);
    let expected = match read.as_ref().map(|value| value.as_array().map(Vec::as_slice)) {
        Ok(Some([one])) => Some(one.clone()),
        Ok(_) | Err(_) => None,
    };
    // `[` and `]` around `1],[2` are no member, and neither is nothing.
    let expected = expected.filter(|_| serde_json::from_slice::<Value>(input).is_ok());
    let complete = strict.state() == State::Complete;
    assert_eq!(complete, expected.is_some(), "{:?}: {:?}", strict.state(), read.err());
    let value = strict
        .current_root()
        .filter(|_| complete)
        .and_then(|root| strict.tree().value(root));
    assert_eq!(value, expected);
    if complete {
        assert_eq!(
            (lenient.tree(), lenient.repairs()),
            (strict.tree(), &[][..]),
            "strict JSON is not mended"
        );
    }
    value
}

fn in_bounds(input: &[u8], reader: &Reader) {
    assert!(reader.repairs().is_sorted_by_key(|repair| repair.offset));
    assert!(reader.repairs().iter().all(|repair| repair.offset < input.len() as u64));
    let tree = reader.tree();
    for id in tree.ids() {
        let node = tree.node(id);
        let end = node.close().map_or(input.len(), |end| end as usize);
        assert!((node.open as usize) < end && end <= input.len());
    }
    let root = reader.current_root().and_then(|root| tree.value(root));
    if let Some(root) = root {
        let line = format!("[{root}]");
        assert!(
            serde_json::from_str::<Value>(&line).is_ok(),
            "a value that no session can hold"
        );
    }
}
