//! What one place of a schema says by its own keywords, collected for a node of the map.
//!
//! Owns reading the keywords. Which places make up a node is `build`'s business.

use super::build::Body;
use crate::json::pointer::join;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// What one place contributes, as it is collected.
#[derive(Default)]
pub struct Parts {
    pub node: Body,
    /// Name → places, in order of appearance.
    pub members: Vec<(String, Vec<String>)>,
    pub at: HashMap<String, usize>,
    pub required: HashSet<String>,
    pub items: Vec<String>,
    pub prefix: Vec<Vec<String>>,
    pub additional: Vec<String>,
    /// Keys may match a pattern, so that what is not a member is not known.
    pub patterned: bool,
}

impl Parts {
    /// Takes in what the schema at `place` says by its own keywords; `loose` when it need not hold.
    pub fn own(&mut self, schema: &Map<String, Value>, place: &str, loose: bool) {
        let limited =
            |value: &Value| value.is_string() || value.as_array().is_some_and(|list| list.iter().any(Value::is_string));
        self.node.is_enum |= ["enum", "const"]
            .iter()
            .any(|keyword| schema.get(*keyword).is_some_and(limited));
        if let Some(Value::Object(properties)) = schema.get("properties") {
            let base = join(place, "properties");
            for name in properties.keys() {
                let next = self.members.len();
                let at = *self.at.entry(name.clone()).or_insert(next);
                if at == next {
                    self.members.push((name.clone(), Vec::new()));
                }
                self.members[at].1.push(join(&base, name));
            }
        }
        if let Some(Value::Array(names)) = schema.get("required").filter(|_| !loose) {
            self.required
                .extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        self.patterned |= schema.contains_key("patternProperties");
        if schema.get("additionalProperties").is_some_and(Value::is_object) {
            self.additional.push(join(place, "additionalProperties"));
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
            self.prefix.resize(self.prefix.len().max(length), Vec::new());
            for (index, places) in self.prefix.iter_mut().enumerate().take(length) {
                places.push(format!("{place}/{keyword}/{index}"));
            }
        }
        if schema.get(rest).is_some_and(Value::is_object) {
            self.items.push(join(place, rest));
        }
    }
}
