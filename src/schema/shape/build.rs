//! Building the map of fields.
//!
//! A node stands for one or several places of the schema that judge the same value (a property that two `allOf` entries, or two
//! alternatives, both describe). Nodes are made from a queue, so recursion in the schema becomes cycles of ids. What a place says that
//! only refers to another is made once, for the goal, and shared: a definition of a thousand members that is referred to a thousand
//! times would have a million otherwise.

use super::super::refs::Refs;
use super::super::{Draft, walk};
use super::admits::Admits;
use super::parts::Parts;
use super::{Member, Shape, ShapeId, ShapeNode, Type};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Past this many nodes, places that share a value are no longer combined, which bounds the number by the places.
const MANY: usize = 10_000;

/// Past this many members in all nodes, references beside members of a place's own are no longer seen through. No flat schema has as
/// many within the limit of its text.
const MOST_MEMBERS: usize = 250_000;

/// The keywords that say what a value is made of. A reference beside others only is its goal.
const STRUCTURE: [&str; 17] = [
    "properties",
    "patternProperties",
    "additionalProperties",
    "required",
    "items",
    "prefixItems",
    "additionalItems",
    "anyOf",
    "oneOf",
    "allOf",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependencies",
    "enum",
    "const",
];

/// What a node is made of, shared by all places that come down to the same.
#[derive(Clone, Default)]
pub(super) struct Body {
    pub members: Arc<[Member]>,
    pub index: Arc<HashMap<String, usize>>,
    pub items: Option<ShapeId>,
    pub prefix: Arc<[ShapeId]>,
    pub additional: Option<ShapeId>,
    pub is_enum: bool,
    pub branches: bool,
    pub description: Option<String>,
}

struct Builder<'a> {
    root: &'a Value,
    draft: Draft,
    refs: &'a Refs,
    ids: HashMap<Vec<String>, ShapeId>,
    queue: Vec<Vec<String>>,
    /// What was made for which goals.
    bodies: HashMap<Vec<String>, Body>,
    /// Members in all bodies.
    members: usize,
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
            bodies: HashMap::new(),
            members: 0,
            admits: Admits::new(root, draft, refs),
        };
        builder.id(vec![String::new()]);
        let mut shape = Self {
            nodes: Vec::new(),
            index: Vec::new(),
            places: Vec::new(),
        };
        while let Some(places) = builder.queue.get(shape.nodes.len()).cloned() {
            let (node, index) = builder.node(&places);
            shape.index.push(index);
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

    /// The node for `places`, and where its members stand.
    fn node(&mut self, places: &[String]) -> (ShapeNode, Arc<HashMap<String, usize>>) {
        let mut description = None;
        let goals: Vec<String> = places
            .iter()
            .map(|place| self.goal(place, &mut description).to_owned())
            .collect();
        let body = self.body(goals);
        let node = ShapeNode {
            pointer: places.first().cloned().unwrap_or_default(),
            types: self.types(places),
            members: body.members,
            items: body.items,
            prefix: body.prefix,
            additional: body.additional,
            is_enum: body.is_enum,
            nullable: places.iter().any(|place| self.admits.admits(place, Type::Null)),
            description: description.or(body.description),
            branches: body.branches,
        };
        (node, body.index)
    }

    /// The place that the one at `place` comes down to, through references that stand alone. The first description on the way is put
    /// into `description`.
    fn goal<'a>(&'a self, place: &'a str, description: &mut Option<String>) -> &'a str {
        let mut at = place;
        loop {
            let Some(Value::Object(schema)) = self.root.pointer(at) else {
                return at;
            };
            if let Some(Value::String(text)) = schema.get("description") {
                description.get_or_insert_with(|| text.clone());
            }
            let alone = self.hides(schema) || !STRUCTURE.iter().any(|keyword| schema.contains_key(*keyword));
            match self.refs.target(at) {
                Some(target) if alone => at = target,
                Some(_) | None => return at,
            }
        }
    }

    /// Whether the `$ref` of a schema hides what stands beside it.
    fn hides(&self, schema: &Map<String, Value>) -> bool {
        schema.contains_key("$ref") && self.draft.ref_hides_siblings()
    }

    /// What the goals of a node's places say together.
    fn body(&mut self, goals: Vec<String>) -> Body {
        if let Some(body) = self.bodies.get(&goals) {
            return body.clone();
        }
        let mut parts = Parts::default();
        let mut seen = HashSet::new();
        for goal in &goals {
            self.collect(goal, false, &mut parts, &mut seen);
        }
        self.members += parts.members.len();
        let mut body = parts.node;
        let members = parts.members.into_iter().map(|(name, places)| Member {
            required: parts.required.contains(&name),
            shape: self.id(places),
            name,
        });
        body.members = members.collect();
        body.index = Arc::new(parts.at);
        let mut optional = |places: Vec<String>| (!places.is_empty()).then(|| self.id(places));
        body.items = optional(parts.items);
        body.additional = optional(if parts.patterned { Vec::new() } else { parts.additional });
        body.prefix = parts.prefix.into_iter().map(|places| self.id(places)).collect();
        self.bodies.insert(goals, body.clone());
        body
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
        let hidden = self.hides(schema);
        if !hidden {
            parts.own(schema, place, loose);
        }
        if let Some(target) = self.refs.target(place).filter(|_| self.members <= MOST_MEMBERS) {
            self.collect(target, loose, parts, seen);
        }
        if !hidden {
            self.combined(schema, place, loose, parts, seen);
        }
    }

    /// The subschemas that judge the same value.
    fn combined(
        &self,
        schema: &Map<String, Value>,
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

/// Whether a schema lets through nothing but `null`.
fn only_null(schema: &Value) -> bool {
    let null =
        |held: &Value| held == "null" || held.as_array().is_some_and(|list| list.len() == 1 && list[0] == "null");
    let is_null = |held: &Value| held.is_null() || held.as_array().is_some_and(|list| list.iter().all(Value::is_null));
    schema.get("type").is_some_and(null)
        || schema.get("const").is_some_and(Value::is_null)
        || schema.get("enum").is_some_and(|held| !held.is_null() && is_null(held))
}
