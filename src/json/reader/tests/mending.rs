//! Tables: what each slip is mended to.

use super::{kinds, lenient, reads, value};
use crate::json::reader::State;
use crate::verdict::RepairKind as R;
use serde_json::json;

#[test]
fn commas_are_mended() {
    for (text, expected, repairs) in [
        ("[1, 2,]", json!([1, 2]), &[R::TrailingComma][..]),
        ("{\"a\": 1, }", json!({"a": 1}), &[R::TrailingComma]),
        ("[,1]", json!([1]), &[R::StrayComma]),
        ("[1,, 2]", json!([1, 2]), &[R::StrayComma]),
        (
            "{,\"a\": 1,,\"b\": 2}",
            json!({"a": 1, "b": 2}),
            &[R::StrayComma, R::StrayComma],
        ),
        (
            "[\"a\"; \"b\"]",
            json!(["a\"; \"b"]),
            &[R::UnescapedQuote, R::UnescapedQuote],
        ),
        ("{\"a\": 1; \"b\": 2}", json!({"a": 1, "b": 2}), &[R::StrayComma]),
        ("{\"a\": 1 \"b\": 2}", json!({"a": 1, "b": 2}), &[R::MissingComma]),
        (
            "{\"a\": 1 b: 2}",
            json!({"a": 1, "b": 2}),
            &[R::MissingComma, R::UnquotedKey],
        ),
        (
            "{\"a\": \"x\"\n \"b c\" : 2}",
            json!({"a": "x", "b c": 2}),
            &[R::MissingComma],
        ),
        (
            "{\"a\": \"x\" 'b': 2}",
            json!({"a": "x", "b": 2}),
            &[R::MissingComma, R::SingleQuotes],
        ),
        ("[\"a\"\n\"b\"]", json!(["a", "b"]), &[R::MissingComma]),
        (
            "[1 2 {} [] -3 true]",
            json!([1, 2, {}, [], -3, true]),
            &[R::MissingComma; 5],
        ),
    ] {
        reads(text, &expected, repairs);
    }
}

#[test]
fn quotes_are_mended() {
    for (text, expected, repairs) in [
        (
            "{'a': 'it\\'s'}",
            json!({"a": "it's"}),
            &[R::SingleQuotes, R::SingleQuotes, R::BadEscape][..],
        ),
        (
            "{'a': 'it's'}",
            json!({"a": "it's"}),
            &[R::SingleQuotes, R::SingleQuotes, R::UnescapedQuote],
        ),
        ("{`a`: `b`}", json!({"a": "b"}), &[R::SingleQuotes, R::SingleQuotes]),
        ("{“a”: “it’s”}", json!({"a": "it’s"}), &[R::SmartQuotes, R::SmartQuotes]),
        ("[‘it’s’]", json!(["it’s"]), &[R::SmartQuotes, R::UnescapedQuote]),
        (
            "{\"a\": \"say \"hi\" now\"}",
            json!({"a": "say \"hi\" now"}),
            &[R::UnescapedQuote, R::UnescapedQuote],
        ),
        (
            "[\"6\" x 4\"\", 1]",
            json!(["6\" x 4\"", 1]),
            &[R::UnescapedQuote, R::UnescapedQuote],
        ),
        ("{\"a\": \"x\" \n}", json!({"a": "x"}), &[]),
        (
            "{\"a\": \"the \"a\" \"b\" c\"}",
            json!({"a": "the \"a\" \"b\" c"}),
            &[R::UnescapedQuote; 4],
        ),
        (
            "{\"a\": \"x] y\"] z\"}",
            json!({"a": "x] y\"] z"}),
            &[R::UnescapedQuote],
        ),
        ("{\"a\": \"x\" // y\n}", json!({"a": "x"}), &[R::Comment]),
        ("{\"a\": \"x\" /y\"}", json!({"a": "x\" /y"}), &[R::UnescapedQuote]),
        ("[\"a\nb\tc\"]", json!(["a\nb\tc"]), &[R::RawControl]),
        ("[\"a\"\n b\"]", json!(["a\"\n b"]), &[R::UnescapedQuote, R::RawControl]),
    ] {
        reads(text, &expected, repairs);
    }
}

#[test]
fn words_and_numbers_are_mended() {
    for (text, expected, repairs) in [
        (
            "{a: 1, b-c : 2, été: 3, 4: 5}",
            json!({"a": 1, "b-c": 2, "été": 3, "4": 5}),
            &[R::UnquotedKey; 4][..],
        ),
        (
            "[True, False, None, undefined, NONE]",
            json!([true, false, null, null, null]),
            &[R::Literal; 5],
        ),
        (
            "[NaN, -Infinity, Infinity, 1e999]",
            json!([null, null, null, null]),
            &[R::NotANumber; 4],
        ),
        (
            "[+5, .5, 5., 007, 1_000, 0x1F, -.5, 5.e3]",
            json!([5, 0.5, 5.0, 7, 1000, 31, -0.5, 5e3]),
            &[R::NumberFormat; 8],
        ),
        ("[.5]", json!([0.5]), &[R::NumberFormat]),
        ("[1, ...]", json!([1]), &[R::Ellipsis]),
        ("[1, …, 2]", json!([1, 2]), &[R::Ellipsis]),
        ("{\"a\": 1, ...}", json!({"a": 1}), &[R::Ellipsis]),
        (
            "[1 // one\n, /* two ** / */ 2 # three\n]",
            json!([1, 2]),
            &[R::Comment; 3],
        ),
        ("{ // first\n\"a\": 1}", json!({"a": 1}), &[R::Comment]),
        ("[1,\u{a0}2]", json!([1, 2]), &[R::InvisibleSpace]),
    ] {
        reads(text, &expected, repairs);
    }
}

#[test]
fn escapes_are_mended() {
    for (text, expected, repairs) in [
        (
            r#"["C:\dir\_x"]"#,
            json!(["C:\\dir\\_x"]),
            &[R::BadEscape, R::BadEscape][..],
        ),
        (
            r#"["\u00zz\u12"]"#,
            json!(["\\u00zz\\u12"]),
            &[R::BadEscape, R::BadEscape],
        ),
        (
            r#"["\ud83d!\ud83d\n\ud83d\ud83d\ude00\ude00"]"#,
            json!(["\u{fffd}!\u{fffd}\n\u{fffd}😀\u{fffd}"]),
            &[R::LoneSurrogate; 4],
        ),
        (
            r#"["\ud83d\u00e9\ud83d\u00zz"]"#,
            json!(["\u{fffd}é\u{fffd}\\u00zz"]),
            &[R::LoneSurrogate, R::LoneSurrogate, R::BadEscape],
        ),
    ] {
        reads(text, &expected, repairs);
    }
}

#[test]
fn braces_are_mended() {
    for (text, expected, repairs) in [
        (
            "{{\"a\": {{\"b\": [{{}}]}}}}",
            json!({"a": {"b": [{}]}}),
            &[R::DoubledBraces; 3][..],
        ),
        ("{{\"a\": {\"b\": 1}}}", json!({"a": {"b": 1}}), &[R::DoubledBraces]),
        ("[{\"a\": 1]", json!([{"a": 1}]), &[R::MissingCloser]),
        ("[{\"a\": \"x\"]", json!([{"a": "x"}]), &[R::MissingCloser]),
        (
            "{\"a\": [1, {\"b\": [2, }",
            json!({"a": [1, {"b": [2]}]}),
            &[R::TrailingComma, R::MissingCloser],
        ),
    ] {
        if text.ends_with(", }") {
            let reader = lenient(text);
            assert_eq!((value(&reader), kinds(&reader)), (Some(expected), repairs.to_vec()));
            assert_eq!(reader.state(), State::Reading);
        } else {
            reads(text, &expected, repairs);
        }
    }
}
