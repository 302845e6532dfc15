//! What the model is told in words: the system message of each mode and the feedback of a re-ask.
//!
//! Owns wording only; where the words go is `body` and `reask`.

use crate::task::Mode;
use crate::verdict::Violation;
use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::Formatter;
use std::fmt::Write as _;
use std::io::{self, Write};

/// At most this many violations are told to the model; the rest are counted.
const TOLD: usize = 20;
/// At most this many bytes of one violation.
const TOLD_BYTES: usize = 400;

/// The system message of a mode.
///
/// `schema` is the schema as sent, `instructions` the user's own words. One message only: some chat templates refuse two.
/// The schema stands in it unless a call is asked for, because servers that constrain by grammar never show it to the model,
/// and the word JSON does, because OpenAI and Groq refuse `json_object` without it (`openrouter.md` §1.6, §1.7).
pub fn system(mode: Mode, schema: &Value, instructions: Option<&str>) -> String {
    let mut text = String::from(match mode {
        Mode::Tools => {
            "Extract the data that the function's parameters describe from the user's text, and call the function with it. \
             Copy values from the text; do not invent any."
        }
        Mode::Structured | Mode::Json => {
            "Extract data from the user's text. Answer with one JSON value that matches the JSON Schema below, and nothing \
             else. Copy values from the text; do not invent any."
        }
        Mode::Prompt => {
            "Extract data from the user's text. Answer with one JSON value that matches the JSON Schema below, in a code \
             block that begins with ```json, and nothing else. Copy values from the text; do not invent any. Answer with the \
             data, not with the schema."
        }
    });
    if let Some(instructions) = instructions.map(str::trim).filter(|text| !text.is_empty()) {
        let _ = write!(text, "\n\n{instructions}");
    }
    if !mode.answers_in_call() {
        let _ = write!(text, "\n\nJSON Schema:\n{}", spaced(schema));
    }
    text
}

/// JSON on one line with a space after each comma and colon, which small models read and copy better than the compact form.
fn spaced(value: &Value) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Spaced);
    // A value has no keys that are not text and a vector refuses no byte, so this cannot fail.
    match value.serialize(&mut serializer) {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => value.to_string(),
    }
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { out.write_all(b", ") }
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
}

/// The feedback on an answer that was read but breaks the schema.
pub fn invalid(mode: Mode, errors: &[Violation]) -> String {
    let mut text = String::from("That answer does not match the schema:\n");
    for error in errors.iter().take(TOLD) {
        let place = if error.pointer.is_empty() {
            "the whole answer"
        } else {
            &error.pointer
        };
        let _ = writeln!(text, "- at {place}: {}", cut(&error.message, TOLD_BYTES));
    }
    if errors.len() > TOLD {
        let _ = writeln!(text, "- and {} more", errors.len() - TOLD);
    }
    text + again(mode)
}

/// The feedback on an answer that could not be read as JSON.
pub fn unreadable(mode: Mode, why: &str) -> String {
    format!(
        "That answer could not be used: {}\n{}",
        cut(why, TOLD_BYTES),
        again(mode)
    )
}

/// What is asked for next.
const fn again(mode: Mode) -> &'static str {
    match mode {
        Mode::Tools => "Call the function again with corrected arguments.",
        Mode::Structured | Mode::Json => "Answer again with the corrected JSON only.",
        Mode::Prompt => "Answer again with the corrected JSON in one ```json code block, and nothing else.",
    }
}

/// `text` cut to at most `limit` bytes at a character boundary.
pub fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let end = (0..=limit).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_mode_with_a_schema_in_words_says_json() {
        let schema = json!({"type": "object"});
        for mode in Mode::ALL.into_iter().filter(|mode| !mode.answers_in_call()) {
            let text = system(mode, &schema, Some("Dates in ISO form."));
            assert!(
                text.contains("JSON") && text.contains(r#"{"type": "object"}"#),
                "{text}"
            );
            assert!(text.contains("Dates in ISO form."), "{text}");
        }
        assert!(!system(Mode::Tools, &schema, None).contains("\"type\""));
    }

    #[test]
    fn feedback_is_bounded() {
        let long = Violation {
            pointer: "/a".into(),
            keyword: "type".into(),
            message: "é".repeat(10_000),
        };
        let text = invalid(Mode::Json, &vec![long; 100]);
        assert!(text.len() < TOLD * (TOLD_BYTES + 40) + 200, "{}", text.len());
        assert!(text.contains("and 80 more"));
    }
}
