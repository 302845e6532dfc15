//! The second pass over a finished answer: every document that can be read from it, best first, with each repair on record.
//!
//! Owns the order of candidates and what is offered besides: documents in strings, tool calls, lists of documents. Finding them
//! is `extract`'s, reading them `parser`'s. It knows no schema: which candidate fits is decided in the room `extract`.
//!
//! Two rules stand above all others. Strict JSON comes back exactly as it is, without a repair; and sentences are never turned
//! into data, so an answer that holds no JSON has no candidate.

mod closers;
mod escape;
mod extract;
mod look;
mod marks;
mod members;
mod numbers;
mod offers;
mod parser;
mod plausible;
mod quotes;
mod region;
mod scalars;
mod strings;

#[cfg(test)]
mod tests;

pub use super::limits::Limits;
use crate::json::tree::Tree;
use crate::verdict::{Repair, RepairKind, Risk};
use extract::{Found, Join};
use look::{Look, is_json_space};
use parser::Parser;
use serde_json::Value;

/// How many documents are offered one by one.
const MOST: usize = 64;

/// One document that could be read from an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// First byte of the JSON in the raw text.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
    /// Its values, all closed, with spans in the raw text.
    pub tree: Tree,
    /// What was repaired, in order of offset.
    pub repairs: Vec<Repair>,
    /// `false` if the text ended before the document did.
    pub complete: bool,
}

impl Candidate {
    /// The value; of duplicate keys the last one counts.
    pub fn value(&self) -> Value {
        self.tree
            .root()
            .and_then(|root| self.tree.value(root))
            .unwrap_or(Value::Null)
    }

    /// Whether any repair was a guess.
    pub fn has_guess(&self) -> bool {
        self.repairs.iter().any(|repair| repair.risk == Risk::Guess)
    }
}

/// Reads every document in `text`, best first: complete ones before those that were cut, those in fences and tags before those
/// between sentences, and of several the last. Empty when there is none, or when a limit stands in the way.
///
/// A text that is one strict JSON document (RFC 8259) gives that document first, without a repair.
pub fn read(text: &str, limits: Limits) -> Vec<Candidate> {
    if text.len() > limits.bytes.min(u32::MAX as usize - 1) {
        return Vec::new();
    }
    let mut candidates = match strict(text, limits) {
        Some(candidate) => vec![candidate],
        None => order(text, extract::scan(text, limits, true), limits),
    };
    offers::documents_in_strings(text, &mut candidates, limits);
    offers::tool_calls(text, &mut candidates, limits);
    for candidate in &mut candidates {
        candidate.repairs.sort_by_key(|repair| repair.offset);
    }
    candidates
}

/// The text as one strict document.
fn strict(text: &str, limits: Limits) -> Option<Candidate> {
    let end = text.trim_end_matches([' ', '\t', '\n', '\r']).len();
    let start = text.bytes().position(|b| !is_json_space(b))?;
    let look = Look { text, end };
    let parsed = Parser::new(look, start, true, limits).document().ok()?;
    (parsed.end == end).then_some(Candidate {
        start: start as u64,
        end: end as u64,
        tree: parsed.tree,
        repairs: Vec::new(),
        complete: true,
    })
}

/// Puts what was found in order, and says where a choice was made.
fn order(text: &str, found: Vec<Found>, limits: Limits) -> Vec<Candidate> {
    let list = offers::list(text, &found, limits);
    let listed = found.iter().any(|found| found.join == Join::Comma);
    let several = several(&found);
    let mut ranked: Vec<(usize, Found)> = found.into_iter().enumerate().collect();
    ranked.sort_by_key(|(index, found)| (!found.complete, found.slight, !found.framed, std::cmp::Reverse(*index)));
    let mut candidates: Vec<Candidate> = Vec::with_capacity(ranked.len() + 1);
    for (_, found) in ranked.into_iter().take(MOST) {
        let mut candidate = Candidate {
            start: found.start as u64,
            end: found.end as u64,
            tree: found.tree,
            repairs: found.repairs,
            complete: found.complete,
        };
        if let Some(risk) = several {
            candidate.repairs.push(Repair {
                kind: RepairKind::SeveralDocuments,
                offset: candidate.start,
                risk,
            });
        }
        candidates.push(candidate);
    }
    if let Some(list) = list {
        let at = if listed { 0 } else { candidates.len() };
        candidates.insert(at, list);
    }
    candidates
}

/// Whether several documents stand side by side: no guess if they all say the same.
fn several(found: &[Found]) -> Option<Risk> {
    let mut weighty = found.iter().filter(|found| !found.slight);
    let first = weighty.next()?;
    let rest: Vec<&Found> = weighty.collect();
    if rest.is_empty() {
        return None;
    }
    let value = |found: &Found| found.tree.root().and_then(|root| found.tree.value(root));
    let first = value(first);
    let same = rest.iter().all(|found| value(found) == first);
    Some(if same { Risk::Safe } else { Risk::Guess })
}
