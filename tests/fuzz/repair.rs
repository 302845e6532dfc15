//! The second pass over a finished answer.

use crate::drive::{Target, shape};
use crate::reader;
use fastrand::Rng;
use formwork::json::reader::Limits;
use formwork::json::repair::{Candidate, read};
use serde_json::Value;
use std::collections::BTreeSet;

pub const TARGET: Target = Target {
    name: "repair",
    seeds: &[
        "Sure:\n```json\n{\"name\": \"Jason\", \"age\": 25,}\n```\nand\n```\n{\"name\": \"Ann\"}\n```",
        "{name: Jason, age: 25, tags: [a, b], note: 'it\\'s',}",
        "{\"a\": \"{\\\"b\\\": 1}\"}",
        "{\"name\": \"User\", \"arguments\": {\"name\": \"Jason\"}}",
        "const x = {\"a\": 1};\ncallback({\"a\": 2});",
        "{\"a\": 1}, {\"a\": 2}, {\"a\": 3}",
        "\"{\\\"a\\\": 1}\"",
        "{\"a\": 1,234, \"b\": $12.50, \"c\": 1/3, \"d\": Decimal('1.5'), \"e\": (1, 2), \"f\": .5}",
        "{\"a\": \"x\" + \"y\", \"b\" = 1, \"c\" => 2, \"d\"： 3} ",
        "name: Jason\nage: 25\n",
        "I cannot help with that.",
        "{\"a\": [1, 2, \"b\": {\"c\": \"he said \"hi\", and left",
        "<json>{\"a\":1}</json> <!-- c --> {{\"a\": 2}} // x",
    ],
    tokens: reader::TARGET.tokens,
    check,
};

fn check(input: &[u8], _: &mut Rng) -> u64 {
    let text = String::from_utf8_lossy(input);
    let candidates = read(&text, Limits::default());
    assert!(candidates.len() < 200, "{} candidates", candidates.len());
    for candidate in &candidates {
        sound(candidate, text.len() as u64);
    }
    // As a member of a session's line.
    if serde_json::from_str::<Value>(&format!("[{text}]")).is_ok()
        && let Ok(expected) = serde_json::from_str::<Value>(&text)
    {
        let first = candidates.first().unwrap();
        assert_eq!(
            (first.value(), first.repairs.as_slice()),
            (expected, &[][..]),
            "strict JSON comes back as it is"
        );
    }
    if let Some(first) = candidates.first() {
        let again = first.value().to_string();
        let second = read(&again, Limits::default());
        let same = second.first().unwrap();
        assert_eq!(
            (same.value(), same.repairs.len()),
            (serde_json::from_str(&again).unwrap(), 0)
        );
    }
    let kinds: Vec<(BTreeSet<String>, bool, u32)> = candidates.iter().take(3).map(seen).collect();
    shape((kinds, candidates.len().min(8)))
}

fn sound(candidate: &Candidate, len: u64) {
    assert!(
        candidate.start <= candidate.end && candidate.end <= len,
        "{candidate:?}"
    );
    assert!(candidate.tree.root().is_some());
    assert!(candidate.repairs.is_sorted_by_key(|repair| repair.offset));
    assert!(candidate.repairs.iter().all(|repair| repair.offset <= len));
    let line = format!("[{}]", candidate.value());
    assert!(
        serde_json::from_str::<Value>(&line).is_ok(),
        "a value that no session can hold"
    );
}

fn seen(candidate: &Candidate) -> (BTreeSet<String>, bool, u32) {
    let kinds = candidate
        .repairs
        .iter()
        .map(|repair| format!("{:?}", repair.kind))
        .collect();
    (
        kinds,
        candidate.complete,
        candidate.tree.len().checked_ilog2().unwrap_or(0),
    )
}
