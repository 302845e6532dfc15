//! How much work judging a value can be, found out before it is begun.
//!
//! A validator tries every alternative at every level, so that a schema whose alternatives come back to themselves doubles the work with
//! each level of a value. Owns the counting of those steps, which itself takes one look at each pair of a schema and a part of the
//! value; schemas that do not come back to themselves cannot double anything and are not counted.

use super::refs::Refs;
use super::walk::{self, Place};
use crate::json::pointer::tokens;
use serde_json::Value;
use std::collections::HashMap;

/// The most steps that judging one value may take.
pub(crate) const MOST: u64 = 5_000_000;

/// The subschemas of one schema, by what they look at.
#[derive(Default)]
struct Subs {
    /// The very same value.
    same: Vec<usize>,
    /// Members by name.
    members: HashMap<String, usize>,
    /// Members without a name of their own.
    additional: Vec<usize>,
    /// Any member.
    any: Vec<usize>,
    /// Items by index.
    prefix: Vec<usize>,
    /// The items after those.
    items: Vec<usize>,
    /// Every item.
    each: Vec<usize>,
}

/// A schema as a graph of what judges what.
pub(crate) struct Work {
    places: Vec<Subs>,
    numbers: HashMap<String, usize>,
}

/// Steps that are known: those of a place at a container, which is told by its address.
type Known = HashMap<(usize, *const Value), u64>;

impl Work {
    /// The graph of a checked schema; `None` when nothing in it comes back to itself.
    pub fn of(root: &Value, refs: &Refs) -> Option<Self> {
        if super::adapt::recursive_targets(refs).is_empty() {
            return None;
        }
        let positions = refs.positions().iter().enumerate();
        let numbers: HashMap<String, usize> = positions.map(|(at, place)| (place.clone(), at)).collect();
        let place = |pointer: &String| {
            let mut place = Subs::default();
            place
                .same
                .extend(refs.target(pointer).and_then(|target| numbers.get(target)));
            for sub in root
                .pointer(pointer)
                .map(|schema| walk::subschemas(schema, pointer))
                .unwrap_or_default()
            {
                if let Some(&at) = numbers.get(&sub.pointer) {
                    place.take(&sub, at);
                }
            }
            place
        };
        let places = refs.positions().iter().map(place).collect();
        Some(Self { places, numbers })
    }

    /// Whether judging `value` by the schema at `pointer` may take more than [`MOST`] steps. Its recursion is that of judging itself.
    pub fn is_too_much(&self, pointer: &str, value: &Value) -> bool {
        let place = self.numbers.get(pointer);
        place.is_some_and(|place| self.steps(*place, value, &mut Known::new()) > MOST)
    }

    fn steps(&self, place: usize, value: &Value, known: &mut Known) -> u64 {
        let key = (place, std::ptr::from_ref(value));
        if let Some(steps) = known.get(&key) {
            return *steps;
        }
        let here = &self.places[place];
        let mut steps = 1_u64;
        let mut add = |places: &[usize], value: &Value, known: &mut Known| {
            for place in places {
                steps = steps.saturating_add(self.steps(*place, value, known));
            }
        };
        add(&here.same, value, known);
        match value {
            Value::Object(members) => {
                for (name, held) in members {
                    match here.members.get(name) {
                        Some(place) => add(&[*place], held, known),
                        None => add(&here.additional, held, known),
                    }
                    add(&here.any, held, known);
                }
            }
            Value::Array(items) => {
                for (index, held) in items.iter().enumerate() {
                    match here.prefix.get(index) {
                        Some(place) => add(&[*place], held, known),
                        None => add(&here.items, held, known),
                    }
                    add(&here.each, held, known);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return steps,
        }
        known.insert(key, steps);
        steps
    }
}

impl Subs {
    fn take(&mut self, sub: &walk::Sub<'_>, at: usize) {
        let last = tokens(&sub.pointer).last().unwrap_or_default().into_owned();
        match (sub.place, sub.keyword) {
            (Place::Same, _) => self.same.push(at),
            (Place::Defined, _) | (_, "propertyNames") => {}
            (_, "properties") => drop(self.members.insert(last, at)),
            (_, "additionalProperties" | "unevaluatedProperties") => self.additional.push(at),
            (_, "patternProperties") => self.any.push(at),
            (_, "contains") => self.each.push(at),
            (_, keyword) if keyword == last => self.items.push(at),
            (_, _) => self.prefix.push(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Schema;
    use super::*;
    use serde_json::json;

    /// A value nested so deep, with what no alternative takes at its bottom.
    fn nested(depth: usize) -> Value {
        (0..depth).fold(json!(1), |value, _| json!({"child": value}))
    }

    fn doubling() -> Schema {
        let alternative = json!({"type": "object", "properties": {"child": {"$ref": "#"}}});
        Schema::load(&json!({"anyOf": [alternative, alternative]}).to_string(), None).unwrap()
    }

    #[test]
    fn doubling_alternatives_end_in_an_error_rather_than_never() {
        let schema = doubling();
        assert_eq!(schema.judge(&nested(4))[0].keyword, "anyOf");
        for depth in [30, 120] {
            let violations = schema.judge(&nested(depth));
            assert_eq!(violations.len(), 1);
            assert!(
                violations[0].message.contains("alternatives"),
                "{}",
                violations[0].message
            );
        }
    }

    #[test]
    fn steps_are_counted_without_taking_them() {
        let schema = doubling();
        let work = Work::of(schema.value(), schema.refs()).unwrap();
        let mut known = Known::new();
        let value = nested(10);
        let root = work.numbers[""];
        // At each level the root, its two alternatives, and the property of each.
        let expected = (0..10).fold(3, |below, _| 5 + 2 * below);
        assert_eq!(work.steps(root, &value, &mut known), expected);
        assert!(known.len() <= 5 * 10);
    }

    #[test]
    fn long_values_of_ordinary_recursion_are_judged() {
        let schema = json!({
            "type": "object",
            "properties": {"name": {"type": "string"}, "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}, "all": {"items": {"$ref": "#"}}},
            "additionalProperties": false,
        });
        let schema = Schema::load(&schema.to_string(), None).unwrap();
        let one = json!({"name": "a", "next": {"name": "b", "next": null}});
        assert_eq!(schema.judge(&json!({"name": "all", "all": vec![one; 20_000]})), []);
        let flat = Schema::load("name, age int", None).unwrap();
        assert!(Work::of(flat.value(), flat.refs()).is_none());
    }
}
