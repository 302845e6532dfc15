//! What answers put round their JSON: think blocks, tags and code fences.
//!
//! Owns recognising them at an offset; `extract` decides what to do with what lies between.

use super::look::{Look, find};
use crate::verdict::RepairKind;

/// The tags of models that think aloud.
const THINK: [&str; 3] = ["think", "thinking", "reasoning"];
/// The tags that hold a tool call.
const TOOL: [&str; 7] = [
    "tool_call",
    "tool_calls",
    "tool_use",
    "function_call",
    "function_calls",
    "invoke",
    "toolcall",
];
/// Other tags that hold an answer.
const ANSWER: [&str; 9] = [
    "json",
    "answer",
    "final_answer",
    "final",
    "output",
    "result",
    "response",
    "data",
    "structured_output",
];

/// A mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A think block, to one past its end (the text's, if it is not closed).
    Think(usize),
    /// The end of a think block whose beginning is missing.
    ThinkEnd(usize),
    /// A tag that opens JSON: one past it, what skipping it is called, and how it closes.
    Tag(usize, RepairKind, String),
    /// A fence with its language word: one past both, and how it closes.
    Fence(usize, String),
}

/// The mark at `at`, if there is one.
pub(super) fn mark(look: Look<'_>, at: usize) -> Option<Mark> {
    match look.byte(at)? {
        b'<' => tag(look, at),
        b'[' => bracket(look, at),
        b'`' | b'~' => fence(look, at),
        _ => None,
    }
}

fn tag(look: Look<'_>, at: usize) -> Option<Mark> {
    let window = look.rest(at);
    let length = window.bytes().take(80).position(|b| b == b'>')?;
    let inside = window.get(1..length)?.to_ascii_lowercase();
    let after = at + length + 1;
    if let Some(name) = inside.strip_prefix('/') {
        return THINK.contains(&name.trim()).then_some(Mark::ThinkEnd(after));
    }
    let name = inside.split([' ', '=', '\n']).next()?;
    if THINK.contains(&name) {
        return Some(Mark::Think(think_end(look, after, name)));
    }
    let kind = if TOOL.contains(&name) || inside.starts_with("function=") {
        RepairKind::ToolWrapper
    } else if ANSWER.contains(&name) {
        RepairKind::SurroundingText
    } else {
        return None;
    };
    Some(Mark::Tag(after, kind, format!("</{name}")))
}

fn think_end(look: Look<'_>, from: usize, name: &str) -> usize {
    let closer = format!("</{name}>");
    let rest = look.rest(from).as_bytes();
    let found = rest
        .windows(closer.len())
        .position(|part| part.eq_ignore_ascii_case(closer.as_bytes()));
    found.map_or(look.end, |found| from + found + closer.len())
}

/// `[TOOL_REQUEST]`, `[TOOL_CALLS]`.
fn bracket(look: Look<'_>, at: usize) -> Option<Mark> {
    let word = ["[TOOL_REQUEST]", "[TOOL_CALLS]", "[TOOL_CALL]"]
        .into_iter()
        .find(|word| look.starts(at, word))?;
    Some(Mark::Tag(
        at + word.len(),
        RepairKind::ToolWrapper,
        "[END_TOOL".to_owned(),
    ))
}

fn fence(look: Look<'_>, at: usize) -> Option<Mark> {
    let mark = look.byte(at)?;
    let bytes = look.text.as_bytes();
    let run = bytes[at..look.end].iter().take_while(|b| **b == mark).count();
    if run < 3 {
        return None;
    }
    let mut end = at + run;
    if look.byte(end).is_some_and(|b| b.is_ascii_alphabetic()) {
        while look
            .byte(end)
            .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-'))
        {
            end += 1;
        }
    }
    Some(Mark::Fence(end, char::from(mark).to_string().repeat(3)))
}

/// Where the region that `closer` closes ends, from `from` on; a fence at a line's start is preferred.
pub(super) fn region_end(look: Look<'_>, from: usize, closer: &str) -> Option<usize> {
    let bytes = look.text.as_bytes();
    let at_line = format!("\n{closer}");
    find(bytes, from, look.end, at_line.as_bytes()).or_else(|| find(bytes, from, look.end, closer.as_bytes()))
}
