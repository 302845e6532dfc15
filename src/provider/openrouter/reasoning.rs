//! Reasoning: which of its several texts to show, and the details that a re-ask has to hand back.
//!
//! Owns `openrouter.md` §2.6. The details are merged but never interpreted: signatures and encrypted data stay as they came.

use super::wire::Message;
use serde_json::Value;
use serde_json::map::{Entry, Map};
use std::borrow::Cow;
use std::collections::HashMap;

/// The reasoning of one answer so far.
#[derive(Debug, Default)]
pub struct Reasoning {
    details: Vec<Value>,
    /// Where the entry of an index and a type stands in `details`.
    places: HashMap<(u64, String), usize>,
    /// A plain reasoning text was seen, so that the texts of the details only repeat it.
    plain: bool,
}

impl Reasoning {
    /// Takes a piece of a stream and gives the text to show; empty if there is none.
    pub fn piece<'a>(&mut self, message: &'a Message<'_>) -> Cow<'a, str> {
        let text = self.text(message);
        if let Value::Array(entries) = &message.reasoning_details {
            for entry in entries {
                self.merge(entry);
            }
        }
        text
    }

    /// Takes a whole message, whose details are merged already, and gives the text to show.
    pub fn whole<'a>(&mut self, message: &'a Message<'_>) -> Cow<'a, str> {
        let text = self.text(message);
        if let Value::Array(entries) = &message.reasoning_details {
            self.details.extend(entries.iter().cloned());
        }
        text
    }

    /// The details to hand back; `None` if there were none.
    pub fn into_details(self) -> Option<Value> {
        (!self.details.is_empty()).then_some(Value::Array(self.details))
    }

    /// One text of the up to three that a message carries.
    fn text<'a>(&mut self, message: &'a Message<'_>) -> Cow<'a, str> {
        for text in [&message.reasoning, &message.reasoning_content] {
            if !text.get().is_empty() {
                self.plain = true;
                return Cow::Borrowed(text.get());
            }
        }
        match &message.reasoning_details {
            Value::Array(entries) if !self.plain => {
                let texts = entries
                    .iter()
                    .filter_map(|entry| entry.get("text").or_else(|| entry.get("summary"))?.as_str());
                Cow::Owned(texts.collect())
            }
            _ => Cow::Borrowed(""),
        }
    }

    /// Adds an entry to the one with its index and type, if it goes on with that.
    fn merge(&mut self, entry: &Value) {
        let Value::Object(new) = entry else { return };
        let Some(index) = new.get("index").and_then(Value::as_u64) else {
            self.details.push(entry.clone());
            return;
        };
        let kind = new.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let next = self.details.len();
        let at = *self.places.entry((index, kind.clone())).or_insert(next);
        match self.details.get_mut(at) {
            Some(Value::Object(old)) if goes_on(old, new) => join(old, new),
            _ => {
                self.details.push(entry.clone());
                self.places.insert((index, kind), next);
            }
        }
    }
}

/// Whether a piece may be added to an entry: never a second encrypted block or a second signature to one that has its own.
fn goes_on(old: &Map<String, Value>, new: &Map<String, Value>) -> bool {
    ["data", "signature"]
        .iter()
        .all(|key| match (old.get(*key), new.get(*key)) {
            (None | Some(Value::Null), _) | (_, None | Some(Value::Null)) => true,
            (Some(old), Some(new)) => old == new,
        })
}

/// Texts are put end to end; any other member is taken if it was not there.
fn join(old: &mut Map<String, Value>, new: &Map<String, Value>) {
    for (key, value) in new {
        match old.entry(key.clone()) {
            Entry::Vacant(place) => {
                place.insert(value.clone());
            }
            Entry::Occupied(mut place) => match (place.get_mut(), value) {
                (Value::String(text), Value::String(more)) if matches!(key.as_str(), "text" | "summary") => {
                    text.push_str(more);
                }
                (place @ Value::Null, value) => *place = value.clone(),
                _ => {}
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reasoning;
    use crate::provider::openrouter::wire::Message;
    use serde_json::{Value, json};

    fn pieces(messages: &[Value]) -> (String, Option<Value>) {
        let mut reasoning = Reasoning::default();
        let mut shown = String::new();
        for message in messages {
            let text = message.to_string();
            let message: Message<'_> = serde_json::from_str(&text).unwrap();
            shown.push_str(&reasoning.piece(&message));
        }
        (shown, reasoning.into_details())
    }

    #[test]
    fn one_text_is_shown_whichever_it_comes_in() {
        let table = [
            (vec![json!({"reasoning": "a"}), json!({"reasoning": "b"})], "ab"),
            (vec![json!({"reasoning_content": "a"})], "a"),
            (
                vec![json!({"reasoning": "a", "reasoning_content": "a", "reasoning_details": [{"text": "a"}]})],
                "a",
            ),
            (
                vec![json!({"reasoning_details": [{"type": "reasoning.summary", "summary": "s", "index": 0}]})],
                "s",
            ),
            (
                vec![
                    json!({"reasoning": "a"}),
                    json!({"reasoning_details": [{"text": "a", "index": 0}]}),
                ],
                "a",
            ),
            (vec![json!({"reasoning": null, "content": "x"})], ""),
        ];
        for (messages, expected) in table {
            assert_eq!(pieces(&messages).0, expected, "{messages:?}");
        }
    }

    #[test]
    fn details_are_merged_by_index_and_type_with_signature_and_data_untouched() {
        let text =
            |index: u32, text: &str| json!({"type": "reasoning.text", "text": text, "format": "f", "index": index});
        let (_, details) = pieces(&[
            json!({"reasoning_details": [text(0, "One ")]}),
            json!({"reasoning_details": [text(0, "person.")]}),
            json!({"reasoning_details": [{"type": "reasoning.text", "signature": "c2ln", "format": "f", "index": 0}]}),
            json!({"reasoning_details": [{"type": "reasoning.encrypted", "data": "AA==", "index": 0}]}),
            json!({"reasoning_details": [{"type": "reasoning.encrypted", "data": "BB==", "index": 0}, text(1, "Two")]}),
            json!({"reasoning_details": ["odd", {"type": "reasoning.text", "text": "no index"}]}),
        ]);
        let expected = json!([
            {"type": "reasoning.text", "text": "One person.", "format": "f", "index": 0, "signature": "c2ln"},
            {"type": "reasoning.encrypted", "data": "AA==", "index": 0},
            {"type": "reasoning.encrypted", "data": "BB==", "index": 0},
            {"type": "reasoning.text", "text": "Two", "format": "f", "index": 1},
            {"type": "reasoning.text", "text": "no index"},
        ]);
        assert_eq!(details, Some(expected));
    }

    #[test]
    fn a_whole_message_keeps_its_details_as_they_are() {
        let entry = json!({"type": "reasoning.summary", "summary": "a", "index": 0});
        let text = json!({"reasoning_details": [entry, entry]}).to_string();
        let mut reasoning = Reasoning::default();
        assert_eq!(reasoning.whole(&serde_json::from_str(&text).unwrap()), "aa");
        assert_eq!(reasoning.into_details(), Some(json!([entry, entry])));
    }
}
