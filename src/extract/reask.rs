//! The messages of a re-ask: the last bad answer, handed back in the shape its mode needs, and what was wrong with it.
//!
//! Owns message shapes. Only the last answer is sent, so that the body does not grow with the number of re-asks (design §3).

use crate::extract::answer::{Answer, Call};
use crate::extract::model::Dialect;
use serde_json::{Value, json};

/// The messages to append to the task's own.
///
/// A tool call is answered by one `tool` message per call id; anything else by a `user` message. `reasoning` goes back untouched with
/// OpenRouter, where some upstreams refuse the turn without it (`openrouter.md` §1.5).
pub fn messages(answer: &Answer, reasoning: Option<&Value>, feedback: &str, dialect: Dialect) -> Vec<Value> {
    let reasoning = reasoning.filter(|_| dialect == Dialect::OpenRouter);
    if !answer.calls.is_empty() && answer.calls.iter().all(is_replayable) {
        return tool_messages(answer, reasoning, feedback);
    }
    let text = std::iter::once(answer.content.as_str())
        .chain(answer.calls.iter().map(|call| call.arguments.as_str()))
        .find(|text| !text.trim().is_empty());
    let mut messages = Vec::new();
    if let Some(text) = text {
        messages.push(with_reasoning(json!({"role": "assistant", "content": text}), reasoning));
    }
    messages.push(json!({"role": "user", "content": feedback}));
    messages
}

fn tool_messages(answer: &Answer, reasoning: Option<&Value>, feedback: &str) -> Vec<Value> {
    let calls: Vec<Value> = answer
        .calls
        .iter()
        .map(|call| {
            let arguments = if call.arguments.trim().is_empty() {
                "{}"
            } else {
                &call.arguments
            };
            json!({"id": id(call), "type": "function", "function": {"name": call.name, "arguments": arguments}})
        })
        .collect();
    let content = if answer.content.is_empty() {
        Value::Null
    } else {
        json!(answer.content)
    };
    let assistant = json!({"role": "assistant", "content": content, "tool_calls": calls});
    let mut messages = vec![with_reasoning(assistant, reasoning)];
    messages.extend(
        answer
            .calls
            .iter()
            .map(|call| json!({"role": "tool", "tool_call_id": id(call), "content": feedback})),
    );
    messages
}

fn with_reasoning(mut message: Value, reasoning: Option<&Value>) -> Value {
    if let (Some(reasoning), Value::Object(members)) = (reasoning, &mut message) {
        members.insert("reasoning_details".into(), reasoning.clone());
    }
    message
}

/// Whether a server can be shown the call again: some chat templates parse the arguments and fail on broken JSON.
fn is_replayable(call: &Call) -> bool {
    let arguments = call.arguments.trim();
    !call.name.is_empty() && (arguments.is_empty() || serde_json::from_str::<serde::de::IgnoredAny>(arguments).is_ok())
}

fn id(call: &Call) -> String {
    if call.id.is_empty() {
        format!("call_{}", call.index)
    } else {
        call.id.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(arguments: &str) -> Answer {
        let call = Call {
            index: 0,
            id: "c1".into(),
            name: "User".into(),
            arguments: arguments.into(),
        };
        Answer {
            calls: vec![call],
            ..Answer::default()
        }
    }

    #[test]
    fn a_call_goes_back_as_a_call_with_a_tool_message() {
        let messages = messages(
            &call(r#"{"age":"x"}"#),
            Some(&json!([{"index": 0}])),
            "wrong",
            Dialect::OpenRouter,
        );
        let function = json!({"name": "User", "arguments": "{\"age\":\"x\"}"});
        assert_eq!(
            messages,
            [
                json!({"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": function}],
                       "reasoning_details": [{"index": 0}]}),
                json!({"role": "tool", "tool_call_id": "c1", "content": "wrong"}),
            ]
        );
    }

    #[test]
    fn broken_arguments_and_content_go_back_as_text() {
        let broken = messages(&call("{\"age\":"), None, "wrong", Dialect::OpenAi);
        let expected = [
            json!({"role": "assistant", "content": "{\"age\":"}),
            json!({"role": "user", "content": "wrong"}),
        ];
        assert_eq!(broken, expected);
        let empty = messages(&Answer::default(), Some(&json!([])), "empty", Dialect::OpenAi);
        assert_eq!(empty, [json!({"role": "user", "content": "empty"})]);
    }
}
