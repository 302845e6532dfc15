//! Scores the incremental reader against collected cases, when `FORMWORK_CORPORA` names their folder.
//!
//! The `JSONTestSuite` is a gate. The prefix corpora hold other policies on cut numbers, keys and literals than ours, so their
//! differences are counted by kind and printed; only a value that contradicts the expected one, rather than showing less or
//! more of it, fails.
#![expect(clippy::print_stdout, reason = "a scorer's result is its output")]

use formwork::json::reader::{Limits, Reader, State, Tolerance};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The cases of one file; `None` with a printed word when there is no folder.
fn cases(file: &str) -> Option<Vec<Value>> {
    let Some(folder) = std::env::var_os("FORMWORK_CORPORA") else {
        println!("skipped {file}: FORMWORK_CORPORA is not set");
        return None;
    };
    let path = PathBuf::from(folder).join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{file}: {error}: {line}"));
    Some(text.lines().map(parse).collect())
}

/// The bytes of a case's input.
fn input(case: &Value) -> Vec<u8> {
    match case["input_b64"].as_str() {
        Some(coded) => base64(coded),
        None => case["input"].as_str().unwrap_or_default().as_bytes().to_vec(),
    }
}

fn base64(coded: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = coded.bytes().filter(|byte| *byte != b'=').map(digit).collect();
    let mut bytes = Vec::new();
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0_u32, |bits, digit| bits << 6 | u32::from(*digit)) << (6 * (4 - group.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    bytes
}

fn read(tolerance: Tolerance, bytes: &[u8], size: usize, finish: bool) -> Reader {
    let mut reader = Reader::new(tolerance, Limits::default());
    bytes.chunks(size).for_each(|piece| reader.push(piece));
    if finish {
        reader.finish();
    }
    reader
}

fn value(reader: &Reader) -> Option<Value> {
    reader.current_root().and_then(|root| reader.tree().value(root))
}

#[test]
fn json_test_suite() {
    let Some(cases) = cases("jsontestsuite.jsonl") else {
        return;
    };
    let (mut accepted, mut refused, mut either) = (0, 0, 0);
    let mut mended = BTreeMap::<String, usize>::new();
    for case in &cases {
        let bytes = input(case);
        let name = case["name"].as_str().unwrap_or_default();
        for size in [1, 3, 1 << 20] {
            let strict = read(Tolerance::Strict, &bytes, size, true);
            let lenient = read(Tolerance::Lenient, &bytes, size, true);
            let whole = serde_json::from_slice::<Value>(&bytes).ok();
            let taken = strict.state() == State::Complete;
            assert_eq!(
                taken.then(|| value(&strict)).flatten(),
                whole,
                "{name} in pieces of {size}"
            );
            if whole.is_some() {
                assert_eq!(value(&lenient), whole, "{name}");
                assert_eq!(lenient.repairs(), [], "{name}");
            }
            match case["kind"].as_str() {
                Some("value") => {
                    assert!(taken, "{name} refused: {:?}", strict.state());
                    accepted += 1;
                }
                Some("error") => {
                    assert!(!taken, "{name} accepted");
                    refused += 1;
                    let silent = lenient.state() == State::Complete && lenient.repairs().is_empty();
                    assert!(!silent, "{name} accepted without a repair");
                    let state = format!("{:?}", lenient.state());
                    *mended
                        .entry(state.split('(').next().unwrap_or_default().to_owned())
                        .or_default() += 1;
                }
                _ => either += 1,
            }
        }
    }
    println!(
        "jsontestsuite, three cuttings: {accepted} accepted, {refused} refused, {either} either; n_ leniently {mended:?}"
    );
}

/// How two partial values relate.
fn relation(ours: Option<&Value>, theirs: Option<&Value>) -> &'static str {
    match (ours, theirs) {
        (ours, theirs) if ours == theirs => "same",
        (None, _) => "ours shows nothing yet",
        (_, None) => "theirs shows nothing",
        (Some(ours), Some(theirs)) if within(ours, theirs) => "ours shows less",
        (Some(ours), Some(theirs)) if within(theirs, ours) => "ours shows more",
        _ => "other",
    }
}

/// Whether `less` is what can be seen of `more` with something left out at its end.
fn within(less: &Value, more: &Value) -> bool {
    match (less, more) {
        (Value::Object(less), Value::Object(more)) => less
            .iter()
            .all(|(key, value)| more.get(key).is_some_and(|other| within(value, other))),
        (Value::Array(less), Value::Array(more)) => {
            less.len() <= more.len() && less.iter().zip(more).all(|(less, more)| within(less, more))
        }
        (Value::String(less), Value::String(more)) => more.starts_with(less.as_str()),
        (Value::Number(less), Value::Number(more)) => less.as_f64() == more.as_f64(),
        (less, more) => less == more,
    }
}

#[test]
fn prefixes() {
    for file in [
        "jiter-partial.jsonl",
        "vercel-ai-fixjson.jsonl",
        "promplate-partial.jsonl",
    ] {
        let Some(cases) = cases(file) else { return };
        let mut counts = BTreeMap::<String, usize>::new();
        for case in &cases {
            let bytes = input(case);
            let reader = read(Tolerance::Lenient, &bytes, 1, false);
            assert_eq!(
                reader,
                read(Tolerance::Lenient, &bytes, 1 << 20, false),
                "{}",
                case["name"]
            );
            let ours = value(&reader);
            let wanted = case["kind"] == "value";
            let kind = if wanted {
                relation(ours.as_ref(), Some(&case["expected"]))
            } else if ours.is_some() {
                "theirs refuses"
            } else {
                "both nothing"
            };
            if std::env::var_os("FORMWORK_VERBOSE").is_some() && kind != "same" {
                println!("{kind}: {case} gave {ours:?}");
            }
            *counts.entry(kind.to_owned()).or_default() += 1;
        }
        println!("{file}: {counts:?}");
        assert_eq!(
            counts.get("other"),
            None,
            "a partial value contradicts the expected one"
        );
    }
}
