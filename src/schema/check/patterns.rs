//! The patterns of a schema: whether they can be read, and which engine they need.
//!
//! Owns the trial of each pattern by itself, so that a bad one is reported with its own place.

use super::super::compile::{self, Engine};
use super::super::error::SchemaError;
use super::super::locate::Locator;
use super::super::refs::Refs;
use super::super::{Draft, walk};
use crate::json::pointer::join;
use serde_json::{Value, json};

/// Reports the first `pattern` that no engine can read. Runs before the meta-schema, whose own sentence would say less.
pub(super) fn readable(schema: &Value, locator: &Locator<'_>) -> Result<(), SchemaError> {
    let mut bad = None;
    walk::each(schema, "", &mut |pointer, schema| {
        if bad.is_none() {
            bad = patterns_of(pointer, schema)
                .into_iter()
                .find(|(_, pattern)| !compiles(pattern, Draft::Draft202012, Engine::Backtracking));
        }
    });
    match bad {
        Some((pointer, pattern)) => Err(locator.error(
            &pointer,
            format!(
                "`{pattern}` is not a regular expression formwork can use: it does not parse, or it grows too large"
            ),
        )),
        None => Ok(()),
    }
}

/// The engine all patterns of a schema can run in, with a note for each that needs the backtracking one.
pub(super) fn engine(
    schema: &Value,
    draft: Draft,
    refs: &Refs,
    locator: &Locator<'_>,
    notes: &mut Vec<String>,
) -> Result<Engine, SchemaError> {
    let mut engine = Engine::Linear;
    for place in refs.positions() {
        let Some(node) = schema.pointer(place) else { continue };
        for (pointer, pattern) in patterns_of(place, node) {
            if compiles(pattern, draft, Engine::Linear) {
                continue;
            }
            if !compiles(pattern, draft, Engine::Backtracking) {
                return Err(locator.error(&pointer, format!("`{pattern}` is not a regular expression")));
            }
            engine = Engine::Backtracking;
            notes.push(format!(
                "the pattern at {pointer} needs look-around or back-references: backtracking engine with a limit"
            ));
        }
    }
    Ok(engine)
}

/// The patterns directly in one schema, with their pointers.
fn patterns_of<'a>(pointer: &str, schema: &'a Value) -> Vec<(String, &'a str)> {
    let mut found: Vec<(String, &str)> = Vec::new();
    if let Some(Value::String(pattern)) = schema.get("pattern") {
        found.push((join(pointer, "pattern"), pattern));
    }
    if let Some(Value::Object(map)) = schema.get("patternProperties") {
        let base = join(pointer, "patternProperties");
        found.extend(map.keys().map(|pattern| (join(&base, pattern), pattern.as_str())));
    }
    found
}

fn compiles(pattern: &str, draft: Draft, engine: Engine) -> bool {
    compile::options(draft, engine)
        .build(&json!({"pattern": pattern}))
        .is_ok()
}
