//! The wire types of a chat completion, streamed or whole.
//!
//! Owns the field names of `openrouter.md` §2 with every field optional and every unknown one ignored. What the fields add up to
//! belongs to `fold`, `calls` and `reasoning`; errors are handed on as they came, for `faults`.

use super::lenient::{List, Number, Object, Text};
use crate::verdict::Usage;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// One chunk of a stream, or a whole completion: the two differ only in `delta` and `message`.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Chunk<'a> {
    /// The generation's id; may be empty.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// What it calls itself; `error` in older vLLM errors (shape E9).
    #[serde(borrow)]
    pub object: Text<'a>,
    /// The model served; may be empty.
    #[serde(borrow)]
    pub model: Text<'a>,
    /// The upstream provider (OpenRouter).
    #[serde(borrow)]
    pub provider: Text<'a>,
    /// The choices; `None` when the field is absent.
    #[serde(borrow)]
    pub choices: Option<List<Choice<'a>>>,
    /// Tokens and cost, in whichever of its three places (§2.4).
    pub usage: Object<WireUsage>,
    /// An error in whichever shape.
    pub error: Value,
}

/// One choice.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Choice<'a> {
    /// Its number; absent means 0.
    pub index: Number,
    /// The next piece, in a stream.
    #[serde(borrow)]
    pub delta: Object<Message<'a>>,
    /// The whole message, outside one.
    #[serde(borrow)]
    pub message: Object<Message<'a>>,
    /// Why it ended; null until it does, and null again in a later usage frame.
    #[serde(borrow)]
    pub finish_reason: Text<'a>,
    /// An error of this choice (shape E4).
    pub error: Value,
}

/// A message, or a piece of one.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Message<'a> {
    /// The answer's text.
    #[serde(borrow)]
    pub content: Text<'a>,
    /// A refusal's text.
    #[serde(borrow)]
    pub refusal: Text<'a>,
    /// Reasoning text (OpenRouter, vLLM, Ollama).
    #[serde(borrow)]
    pub reasoning: Text<'a>,
    /// Reasoning text (llama.cpp, older vLLM).
    #[serde(borrow)]
    pub reasoning_content: Text<'a>,
    /// Reasoning details (OpenRouter), an array of objects.
    pub reasoning_details: Value,
    /// Tool calls or their pieces.
    #[serde(borrow)]
    pub tool_calls: List<ToolCall<'a>>,
}

/// A tool call, or a piece of one.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct ToolCall<'a> {
    /// Which call it is a piece of.
    pub index: Number,
    /// The call's id.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The function.
    #[serde(borrow)]
    pub function: Object<Function<'a>>,
}

/// The function of a tool call.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Function<'a> {
    /// Its name.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Its arguments, or their next piece.
    #[serde(borrow)]
    pub arguments: Arguments<'a>,
}

/// Arguments: a string of JSON, or (some local servers) the value itself, which is written out again.
#[derive(Debug, Default)]
pub struct Arguments<'a>(pub Cow<'a, str>);

struct ArgumentsVisitor;

impl<'de> Visitor<'de> for ArgumentsVisitor {
    type Value = Arguments<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Arguments(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Arguments(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Arguments::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Arguments::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Arguments::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Arguments::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Arguments::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let value = Value::deserialize(SeqAccessDeserializer::new(seq))?;
        Ok(Arguments(Cow::Owned(value.to_string())))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let value = Value::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Arguments(Cow::Owned(value.to_string())))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Arguments<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ArgumentsVisitor)
    }
}

/// Usage as it comes.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct WireUsage {
    prompt_tokens: Number,
    completion_tokens: Number,
    cost: Number,
    prompt_tokens_details: Object<PromptDetails>,
    completion_tokens_details: Object<CompletionDetails>,
}

#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
struct PromptDetails {
    cached_tokens: Number,
}

#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
struct CompletionDetails {
    reasoning_tokens: Number,
}

impl WireUsage {
    /// Writes what this frame names over what earlier ones named: the last word on each number counts (§2.4).
    pub fn merge_into(&self, usage: &mut Option<Usage>) {
        let counts = [
            self.prompt_tokens.count(),
            self.completion_tokens.count(),
            self.completion_tokens_details.0.reasoning_tokens.count(),
            self.prompt_tokens_details.0.cached_tokens.count(),
        ];
        let cost = self.cost.0.filter(|cost| cost.is_finite());
        if counts.iter().all(Option::is_none) && cost.is_none() {
            return;
        }
        let into = usage.get_or_insert_default();
        let fields = [
            &mut into.prompt,
            &mut into.completion,
            &mut into.reasoning,
            &mut into.cached,
        ];
        for (field, count) in fields.into_iter().zip(counts) {
            *field = count.unwrap_or(*field);
        }
        into.cost = cost.or(into.cost);
    }
}

/// Whether an `error` member says that something is wrong: some servers send null or nothing in every chunk.
pub fn is_error(error: &Value) -> bool {
    match error {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}
