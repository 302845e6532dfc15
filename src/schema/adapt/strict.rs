//! What strict modes ask for: closed objects, every property required, no combinators they refuse.
//!
//! Owns those rules (OpenRouter reference §5 and §5.8); the walk is `write`'s.

use super::words;
use super::write::{Writer, is_noise};
use crate::json::pointer::join;
use crate::schema::check::is_open_map;
use crate::schema::shape::Type;
use crate::verdict::{Change, Enforcer, Undo};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

impl Writer<'_> {
    /// Handles a keyword that strict modes treat in their own way; `false` when it is copied like any other.
    pub fn strict_keyword(
        &mut self,
        place: &str,
        keyword: &str,
        held: &Value,
        depth: usize,
        out: &mut Map<String, Value>,
        constraints: &mut Vec<String>,
    ) -> bool {
        match keyword {
            "required" => true,
            "oneOf" => {
                self.one_of(place, held, depth, out);
                true
            }
            "items" | "additionalItems" if held.is_array() || held.is_boolean() => {
                self.list_items(place, keyword, held, depth, out);
                true
            }
            "not"
            | "if"
            | "then"
            | "else"
            | "dependentRequired"
            | "dependentSchemas"
            | "dependencies"
            | "propertyNames"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "minProperties"
            | "maxProperties"
            | "contains"
            | "minContains"
            | "maxContains"
            | "contentEncoding"
            | "contentMediaType"
            | "contentSchema" => {
                let words = words::in_words(keyword, held);
                let enforcer = if words.is_some() {
                    Enforcer::Hint
                } else {
                    Enforcer::Local
                };
                self.note(place, keyword, "strict modes refuse it", enforcer);
                constraints.extend(words);
                true
            }
            noise if is_noise(noise) => {
                self.note(
                    place,
                    keyword,
                    "strict modes have no use for it, and some refuse it",
                    Enforcer::Local,
                );
                true
            }
            _ => false,
        }
    }

    /// `oneOf` as `anyOf`; beside an `anyOf` it can only be left out.
    fn one_of(&mut self, place: &str, held: &Value, depth: usize, out: &mut Map<String, Value>) {
        let beside = self.source(place).is_some_and(|schema| schema.get("anyOf").is_some());
        if beside {
            self.note(
                place,
                "oneOf",
                "strict modes take no `oneOf`, and `anyOf` is there already",
                Enforcer::Local,
            );
            return;
        }
        self.note(
            place,
            "oneOf",
            "sent as `anyOf`; that only one may fit is judged here",
            Enforcer::Local,
        );
        let copy = self.copied(place, "oneOf", held, depth);
        out.insert("anyOf".to_owned(), copy);
    }

    /// The list form of `items` (up to draft 2019-09) as `prefixItems`; booleans, which say nothing strict, are left out.
    fn list_items(&mut self, place: &str, keyword: &str, held: &Value, depth: usize, out: &mut Map<String, Value>) {
        if held.is_array() && keyword == "items" {
            self.note(
                place,
                "items",
                "the list form is sent as `prefixItems`",
                Enforcer::Server,
            );
            let copy = self.copied(place, "items", held, depth);
            out.insert("prefixItems".to_owned(), copy);
        } else {
            self.note(
                place,
                keyword,
                "strict modes take only objects as schemas",
                Enforcer::Local,
            );
        }
    }

    /// An `allOf` written as one schema, if its entries can be one; `None` leaves it as it is.
    pub fn all_of(&mut self, pointer: &str, map: &Map<String, Value>, depth: usize) -> Option<Value> {
        let entries = map.get("allOf")?.as_array()?;
        let alone = map
            .keys()
            .all(|keyword| keyword == "allOf" || keyword == "description" || is_noise(keyword));
        if entries.len() == 1 && alone {
            self.note(
                pointer,
                "allOf",
                "its single entry is written in its place",
                Enforcer::Server,
            );
            let body = self.write(&format!("{pointer}/allOf/0"), depth);
            return Some(self.annotated(pointer, body, map));
        }
        if let Some(parts) = self.parts(pointer) {
            self.note(
                pointer,
                "allOf",
                "its entries are written as one schema",
                Enforcer::Server,
            );
            return Some(self.merged(&parts, depth));
        }
        self.note(
            pointer,
            "allOf",
            "strict modes may refuse it, and its entries contradict each other as one schema",
            Enforcer::Local,
        );
        None
    }

    /// The places that the schema at `pointer` consists of, through `$ref` and `allOf`, if their keywords do not collide.
    pub fn parts(&self, pointer: &str) -> Option<Vec<String>> {
        let mut parts = Vec::new();
        let mut open = vec![pointer.to_owned()];
        while let Some(place) = open.pop() {
            let map = self.source(&place)?.as_object()?;
            let count = map.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
            open.extend((0..count).rev().map(|index| format!("{place}/allOf/{index}")));
            open.extend(self.refs().target(&place).map(str::to_owned));
            parts.push(place);
            if parts.len() > 256 {
                return None;
            }
        }
        let mut seen: HashSet<&str> = HashSet::new();
        let mut properties: HashSet<&str> = HashSet::new();
        let mut kind: Option<&Value> = None;
        for (keyword, held) in parts.iter().filter_map(|part| self.source(part)?.as_object()).flatten() {
            let fits = match keyword.as_str() {
                "properties" => held.as_object()?.keys().all(|name| properties.insert(name)),
                "type" => kind.replace(held).is_none_or(|other| other == held),
                "required" | "allOf" | "description" | "additionalProperties" => true,
                name if name.starts_with('$') || name == "definitions" || is_noise(name) => true,
                name => seen.insert(name),
            };
            if !fits {
                return None;
            }
        }
        Some(parts)
    }

    /// Closes an object and requires all its properties; the optional ones become nullable.
    pub fn close(&mut self, parts: &[String], depth: usize, out: &mut Map<String, Value>) {
        let first = parts.first().map_or("", String::as_str);
        let has_type = |name: &Value| {
            name == "object"
                || name
                    .as_array()
                    .is_some_and(|list| list.iter().any(|one| one == "object"))
        };
        if !out.contains_key("properties") && !out.get("type").is_some_and(has_type) {
            return;
        }
        let explicit = parts.iter().filter_map(|part| self.source(part)).any(is_open_map);
        let free = !out.contains_key("properties") && !out.contains_key("additionalProperties");
        if explicit || free {
            let reason = "free keys cannot be expressed strictly; left as written, and strict servers may refuse it";
            self.note(first, "additionalProperties", reason, Enforcer::Local);
        } else if out.insert("additionalProperties".to_owned(), Value::Bool(false)) != Some(Value::Bool(false)) {
            self.note(
                first,
                "additionalProperties",
                "strict modes ask for closed objects",
                Enforcer::Server,
            );
        }
        // An object inside an `allOf` that could not be merged would be closed against its neighbours.
        if first
            .rsplit_once('/')
            .is_some_and(|(above, _)| above.ends_with("/allOf"))
            && depth > 0
            && !explicit
        {
            out.remove("additionalProperties");
        }
        self.require_all(parts, out);
    }

    fn require_all(&mut self, parts: &[String], out: &mut Map<String, Value>) {
        let sources: Vec<_> = parts
            .iter()
            .filter_map(|part| Some((part, self.source(part)?)))
            .collect();
        let required: HashSet<&str> = sources
            .iter()
            .filter_map(|(_, source)| source.get("required")?.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut places: Vec<(String, &str)> = Vec::new();
        for (part, source) in &sources {
            let names = source
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten();
            places.extend(names.map(|(name, _)| (join(&join(part, "properties"), name), name.as_str())));
        }
        for (place, name) in &places {
            if !required.contains(name) {
                self.make_nullable(place, name, out);
            }
        }
        let known: HashSet<&str> = places.iter().map(|(_, name)| *name).collect();
        if required.iter().any(|name| !known.contains(name)) {
            let first = parts.first().map_or("", String::as_str);
            self.note(
                first,
                "required",
                "names without a property cannot be required of a closed object",
                Enforcer::Local,
            );
        }
        if out.contains_key("properties") {
            let names = places.iter().map(|(_, name)| Value::from(*name)).collect();
            out.insert("required".to_owned(), Value::Array(names));
        }
    }

    /// Makes an optional property nullable, if the schema as written does not allow `null` there already.
    fn make_nullable(&mut self, place: &str, name: &str, out: &mut Map<String, Value>) {
        let undo = (!self.admits.admits(place, Type::Null)).then_some(Undo::DropNull);
        let reason = match undo {
            Some(_) => "strict modes require every property: it is nullable instead, and `null` means absent",
            None => "strict modes require every property; it may be `null`",
        };
        self.change(Change {
            pointer: place.to_owned(),
            keyword: "required".to_owned(),
            reason: reason.to_owned(),
            enforcer: Enforcer::Server,
            undo,
        });
        if undo.is_some()
            && let Some(property) = out
                .get_mut("properties")
                .and_then(|properties| properties.get_mut(name))
        {
            let schema = property.take();
            *property = nullable(schema);
        }
    }
}

/// A schema that also takes `null`: by its `type` where that is enough, else as one of two alternatives.
fn nullable(schema: Value) -> Value {
    let absent = json!({"type": "null"});
    let Value::Object(mut map) = schema else {
        return json!({"anyOf": [schema, absent]});
    };
    let combined = ["$ref", "allOf", "anyOf", "const"]
        .iter()
        .any(|keyword| map.contains_key(*keyword));
    if !combined && let Some(kind) = map.get_mut("type") {
        match kind {
            Value::Array(names) => names.push(Value::from("null")),
            name => *name = json!([name.take(), "null"]),
        }
        if let Some(Value::Array(values)) = map.get_mut("enum") {
            values.push(Value::Null);
        }
        return Value::Object(map);
    }
    let only_alternatives = map.keys().all(|keyword| keyword == "anyOf" || keyword == "description");
    if only_alternatives && let Some(Value::Array(alternatives)) = map.get_mut("anyOf") {
        alternatives.push(absent);
        return Value::Object(map);
    }
    let description = map.shift_remove("description");
    let mut outer = json!({"anyOf": [Value::Object(map), absent]});
    if let Some(description) = description {
        outer["description"] = description;
    }
    outer
}
