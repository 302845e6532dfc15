//! A copy of the schema that a provider's strict mode takes, with every change listed, and the way back for the answer.
//!
//! Owns which rewrites there are (OpenRouter reference §5.8) and the outermost step: root, wrapping, definitions. The answer is
//! always judged against the schema as written, never against the copy.

mod recursion;
mod refer;
mod strict;
mod undo;
mod words;
mod write;

use super::Schema;
use crate::verdict::{Change, Enforcer, Undo};
pub(crate) use recursion::recursive_targets;
use serde_json::{Map, Value, json};
pub use undo::undo;
use write::Writer;

/// What is to be done to a schema before it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent rewrites, each on or off")]
pub struct Rewrite {
    /// Close every object, require every property (optional ones become nullable), leave out what strict modes refuse.
    pub strict: bool,
    /// Put bounds, patterns and most formats into words.
    pub reduced: bool,
    /// Replace each `$ref` by its target, unless it is recursive.
    pub inline: bool,
    /// Make a root that is no object the member `value` of one.
    pub wrap: bool,
}

/// A schema as it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Adapted {
    /// The JSON Schema to send.
    pub value: Value,
    /// Everything that was changed, with pointers into the schema as written.
    pub changes: Vec<Change>,
}

/// Adapts a copy of `schema`. With nothing asked for, only `$schema` and `$id` are left out.
///
/// Objects with free keys (`additionalProperties: {…}`, `patternProperties`) cannot be closed: they stay as written and a change
/// says so; [`Schema::has_open_maps`] tells beforehand.
pub fn adapt(schema: &Schema, rewrite: Rewrite) -> Adapted {
    let plain_root = schema.value().get("type") == Some(&Value::from("object"));
    let addressed = schema.refs().need_ids(schema.value());
    let changes_much = rewrite.strict || rewrite.reduced || rewrite.inline || addressed;
    if !changes_much && (!rewrite.wrap || plain_root) {
        return untouched(schema);
    }
    let mut writer = Writer::new(schema, rewrite);
    let mut root = writer.root();
    if rewrite.wrap && !is_plain_object(&root) {
        root = wrapped(&mut writer, root);
    }
    let definitions = writer.definitions();
    if let Value::Object(root) = &mut root
        && !definitions.is_empty()
    {
        root.insert("$defs".to_owned(), Value::Object(definitions));
    }
    writer.note_dropped_definitions();
    Adapted {
        value: root,
        changes: writer.changes(),
    }
}

/// Whether function parameters and strict modes take this as a root: an object by `type`, without alternatives beside it.
fn is_plain_object(root: &Value) -> bool {
    let alternatives = ["anyOf", "oneOf", "allOf", "enum", "not", "$ref"];
    root.get("type") == Some(&Value::from("object")) && !alternatives.iter().any(|keyword| root.get(*keyword).is_some())
}

/// The root as the only member of an object.
fn wrapped(writer: &mut Writer<'_>, root: Value) -> Value {
    writer.change(Change {
        pointer: String::new(),
        keyword: "type".to_owned(),
        reason: "the root has to be a plain object; the value is asked for as its member `value`".to_owned(),
        enforcer: Enforcer::Server,
        undo: Some(Undo::Unwrap),
    });
    // A recursive root is a definition already; referring to it keeps it from being there twice.
    let value = writer.definition_of_root().unwrap_or(root);
    json!({"type": "object", "properties": {"value": value}, "required": ["value"], "additionalProperties": false})
}

/// The schema as written without what only says which dialect it is in.
fn untouched(schema: &Schema) -> Adapted {
    let mut changes = Vec::new();
    let mut value = Map::new();
    for (keyword, held) in schema.value().as_object().into_iter().flatten() {
        if matches!(keyword.as_str(), "$schema" | "$id") {
            changes.push(Change {
                pointer: String::new(),
                keyword: keyword.clone(),
                reason: "providers have no use for it, and some refuse it".to_owned(),
                enforcer: Enforcer::Local,
                undo: None,
            });
        } else {
            value.insert(keyword.clone(), held.clone());
        }
    }
    Adapted {
        value: Value::Object(value),
        changes,
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
