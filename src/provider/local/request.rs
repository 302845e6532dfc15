//! What a chat-completions body asks of the embedded model.
//!
//! Owns reading the fields that are served: `model`, `messages`, `response_format`, `max_tokens`, `temperature`, `seed`. Others are
//! ignored, as servers do.

use serde_json::Value;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Instructions.
    System,
    /// The user.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// The word in the template.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whose it is.
    pub role: Role,
    /// Its text.
    pub text: String,
}

/// What the answer must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Format {
    /// Anything.
    Free,
    /// Some JSON object.
    Object,
    /// JSON that matches this schema.
    Schema(Value),
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The model that is asked for; empty if none is named.
    pub model: String,
    /// The chat.
    pub messages: Vec<Message>,
    /// The form of the answer.
    pub format: Format,
    /// The most tokens of an answer, if it says.
    pub max_tokens: Option<usize>,
    /// 0 picks the likeliest token each time.
    pub temperature: f64,
    /// Makes a temperature above 0 give the same answer again.
    pub seed: Option<u64>,
}

impl Request {
    /// Reads a body.
    ///
    /// # Errors
    /// A sentence that names the field.
    pub fn read(body: &Value) -> Result<Self, String> {
        let messages = body.get("messages").and_then(Value::as_array);
        let messages = messages.ok_or("`messages` must be a list")?;
        let tokens = |field: &str| body.get(field).filter(|value| !value.is_null());
        let max_tokens = tokens("max_tokens").or_else(|| tokens("max_completion_tokens"));
        let whole = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        let temperature = body.get("temperature").filter(|value| !value.is_null());
        Ok(Self {
            model: body.get("model").and_then(Value::as_str).unwrap_or_default().to_owned(),
            messages: messages.iter().map(message).collect::<Result<_, _>>()?,
            format: format(body.get("response_format"))?,
            max_tokens: match max_tokens {
                Some(value) => Some(whole(value).ok_or("`max_tokens` must be a whole number")?),
                None => None,
            },
            temperature: match temperature {
                Some(value) => value
                    .as_f64()
                    .filter(|number| *number >= 0.0)
                    .ok_or("`temperature` must be 0 or more")?,
                None => 0.0,
            },
            seed: body.get("seed").and_then(Value::as_u64),
        })
    }
}

fn message(message: &Value) -> Result<Message, String> {
    let role = match message.get("role").and_then(Value::as_str) {
        Some("system" | "developer") => Role::System,
        Some("user" | "tool") => Role::User,
        Some("assistant") => Role::Assistant,
        other => return Err(format!("`messages` holds a role that is not known: {other:?}")),
    };
    let text = match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| part.get("text").and_then(Value::as_str))
            .collect(),
        _ => String::new(),
    };
    Ok(Message { role, text })
}

fn format(format: Option<&Value>) -> Result<Format, String> {
    let Some(format) = format.filter(|format| !format.is_null()) else {
        return Ok(Format::Free);
    };
    match format.get("type").and_then(Value::as_str) {
        Some("text") => Ok(Format::Free),
        Some("json_object") => Ok(Format::Object),
        Some("json_schema") => format
            .pointer("/json_schema/schema")
            .map(|schema| Format::Schema(schema.clone()))
            .ok_or_else(|| "`response_format` holds no schema".to_owned()),
        other => Err(format!("`response_format` has a type that is not known: {other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Request, Role};
    use serde_json::json;

    #[test]
    fn bodies_are_read() {
        let body = json!({
            "model": "m",
            "messages": [
                {"role": "developer", "content": "a"},
                {"role": "user", "content": [{"type": "text", "text": "b"}, {"type": "text", "text": "c"}]},
                {"role": "assistant", "content": null},
            ],
            "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}},
            "max_completion_tokens": 9,
            "temperature": 0.5,
            "seed": 3,
        });
        let request = Request::read(&body).unwrap();
        let roles: Vec<_> = request
            .messages
            .iter()
            .map(|message| (message.role, message.text.as_str()))
            .collect();
        assert_eq!(roles, [(Role::System, "a"), (Role::User, "bc"), (Role::Assistant, "")]);
        assert_eq!(request.format, Format::Schema(json!({"type": "object"})));
        assert_eq!(
            (request.max_tokens, request.temperature, request.seed),
            (Some(9), 0.5, Some(3))
        );
        let bare = Request::read(&json!({"messages": []})).unwrap();
        assert_eq!(
            (bare.format, bare.max_tokens, bare.temperature),
            (Format::Free, None, 0.0)
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let table = [
            (json!({}), "messages"),
            (json!({"messages": [{"role": "judge"}]}), "judge"),
            (json!({"messages": [], "max_tokens": -1}), "max_tokens"),
            (json!({"messages": [], "temperature": -1}), "temperature"),
            (
                json!({"messages": [], "response_format": {"type": "grammar"}}),
                "grammar",
            ),
            (
                json!({"messages": [], "response_format": {"type": "json_schema"}}),
                "schema",
            ),
        ];
        for (body, word) in table {
            let error = Request::read(&body).unwrap_err();
            assert!(error.contains(word), "{body}: {error}");
        }
    }
}
