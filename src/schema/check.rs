//! Whether a value is a schema formwork can use: limits, draft, meta-schema, references, patterns.
//!
//! Owns the order of the checks and their sentences; everything recursive runs after the depth is known to be bounded.

mod meta;
mod patterns;

use super::compile::{Compiled, Source};
use super::error::SchemaError;
use super::load::Loaded;
use super::locate::Locator;
use super::refs::Refs;
use super::shape::Shape;
use super::{Draft, Inner, Schema, walk};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// How deep a schema may nest, in JSON levels (design §9).
pub const MAX_DEPTH: usize = 128;

/// How many references and combinators may judge one value one inside the other.
const MAX_CHAIN: usize = 128;

/// How many subschemas may judge one value.
const MAX_STEPS: u64 = 100_000;

/// The sentence of a schema that nests too deep.
pub(crate) fn too_deep() -> String {
    format!("the schema nests deeper than {MAX_DEPTH} levels; use `$defs` and `$ref` to make it flat")
}

/// Checks and compiles what was read.
///
/// # Errors
/// The first fault, with its place in the text.
pub(crate) fn finish(loaded: Loaded) -> Result<Schema, SchemaError> {
    let mut notes = loaded.notes.clone();
    let (draft, refs, engine, compiled) = {
        let locator = Locator {
            text: &loaded.text,
            form: loaded.form,
            prefix: &loaded.prefix,
            marks: &loaded.marks,
        };
        if depth_over(&loaded.value, MAX_DEPTH) {
            return Err(SchemaError::new(too_deep()));
        }
        let draft = draft(&loaded.value, &locator, &mut notes)?;
        patterns::readable(&loaded.value, &locator)?;
        meta::check(&loaded.value, draft, &locator)?;
        let refs = Refs::resolve(&loaded.value, draft).map_err(|bad| locator.error(&bad.pointer, bad.message))?;
        if refs.longest_chain() > MAX_CHAIN {
            let message = format!(
                "more than {MAX_CHAIN} references follow each other before a value is looked at; let them refer to their goal directly"
            );
            return Err(SchemaError::new(message));
        }
        if refs.most_steps() > MAX_STEPS {
            let message = format!(
                "more than {MAX_STEPS} subschemas would judge the same value; let definitions refer to each other less often"
            );
            return Err(SchemaError::new(message));
        }
        let engine = patterns::engine(&loaded.value, draft, &refs, &locator, &mut notes)?;
        let source = Source {
            schema: &loaded.value,
            draft,
            engine,
        };
        let compiled = Compiled::new(source).map_err(|error| {
            let pointer = error.instance_path().as_str().to_owned();
            locator.error(&pointer, format!("the schema cannot be used: {error}"))
        })?;
        (draft, refs, engine, compiled)
    };
    let shape = Shape::build(&loaded.value, draft, &refs);
    let open_maps = refs
        .positions()
        .iter()
        .filter_map(|place| loaded.value.pointer(place))
        .any(|node| is_open_map(node) || is_free_object(node));
    let Loaded {
        text,
        value,
        name,
        form,
        ..
    } = loaded;
    Ok(Schema(Arc::new(Inner {
        text,
        value,
        name,
        form,
        draft,
        notes,
        engine,
        refs,
        shape,
        compiled,
        open_maps,
        work: OnceLock::new(),
    })))
}

/// Whether an object schema allows free keys on purpose.
pub(crate) fn is_open_map(schema: &Value) -> bool {
    let additional = schema.get("additionalProperties");
    additional.is_some_and(|held| held.is_object() || held == &Value::Bool(true))
        || schema.get("patternProperties").is_some()
}

/// Whether a schema asks for an object and says nothing of its members: closed, it would always be empty.
fn is_free_object(schema: &Value) -> bool {
    let says = [
        "properties",
        "additionalProperties",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "enum",
        "const",
    ];
    schema.get("type") == Some(&Value::from("object")) && !says.iter().any(|keyword| schema.get(*keyword).is_some())
}

/// Whether a value nests deeper than `limit` levels. Iterative, so that any depth can be asked about.
pub(crate) fn depth_over(value: &Value, limit: usize) -> bool {
    let mut open = vec![(value, 1)];
    while let Some((value, depth)) = open.pop() {
        let children: Box<dyn Iterator<Item = &Value>> = match value {
            Value::Array(items) => Box::new(items.iter()),
            Value::Object(members) => Box::new(members.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => continue,
        };
        if depth > limit {
            return true;
        }
        open.extend(children.map(|child| (child, depth + 1)));
    }
    false
}

/// The draft of a schema: what `$schema` says, else 2020-12, else draft 7 where the keywords can only be of draft 7.
fn draft(schema: &Value, locator: &Locator<'_>, notes: &mut Vec<String>) -> Result<Draft, SchemaError> {
    let Some(declared) = schema.get("$schema") else {
        let mut old = None;
        walk::each(schema, "", &mut |pointer, schema| {
            let array = schema.get("items").is_some_and(Value::is_array);
            if array || schema.get("additionalItems").is_some() {
                old.get_or_insert_with(|| pointer.to_owned());
            }
        });
        return Ok(match old {
            Some(pointer) => {
                notes.push(format!(
                    "read as draft 7, because of the list form of `items` at {pointer}/items; `$schema` would say so"
                ));
                Draft::Draft7
            }
            None => Draft::Draft202012,
        });
    };
    let uri = declared.as_str().unwrap_or_default();
    match jsonschema::Draft::from_schema_uri(uri) {
        jsonschema::Draft::Draft4 => Ok(Draft::Draft4),
        jsonschema::Draft::Draft6 => Ok(Draft::Draft6),
        jsonschema::Draft::Draft7 => Ok(Draft::Draft7),
        jsonschema::Draft::Draft201909 => Ok(Draft::Draft201909),
        jsonschema::Draft::Draft202012 => Ok(Draft::Draft202012),
        // The library may learn further drafts; none of them is known here.
        _ => Err(locator.error(
            "/$schema",
            format!("{declared} is not a draft formwork knows; use \"https://json-schema.org/draft/2020-12/schema\" or leave `$schema` out"),
        )),
    }
}

#[cfg(test)]
mod tests;
