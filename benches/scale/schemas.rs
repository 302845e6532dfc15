//! Schemas: loading, adapting, linting and judging, for every way in which one can be large.

use super::clock::Clock;
use super::row;
use formwork::schema::Schema;
use formwork::schema::adapt::{Rewrite, adapt};
use serde_json::{Map, Value, json};
use std::hint::black_box;
use std::time::Duration;

/// What a large schema has many of.
struct Kind {
    name: &'static str,
    /// A schema with so many.
    schema: fn(usize) -> Value,
    /// A value to judge with so many.
    value: fn(usize) -> Value,
}

const KINDS: [Kind; 7] = [
    Kind {
        name: "properties",
        schema: |count| object(count, |_| json!({"type": "string"})),
        value: |count| members(count, |_| json!("a")),
    },
    Kind {
        name: "definitions in a row",
        schema: |count| {
            let definitions = members(
                count,
                |at| json!({"items": {"$ref": format!("#/$defs/p{}", (at + 1) % count)}}),
            );
            json!({"$ref": "#/$defs/p0", "$defs": definitions})
        },
        value: |_| json!([[]]),
    },
    Kind {
        name: "references to the root",
        schema: |count| object(count, |_| json!({"$ref": "#"})),
        value: |count| members(count, |_| json!({})),
    },
    Kind {
        name: "alternatives",
        schema: |count| {
            let kinds = (0..count).map(|at| json!({"const": at}));
            json!({"type": "object", "properties": {"kind": {"anyOf": kinds.collect::<Vec<_>>()}}})
        },
        value: |count| json!({"kind": count - 1}),
    },
    Kind {
        name: "parts of an `allOf`",
        schema: |count| {
            let part = |at| json!({"properties": {format!("p{at}"): {"type": "string"}}});
            json!({"type": "object", "allOf": (0..count).map(part).collect::<Vec<_>>()})
        },
        value: |count| members(count, |_| json!("a")),
    },
    Kind {
        name: "patterns",
        schema: |count| object(count, |at| json!({"type": "string", "pattern": format!("^a{at}?")})),
        value: |count| members(count, |_| json!("a")),
    },
    Kind {
        name: "values of an enum",
        schema: |count| json!({"type": "object", "properties": {"kind": {"enum": (0..count).map(|at| format!("v{at}")).collect::<Vec<_>>()}}}),
        value: |count| json!({"kind": format!("v{}", count - 1)}),
    },
];

/// The rows.
pub fn schemas() {
    for kind in KINDS {
        // Ten of each, a thousand times that stays below the largest schema text.
        let load = |scale: usize| Schema::load(&(kind.schema)(10 * scale).to_string(), None).unwrap();
        row(&format!("schema: load, 10 {}", kind.name), |scale| {
            let text = (kind.schema)(10 * scale).to_string();
            move || time(|| Schema::load(&text, None).unwrap())
        });
        let rewrite = Rewrite {
            strict: true,
            reduced: true,
            inline: false,
            wrap: true,
        };
        for (how, rewrite) in [
            ("adapt", rewrite),
            (
                "inline",
                Rewrite {
                    inline: true,
                    ..rewrite
                },
            ),
        ] {
            row(&format!("schema: {how}, 10 {}", kind.name), |scale| {
                let schema = load(scale);
                move || time(|| adapt(&schema, rewrite))
            });
        }
        row(&format!("schema: judge, 10 {}", kind.name), |scale| {
            let (schema, value) = (load(scale), (kind.value)(10 * scale));
            move || time(|| schema.judge(&value))
        });
        row(&format!("schema: judge fields, 10 {}", kind.name), |scale| {
            let text = (kind.schema)(10 * scale).to_string();
            move || {
                let schema = Schema::load(&text, None).unwrap();
                let shape = schema.shape();
                time(|| {
                    shape
                        .ids()
                        .map(|id| schema.judge_at(id, &json!("a")).len())
                        .sum::<usize>()
                })
            }
        });
    }
    row("schema: 10 faults", |scale| {
        let text = object(10 * scale, |_| json!({"type": "strng"})).to_string();
        move || time(|| Schema::load(&text, None).is_err())
    });
    row("schema: 10 wrong members judged", |scale| {
        let schema = Schema::load(&object(10 * scale, |_| json!({"type": "string"})).to_string(), None).unwrap();
        let value = members(10 * scale, |at| json!(at));
        move || time(|| schema.judge(&value))
    });
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let clock = Clock::start();
    let made = black_box(work());
    let taken = clock.stop();
    drop(made);
    taken
}

fn members(count: usize, member: impl Fn(usize) -> Value) -> Value {
    let members: Map<String, Value> = (0..count).map(|at| (format!("p{at}"), member(at))).collect();
    Value::Object(members)
}

fn object(count: usize, property: impl Fn(usize) -> Value) -> Value {
    json!({"type": "object", "properties": members(count, property)})
}
