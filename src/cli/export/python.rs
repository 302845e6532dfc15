//! A run as a Python script: pydantic models made from the schema, and the same request through instructor.
//!
//! Owns the script round the models. The classes are `models`'s, names and literals `words`'s.

mod models;
#[cfg(test)]
mod tests;
mod words;

use super::place::Place;
use crate::config::settings::ProviderKind;
use crate::record::RunRecord;
use crate::schema::Schema;
use crate::task::Mode;
use models::Models;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use words::{literal, text};

/// The variable that is read where the provider's has no name.
const KEY: &str = "API_KEY";

/// The script. It needs Python 3.10, instructor and pydantic 2.
pub fn script(run: &RunRecord, schema: &Schema, place: &Place) -> String {
    let models = Models::of(schema);
    let mut out = String::from(
        "# Exported by formwork. Needs Python 3.10 or later, and: pip install instructor pydantic\n\
         from __future__ import annotations\n\nimport os\n",
    );
    let typing = models.typing();
    if !typing.is_empty() {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "from typing import {}", typing.join(", "));
    }
    let pydantic = models.pydantic().join(", ");
    let _ = write!(
        out,
        "\nimport instructor\nfrom openai import OpenAI\nfrom pydantic import {pydantic}\n"
    );
    out += models.classes();
    out += &client(run, place);
    out += &request(run, models.root());
    out
}

fn client(run: &RunRecord, place: &Place) -> String {
    let key = place.endpoint.key_env.as_deref();
    // The SDK insists on a key, servers of one's own do not.
    let key = match key {
        Some(name) => format!("os.environ[{}]", text(name)),
        None => format!("os.getenv({}, \"none\")", text(KEY)),
    };
    let mode = run.attempt().map_or(Mode::Json, |attempt| attempt.mode);
    let (wrap, mode) = match (place.kind, mode) {
        (_, Mode::Tools) => ("from_openai", "TOOLS"),
        (ProviderKind::OpenRouter, Mode::Structured) => ("from_openrouter", "OPENROUTER_STRUCTURED_OUTPUTS"),
        (ProviderKind::OpenAi | ProviderKind::Local, Mode::Structured) => ("from_openai", "JSON_SCHEMA"),
        (_, Mode::Json) => ("from_openai", "JSON"),
        (_, Mode::Prompt) => ("from_openai", "MD_JSON"),
    };
    format!(
        "\nclient = OpenAI(\n    base_url={},\n    api_key={key},\n)\n\
         client = instructor.{wrap}(client, mode=instructor.Mode.{mode})\n",
        text(&place.base_url)
    )
}

fn request(run: &RunRecord, root: &str) -> String {
    let task = &run.task;
    let mut out = format!(
        "\nResponse = {root}\n\nresponse = client.chat.completions.create(\n    model={},\n    messages=[\n",
        text(&task.model)
    );
    if let Some(instructions) = &task.instructions {
        message(&mut out, "system", instructions);
    }
    message(&mut out, "user", &task.input);
    out += "    ],\n    response_model=Response,\n";
    let _ = writeln!(out, "    max_retries={},", task.limits.reasks);
    if let Some(tokens) = task.limits.max_tokens {
        let _ = writeln!(out, "    max_tokens={tokens},");
    }
    if let Some(temperature) = task.temperature {
        let _ = writeln!(out, "    temperature={temperature},");
    }
    let further = further(run);
    if !further.is_empty() {
        let _ = writeln!(out, "    extra_body={},", literal(&Value::Object(further)));
    }
    out +=
        ")\n\nprint(TypeAdapter(Response).dump_json(response, indent=2, by_alias=True, exclude_unset=True).decode())\n";
    out
}

/// What goes into the body besides: the task's own parameters, and that every parameter has to be honoured where that was asked for.
fn further(run: &RunRecord) -> Map<String, Value> {
    let mut further = run.task.params.clone();
    let provider = run.attempt().and_then(|attempt| attempt.body.get("provider"));
    if provider.is_some_and(|provider| provider.get("require_parameters") == Some(&json!(true))) {
        further
            .entry("provider")
            .or_insert_with(|| json!({"require_parameters": true}));
    }
    further
}

/// A message, each line of its text on a line.
fn message(out: &mut String, role: &str, content: &str) {
    let _ = write!(
        out,
        "        {{\n            \"role\": \"{role}\",\n            \"content\": "
    );
    let lines: Vec<&str> = content.split_inclusive('\n').collect();
    match lines.as_slice() {
        [] => out.push_str("\"\""),
        [line] => out.push_str(&text(line)),
        lines => {
            out.push_str("(\n");
            for line in lines {
                let _ = writeln!(out, "                {}", text(line));
            }
            out.push_str("            )");
        }
    }
    out.push_str(",\n        },\n");
}
