//! What judging an answer found and how a run ended: values, violations, repairs, schema changes, usage and totals.
//!
//! Owns plain data with serde only; the judging itself lives in `extract`, the repairing in `json`, the adapting in `schema`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The value fits the schema as written.
    Valid,
    /// Answers came, none fitted.
    Invalid,
    /// The model or its provider declined to answer.
    Refused,
    /// No answer could be had, or a budget stopped the run.
    Failed,
    /// The user stopped it.
    Cancelled,
}

impl Outcome {
    /// The outcome's word as stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One way in which a value breaks the schema as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// RFC 6901 JSON Pointer into the value; `""` is the whole.
    pub pointer: String,
    /// The schema keyword that was broken, such as `required`.
    pub keyword: String,
    /// A sentence for people and for the model's re-ask.
    pub message: String,
}

/// How far a repair can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Only one reading makes sense; nothing of the answer's content was decided by formwork.
    Safe,
    /// Another reading was possible, or content was completed. `--strict-json` refuses it.
    Guess,
}

/// What a repair did. The words are stored in sessions and compared by `formwork test`; do not rename them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairKind {
    /// A Markdown code fence round the JSON was skipped.
    Fence,
    /// Text before or after the JSON was skipped.
    SurroundingText,
    /// A `<think>` block was skipped.
    ThinkBlock,
    /// A tool-call wrapper (`<tool_call>`, `[TOOL_REQUEST]`, `{"name":…,"arguments":…}`) was opened.
    ToolWrapper,
    /// A byte order mark or other invisible space was skipped.
    InvisibleSpace,
    /// A comma before a closer was dropped.
    TrailingComma,
    /// A comma was put between two members or items.
    MissingComma,
    /// A leading or doubled comma, or a semicolon, was dropped or read as one comma.
    StrayComma,
    /// A colon was put after a key, or `=`, `=>`, `：` was read as one.
    MissingColon,
    /// A string in single quotes or back-ticks.
    SingleQuotes,
    /// A string in typographic quotes.
    SmartQuotes,
    /// A string in doubled or tripled quotes.
    RepeatedQuotes,
    /// A quote was missing at an end of a string.
    MissingQuote,
    /// A key without quotes.
    UnquotedKey,
    /// A value without quotes was read as a string.
    UnquotedString,
    /// `True`, `None`, `undefined`, `NULL` and their kin.
    Literal,
    /// `NaN` or `Infinity` was read as null.
    NotANumber,
    /// A number in another notation: separators, leading `+`, `.5`, `5.`, leading zeros, hexadecimal.
    NumberFormat,
    /// A comment was skipped.
    Comment,
    /// `...` or `…` was skipped.
    Ellipsis,
    /// A raw newline, tab or control character in a string was kept as content.
    RawControl,
    /// A quote inside a string was kept as content.
    UnescapedQuote,
    /// A backslash escape that JSON does not know was kept as text.
    BadEscape,
    /// A lone surrogate escape was replaced by U+FFFD.
    LoneSurrogate,
    /// Bytes that are not UTF-8 were replaced by U+FFFD.
    BadUtf8,
    /// A closer was put where the text ends or another closer stands.
    MissingCloser,
    /// An opener was put before the first member.
    MissingOpener,
    /// A closer without an opener was dropped, or a wrong one was read as the right one.
    WrongCloser,
    /// Doubled braces `{{…}}` were read as single ones.
    DoubledBraces,
    /// The whole document was escaped or a string that held JSON.
    EscapedDocument,
    /// Strings joined by `+` were read as one.
    StringConcatenation,
    /// A call such as `callback(…)`, `Decimal('1.5')` or `ObjectId("…")` was read as its argument.
    FunctionCall,
    /// Several documents were found and one was chosen.
    SeveralDocuments,
    /// A member without a value, or a value that was cut, was dropped.
    DroppedMember,
    /// A value that was cut off was completed or kept as far as it came.
    Truncated,
}

/// One local edit that made sloppy JSON readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// What was done.
    pub kind: RepairKind,
    /// Byte offset into the raw answer where it was done.
    pub offset: u64,
    /// How far it can be trusted.
    pub risk: Risk,
}

/// The channel of an answer's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// `delta.content`.
    Content,
    /// The arguments of one tool call.
    Call,
    /// Reasoning text.
    Reasoning,
    /// A refusal.
    Refusal,
}

/// Where in an attempt the judged value was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The channel.
    pub channel: Channel,
    /// The call's index when the channel is `call`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<u32>,
    /// First byte of the JSON in the channel's text.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
}

/// What judging one answer found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Where the value was read.
    pub source: Source,
    /// The value, with what an adaptation added undone.
    pub value: Value,
    /// Empty when the value is valid.
    pub errors: Vec<Violation>,
    /// Every repair that was needed, in order of offset.
    pub repairs: Vec<Repair>,
}

/// Who enforces a keyword that the schema as sent no longer carries as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Enforcer {
    /// The server still does, in another form.
    Server,
    /// The model is told in the description; formwork judges.
    Hint,
    /// Only formwork, when it judges.
    Local,
}

/// How a change to the schema is taken back on the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undo {
    /// An optional property was made required and nullable: a `null` there means it is absent.
    DropNull,
    /// The root, which is no object, was wrapped as the member `value` of one.
    Unwrap,
}

/// One change made to the schema before it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// JSON Pointer into the schema as written; for a change of the whole document `""`.
    pub pointer: String,
    /// The keyword that was added, moved or dropped.
    pub keyword: String,
    /// Why, in a sentence.
    pub reason: String,
    /// Who enforces the keyword now.
    pub enforcer: Enforcer,
    /// What has to be undone on the answer, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<Undo>,
}

/// Tokens and money of one attempt, as the server reported them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens of the request.
    pub prompt: u64,
    /// Tokens of the answer, reasoning included.
    pub completion: u64,
    /// Reasoning tokens among them.
    pub reasoning: u64,
    /// Prompt tokens read from a cache.
    pub cached: u64,
    /// Dollars; `None` when the server names no price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// Whether the cost, or a part of it, was computed from the catalogue's prices because the server named none.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub computed: bool,
}

/// What a run spent over all attempts, failed ones included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Totals {
    /// Requests sent.
    pub attempts: u32,
    /// Usage summed; its cost is `None` when no attempt named one.
    pub usage: Usage,
    /// Wall time in milliseconds.
    pub ms: u64,
}

impl Totals {
    /// Adds one attempt's usage.
    pub fn add(&mut self, usage: &Usage) {
        let sum = &mut self.usage;
        sum.prompt = sum.prompt.saturating_add(usage.prompt);
        sum.completion = sum.completion.saturating_add(usage.completion);
        sum.reasoning = sum.reasoning.saturating_add(usage.reasoning);
        sum.cached = sum.cached.saturating_add(usage.cached);
        if let Some(cost) = usage.cost {
            sum.cost = Some(sum.cost.unwrap_or(0.0) + cost);
        }
        sum.computed |= usage.computed;
    }
}
