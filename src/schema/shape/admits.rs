//! Which JSON types a subschema lets through.
//!
//! Owns a static answer from `type`, `enum`, `const` and the combinators; what other keywords refuse is not seen.

use super::super::Draft;
use super::super::refs::Refs;
use super::Type;
use crate::json::pointer::join;
use serde_json::Value;
use std::collections::HashMap;

/// The answers for one schema, kept once found: definitions that share definitions would be asked over and over.
pub(crate) struct Admits<'a> {
    root: &'a Value,
    draft: Draft,
    refs: &'a Refs,
    known: HashMap<(String, Type), bool>,
}

impl<'a> Admits<'a> {
    /// About a checked schema.
    pub fn new(root: &'a Value, draft: Draft, refs: &'a Refs) -> Self {
        Self {
            root,
            draft,
            refs,
            known: HashMap::new(),
        }
    }

    /// Whether the schema at `place` lets values of a type through, as far as `type`, `enum`, `const` and the combinators say.
    pub fn admits(&mut self, place: &str, kind: Type) -> bool {
        let key = (place.to_owned(), kind);
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let admits = self.admits_anew(place, kind);
        self.known.insert(key, admits);
        admits
    }

    /// As `admits`. Ends because endless references were refused before.
    fn admits_anew(&mut self, place: &str, kind: Type) -> bool {
        let schema = match self.root.pointer(place) {
            Some(Value::Object(schema)) => schema,
            Some(other) => return other != &Value::Bool(false),
            None => return true,
        };
        let refs = self.refs;
        if refs.target(place).is_some_and(|target| !self.admits(target, kind)) {
            return false;
        }
        if schema.contains_key("$ref") && self.draft.ref_hides_siblings() {
            return true;
        }
        let named = schema.get("type").is_none_or(|types| names(types, kind));
        let listed = schema
            .get("enum")
            .and_then(Value::as_array)
            .is_none_or(|list| list.iter().any(|value| is(value, kind)));
        let fixed = schema.get("const").is_none_or(|value| is(value, kind));
        let mut admitted = named && listed && fixed;
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let Some(count) = schema.get(keyword).and_then(Value::as_array).map(Vec::len) else {
                continue;
            };
            let base = join(place, keyword);
            let mut each = (0..count).map(|index| self.admits(&format!("{base}/{index}"), kind));
            admitted = admitted
                && if keyword == "allOf" {
                    each.all(|yes| yes)
                } else {
                    each.any(|yes| yes)
                };
        }
        admitted
    }
}

/// Whether the value of `type` names a type, integers being numbers.
fn names(types: &Value, kind: Type) -> bool {
    let matches = |name: &Value| name == kind.as_str() || (kind == Type::Integer && name == "number");
    matches(types) || types.as_array().is_some_and(|list| list.iter().any(matches))
}

/// Whether a value is of a type.
fn is(value: &Value, kind: Type) -> bool {
    match kind {
        Type::Null => value.is_null(),
        Type::Boolean => value.is_boolean(),
        Type::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Type::Number => value.is_number(),
        Type::String => value.is_string(),
        Type::Array => value.is_array(),
        Type::Object => value.is_object(),
    }
}
