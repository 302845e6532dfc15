//! The rules as data, and what they find.

use super::*;
use serde_json::json;

fn found(schema: &Value, family: Family, mode: Mode) -> Vec<String> {
    let schema = Schema::load(&schema.to_string(), None).unwrap();
    lint(&schema, family, mode)
        .into_iter()
        .filter(|finding| finding.keyword != "description")
        .map(|finding| format!("{} {} {}", finding.level, finding.pointer, finding.keyword))
        .collect()
}

#[test]
fn every_rule_has_a_family_a_source_and_a_date() {
    let rules: Rules = toml::from_str(RULES).unwrap();
    let keyword = rules
        .keyword
        .iter()
        .map(|rule| (&rule.families, &rule.source, &rule.dated));
    let limit = rules
        .limit
        .iter()
        .map(|rule| (&rule.families, &rule.source, &rule.dated));
    for (families, source, dated) in keyword.chain(limit) {
        assert!(
            families
                .iter()
                .all(|name| Family::ALL.iter().any(|family| family.as_str() == name)),
            "{families:?}"
        );
        assert!(!source.is_empty() && dated.starts_with("202"), "{source} {dated}");
    }
}

#[test]
fn findings_by_family() {
    let pattern = json!({"type": "object", "properties": {"phone": {"type": "string", "pattern": "^(?=x)"}}, "required": ["phone"]});
    let place = "/properties/phone/pattern pattern";
    for (family, mode, expected) in [
        (
            Family::OpenAi,
            Mode::Structured,
            vec!["refused /properties/phone pattern".to_owned(), format!("risk {place}")],
        ),
        (
            Family::Anthropic,
            Mode::Structured,
            vec!["refused /properties/phone pattern".to_owned(), format!("hint {place}")],
        ),
        (Family::Google, Mode::Structured, vec![format!("hint {place}")]),
        (Family::OpenAi, Mode::Json, vec![]),
        (Family::Generic, Mode::Structured, vec![]),
    ] {
        assert_eq!(found(&pattern, family, mode), expected, "{family} {mode}");
    }
}

#[test]
fn limits() {
    let wide = |count: usize| {
        let properties: serde_json::Map<_, _> = (0..count)
            .map(|at| (format!("p{at}"), json!({"type": "string"})))
            .collect();
        json!({"type": "object", "properties": properties})
    };
    let deep = (0..12).fold(
        json!({"type": "string"}),
        |inner, _| json!({"type": "object", "properties": {"x": inner}, "required": ["x"]}),
    );
    let tree = json!({"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]});
    let values: Vec<_> = (0..1001).collect();
    for (schema, family, expected) in [
        (wide(17), Family::Anthropic, "refused  anyOf"),
        (wide(201), Family::Google, "risk  properties"),
        (deep, Family::OpenAi, "refused  depth"),
        (tree, Family::Anthropic, "refused /properties/next/$ref $ref"),
        (
            json!({"type": "object", "properties": {"a": {"enum": values}}}),
            Family::OpenAi,
            "refused  enum",
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            Family::Generic,
            "risk  additionalProperties",
        ),
        (
            json!({"type": "object", "properties": {"a": true}}),
            Family::XAi,
            "refused /properties/a true",
        ),
    ] {
        let found = found(&schema, family, Mode::Structured);
        assert!(found.contains(&expected.to_owned()), "{family}: {found:?}");
    }
    assert!(found(&wide(16), Family::Anthropic, Mode::Structured).is_empty());
}

#[test]
fn missing_descriptions_are_a_hint() {
    let schema = Schema::load("name, age int: in years", None).unwrap();
    let findings = lint(&schema, Family::Generic, Mode::Tools);
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (findings[0].level, findings[0].pointer.as_str()),
        (Level::Hint, "/properties/name")
    );
}
