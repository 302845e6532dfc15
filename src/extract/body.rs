//! Request bodies: the exact JSON that one attempt sends in its mode (`openrouter.md` §1.3–§1.7, §6).
//!
//! Owns the shape of a request. The words in it are `prompt`'s, the schema in it is `schema::adapt`'s.

use crate::extract::model::{Dialect, Known};
use crate::extract::prompt;
use crate::schema::Schema;
use crate::schema::adapt::{Adapted, Rewrite, adapt};
use crate::schema::family::Family;
use crate::task::{Mode, Task};
use crate::verdict::Change;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What earlier attempts of the run taught about the body, within one step of the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tuning {
    /// Another `tool_choice` than the named function.
    pub tool_choice: Option<&'static str>,
    /// Fields that the server refused.
    pub dropped: BTreeSet<String>,
    /// Fields that the server knows by another name.
    pub renamed: BTreeMap<String, String>,
    /// Send the reduced schema.
    pub reduced: bool,
    /// Leave out `provider.require_parameters`.
    pub any_endpoint: bool,
    /// Ask for no reasoning.
    pub no_reasoning: bool,
}

/// Everything a body is made of.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The task.
    pub task: &'a Task,
    /// Its schema.
    pub schema: &'a Schema,
    /// What is known of the model.
    pub known: &'a Known,
    /// Which fields the server understands.
    pub dialect: Dialect,
    /// How the model is asked.
    pub mode: Mode,
    /// What was learnt.
    pub tuning: &'a Tuning,
    /// The most tokens the answer may have.
    pub max_tokens: u32,
    /// The messages of a re-ask, after the task's own.
    pub more: &'a [Value],
}

/// The body of one attempt and what was changed in the schema for it.
pub fn body(request: &Request<'_>) -> (Value, Vec<Change>) {
    let task = request.task;
    let Adapted { value: schema, changes } = adapt(request.schema, rewrite(request));
    let mut body = Map::new();
    body.insert("model".into(), json!(task.model));
    body.insert("messages".into(), messages(request, &schema));
    constraint(request, &mut body, &schema);
    body.insert("max_tokens".into(), json!(request.max_tokens));
    if let Some(temperature) = temperature(request) {
        body.insert("temperature".into(), json!(temperature));
    }
    body.insert("stream".into(), json!(true));
    body.insert("stream_options".into(), json!({"include_usage": true}));
    preferences(request, &mut body);
    merge(&mut body, &task.params);
    tune(request, &mut body);
    (Value::Object(body), changes)
}

/// How the schema is rewritten for this request.
fn rewrite(request: &Request<'_>) -> Rewrite {
    let mut rewrite = Family::of(&request.task.model).rewrite_of(request.schema, request.mode);
    rewrite.reduced |= request.tuning.reduced;
    rewrite
}

fn messages(request: &Request<'_>, schema: &Value) -> Value {
    let system = prompt::system(request.mode, schema, request.task.instructions.as_deref());
    let mut messages = vec![
        json!({"role": "system", "content": system}),
        json!({"role": "user", "content": request.task.input}),
    ];
    messages.extend_from_slice(request.more);
    Value::Array(messages)
}

/// The fields that make the mode what it is.
fn constraint(request: &Request<'_>, body: &mut Map<String, Value>, schema: &Value) {
    let name = request.schema.name();
    match request.mode {
        Mode::Tools => {
            let description = schema
                .get("description")
                .and_then(Value::as_str)
                .map_or_else(|| format!("Takes the extracted {name}."), str::to_owned);
            let function = json!({"name": name, "description": description, "parameters": schema});
            body.insert("tools".into(), json!([{"type": "function", "function": function}]));
            let choice = request.tuning.tool_choice.map_or_else(
                || json!({"type": "function", "function": {"name": name}}),
                |choice| json!(choice),
            );
            body.insert("tool_choice".into(), choice);
        }
        Mode::Structured => {
            let strict = !request.schema.has_open_maps();
            let format = json!({"name": name, "strict": strict, "schema": schema});
            body.insert(
                "response_format".into(),
                json!({"type": "json_schema", "json_schema": format}),
            );
        }
        Mode::Json => {
            if request.known.model().and_then(|info| info.serves(request.mode)) != Some(false) {
                body.insert("response_format".into(), json!({"type": "json_object"}));
            }
        }
        Mode::Prompt => {}
    }
}

/// The task's temperature, or 0 on a server of one's own, whose default is random; hosted models keep their own default.
///
/// Where the catalogue speaks, only what it lists is sent: one parameter too many empties the list of endpoints
/// (`openrouter.md` §1.4).
fn temperature(request: &Request<'_>) -> Option<f64> {
    let listed = request.known.model().and_then(|info| info.supports("temperature"));
    let own_server = request.dialect != Dialect::OpenRouter
        && match Family::of(&request.task.model) {
            Family::OpenAi | Family::Anthropic | Family::Google | Family::XAi => false,
            Family::Groq
            | Family::Mistral
            | Family::DeepSeek
            | Family::Zai
            | Family::Qwen
            | Family::Meta
            | Family::Perplexity
            | Family::GptOss
            | Family::LlamaCpp
            | Family::Generic => true,
        };
    match request.task.temperature {
        Some(_) if listed == Some(false) => None,
        Some(temperature) => Some(temperature),
        None => own_server.then_some(0.0),
    }
}

/// OpenRouter's `provider` and `reasoning`; other servers refuse them.
fn preferences(request: &Request<'_>, body: &mut Map<String, Value>) {
    if request.dialect != Dialect::OpenRouter {
        return;
    }
    let hard =
        request.mode.schema_place().is_some() && !request.task.allow_any_endpoint && !request.tuning.any_endpoint;
    if hard {
        body.insert("provider".into(), json!({"require_parameters": true}));
    }
}

/// The user's own fields: an object is merged member by member, anything else replaces.
fn merge(body: &mut Map<String, Value>, params: &Map<String, Value>) {
    for (name, value) in params {
        match (body.get_mut(name), value) {
            (Some(Value::Object(old)), Value::Object(new)) => old.extend(new.clone()),
            _ => {
                body.insert(name.clone(), value.clone());
            }
        }
    }
}

/// What the server taught, applied last so that it holds for the user's own fields too.
fn tune(request: &Request<'_>, body: &mut Map<String, Value>) {
    let tuning = request.tuning;
    if tuning.no_reasoning {
        let effort = if request.dialect == Dialect::OpenRouter {
            ("reasoning", json!({"effort": "none"}))
        } else {
            ("reasoning_effort", json!("none"))
        };
        body.insert(effort.0.into(), effort.1);
    }
    if let Some(Value::Object(provider)) = body.get_mut("provider") {
        if tuning.any_endpoint {
            provider.shift_remove("require_parameters");
        }
        if provider.is_empty() {
            body.shift_remove("provider");
        }
    }
    for (from, to) in &tuning.renamed {
        if let Some(value) = body.shift_remove(from) {
            body.insert(to.clone(), value);
        }
    }
    // Last, because they are named as they were sent.
    for field in &tuning.dropped {
        body.shift_remove(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_s_fields_are_what_it_adds_to_words() {
        let schema = Schema::load("name, age int?", Some("user")).unwrap();
        let (task, known, tuning) = (Task::default(), Known::Nothing, Tuning::default());
        let sent = |mode| {
            let request = Request {
                task: &task,
                schema: &schema,
                known: &known,
                dialect: Dialect::OpenAi,
                mode,
                tuning: &tuning,
                max_tokens: 100,
                more: &[],
            };
            (adapt(&schema, rewrite(&request)).value, body(&request).0)
        };
        let (_, words) = sent(Mode::Prompt);
        for mode in Mode::ALL {
            let (adapted, body) = sent(mode);
            let members = body.as_object().unwrap().keys();
            let added: Vec<&String> = members.filter(|name| words.get(name).is_none()).collect();
            assert_eq!(added, mode.fields(), "{mode}");
            let system = body["messages"][0]["content"].as_str().unwrap();
            match mode.schema_place() {
                Some(place) => assert_eq!(body.pointer(place), Some(&adapted), "{mode}"),
                None => assert!(system.contains("JSON Schema:"), "{mode}: {system}"),
            }
        }
    }
}
