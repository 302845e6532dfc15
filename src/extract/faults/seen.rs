//! A fault laid out for matching: its words in lower case without addresses, and shorthands for what the rows ask.
//!
//! Owns reading; what follows from it stands in the rows.

use super::Sent;
use super::fields;
use crate::event::Fault;
use crate::extract::model::Dialect;
use serde_json::Value;

/// A fault, its request, and what was read out of both.
pub(super) struct Seen<'a> {
    /// The fault as it was normalised.
    pub fault: &'a Fault,
    /// The request it answers.
    pub sent: &'a Sent<'a>,
    /// Message, detail, code, type and param in lower case, a line each, without addresses.
    pub text: String,
    /// The top-level body field that the server names.
    pub field: Option<&'a str>,
}

impl<'a> Seen<'a> {
    /// Lays out a fault.
    pub fn new(fault: &'a Fault, sent: &'a Sent<'a>) -> Self {
        let parts = [
            Some(&fault.message),
            fault.detail.as_ref(),
            fault.code.as_ref(),
            fault.error_type.as_ref(),
            fault.param.as_ref(),
        ];
        let lines: Vec<String> = parts
            .into_iter()
            .flatten()
            .map(|part| without_addresses(&part.to_lowercase()))
            .collect();
        let text = lines.join("\n");
        let field = fields::named(&text, fault.param.as_deref(), sent);
        Self {
            fault,
            sent,
            text,
            field,
        }
    }

    /// Whether the words hold a marker (in lower case).
    pub fn has(&self, marker: &str) -> bool {
        self.text.contains(marker)
    }

    /// Whether the words hold any of the markers.
    pub fn any(&self, markers: &[&str]) -> bool {
        markers.iter().any(|marker| self.has(marker))
    }

    /// Whether the words hold all of the markers.
    pub fn all(&self, markers: &[&str]) -> bool {
        markers.iter().all(|marker| self.has(marker))
    }

    /// Whether the normalised status is one of these.
    pub fn status(&self, among: &[u16]) -> bool {
        self.fault.status.is_some_and(|status| among.contains(&status))
    }

    /// Whether the error's code or type is one of these words.
    pub fn code(&self, among: &[&str]) -> bool {
        let is = |word: &Option<String>| word.as_deref().is_some_and(|word| among.contains(&word));
        is(&self.fault.code) || is(&self.fault.error_type)
    }

    /// Whether `availability.code` is one of these words.
    pub fn availability(&self, among: &[&str]) -> bool {
        self.fault
            .availability
            .as_deref()
            .is_some_and(|word| among.contains(&word))
    }

    /// Whether this routing step emptied the list of endpoints.
    pub fn step(&self, name: &str) -> bool {
        self.fault
            .step
            .as_deref()
            .is_some_and(|step| step.eq_ignore_ascii_case(name))
    }

    /// Whether `metadata.limit_source` is this word.
    pub fn limit(&self, name: &str) -> bool {
        self.fault.limit_source.as_deref() == Some(name)
    }

    /// A member of the error's metadata that is there and says something.
    pub fn metadata(&self, key: &str) -> Option<&'a Value> {
        let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        self.fault.metadata.get(key).filter(|value| !empty(value))
    }

    /// Whether `metadata.excluded_by` names any of these preferences.
    pub fn excluded_by(&self, names: &[&str]) -> bool {
        let words = self.metadata("excluded_by").map(Value::to_string).unwrap_or_default();
        names.iter().any(|name| words.contains(name))
    }

    /// A member of the request's `provider` preferences.
    pub fn preference(&self, key: &str) -> Option<&'a Value> {
        self.sent.body.get("provider")?.get(key)
    }

    /// The cap on the answer's tokens that was sent, under either name.
    pub fn max_tokens(&self) -> Option<u64> {
        let body = self.sent.body;
        body.get("max_tokens")
            .or_else(|| body.get("max_completion_tokens"))?
            .as_u64()
    }

    /// Whether the request goes to OpenRouter.
    pub fn openrouter(&self) -> bool {
        match self.sent.dialect {
            Dialect::OpenRouter => true,
            Dialect::OpenAi | Dialect::Local => false,
        }
    }

    /// Whether the request carries a schema that the server itself reads.
    pub fn schema_sent(&self) -> bool {
        self.sent.mode.schema_place().is_some()
    }

    /// The first address in the message or the detail, as the server wrote it.
    pub fn address(&self) -> Option<&'a str> {
        let parts = [Some(self.fault.message.as_str()), self.fault.detail.as_deref()];
        parts.into_iter().flatten().find_map(address_in)
    }

    /// The number that follows a marker, a few signs of punctuation apart.
    pub fn number_after(&self, marker: &str) -> Option<u32> {
        let (_, rest) = self.text.split_once(marker)?;
        let rest = rest.trim_start_matches([' ', '`', '\'', '"', ':', '=']);
        let digits: String = rest
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == ',')
            .filter(char::is_ascii_digit)
            .collect();
        digits.parse().ok()
    }
}

/// Where the first web address of a text starts.
fn address_start(text: &str) -> Option<usize> {
    let starts = [text.find("https://"), text.find("http://")];
    starts.into_iter().flatten().min()
}

/// Where an address that starts a text ends: at white space, quotes and closing brackets.
fn address_end(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | ')' | ']' | '}' | '\\');
    text.find(ends).unwrap_or(text.len())
}

/// The first web address of a text, without the full stop that ends its sentence.
fn address_in(text: &str) -> Option<&str> {
    let rest = text.get(address_start(text)?..)?;
    let address = rest.get(..address_end(rest))?;
    Some(address.trim_end_matches(['.', ',', ';', ':']))
}

/// A text without its web addresses: they change, and their paths hold the very words the rows look for.
fn without_addresses(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, address)) = address_start(rest).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        rest = address.get(address_end(address)..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}
