//! The table of `openrouter.md` §2.5, one row a quirk.

use super::Calls;
use crate::event::Delta;
use crate::provider::openrouter::wire::ToolCall;
use proptest::prelude::*;

/// Feeds pieces and adds the deltas up to (id, name, arguments) by call.
fn fold(pieces: &[&str]) -> Vec<(String, String, String)> {
    let mut calls = Calls::default();
    let mut deltas: Vec<Delta> = Vec::new();
    for piece in pieces {
        let piece: ToolCall<'_> = serde_json::from_str(piece).unwrap();
        calls.push(&piece, &mut deltas);
    }
    calls.finish(&mut deltas);
    let mut folded: Vec<(String, String, String)> = Vec::new();
    for delta in deltas {
        let call = delta.call.unwrap();
        let at = call.index as usize;
        assert!(at <= folded.len(), "calls are numbered in order");
        if at == folded.len() {
            folded.push(Default::default());
        }
        folded[at].0 = call.id;
        folded[at].1 = call.name;
        folded[at].2.push_str(&delta.text);
    }
    folded
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn quirks_by_table() {
    type Row<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str, &'a str)]);
    let table: &[Row<'_>] = &[
        (
            "the normal case",
            &[
                r#"{"index":0,"id":"a","type":"function","function":{"name":"User","arguments":""}}"#,
                r#"{"index":0,"function":{"arguments":"{\"x\":"}}"#,
                r#"{"index":0,"function":{"arguments":"1}"}}"#,
            ],
            &[("a", "User", "{\"x\":1}")],
        ),
        (
            "index missing or null, no id: the current call",
            &[
                r#"{"id":"a","function":{"name":"U","arguments":"{"}}"#,
                r#"{"index":null,"function":{"arguments":"}"}}"#,
            ],
            &[("a", "U", "{}")],
        ),
        (
            "index missing, new id: a new call",
            &[
                r#"{"id":"a","function":{"name":"U","arguments":"{}"}}"#,
                r#"{"id":"b","function":{"name":"V","arguments":"{"}}"#,
                r#"{"function":{"arguments":"}"}}"#,
            ],
            &[("a", "U", "{}"), ("b", "V", "{}")],
        ),
        (
            "same index, another id: a new call",
            &[
                r#"{"index":0,"id":"a","function":{"name":"U","arguments":"{}"}}"#,
                r#"{"index":0,"id":"b","function":{"name":"V","arguments":"{\"y\":2}"}}"#,
            ],
            &[("a", "U", "{}"), ("b", "V", "{\"y\":2}")],
        ),
        (
            "id missing, empty or repeated: the same call",
            &[
                r#"{"index":0,"id":"a","function":{"name":"U","arguments":"{\"x\""}}"#,
                r#"{"index":0,"id":"","function":{"arguments":":"}}"#,
                r#"{"index":0,"id":"a","function":{"arguments":"1"}}"#,
                r#"{"index":0,"id":null,"function":{"arguments":"}"}}"#,
            ],
            &[("a", "U", "{\"x\":1}")],
        ),
        (
            "an id that comes late belongs to the call",
            &[
                r#"{"index":0,"function":{"name":"U","arguments":"{"}}"#,
                r#"{"index":0,"id":"a","function":{"arguments":"}"}}"#,
            ],
            &[("a", "U", "{}")],
        ),
        (
            "name repeated or empty: the first counts, nothing is joined",
            &[
                r#"{"index":0,"id":"a","function":{"name":"","arguments":""}}"#,
                r#"{"index":0,"function":{"name":"User","arguments":"{"}}"#,
                r#"{"index":0,"function":{"name":"User","arguments":"}"}}"#,
            ],
            &[("a", "User", "{}")],
        ),
        (
            "arguments as an object",
            &[r#"{"index":0,"id":"a","function":{"name":"U","arguments":{"x":[1,"é"]}}}"#],
            &[("a", "U", "{\"x\":[1,\"é\"]}")],
        ),
        (
            "arguments null, type missing, whole object later",
            &[
                r#"{"index":0,"id":"a","function":{"name":"U","arguments":null}}"#,
                r#"{"index":0,"function":{"arguments":"{\"s\":\"}{\\\"\"}"}}"#,
            ],
            &[("a", "U", "{\"s\":\"}{\\\"\"}")],
        ),
        (
            "two objects under one index are two calls",
            &[
                r#"{"index":0,"id":"a","function":{"name":"U","arguments":"{\"x\":1} {\"x\":"}}"#,
                r#"{"index":0,"function":{"arguments":"2}"}}"#,
            ],
            &[("a", "U", "{\"x\":1} "), ("", "U", "{\"x\":2}")],
        ),
        (
            "an id repeated after two splits goes on with the last object",
            &[
                r#"{"index":0,"id":"a","function":{"name":"U","arguments":"{}{}{"}}"#,
                r#"{"index":0,"id":"a","function":{"arguments":"}"}}"#,
            ],
            &[("a", "U", "{}"), ("", "U", "{}"), ("", "U", "{}")],
        ),
        (
            "two whole calls without index and id, told apart by their names",
            &[
                r#"{"function":{"name":"U","arguments":{"x":1}}}"#,
                r#"{"function":{"name":"V","arguments":{}}}"#,
            ],
            &[("", "U", "{\"x\":1}"), ("", "V", "{}")],
        ),
        (
            "pieces of two calls interleaved",
            &[
                r#"{"index":0,"id":"a","function":{"name":"U","arguments":"{\"x\""}}"#,
                r#"{"index":1,"id":"b","function":{"name":"V","arguments":"{\"y\""}}"#,
                r#"{"index":0,"function":{"arguments":":1}"}}"#,
                r#"{"index":1,"function":{"arguments":":2}"}}"#,
            ],
            &[("a", "U", "{\"x\":1}"), ("b", "V", "{\"y\":2}")],
        ),
        (
            "interleaved by id under one index",
            &[
                r#"{"index":0,"id":"a","function":{"name":"U","arguments":"{\"x\""}}"#,
                r#"{"index":0,"id":"b","function":{"name":"V","arguments":"{\"y\""}}"#,
                r#"{"index":0,"id":"a","function":{"arguments":":1}"}}"#,
                r#"{"index":0,"id":"b","function":{"arguments":":2}"}}"#,
            ],
            &[("a", "U", "{\"x\":1}"), ("b", "V", "{\"y\":2}")],
        ),
        (
            "only empty pieces: a call without arguments",
            &[
                r#"{"index":0,"id":"toolu_bdrk_1","function":{"name":"U","arguments":""}}"#,
                r#"{"index":0,"function":{"arguments":""}}"#,
            ],
            &[("toolu_bdrk_1", "U", "{}")],
        ),
        (
            "ids are opaque",
            &[
                r#"{"index":0,"id":"functions.name:0","function":{"name":"name","arguments":"{}"}}"#,
                r#"{"index":1,"id":"functions.name:1","function":{"name":"name","arguments":"{}"}}"#,
            ],
            &[("functions.name:0", "name", "{}"), ("functions.name:1", "name", "{}")],
        ),
        (
            "text after the object stays with it, and what is no object is never split",
            &[
                r#"{"index":0,"id":"a","function":{"name":"U","arguments":"{}}"}}"#,
                r#"{"index":1,"id":"b","function":{"name":"V","arguments":"\"{}{}\""}}"#,
            ],
            &[("a", "U", "{}}"), ("b", "V", "\"{}{}\"")],
        ),
        ("no function at all", &[r#"{"index":0,"id":"a"}"#], &[("a", "", "{}")]),
    ];
    for (what, pieces, expected) in table {
        let expected: Vec<_> = expected
            .iter()
            .map(|(id, name, text)| ((*id).into(), (*name).into(), (*text).into()))
            .collect();
        assert_eq!(fold(pieces), expected, "{what}");
    }
}

#[test]
fn a_new_call_is_told_at_once_and_an_empty_piece_of_it_not_again() {
    let mut calls = Calls::default();
    let mut deltas = Vec::new();
    let piece = r#"{"index":0,"id":"a","function":{"name":"U","arguments":""}}"#;
    calls.push(&serde_json::from_str(piece).unwrap(), &mut deltas);
    calls.push(&serde_json::from_str(piece).unwrap(), &mut deltas);
    assert_eq!(deltas.len(), 1);
}

proptest! {
    #[test]
    fn cutting_the_arguments_anywhere_changes_nothing(
        text in "[{}\\[\\]\"\\\\a ]{0,24}",
        cut in 0_usize..24,
    ) {
        let piece = |text: &str| serde_json::json!({"index": 0, "id": "a", "function": {"name": "U", "arguments": text}}).to_string();
        let cut = cut.min(text.len());
        let (head, tail) = text.split_at(cut);
        prop_assert_eq!(fold(&[&piece(head), &piece(tail)]), fold(&[&piece(&text)]));
    }
}
