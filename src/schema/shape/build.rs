//! Building the map of fields.
//!
//! A node stands for one or several places of the schema that judge the same value (a property that two `allOf` entries, or two
//! alternatives, both describe). Nodes are made from a queue, so recursion in the schema becomes cycles of ids.

use super::super::refs::Refs;
use super::super::{Draft, walk};
use super::admits::Admits;
use super::{Member, Shape, ShapeId, ShapeNode, Type};
use crate::json::pointer::join;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Past this many nodes, places that share a value are no longer combined, which bounds the number by the places.
const MANY: usize = 10_000;

/// What one place contributes, as it is collected.
#[derive(Default)]
struct Parts {
    node: ShapeNode,
    /// Name → places, in order of appearance.
    members: Vec<(String, Vec<String>)>,
    at: HashMap<String, usize>,
    required: HashSet<String>,
    items: Vec<String>,
    prefix: Vec<Vec<String>>,
    additional: Vec<String>,
    /// Keys may match a pattern, so that what is not a member is not known.
    patterned: bool,
}

struct Builder<'a> {
    root: &'a Value,
    draft: Draft,
    refs: &'a Refs,
    ids: HashMap<Vec<String>, ShapeId>,
    queue: Vec<Vec<String>>,
    admits: Admits<'a>,
}

impl Shape {
    /// Maps a checked schema.
    pub(crate) fn build(root: &Value, draft: Draft, refs: &Refs) -> Self {
        let mut builder = Builder {
            root,
            draft,
            refs,
            ids: HashMap::new(),
            queue: Vec::new(),
            admits: Admits::new(root, draft, refs),
        };
        builder.id(vec![String::new()]);
        let mut shape = Self {
            nodes: Vec::new(),
            index: Vec::new(),
            places: Vec::new(),
        };
        while let Some(places) = builder.queue.get(shape.nodes.len()).cloned() {
            let node = builder.node(&places);
            shape.index.push(
                node.members
                    .iter()
                    .enumerate()
                    .map(|(at, member)| (member.name.clone(), at))
                    .collect(),
            );
            shape.nodes.push(node);
        }
        shape.places = builder.queue;
        shape
    }
}

impl Builder<'_> {
    /// The id of the node for `places`; a new one is queued.
    fn id(&mut self, mut places: Vec<String>) -> ShapeId {
        // Alternatives that come back to the same place name its members again: without this their number would double at each level.
        let mut seen = HashSet::new();
        places.retain(|place| seen.insert(place.clone()));
        if self.queue.len() > MANY {
            places.truncate(1);
        }
        let next = ShapeId(self.queue.len() as u32);
        let id = *self.ids.entry(places.clone()).or_insert(next);
        if id == next {
            self.queue.push(places);
        }
        id
    }

    fn node(&mut self, places: &[String]) -> ShapeNode {
        let mut parts = Parts::default();
        let mut seen = HashSet::new();
        for place in places {
            self.collect(place, false, &mut parts, &mut seen);
        }
        let mut node = parts.node;
        node.pointer = places.first().cloned().unwrap_or_default();
        node.types = self.types(places);
        node.nullable = places.iter().any(|place| self.admits.admits(place, Type::Null));
        for (name, places) in parts.members {
            let required = parts.required.contains(&name);
            node.members.push(Member {
                shape: self.id(places),
                name,
                required,
            });
        }
        let mut optional = |places: Vec<String>| (!places.is_empty()).then(|| self.id(places));
        node.items = optional(parts.items);
        node.additional = optional(if parts.patterned { Vec::new() } else { parts.additional });
        node.prefix = parts.prefix.into_iter().map(|places| self.id(places)).collect();
        node
    }

    /// The types that every place allows; empty when that is all of them.
    fn types(&mut self, places: &[String]) -> Vec<Type> {
        let mut types = Type::ALL.to_vec();
        types.retain(|kind| places.iter().any(|place| self.admits.admits(place, *kind)));
        if types.len() == Type::ALL.len() {
            types.clear();
        }
        if types.contains(&Type::Number) {
            // Every integer is a number: naming both says nothing more.
            types.retain(|kind| *kind != Type::Integer);
        }
        types
    }

    /// Adds what the schema at `place` says; `loose` when it need not hold (an alternative). What was added for this node before adds
    /// nothing, and is in `seen`.
    fn collect(&self, place: &str, loose: bool, parts: &mut Parts, seen: &mut HashSet<(String, bool)>) {
        let Some(Value::Object(schema)) = self.root.pointer(place) else {
            return;
        };
        if !seen.insert((place.to_owned(), loose)) {
            return;
        }
        if let Some(Value::String(text)) = schema.get("description") {
            parts.node.description.get_or_insert_with(|| text.clone());
        }
        let hidden = schema.contains_key("$ref") && self.draft.ref_hides_siblings();
        if !hidden {
            own(schema, place, loose, parts);
        }
        if let Some(target) = self.refs.target(place) {
            self.collect(target, loose, parts, seen);
        }
        if !hidden {
            self.combined(schema, place, loose, parts, seen);
        }
    }

    /// The subschemas that judge the same value.
    fn combined(
        &self,
        schema: &serde_json::Map<String, Value>,
        place: &str,
        loose: bool,
        parts: &mut Parts,
        seen: &mut HashSet<(String, bool)>,
    ) {
        let whole = self.root.pointer(place).unwrap_or(&Value::Null);
        let subs = walk::subschemas(whole, place);
        for keyword in ["anyOf", "oneOf"] {
            let real: Vec<&str> = subs
                .iter()
                .filter(|sub| sub.keyword == keyword && !only_null(sub.schema))
                .map(|sub| sub.pointer.as_str())
                .collect();
            let alternatives = real.len() > 1;
            parts.node.branches |= alternatives;
            for pointer in real {
                self.collect(pointer, loose || alternatives, parts, seen);
            }
        }
        let conditional = schema.contains_key("if");
        for sub in &subs {
            match sub.keyword {
                "allOf" => self.collect(&sub.pointer, loose, parts, seen),
                "then" | "else" if conditional => {
                    parts.node.branches = true;
                    self.collect(&sub.pointer, true, parts, seen);
                }
                "dependentSchemas" | "dependencies" => {
                    parts.node.branches = true;
                    self.collect(&sub.pointer, true, parts, seen);
                }
                _ => {}
            }
        }
    }
}

/// What a schema says by its own keywords.
fn own(schema: &serde_json::Map<String, Value>, place: &str, loose: bool, parts: &mut Parts) {
    let limited =
        |value: &Value| value.is_string() || value.as_array().is_some_and(|list| list.iter().any(Value::is_string));
    parts.node.is_enum |= ["enum", "const"]
        .iter()
        .any(|keyword| schema.get(*keyword).is_some_and(limited));
    if let Some(Value::Object(properties)) = schema.get("properties") {
        let base = join(place, "properties");
        for name in properties.keys() {
            let next = parts.members.len();
            let at = *parts.at.entry(name.clone()).or_insert(next);
            if at == next {
                parts.members.push((name.clone(), Vec::new()));
            }
            parts.members[at].1.push(join(&base, name));
        }
    }
    if let Some(Value::Array(names)) = schema.get("required").filter(|_| !loose) {
        parts
            .required
            .extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    parts.patterned |= schema.contains_key("patternProperties");
    if schema.get("additionalProperties").is_some_and(Value::is_object) {
        parts.additional.push(join(place, "additionalProperties"));
    }
    let (prefix, rest) = match schema.get("items") {
        Some(Value::Array(list)) => (Some(("items", list.len())), "additionalItems"),
        Some(_) | None => (
            schema
                .get("prefixItems")
                .and_then(Value::as_array)
                .map(|list| ("prefixItems", list.len())),
            "items",
        ),
    };
    if let Some((keyword, length)) = prefix {
        parts.prefix.resize(parts.prefix.len().max(length), Vec::new());
        for (index, places) in parts.prefix.iter_mut().enumerate().take(length) {
            places.push(format!("{place}/{keyword}/{index}"));
        }
    }
    if schema.get(rest).is_some_and(Value::is_object) {
        parts.items.push(join(place, rest));
    }
}

/// Whether a schema lets through nothing but `null`.
fn only_null(schema: &Value) -> bool {
    let null =
        |held: &Value| held == "null" || held.as_array().is_some_and(|list| list.len() == 1 && list[0] == "null");
    let is_null = |held: &Value| held.is_null() || held.as_array().is_some_and(|list| list.iter().all(Value::is_null));
    schema.get("type").is_some_and(null)
        || schema.get("const").is_some_and(Value::is_null)
        || schema.get("enum").is_some_and(|held| !held.is_null() && is_null(held))
}
