//! Sizes and structures of a schema that rules set limits to.
//!
//! Owns the measuring. Sizes are those of the schema as it would be sent; structures are told by their place as written.

use crate::json::pointer::join;
use crate::schema::check::is_open_map;
use crate::schema::{Schema, walk};
use serde::Deserialize;
use serde_json::Value;
use std::fmt;

/// What a rule limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum What {
    Depth,
    Properties,
    EnumValues,
    LongEnum,
    Text,
    Optional,
    Unions,
    Recursion,
    RootAnyOf,
    OpenMaps,
    BooleanSchemas,
    LookAround,
    Undescribed,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Depth => "depth",
            Self::Properties => "properties",
            Self::EnumValues | Self::LongEnum => "enum",
            Self::Text => "text",
            Self::Optional => "required",
            Self::Unions | Self::RootAnyOf => "anyOf",
            Self::Recursion => "$ref",
            Self::OpenMaps => "additionalProperties",
            Self::BooleanSchemas => "true",
            Self::LookAround => "pattern",
            Self::Undescribed => "description",
        })
    }
}

/// Where `what` is more than `most`, with how much it is.
pub(super) fn over(what: What, most: usize, schema: &Schema, sent: &Value) -> Vec<(String, usize)> {
    let whole = |count: usize| {
        if count > most {
            vec![(String::new(), count)]
        } else {
            Vec::new()
        }
    };
    let sum = |measure: fn(&Value) -> usize| {
        let mut total = 0;
        walk::each(sent, "", &mut |_, node| total += measure(node));
        whole(total)
    };
    let places = |test: fn(&Value) -> bool| {
        let mut found = Vec::new();
        walk::each(schema.value(), "", &mut |pointer, node| {
            if test(node) {
                found.push((pointer.to_owned(), 1));
            }
        });
        found
    };
    match what {
        What::Depth => whole(levels(sent)),
        What::Properties => sum(|node| member_count(node, "properties")),
        What::EnumValues => sum(|node| enum_values(node).count()),
        What::LongEnum => sum(|node| {
            if enum_values(node).count() > 250 {
                enum_values(node).map(length).sum()
            } else {
                0
            }
        }),
        What::Text => sum(|node| {
            let names = node.get("properties").and_then(Value::as_object).into_iter().flatten();
            names.map(|(name, _)| name.len()).sum::<usize>() + enum_values(node).map(length).sum::<usize>()
        }),
        What::Optional => sum(|node| {
            let required = node.get("required").and_then(Value::as_array).map_or(0, Vec::len);
            member_count(node, "properties").saturating_sub(required)
        }),
        What::Unions => {
            sum(|node| usize::from(node.get("anyOf").is_some() || node.get("type").is_some_and(Value::is_array)))
        }
        What::Recursion => recursive(schema),
        What::RootAnyOf => {
            let combined = ["anyOf", "oneOf", "allOf"]
                .iter()
                .any(|keyword| sent.get(*keyword).is_some());
            whole(usize::from(combined))
        }
        What::OpenMaps => places(is_open_map),
        What::BooleanSchemas => places(Value::is_boolean)
            .into_iter()
            .filter(|(at, _)| at.contains("/properties/"))
            .collect(),
        What::LookAround => places(|node| {
            let pattern = node.get("pattern").and_then(Value::as_str);
            pattern.is_some_and(|text| {
                ["(?=", "(?!", "(?<=", "(?<!", "\\1", "\\k<"]
                    .iter()
                    .any(|sign| text.contains(sign))
            })
        }),
        What::Undescribed => undescribed(schema.value()),
    }
}

fn member_count(node: &Value, keyword: &str) -> usize {
    node.get(keyword)
        .and_then(Value::as_object)
        .map_or(0, serde_json::Map::len)
}

fn enum_values(node: &Value) -> impl Iterator<Item = &Value> {
    node.get("enum").and_then(Value::as_array).into_iter().flatten()
}

fn length(value: &Value) -> usize {
    value.as_str().map_or_else(|| value.to_string().len(), str::len)
}

/// Levels of objects and lists of the schema as sent, references not followed.
fn levels(schema: &Value) -> usize {
    let nested = walk::subschemas(schema, "")
        .into_iter()
        .map(|sub| levels(sub.schema) + usize::from(sub.place == walk::Place::Inside));
    nested.max().unwrap_or(0)
}

/// The references that lead back to a schema they stand in.
fn recursive(schema: &Schema) -> Vec<(String, usize)> {
    let recursive = super::super::adapt::recursive_targets(schema.refs());
    let mut found: Vec<_> = schema
        .refs()
        .all()
        .filter(|(_, to)| recursive.contains(*to))
        .map(|(from, _)| (join(from, "$ref"), 1))
        .collect();
    found.sort();
    found
}

/// Properties without a description of their own, the first five.
fn undescribed(schema: &Value) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    walk::each(schema, "", &mut |pointer, node| {
        for (name, property) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let plain = property
                .as_object()
                .is_some_and(|map| !map.contains_key("description") && !map.contains_key("$ref"));
            if plain && found.len() < 5 {
                found.push((join(&join(pointer, "properties"), name), 1));
            }
        }
    });
    found
}
