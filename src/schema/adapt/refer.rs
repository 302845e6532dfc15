//! References in the copy: kept, replaced by their targets, or written out; and the definitions that are left.
//!
//! Owns the names of definitions and the bounds of inlining.

use super::write::{Writer, is_annotation};
use crate::json::pointer::{join, tokens};
use crate::verdict::Enforcer;
use serde_json::{Map, Value, json};

/// Levels of the copy past which references are kept rather than inlined.
const INLINE_DEPTH: usize = 32;
/// Schemas of the copy past which references are kept: inlining can double at every step.
const INLINE_NODES: usize = 4_000;

impl Writer<'_> {
    /// The definitions that the copy refers to, each written once.
    pub fn definitions(&mut self) -> Map<String, Value> {
        let mut written = Map::new();
        let mut next = 0;
        while let Some(target) = self.targets.get(next).cloned() {
            next += 1;
            let body = self.write(&target, 1);
            if let Some(name) = self.names.get(&target) {
                written.insert(name.clone(), body);
            }
        }
        written
    }

    /// A reference to the root, if something refers to it.
    pub fn definition_of_root(&self) -> Option<Value> {
        self.names
            .get("")
            .map(|name| json!({"$ref": format!("#/$defs/{name}")}))
    }

    /// Lists the definitions that nothing refers to any more.
    pub fn note_dropped_definitions(&mut self) {
        for keyword in ["$defs", "definitions"] {
            let base = join("", keyword);
            for name in self
                .source(&base)
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .map(|(name, _)| name)
            {
                let pointer = join(&base, name);
                if !self.names.contains_key(&pointer) {
                    self.note(
                        &pointer,
                        keyword,
                        "nothing in the schema as sent refers to it",
                        Enforcer::Local,
                    );
                }
            }
        }
    }

    /// A schema with a `$ref`.
    pub fn reference(&mut self, pointer: &str, map: &Map<String, Value>, target: &str, depth: usize) -> Value {
        let siblings = !self.schema.draft().ref_hides_siblings() && map.keys().any(|keyword| !is_annotation(keyword));
        if siblings && !self.rewrite.strict && !self.rewrite.inline {
            let mut beside = self.merged(&[pointer.to_owned()], depth);
            beside["$ref"] = self.kept(pointer, map, target);
            return beside;
        }
        if siblings {
            if let Some(parts) = self.parts(pointer) {
                self.note(
                    pointer,
                    "$ref",
                    "written out together with the keywords beside it",
                    Enforcer::Server,
                );
                return self.merged(&parts, depth);
            }
            for keyword in map.keys().filter(|keyword| !is_annotation(keyword)) {
                self.note(
                    pointer,
                    keyword,
                    "strict modes take no keywords beside `$ref`",
                    Enforcer::Local,
                );
            }
        }
        let body = if self.expands(target, depth) {
            self.note(pointer, "$ref", "replaced by its target", Enforcer::Server);
            self.write(target, depth + 1)
        } else {
            json!({"$ref": self.kept(pointer, map, target)})
        };
        self.annotated(pointer, body, map)
    }

    /// The address under which the target of a reference is sent.
    fn kept(&mut self, pointer: &str, map: &Map<String, Value>, target: &str) -> Value {
        let address = format!("#/$defs/{}", self.name(target));
        if map.get("$ref").and_then(Value::as_str) != Some(&address) {
            self.note(
                pointer,
                "$ref",
                &format!("its target is sent as `{address}`"),
                Enforcer::Server,
            );
        }
        Value::from(address)
    }

    /// Whether a reference is replaced by its target: always at the root, else where inlining is asked for and can end.
    fn expands(&self, target: &str, depth: usize) -> bool {
        let small = depth < INLINE_DEPTH && self.nodes < INLINE_NODES;
        let root = depth == 0 && (self.rewrite.strict || self.rewrite.wrap);
        root || (self.rewrite.inline && small && !self.recursive.contains(target))
    }

    /// The name of a definition, which will be written.
    fn name(&mut self, target: &str) -> String {
        if let Some(name) = self.names.get(target) {
            return name.clone();
        }
        let last = tokens(target)
            .last()
            .map_or_else(|| self.schema.name().to_owned(), std::borrow::Cow::into_owned);
        let clean: String = last
            .chars()
            .map(|letter| {
                if letter.is_ascii_alphanumeric() || "_-.".contains(letter) {
                    letter
                } else {
                    '_'
                }
            })
            .collect();
        let mut name = clean.clone();
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{clean}_{count}");
        }
        self.names.insert(target.to_owned(), name.clone());
        self.targets.push(target.to_owned());
        name
    }
}
