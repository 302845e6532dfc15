//! Which members of a schema object are schemas themselves.
//!
//! Owns the list of applicator keywords over all drafts; what to do with the subschemas is the callers' business.

use crate::json::pointer::join;
use serde_json::Value;

/// How a keyword's subschemas meet the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// They judge the very same value.
    Same,
    /// They judge a part of it: a member, an item or a key.
    Inside,
    /// They judge nothing by themselves.
    Defined,
}

/// What a keyword holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Schema,
    List,
    SchemaOrList,
    Map,
}

/// Every keyword that holds schemas, in the drafts 4 to 2020-12.
const APPLICATORS: [(&str, Holds, Place); 22] = [
    ("$defs", Holds::Map, Place::Defined),
    ("definitions", Holds::Map, Place::Defined),
    ("properties", Holds::Map, Place::Inside),
    ("patternProperties", Holds::Map, Place::Inside),
    ("additionalProperties", Holds::Schema, Place::Inside),
    ("propertyNames", Holds::Schema, Place::Inside),
    ("unevaluatedProperties", Holds::Schema, Place::Inside),
    ("items", Holds::SchemaOrList, Place::Inside),
    ("prefixItems", Holds::List, Place::Inside),
    ("additionalItems", Holds::Schema, Place::Inside),
    ("contains", Holds::Schema, Place::Inside),
    ("unevaluatedItems", Holds::Schema, Place::Inside),
    ("allOf", Holds::List, Place::Same),
    ("anyOf", Holds::List, Place::Same),
    ("oneOf", Holds::List, Place::Same),
    ("not", Holds::Schema, Place::Same),
    ("if", Holds::Schema, Place::Same),
    ("then", Holds::Schema, Place::Same),
    ("else", Holds::Schema, Place::Same),
    ("dependentSchemas", Holds::Map, Place::Same),
    ("dependencies", Holds::Map, Place::Same),
    ("contentSchema", Holds::Schema, Place::Defined),
];

/// One subschema of a schema object.
pub(crate) struct Sub<'a> {
    /// The keyword that holds it.
    pub keyword: &'static str,
    /// Its full pointer.
    pub pointer: String,
    /// The subschema: an object or a boolean.
    pub schema: &'a Value,
    /// How it meets the value.
    pub place: Place,
}

/// The direct subschemas of the schema at `pointer`, in the order they are written.
pub(crate) fn subschemas<'a>(schema: &'a Value, pointer: &str) -> Vec<Sub<'a>> {
    let keywords = schema.as_object().into_iter().flatten();
    keywords
        .flat_map(|(keyword, held)| held_by(keyword, held, pointer))
        .collect()
}

/// The subschemas that one keyword of the schema at `pointer` holds. Of a map or a list these are, in order, those entries that
/// [`is_schema`] says are schemas.
pub(crate) fn held_by<'a>(keyword: &str, held: &'a Value, pointer: &str) -> Vec<Sub<'a>> {
    let Some(&(keyword, holds, place)) = APPLICATORS.iter().find(|(name, _, _)| *name == keyword) else {
        return Vec::new();
    };
    let base = join(pointer, keyword);
    let entries: Vec<(String, &Value)> = match held {
        Value::Object(map) if holds == Holds::Map => map.iter().map(|(name, held)| (join(&base, name), held)).collect(),
        Value::Array(list) if matches!(holds, Holds::List | Holds::SchemaOrList) => {
            let indexed = list.iter().enumerate();
            indexed.map(|(index, held)| (format!("{base}/{index}"), held)).collect()
        }
        other if matches!(holds, Holds::Schema | Holds::SchemaOrList) => vec![(base, other)],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            Vec::new()
        }
    };
    let schemas = entries.into_iter().filter(|(_, held)| is_schema(held));
    schemas
        .map(|(pointer, schema)| Sub {
            keyword,
            pointer,
            schema,
            place,
        })
        .collect()
}

/// Whether a value can be a schema: an object or a boolean.
pub(crate) fn is_schema(held: &Value) -> bool {
    held.is_object() || held.is_boolean()
}

/// What a pointer into a schema leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// A schema; the last token is its name or index.
    Schema,
    /// The value of a keyword.
    Keyword(String),
    /// An entry of a keyword's value that is not a schema itself, such as one name of `required`.
    Entry(String),
}

/// Reads a pointer by the keywords it goes through; the pointer leads from a schema.
pub(crate) fn spot(pointer: &str) -> Spot {
    let tokens: Vec<_> = crate::json::pointer::tokens(pointer).collect();
    let mut at = 0;
    while let Some(keyword) = tokens.get(at) {
        let holds = APPLICATORS
            .iter()
            .find(|(name, _, _)| name == keyword)
            .map(|(_, holds, _)| *holds);
        let is_index = |token: &str| token.bytes().all(|byte| byte.is_ascii_digit());
        at += match (holds, tokens.get(at + 1)) {
            (_, None) => return Spot::Keyword(keyword.to_string()),
            (Some(Holds::Map | Holds::List), Some(_)) => 2,
            (Some(Holds::SchemaOrList), Some(next)) if is_index(next) => 2,
            (Some(Holds::Schema | Holds::SchemaOrList), Some(_)) => 1,
            (None, Some(_)) => return Spot::Entry(keyword.to_string()),
        };
    }
    Spot::Schema
}

/// Visits every subschema below `pointer`, the schema there included, parents first. The depth is bounded by the load limit.
pub(crate) fn each<'a>(schema: &'a Value, pointer: &str, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(pointer, schema);
    for sub in subschemas(schema, pointer) {
        each(sub.schema, &sub.pointer, visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pointer_is_read_by_its_keywords() {
        let keyword = |name: &str| Spot::Keyword(name.to_owned());
        for (pointer, expected) in [
            ("", Spot::Schema),
            ("/properties/type", Spot::Schema),
            ("/properties/type/type", keyword("type")),
            ("/items/0", Spot::Schema),
            ("/items/type", keyword("type")),
            ("/not/not/enum", keyword("enum")),
            ("/anyOf/1", Spot::Schema),
            ("/required/0", Spot::Entry("required".to_owned())),
            ("/additionalProperties", keyword("additionalProperties")),
        ] {
            assert_eq!(spot(pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn finds_schemas_and_leaves_data_alone() {
        let schema = json!({
            "properties": {"a/b": {"items": [{}, true], "enum": [{"properties": {}}]}},
            "items": {"not": {}}, "default": {"items": {}}, "dependencies": {"x": ["y"], "z": {}},
        });
        let mut seen = Vec::new();
        each(&schema, "", &mut |pointer, _| seen.push(pointer.to_owned()));
        let expected = [
            "",
            "/properties/a~1b",
            "/properties/a~1b/items/0",
            "/properties/a~1b/items/1",
            "/items",
            "/items/not",
            "/dependencies/z",
        ];
        assert_eq!(seen, expected);
    }
}
