//! Where every `$ref` of a schema leads, as pointers into the same document.
//!
//! Owns which references there are and how long they follow each other; resolving one is `index`'s. Nothing is fetched: a reference
//! that leaves the document is an error.

mod index;

use super::Draft;
use super::walk::{Place, subschemas};
use index::Index;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The resolved references of one schema.
#[derive(Debug, Default)]
pub(crate) struct Refs {
    /// Pointer of the object that holds the `$ref` → pointer of its target.
    targets: HashMap<String, String>,
    /// Every place that is a schema, in document order; targets in unusual places come last.
    positions: Vec<String>,
    /// See [`Refs::longest_chain`].
    longest_chain: usize,
    /// See [`Refs::most_steps`].
    most_steps: u64,
}

/// A reference that cannot be followed.
#[derive(Debug)]
pub(crate) struct BadRef {
    /// Pointer of the `$ref` keyword.
    pub pointer: String,
    /// A sentence.
    pub message: String,
}

impl Refs {
    /// Resolves every reference of `root`.
    ///
    /// # Errors
    /// The first reference, in document order, that leaves the document, leads nowhere, or can never end.
    pub fn resolve(root: &Value, draft: Draft) -> Result<Self, BadRef> {
        let mut index = Index::new(root, draft);
        let mut refs = Self::default();
        let mut next = 0;
        while let Some(place) = index.places.get(next).cloned() {
            next += 1;
            for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
                let Some(Value::String(text)) = root.pointer(&place.pointer).and_then(|schema| schema.get(keyword))
                else {
                    continue;
                };
                let target = index.target(root, &place.base, text).map_err(|message| BadRef {
                    pointer: format!("{}/{keyword}", place.pointer),
                    message,
                })?;
                index.walk(root, &target, &place.base);
                refs.targets.entry(place.pointer.clone()).or_insert(target);
            }
            refs.positions.push(place.pointer);
        }
        refs.measure(root).map_err(|pointer| BadRef {
            message: "this reference comes back to itself without looking at a part of the value, so it can never be decided; \
                      let it go through `properties` or `items`"
                .to_owned(),
            pointer,
        })?;
        Ok(refs)
    }

    /// Where the `$ref` of the schema at `pointer` leads, if it has one.
    pub fn target(&self, pointer: &str) -> Option<&str> {
        self.targets.get(pointer).map(String::as_str)
    }

    /// The place by whose schema the one at `pointer` judges: where it leads while it says nothing but `$ref`, else itself. Fields of
    /// one type then share its validator, rather than each compiling all that it refers to.
    pub fn judged_as<'a>(&'a self, root: &Value, pointer: &'a str) -> &'a str {
        let mut at = pointer;
        while let Some(target) = self.target(at) {
            let says_more = |map: &serde_json::Map<String, Value>| {
                let silent = ["$ref", "description", "title", "default"];
                map.keys().any(|keyword| !silent.contains(&keyword.as_str()))
            };
            let schema = root.pointer(at).and_then(Value::as_object);
            if schema.is_none_or(says_more) || !schema.is_some_and(|map| map.contains_key("$ref")) {
                break;
            }
            at = target;
        }
        at
    }

    /// Every reference: the pointer of the schema that holds it and that of its target, in no order.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.targets.iter().map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// Whether some reference is written as an address or an anchor rather than as `#` or `#/…`, so that it needs the `$id`s.
    pub fn need_ids(&self, root: &Value) -> bool {
        let by_pointer = |held: &Value| held.as_str().is_none_or(|text| text == "#" || text.starts_with("#/"));
        self.targets.keys().any(|place| {
            root.pointer(place)
                .and_then(|schema| schema.get("$ref"))
                .is_some_and(|held| !by_pointer(held))
        })
    }

    /// Every place of the document that is a schema.
    pub fn positions(&self) -> &[String] {
        &self.positions
    }

    /// The most steps, through references and combinators, that judge one and the same value one inside the other.
    pub fn longest_chain(&self) -> usize {
        self.longest_chain
    }

    /// How many schemas, counted each time they are met, judge one and the same value at most. Definitions that refer to each
    /// other twice double it at every step.
    pub fn most_steps(&self) -> u64 {
        self.most_steps
    }

    /// What judges the same value as the schema at `pointer`: its target and its in-place applicators.
    fn same_place(&self, root: &Value, pointer: &str) -> Vec<String> {
        let mut next: Vec<String> = self.target(pointer).map(str::to_owned).into_iter().collect();
        if let Some(schema) = root.pointer(pointer) {
            next.extend(
                subschemas(schema, pointer)
                    .into_iter()
                    .filter(|sub| sub.place == Place::Same)
                    .map(|sub| sub.pointer),
            );
        }
        next
    }

    /// Finds the longest chain of in-place steps, or a place on a cycle of them. Iterative: chains may be long.
    fn measure(&mut self, root: &Value) -> Result<(), String> {
        let mut known: HashMap<String, (usize, u64)> = HashMap::new();
        let mut open: HashSet<String> = HashSet::new();
        for start in &self.positions {
            let mut path: Vec<Step> = vec![Step::new(start.clone())];
            while let Some(step) = path.last_mut() {
                if step.next.is_none() && !open.insert(step.pointer.clone()) {
                    return Err(step.pointer.clone());
                }
                let next = step.next.get_or_insert_with(|| self.same_place(root, &step.pointer));
                if let Some(child) = next.pop() {
                    match known.get(&child) {
                        Some(&below) => step.add(below),
                        None => path.push(Step::new(child)),
                    }
                    continue;
                }
                open.remove(&step.pointer);
                let found = (step.height, step.steps);
                known.insert(std::mem::take(&mut step.pointer), found);
                path.pop();
                if let Some(parent) = path.last_mut() {
                    parent.add(found);
                }
            }
        }
        for (height, steps) in known.into_values() {
            self.longest_chain = self.longest_chain.max(height);
            self.most_steps = self.most_steps.max(steps);
        }
        Ok(())
    }
}

/// One place on the path of `Refs::measure`.
struct Step {
    pointer: String,
    /// Where it goes on in place; `None` before it was looked at.
    next: Option<Vec<String>>,
    /// The longest chain found below it.
    height: usize,
    /// Itself and all that is met below it.
    steps: u64,
}

impl Step {
    fn new(pointer: String) -> Self {
        Self {
            pointer,
            next: None,
            height: 0,
            steps: 1,
        }
    }

    /// Takes in what was found below a child.
    fn add(&mut self, (height, steps): (usize, u64)) {
        self.height = self.height.max(height + 1);
        self.steps = self.steps.saturating_add(steps);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn follows_pointers_anchors_and_ids() {
        let schema = json!({
            "$id": "https://example.com/root.json",
            "properties": {
                "a": {"$ref": "#/$defs/a%20b~1c"}, "b": {"$ref": "#here"}, "c": {"$ref": "other.json"},
                "d": {"$ref": "https://example.com/root.json#/$defs/other/properties/e"}, "e": {"$ref": "#"},
                "f": {"$ref": "#/x-parts/p"},
            },
            "$defs": {
                "a b/c": {}, "n": {"$anchor": "here"},
                "other": {"$id": "other.json", "properties": {"e": {"$ref": "#"}}},
            },
            "x-parts": {"p": {"items": {"$ref": "#/$defs/n"}}},
        });
        let refs = Refs::resolve(&schema, Draft::Draft202012).unwrap();
        for (from, to) in [
            ("/properties/a", "/$defs/a b~1c"),
            ("/properties/b", "/$defs/n"),
            ("/properties/c", "/$defs/other"),
            ("/properties/d", "/$defs/other/properties/e"),
            ("/properties/e", ""),
            ("/$defs/other/properties/e", "/$defs/other"),
            ("/x-parts/p/items", "/$defs/n"),
        ] {
            assert_eq!(refs.target(from), Some(to), "{from}");
        }
    }

    #[test]
    fn what_only_refers_is_judged_by_its_goal() {
        let schema = json!({
            "properties": {
                "a": {"$ref": "#/$defs/first", "description": "Said of a."}, "b": {"$ref": "#/$defs/goal", "minLength": 1}, "c": {},
            },
            "$defs": {"first": {"$ref": "#/$defs/goal"}, "goal": {"type": "string"}},
        });
        let refs = Refs::resolve(&schema, Draft::Draft202012).unwrap();
        for (place, goal) in [("a", "/$defs/goal"), ("b", "/properties/b"), ("c", "/properties/c")] {
            assert_eq!(refs.judged_as(&schema, &format!("/properties/{place}")), goal);
        }
    }

    #[test]
    fn refuses_what_leaves_leads_nowhere_or_never_ends() {
        for (schema, pointer, word) in [
            (json!({"$ref": "https://example.com/x.json"}), "/$ref", "outside"),
            (
                json!({"items": {"$ref": "file:///etc/passwd"}}),
                "/items/$ref",
                "outside",
            ),
            (json!({"$ref": "other.json#/a"}), "/$ref", "outside"),
            (json!({"$ref": "#/nowhere"}), "/$ref", "nowhere"),
            (json!({"$ref": "#nowhere"}), "/$ref", "nowhere"),
            (json!({"$ref": "#/title", "title": "x"}), "/$ref", "not a schema"),
        ] {
            let error = Refs::resolve(&schema, Draft::Draft202012).unwrap_err();
            assert_eq!(error.pointer, pointer, "{schema}");
            assert!(error.message.contains(word), "{schema}: {}", error.message);
        }
        for schema in [
            json!({"$ref": "#"}),
            json!({"anyOf": [{"type": "null"}, {"$ref": "#"}]}),
            json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}, "items": {"$ref": "#/$defs/a"}}),
        ] {
            let error = Refs::resolve(&schema, Draft::Draft202012).unwrap_err();
            assert!(error.message.contains("never"), "{schema}: {}", error.message);
        }
    }

    #[test]
    fn ordinary_recursion_and_long_chains_are_fine() {
        let mut defs = serde_json::Map::new();
        for n in 0..2000 {
            defs.insert(format!("d{n}"), json!({"$ref": format!("#/$defs/d{}", n + 1)}));
        }
        defs.insert(
            "d2000".to_owned(),
            json!({"properties": {"again": {"$ref": "#/$defs/d0"}}}),
        );
        let refs = Refs::resolve(&json!({"$defs": defs, "$ref": "#/$defs/d0"}), Draft::Draft202012).unwrap();
        assert_eq!(refs.target(""), Some("/$defs/d0"));
        assert_eq!(refs.longest_chain(), 2001);
        let shared = json!({"$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}, {"$ref": "#/$defs/b"}]}, "b": {}}});
        assert_eq!(Refs::resolve(&shared, Draft::Draft202012).unwrap().longest_chain(), 2);
        assert_eq!(Refs::resolve(&shared, Draft::Draft202012).unwrap().most_steps(), 5);
    }
}
