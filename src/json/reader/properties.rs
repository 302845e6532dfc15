//! Properties: cuts make no difference, closed values never change, strict is what `serde_json` says.

use super::{Limits, Reader, State, Tolerance};
use crate::json::repair;
use crate::verdict::{RepairKind, Risk};
use proptest::prelude::*;
use serde_json::Value;

fn whole(tolerance: Tolerance, bytes: &[u8]) -> Reader {
    let mut reader = Reader::new(tolerance, Limits::default());
    reader.push(bytes);
    reader.finish();
    reader
}

/// Pieces of answers, whole and broken, that meet in every order.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(
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
            "```",
            "```json\n",
            " ",
            "\n",
            "\\",
            "\\u",
            "d83d",
            "\\ude00",
            "00e9",
            "a",
            "key",
            "\"k\":",
            "\"v\"",
            "1",
            "-",
            "2.5",
            "e9",
            "007",
            "+",
            ".",
            "...",
            "…",
            "true",
            "null",
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
            "<",
            ">",
            "<tool_call>",
            "[TOOL_REQUEST]",
            "{{",
            "}}",
            ";",
            "=",
            "é",
            "😀",
            "\u{feff}",
            "\u{a0}",
            "{\"a\": ",
            "[1, ",
            "\t",
            "\u{1}",
        ][..],
    );
    let raw = prop_oneof![
        20 => piece.prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::sample::select(&[0xff_u8, 0xe2, 0x82, 0xf0, 0x9f, 0xc0][..]).prop_map(|byte| vec![byte]),
    ];
    prop::collection::vec(raw, 0..40).prop_map(|pieces| pieces.concat())
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => soup(), 1 => prop::collection::vec(any::<u8>(), 0..80), 2 => mutated()]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}|[\"\\\\{}\\[\\],:\n\t ]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec(("[a-c\" ]{0,2}", inner), 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Documents as `serde_json` writes them, some indented.
fn document() -> impl Strategy<Value = Vec<u8>> {
    (any_json(), any::<bool>()).prop_map(|(value, pretty)| {
        let text = if pretty {
            serde_json::to_vec_pretty(&value)
        } else {
            serde_json::to_vec(&value)
        };
        text.unwrap()
    })
}

/// Documents with a few bytes changed, put in or taken out.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        prop::sample::select(&b"{}[],:\"\\0123456789.eE+-truefalsn \n\t/u'"[..]),
        any::<u8>()
    ];
    let edit = (any::<prop::sample::Index>(), byte, 0..3_u8);
    (document(), prop::collection::vec(edit, 0..4)).prop_map(|(mut text, edits)| {
        for (place, byte, how) in edits {
            let at = place.index(text.len() + 1);
            match how {
                0 => text.insert(at, byte),
                1 if at < text.len() => text[at] = byte,
                _ if at < text.len() => drop(text.remove(at)),
                _ => text.push(byte),
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cuts_make_no_difference(
        text in bytes(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        strict: bool,
    ) {
        let tolerance = if strict { Tolerance::Strict } else { Tolerance::Lenient };
        let expected = whole(tolerance, &text);
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).chain([text.len()]).collect();
        ends.sort_unstable();
        let mut reader = Reader::new(tolerance, Limits::default());
        let mut from = 0;
        for to in ends {
            match std::str::from_utf8(&text[from..to]) {
                Ok(text) => reader.push_str(text),
                Err(_) => reader.push(&text[from..to]),
            }
            from = to;
        }
        reader.finish();
        prop_assert_eq!(&reader, &expected);
        let mut single = Reader::new(tolerance, Limits::default());
        for byte in &text {
            single.push(&[*byte]);
        }
        single.finish();
        prop_assert_eq!(&single, &expected);
        if let Ok(text) = std::str::from_utf8(&text) {
            let mut letters = Reader::new(tolerance, Limits::default());
            for letter in text.split_inclusive(|_: char| true) {
                letters.push_str(letter);
            }
            letters.finish();
            prop_assert_eq!(&letters, &expected);
        }
    }

    #[test]
    fn what_closed_never_changes(text in bytes()) {
        let mut reader = Reader::new(Tolerance::Lenient, Limits::default());
        let mut closed = Vec::new();
        for byte in &text {
            reader.push(&[*byte]);
            for id in reader.take_closed() {
                closed.push((id, reader.tree().node(id).clone().close(), reader.tree().value(id)));
            }
        }
        reader.finish();
        for (id, end, value) in closed {
            prop_assert_eq!(reader.tree().node(id).close(), end);
            prop_assert_eq!(reader.tree().value(id), value);
        }
    }

    #[test]
    fn repairs_are_in_order_and_nodes_in_bounds(text in bytes()) {
        let reader = whole(Tolerance::Lenient, &text);
        prop_assert!(reader.repairs().is_sorted_by_key(|repair| repair.offset));
        prop_assert!(reader.repairs().iter().all(|repair| repair.offset < text.len() as u64));
        for id in reader.tree().ids() {
            let node = reader.tree().node(id);
            let end = node.close().unwrap_or(text.len() as u32);
            prop_assert!(node.open < end && end as usize <= text.len());
            if let Some(parent) = node.parent() {
                prop_assert!(reader.tree().node(parent).open < node.open);
            }
        }
    }

    #[test]
    fn strict_is_serde_json(text in prop_oneof![document(), mutated(), soup()]) {
        let strict = whole(Tolerance::Strict, &text);
        let value = strict.current_root().and_then(|root| strict.tree().value(root));
        match serde_json::from_slice::<Value>(&text) {
            Ok(expected) => {
                prop_assert_eq!(strict.state(), State::Complete);
                prop_assert_eq!(value, Some(expected));
                let lenient = whole(Tolerance::Lenient, &text);
                prop_assert_eq!(lenient.tree(), strict.tree());
                prop_assert_eq!(lenient.repairs(), &[]);
                prop_assert_eq!(lenient.state(), State::Complete);
            }
            Err(error) => prop_assert_ne!(strict.state(), State::Complete, "{}", error),
        }
    }

    /// The value of a session's line is within one container.
    #[test]
    fn strict_nests_as_deep_as_serde_json_reads_from_a_line(depth in 120..135_usize, object: bool) {
        let (open, close) = if object { ("{\"a\":", "}") } else { ("[", "]") };
        let text = [open.repeat(depth), "1".to_owned(), close.repeat(depth)].concat();
        let accepted = whole(Tolerance::Strict, text.as_bytes()).state() == State::Complete;
        prop_assert_eq!(accepted, serde_json::from_str::<Value>(&format!("[{text}]")).is_ok());
    }
}

/// What a slip puts into a document.
#[rustfmt::skip]
const SLIPS: [&str; 41] = [
    "", ",", ":", ";", "\"", "'", "`", "“", "”", "{", "}", "[", "]", "\\", "\n", "\t", " ", "None", "nUlL", "True", "-Infinity",
    "undefined", "NaN", "+", "-", ".", "0", "7", "_", "e", "a", "é", "/", "// x\n", "/* x */", "# x\n", "...", "\u{1}",
    "\u{feff}", "```", "<think>",
];

/// A document with one slip in it: a piece put in, put in the place of a byte, or a byte taken out.
fn slipped() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(&SLIPS[..]);
    (document(), any::<prop::sample::Index>(), piece, any::<bool>()).prop_map(|(text, place, piece, instead)| {
        let mut text = String::from_utf8(text).unwrap();
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let at = place.index(places.len());
        let end = places.get(at + usize::from(instead)).copied().unwrap_or(text.len());
        text.replace_range(places[at]..end, piece);
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is shown while an answer streams is what comes of it, but where the repair, which sees the whole, guesses otherwise: a
    /// comma is missing beside what has no quotes (`[None true]` may be a text), or a closing curly quote opens a string.
    #[test]
    fn what_is_read_without_a_guess_is_repaired_to_the_same(text in slipped()) {
        let reader = whole(Tolerance::Lenient, text.as_bytes());
        let noted = |kind| reader.repairs().iter().any(|repair| repair.kind == kind);
        let sure = reader.repairs().iter().all(|repair| repair.risk == Risk::Safe);
        if sure && reader.state() == State::Complete && !noted(RepairKind::SurroundingText) {
            let shown = reader.current_root().and_then(|root| reader.tree().value(root));
            let candidates = repair::read(&text, Limits::default());
            let first = candidates.first();
            let guessed = first.is_some_and(repair::Candidate::has_guess);
            if !(guessed && (noted(RepairKind::MissingComma) || noted(RepairKind::SmartQuotes))) {
                prop_assert_eq!(first.map(repair::Candidate::value), shown);
            }
        }
    }
}
