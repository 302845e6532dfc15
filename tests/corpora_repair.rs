//! Scores the second pass against corpora of broken JSON that lie outside the repository.
//!
//! Reads the folder named by `FORMWORK_CORPORA` and skips, saying so, when it is unset. With `FORMWORK_CORPORA_SHOW` set to a
//! corpus name (or `all`) it lists every case that differs. Three corpora are gates; the rest is information.

#![expect(clippy::print_stdout, reason = "the table is what this test is for")]

use formwork::json::repair::{Candidate, Limits, read};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Corpora, and the share of value cases whose first candidate must be right.
const CORPORA: [(&str, Option<f64>); 10] = [
    ("repair-agree", Some(0.98)),
    ("langchain-json", Some(0.90)),
    ("jsonrepair", Some(0.90)),
    ("json_repair", None),
    ("baml-jsonish", None),
    ("jsonish-port-schema", None),
    ("json_repair-schema", None),
    ("vercel-ai-fixjson", None),
    ("jiter-partial", None),
    ("promplate-partial", None),
];

#[derive(Default)]
struct Score {
    right: usize,
    any: usize,
    wrong: usize,
    refused: usize,
    nothing: usize,
    invented: usize,
    categories: std::collections::BTreeMap<&'static str, usize>,
}

/// Numbers compare as numbers: `1.0` is `1`.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn category(expected: &Value, got: &Value) -> &'static str {
    match (expected, got) {
        (Value::Array(_), Value::Array(_)) => "items",
        (Value::Array(_), _) => "list or one",
        (Value::Object(a), Value::Object(b)) if a.keys().ne(b.keys()) => "keys",
        (Value::Object(_), Value::Object(_)) => "values",
        (Value::String(_), _) => "text expected",
        (Value::Number(_) | Value::Bool(_) | Value::Null, _) => "scalar expected",
        (Value::Object(_), _) => "object expected",
    }
}

fn case(line: &str, score: &mut Score, show: bool) {
    let case: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let Some(input) = case["input"].as_str() else { return };
    let candidates = read(input, Limits::default());
    let expected = &case["expected"];
    match case["kind"].as_str() {
        Some("value") => {}
        Some("error" | "nothing") => {
            score.nothing += 1;
            score.invented += usize::from(!candidates.is_empty());
            if show && !candidates.is_empty() {
                println!("  nothing  {input:?} -> {}", candidates[0].value());
            }
            return;
        }
        _ => return,
    }
    let first = candidates.first().map(Candidate::value);
    score.any += usize::from(candidates.iter().any(|candidate| same(&candidate.value(), expected)));
    match &first {
        Some(value) if same(value, expected) => score.right += 1,
        Some(value) => {
            score.wrong += 1;
            *score.categories.entry(category(expected, value)).or_default() += 1;
        }
        None => score.refused += 1,
    }
    if show && !first.as_ref().is_some_and(|value| same(value, expected)) {
        println!(
            "  {input:?}\n    want {expected}\n    have {}",
            first.map_or("nothing".to_owned(), |v| v.to_string())
        );
    }
}

fn score(folder: &Path, name: &str, show: bool) -> Option<Score> {
    let text = fs::read_to_string(folder.join(name).with_extension("jsonl")).ok()?;
    let mut score = Score::default();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        case(line, &mut score, show);
    }
    Some(score)
}

fn share(part: usize, whole: usize) -> f64 {
    let (part, whole) = (
        u32::try_from(part).unwrap_or(u32::MAX),
        u32::try_from(whole).unwrap_or(u32::MAX),
    );
    f64::from(part) / f64::from(whole.max(1))
}

#[test]
fn scores() {
    let Ok(folder) = std::env::var("FORMWORK_CORPORA") else {
        println!("skipped: FORMWORK_CORPORA names no folder");
        return;
    };
    let shown = std::env::var("FORMWORK_CORPORA_SHOW").unwrap_or_default();
    println!(
        "{:22}{:>7}{:>7}{:>7}{:>8}{:>9}{:>9}{:>10}",
        "corpus", "total", "right", "wrong", "refused", "first", "any", "invented"
    );
    let mut short = Vec::new();
    for (name, gate) in CORPORA {
        let Some(score) = score(Path::new(&folder), name, shown == name || shown == "all") else {
            println!("{name:22} missing");
            continue;
        };
        let total = score.right + score.wrong + score.refused;
        let first = share(score.right, total);
        println!(
            "{name:22}{total:7}{:7}{:7}{:8}{:8.1}%{:8.1}%{:>10}  {:?}",
            score.right,
            score.wrong,
            score.refused,
            first * 100.0,
            share(score.any, total) * 100.0,
            format!("{}/{}", score.invented, score.nothing),
            score.categories,
        );
        if gate.is_some_and(|gate| first < gate) {
            short.push(name);
        }
    }
    assert!(short.is_empty(), "below their gates: {short:?}");
}
