//! Laws of adapting, on random small schemas and values that fit them.

use super::*;
use crate::schema::walk;
use proptest::prelude::*;

/// A source of small random choices, so that a schema and its values come from one number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A schema, and how its values look: as the schema as written allows, and as the adapted one asks for.
enum Plan {
    Text,
    Number,
    Choice,
    MaybeText,
    List(Box<Plan>),
    Object(Vec<(String, bool, Plan)>),
    /// `anyOf` of the plan and null.
    Optional(Box<Plan>),
    /// A reference to a recursive definition.
    Node,
}

fn plan(dice: &mut Dice, depth: u64) -> Plan {
    match dice.roll(if depth == 0 { 4 } else { 9 }) {
        0 => Plan::Text,
        1 => Plan::Number,
        2 => Plan::Choice,
        3 => Plan::MaybeText,
        4 => Plan::List(Box::new(plan(dice, depth - 1))),
        5 => Plan::Optional(Box::new(plan(dice, depth - 1))),
        6 => Plan::Node,
        _ => object(dice, depth - 1),
    }
}

fn object(dice: &mut Dice, depth: u64) -> Plan {
    let count = 1 + dice.roll(4);
    Plan::Object(
        (0..count)
            .map(|at| (format!("p{}", 9 - at), dice.roll(2) == 0, plan(dice, depth)))
            .collect(),
    )
}

fn schema_of(plan: &Plan) -> Value {
    match plan {
        Plan::Text => json!({"type": "string", "title": "T", "maxLength": 9}),
        Plan::Number => json!({"type": "integer", "minimum": 0, "description": "How many"}),
        Plan::Choice => json!({"enum": ["a", "b"]}),
        Plan::MaybeText => json!({"type": ["string", "null"], "default": null}),
        Plan::List(items) => json!({"type": "array", "items": schema_of(items)}),
        Plan::Optional(inner) => json!({"anyOf": [schema_of(inner), {"type": "null"}]}),
        Plan::Node => json!({"$ref": "#/$defs/Node", "description": "d"}),
        Plan::Object(members) => {
            let properties: Map<_, _> = members
                .iter()
                .map(|(name, _, plan)| (name.clone(), schema_of(plan)))
                .collect();
            let required: Vec<_> = members
                .iter()
                .filter(|(_, required, _)| *required)
                .map(|(name, _, _)| name)
                .collect();
            json!({"type": "object", "properties": properties, "required": required})
        }
    }
}

fn node_plan() -> Plan {
    Plan::Object(vec![
        ("name".to_owned(), true, Plan::Text),
        ("next".to_owned(), false, Plan::Node),
    ])
}

/// A value that fits as written, and the same with `null` for what is absent.
fn values(plan: &Plan, dice: &mut Dice, depth: u64) -> (Value, Value) {
    let both = |value: Value| (value.clone(), value);
    match plan {
        Plan::Text => both(json!(format!("t{}", dice.roll(9)))),
        Plan::Number => both(json!(dice.roll(9))),
        Plan::Choice => both(json!("a")),
        Plan::MaybeText => both(if dice.roll(2) == 0 { Value::Null } else { json!("m") }),
        Plan::List(items) => {
            let pairs: Vec<_> = (0..dice.roll(3)).map(|_| values(items, dice, depth)).collect();
            let (written, asked): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
            (Value::Array(written), Value::Array(asked))
        }
        Plan::Optional(inner) if dice.roll(2) == 0 => values(inner, dice, depth),
        Plan::Optional(_) => both(Value::Null),
        Plan::Node => values(&node_plan(), dice, depth + 1),
        Plan::Object(members) => {
            let (mut written, mut asked) = (Map::new(), Map::new());
            for (name, required, plan) in members {
                let nullable = matches!(plan, Plan::MaybeText | Plan::Optional(_));
                // An absent property that may be null as written comes back as null, which fits too: it is not left out here.
                if *required || nullable || (dice.roll(2) == 0 && depth < 4) {
                    let (value, filled) = values(plan, dice, depth);
                    written.insert(name.clone(), value);
                    asked.insert(name.clone(), filled);
                } else {
                    asked.insert(name.clone(), Value::Null);
                }
            }
            (Value::Object(written), Value::Object(asked))
        }
    }
}

fn whole(seed: u64) -> (Schema, Plan, Dice) {
    let mut dice = Dice(seed);
    let root = if dice.roll(4) == 0 {
        plan(&mut dice, 3)
    } else {
        object(&mut dice, 3)
    };
    let mut schema = schema_of(&root);
    schema["$defs"] = json!({"Node": schema_of(&node_plan())});
    (Schema::load(&schema.to_string(), None).unwrap(), root, dice)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_to_the_adapted_schema_comes_back_as_written(seed: u64, flags in 0_u8..16) {
        let (schema, root, mut dice) = whole(seed);
        let [reduced, inline, strict, wrap] = [1, 2, 4, 8].map(|flag| flags & flag != 0);
        let sent = adapt(&schema, Rewrite { strict, reduced, inline, wrap });
        let (written, asked) = values(&root, &mut dice, 0);
        prop_assert_eq!(schema.judge(&written), vec![], "{}", schema.text());
        let answer = if strict { asked } else { written.clone() };
        let wrapped = sent.changes.iter().any(|change| change.undo == Some(Undo::Unwrap));
        let answer = if wrapped { json!({"value": answer}) } else { answer };
        let adapted = Schema::load(&sent.value.to_string(), None).unwrap();
        prop_assert_eq!(adapted.judge(&answer), vec![], "{} as {}", schema.text(), sent.value);
        prop_assert_eq!(undo(&schema, &sent.changes, answer), written, "{}", schema.text());
    }

    #[test]
    fn strict_objects_are_closed_and_require_everything(seed: u64, reduced: bool, inline: bool) {
        let (schema, _, _) = whole(seed);
        let sent = adapt(&schema, Rewrite { strict: true, reduced, inline, wrap: true }).value;
        let mut faults = Vec::new();
        walk::each(&sent, "", &mut |pointer, node| {
            let Some(properties) = node.get("properties").and_then(Value::as_object) else { return };
            let names: Vec<&str> = properties.keys().map(String::as_str).collect();
            let required: Vec<&str> = node["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let order = names.windows(2).all(|pair| pair[0] > pair[1] || !pair[0].starts_with('p'));
            if node["additionalProperties"] != json!(false) || names != required || !order {
                faults.push(pointer.to_owned());
            }
        });
        prop_assert!(faults.is_empty(), "{:?} in {}", faults, sent);
    }

    #[test]
    fn no_schema_makes_adapting_panic(text in "[{}\\[\\]\",:a-c]{0,30}", flags in 0_u8..16) {
        let [reduced, inline, strict, wrap] = [1, 2, 4, 8].map(|flag| flags & flag != 0);
        let keywords = ["anyOf", "oneOf", "allOf", "items", "properties", "type", "$ref", "required", "enum"];
        for keyword in keywords {
            let text = format!("{{\"{keyword}\": {text}}}");
            if let Ok(schema) = Schema::load(&text, None) {
                let sent = adapt(&schema, Rewrite { strict, reduced, inline, wrap });
                let _ = undo(&schema, &sent.changes, json!({"a": null, "value": [{"b": null}]}));
            }
        }
    }
}
