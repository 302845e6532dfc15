//! Tables: what each quirk of an answer reads as, cut in every way.

mod mending;

use super::{Limits, Reader, State, Tolerance};
use crate::verdict::{RepairKind, RepairKind as R, Risk};
use serde_json::{Value, json};

/// Reads `text` in pieces that end at `cuts`.
fn read(tolerance: Tolerance, text: &[u8], cuts: impl IntoIterator<Item = usize>) -> Reader {
    let mut reader = Reader::new(tolerance, Limits::default());
    let mut from = 0;
    for to in cuts.into_iter().chain([text.len()]) {
        reader.push(&text[from..to]);
        from = to;
    }
    reader.finish();
    reader
}

/// Reads `text` whole, and in every two pieces, and byte by byte: all must agree.
fn lenient(text: &str) -> Reader {
    let bytes = text.as_bytes();
    let whole = read(Tolerance::Lenient, bytes, []);
    for cut in 0..=bytes.len() {
        assert_eq!(read(Tolerance::Lenient, bytes, [cut]), whole, "{text:?} cut at {cut}");
    }
    assert_eq!(
        read(Tolerance::Lenient, bytes, 0..=bytes.len()),
        whole,
        "{text:?} byte by byte"
    );
    whole
}

fn value(reader: &Reader) -> Option<Value> {
    reader.current_root().and_then(|root| reader.tree().value(root))
}

fn kinds(reader: &Reader) -> Vec<RepairKind> {
    reader.repairs().iter().map(|repair| repair.kind).collect()
}

#[track_caller]
fn reads(text: &str, expected: &Value, repairs: &[RepairKind]) {
    let reader = lenient(text);
    assert_eq!(value(&reader).as_ref(), Some(expected), "{text:?}");
    assert_eq!(kinds(&reader), repairs, "{text:?}");
    assert_eq!(reader.state(), State::Complete, "{text:?}");
    assert!(reader.repairs().is_sorted_by_key(|repair| repair.offset), "{text:?}");
}

#[test]
fn json_needs_no_repair() {
    for text in [
        r#"{"a": [1, -2.5e3, true, false, null, "x\n\u00e9\ud83d\ude00"], "b": {}, "c": []}"#,
        "  [ ]\n",
        "[\"\", {\"\": \"\"}]",
        r#"{"a" : "x" , "b" :"y"}"#,
        "42",
        " -0.5 ",
        "true",
        "\"use {} here\"",
        "\"\\\"\"",
    ] {
        reads(text, &serde_json::from_str(text).unwrap(), &[]);
    }
}

#[test]
fn json_is_found() {
    let a = json!({"a": 1});
    for (text, repairs) in [
        ("Here you are: {\"a\": 1}", &[R::SurroundingText][..]),
        ("{\"a\": 1}\nHope it helps. {x}", &[R::SurroundingText]),
        ("\u{feff}{\"a\": 1}", &[R::InvisibleSpace]),
        ("```json\n{\"a\": 1}\n```", &[R::Fence]),
        ("~~~\n{\"a\": 1}\n~~~\n", &[R::Fence]),
        (
            "Sure!\n```json\n{\"a\": 1}\n```\nDone.",
            &[R::SurroundingText, R::Fence, R::SurroundingText],
        ),
        (
            "<think>maybe {\"b\": 2} </no> < /think> {</think>\n{\"a\": 1}",
            &[R::ThinkBlock],
        ),
        (
            "so {\"b\": 2}\n</think>{\"a\": 1}",
            &[R::SurroundingText, R::ThinkBlock],
        ),
        ("<tool_call>\n{\"a\": 1}\n</tool_call>", &[R::ToolWrapper]),
        ("[TOOL_REQUEST]{\"a\": 1}[END_TOOL_REQUEST]", &[R::ToolWrapper]),
        ("fill {name} and {{name}} in [x]: {\"a\": 1}", &[R::SurroundingText]),
        ("{ not this: at all } {\"a\": 1}", &[R::SurroundingText]),
        ("as in [1] and [2]: {\"a\": 1}", &[R::SurroundingText; 4]),
        ("{\"a\": 1} see [1]", &[R::SurroundingText, R::SeveralDocuments]),
        ("at [12:30] he wrote {\"a\": 1}", &[R::SurroundingText]),
        ("\"Hello\", he wrote: {\"a\": 1}", &[R::SurroundingText]),
        ("true enough: {\"a\": 1}", &[R::SurroundingText]),
        ("{\"b\": 2}\n{\"a\": 1}", &[R::SeveralDocuments]),
        ("{\"a\": 1}}", &[R::WrongCloser]),
        ("Then <b>{\"a\": 1}</b>", &[R::SurroundingText, R::SurroundingText]),
    ] {
        reads(text, &a, repairs);
    }
}

#[test]
fn thoughts_before_a_lone_closing_tag_are_no_answer() {
    reads(
        "so {\"b\": 2}\n</think>{\"a\": 1}",
        &json!({"a": 1}),
        &[R::SurroundingText, R::ThinkBlock],
    );
    assert_eq!(value(&lenient("so {\"b\": 2}\n</think>none")), None);
}

#[test]
fn what_was_cut_stays_open() {
    for (text, expected) in [
        ("{\"a\": \"x\\", Some(json!({"a": "x"}))),
        ("{\"a\": \"x\\u00", Some(json!({"a": "x"}))),
        ("{\"a\": \"x\\ud83d\\u", Some(json!({"a": "x"}))),
        ("{\"a\": \"x\" ", Some(json!({"a": "x"}))),
        ("{\"a\": 12", Some(json!({"a": 12}))),
        ("{\"a\": 12.", Some(json!({}))),
        ("{\"a\": tru", Some(json!({}))),
        ("{\"a\": true", Some(json!({"a": true}))),
        ("{\"a\": [1, {\"b", Some(json!({"a": [1, {}]}))),
        ("[", None),
        ("12.", None),
        ("\"x", None),
    ] {
        let reader = lenient(text);
        assert_eq!(value(&reader), expected, "{text:?}");
        let state = if expected.is_some() {
            State::Reading
        } else {
            State::Seeking
        };
        assert_eq!(reader.state(), state, "{text:?}");
        assert_eq!(kinds(&reader), [], "{text:?}");
    }
}

#[test]
fn numbers_and_literals_show_only_when_closed() {
    let mut reader = Reader::new(Tolerance::Lenient, Limits::default());
    reader.push(b"[1");
    assert_eq!(value(&reader), Some(json!([])));
    reader.push(b"2,tru");
    assert_eq!(value(&reader), Some(json!([12])));
    reader.push(b"e,\"ab\"");
    assert_eq!(value(&reader), Some(json!([12, true, "ab"])));
    let open: Vec<_> = reader.open_path().collect();
    assert_eq!(open.len(), 2, "the quote is not confirmed yet");
    reader.push(b"]");
    assert_eq!(reader.state(), State::Complete);
    assert_eq!(reader.open_path().count(), 0);
}

#[test]
fn what_cannot_be_mended_breaks_or_is_given_up() {
    for (text, offset) in [
        ("{\"a\": 1, \"b\": oops}", 14),
        ("{\"a\": 1, \"b\"}", 12),
        ("{\"a\": 1]", 7),
        ("{\"a\": {}, \"b\": \"\"x\"\"}", 16),
        ("[{}, 12:30]", 7),
        ("[{}, 1..5]", 5),
    ] {
        let reader = lenient(text);
        let State::Broken(error) = reader.state() else {
            panic!("{text:?} is not broken but {:?}", reader.state());
        };
        assert_eq!(error.offset, offset, "{text:?}: {error}");
    }
    let given_up = lenient("{a: oops }");
    assert_eq!((given_up.state(), value(&given_up)), (State::Seeking, None));
    assert_eq!(given_up.tree().roots().len(), 1);
}

#[test]
fn bytes_that_are_not_utf8_become_a_replacement() {
    let bytes = b"[\"a\xffb\xe2\x82\", \"\xf0\x9f\x98\x80\"]";
    let whole = read(Tolerance::Lenient, bytes, []);
    assert_eq!(value(&whole), Some(json!(["a\u{fffd}b\u{fffd}", "😀"])));
    let repairs: Vec<_> = whole
        .repairs()
        .iter()
        .map(|repair| (repair.kind, repair.offset, repair.risk))
        .collect();
    assert_eq!(repairs, [(R::BadUtf8, 3, Risk::Guess), (R::BadUtf8, 5, Risk::Guess)]);
    for cut in 0..bytes.len() {
        assert_eq!(read(Tolerance::Lenient, bytes, [cut]), whole, "cut at {cut}");
    }
    assert!(matches!(read(Tolerance::Strict, bytes, []).state(), State::Broken(_)));
}

#[test]
fn limits_break_with_a_message() {
    let small = Limits {
        bytes: 10,
        depth: 3,
        nodes: 3,
    };
    for (text, message) in [
        ("[[[[", "at byte 3: the answer nests deeper than 3 levels"),
        ("[1,2,3", "at byte 5: the answer has more than 3 values"),
        ("[\"aaaaaaaaaaaa\"]", "at byte 10: the answer is longer than 10 bytes"),
    ] {
        for size in 1..text.len() {
            let mut reader = Reader::new(Tolerance::Lenient, small);
            text.as_bytes().chunks(size).for_each(|piece| reader.push(piece));
            let State::Broken(error) = reader.state() else {
                panic!("{text:?} is not broken");
            };
            assert_eq!(error.to_string(), message);
            assert_eq!(reader.len(), text.len() as u64);
        }
    }
}

#[test]
fn repairs_are_bounded() {
    let mut reader = Reader::new(Tolerance::Lenient, Limits::default());
    reader.push(b"[1");
    reader.push(",".repeat(70_000).as_bytes());
    assert!(matches!(reader.state(), State::Broken(_)));
    assert_eq!(reader.repairs().len(), 65_536);
}

#[test]
fn closed_nodes_come_in_closing_order_and_once() {
    let text = "[{x [1] {\"a\": [1, {\"b\": \"x\"}, []], \"c\": true} [2, oops [3]";
    let mut reader = Reader::new(Tolerance::Lenient, Limits::default());
    let mut closed = Vec::new();
    for byte in text.as_bytes() {
        reader.push(&[*byte]);
        closed.extend(reader.take_closed());
    }
    let mut expected: Vec<_> = reader
        .tree()
        .ids()
        .filter(|id| reader.tree().node(*id).is_closed())
        .collect();
    expected.sort_by_key(|id| (reader.tree().node(*id).close(), std::cmp::Reverse(*id)));
    assert_eq!(closed, expected);
    let mut late = Reader::new(Tolerance::Lenient, Limits::default());
    late.push(text.as_bytes());
    assert_eq!(late.take_closed(), expected);
    assert_eq!(late.take_closed(), []);
}
