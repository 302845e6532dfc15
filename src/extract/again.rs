//! What an answer is worth once its stream has ended: refused, read and judged, unreadable, or nothing.
//!
//! Owns that one decision, for a run under way (`engine`) and for a recorded one that is judged again, under its own schema or another.
//! What follows from it is the engine's; choosing the text and the candidate is `read`'s.

use crate::event::{Closing, FaultClass};
use crate::extract::answer::Answer;
use crate::extract::prompt;
use crate::extract::read::{Reader, Reading};
use crate::schema::Schema;
use crate::schema::adapt::{Rewrite, adapt};
use crate::task::Mode;
use crate::verdict::{Change, Undo, Verdict};
use std::borrow::Cow;

/// Characters of a refusal that are quoted.
const REFUSAL: usize = 400;

/// What was found in an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// The model or its provider declined; the sentence says so.
    Refused(String),
    /// A value was read and judged.
    Read(Reading),
    /// There is an answer, but no JSON in it; the sentence says why.
    Unreadable(String),
    /// The attempt failed and left nothing that counts.
    Nothing,
}

/// Looks at an answer whose stream has ended as `closing` says; the class of its error is the one that was settled on.
///
/// Of a stream that broke off, what came counts only if it is whole and fits.
pub fn look(reader: &Reader<'_>, answer: &Answer, closing: &Closing) -> Found {
    if let Some(fault) = &closing.error {
        return salvaged(reader, answer, fault.class).map_or(Found::Nothing, Found::Read);
    }
    if let Some(reason) = refusal(answer, closing) {
        return Found::Refused(reason);
    }
    match reader.read(answer) {
        Ok(reading) => Found::Read(reading),
        Err(why) => Found::Unreadable(why),
    }
}

fn salvaged(reader: &Reader<'_>, answer: &Answer, class: FaultClass) -> Option<Reading> {
    if !broke_off(class) || answer.is_empty() {
        return None;
    }
    let reading = reader.read(answer).ok()?;
    (reading.complete && reading.is_valid()).then_some(reading)
}

/// Whether a fault is a stream's end before its time: what came by then may be whole.
const fn broke_off(class: FaultClass) -> bool {
    matches!(class, FaultClass::NoContent | FaultClass::Network | FaultClass::Timeout)
}

fn refusal(answer: &Answer, closing: &Closing) -> Option<String> {
    let refusal = answer.refusal.trim();
    if !refusal.is_empty() && answer.content.trim().is_empty() && answer.calls.is_empty() {
        return Some(format!("the model refused: {}", prompt::cut(refusal, REFUSAL)));
    }
    (closing.finish.as_deref() == Some("content_filter"))
        .then(|| "the provider's content filter stopped the answer; change the input or the model".into())
}

/// An attempt as a session has it.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// The mode it was asked in.
    pub mode: Mode,
    /// The name of the function that was to be called: that of the schema it was asked with.
    pub function: &'a str,
    /// What was changed in that schema for it.
    pub changes: &'a [Change],
    /// Whether repairs of risk `guess` were refused.
    pub strict_json: bool,
    /// What was answered.
    pub answer: &'a Answer,
    /// How the stream ended.
    pub closing: &'a Closing,
}

/// The verdict that today's code gives a recorded answer; `None` where a run would have had nothing to judge.
///
/// `schema` may be another than the one it was asked with. Then a `null` means absent wherever the adaptation, done to that schema,
/// would have made it so.
pub fn judge(recorded: &Recorded<'_>, schema: &Schema, is_other: bool) -> Option<Verdict> {
    let changes = if is_other {
        Cow::Owned(carried(recorded.changes, schema))
    } else {
        Cow::Borrowed(recorded.changes)
    };
    let reader = Reader {
        mode: recorded.mode,
        function: recorded.function,
        schema,
        changes: &changes,
        strict_json: recorded.strict_json,
    };
    match look(&reader, recorded.answer, recorded.closing) {
        Found::Read(reading) => Some(reading.verdict),
        Found::Refused(_) | Found::Unreadable(_) | Found::Nothing => None,
    }
}

/// The changes to undo in an answer that is judged under another schema than it was asked with: the same kinds, at that schema's places.
fn carried(changes: &[Change], schema: &Schema) -> Vec<Change> {
    let undone = |undo| changes.iter().filter(move |change| change.undo == Some(undo));
    let mut carried: Vec<Change> = undone(Undo::Unwrap).cloned().collect();
    if undone(Undo::DropNull).next().is_some() {
        let strict = Rewrite {
            strict: true,
            ..Rewrite::default()
        };
        let nulls = adapt(schema, strict).changes.into_iter();
        carried.extend(nulls.filter(|change| change.undo == Some(Undo::DropNull)));
    }
    carried
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{CallRef, Delta, Fault};
    use crate::verdict::Channel;
    use serde_json::{Value, json};

    fn schema(text: &str) -> Schema {
        Schema::load(text, None).unwrap()
    }

    fn answer(channel: Channel, texts: &[&str]) -> Answer {
        let mut answer = Answer::default();
        for (index, text) in texts.iter().enumerate() {
            let call = (channel == Channel::Call).then(|| CallRef {
                index: index as u32,
                id: String::new(),
                name: ["First", "Second"][index].into(),
            });
            answer.push(&Delta {
                channel,
                call,
                text: (*text).into(),
            });
        }
        answer
    }

    fn failed(class: FaultClass) -> Closing {
        let fault = Fault {
            class,
            ..Fault::default()
        };
        Closing {
            error: Some(fault),
            ..Closing::default()
        }
    }

    fn value(recorded: &Recorded<'_>, schema: &Schema, is_other: bool) -> Option<(Value, usize)> {
        judge(recorded, schema, is_other).map(|verdict| (verdict.value, verdict.errors.len()))
    }

    #[test]
    fn what_counts_depends_on_how_the_stream_ended() {
        let filtered = Closing {
            finish: Some("content_filter".into()),
            ..Closing::default()
        };
        let whole = Some((json!({"age": 1}), 0));
        let table = [
            ("{\"age\": 1}", Closing::default(), whole.clone()),
            ("{\"age\": \"x\"}", Closing::default(), Some((json!({"age": "x"}), 1))),
            ("no", Closing::default(), None),
            ("", Closing::default(), None),
            ("{\"age\": 1}", filtered, None),
            ("{\"age\": 1}", failed(FaultClass::Network), whole),
            ("{\"age\": 1", failed(FaultClass::Network), None),
            ("{\"age\": \"x\"}", failed(FaultClass::Timeout), None),
            ("{\"age\": 1}", failed(FaultClass::Unknown), None),
        ];
        let schema = schema("age int");
        for (text, closing, expected) in table {
            let recorded = Recorded {
                mode: Mode::Json,
                function: "Answer",
                changes: &[],
                strict_json: false,
                answer: &answer(Channel::Content, &[text]),
                closing: &closing,
            };
            assert_eq!(value(&recorded, &schema, false), expected, "{text} {closing:?}");
        }
    }

    #[test]
    fn a_refusal_is_not_read() {
        let recorded = Recorded {
            mode: Mode::Json,
            function: "Answer",
            changes: &[],
            strict_json: false,
            answer: &answer(Channel::Refusal, &["{\"age\": 1}"]),
            closing: &Closing::default(),
        };
        assert_eq!(value(&recorded, &schema("age int"), false), None);
    }

    /// Under another schema the call that was asked for counts still, whatever that schema is called.
    #[test]
    fn the_call_is_the_one_that_was_asked_for() {
        let recorded = Recorded {
            mode: Mode::Tools,
            function: "Second",
            changes: &[],
            strict_json: false,
            answer: &answer(Channel::Call, &["{\"a\": 1}", "{\"a\": 2}"]),
            closing: &Closing::default(),
        };
        assert_eq!(value(&recorded, &schema("a int"), true), Some((json!({"a": 2}), 0)));
    }

    /// What a strict mode added is taken away where the other schema has the property, even if it stands elsewhere in it.
    #[test]
    fn nulls_for_absent_members_are_undone_at_the_other_schemas_places() {
        let strict = Rewrite {
            strict: true,
            ..Rewrite::default()
        };
        let changes = adapt(&schema("a [{b int, c?}]"), strict).changes;
        let recorded = Recorded {
            mode: Mode::Structured,
            function: "Answer",
            changes: &changes,
            strict_json: false,
            answer: &answer(Channel::Content, &["{\"a\": [{\"b\": 1, \"c\": null}]}"]),
            closing: &Closing::default(),
        };
        let item = json!({"type": "object", "properties": {"b": {"type": "integer"}, "c": {"type": "string"}}});
        let other = json!({"type": "object", "properties": {"a": {"type": "array", "items": {"$ref": "#/$defs/I"}}},
                           "$defs": {"I": item}});
        let mut nullable = other.clone();
        nullable["$defs"]["I"]["properties"]["c"]["type"] = json!(["string", "null"]);
        let table = [
            (other, json!({"a": [{"b": 1}]})),
            (nullable, json!({"a": [{"b": 1, "c": null}]})),
        ];
        for (other, expected) in table {
            let other = schema(&other.to_string());
            assert_eq!(value(&recorded, &other, true), Some((expected, 0)));
        }
    }
}
