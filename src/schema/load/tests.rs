//! Tables for sniffing, unwrapping and naming.

use super::*;
use serde_json::json;

fn form(text: &str) -> Result<Form, String> {
    read(text, None)
        .map(|loaded| loaded.form)
        .map_err(|error| error.to_string())
}

#[test]
fn each_form_is_recognised() {
    for (text, expected) in [
        (r#"{"type": "object"}"#, Form::Json),
        ("\u{feff}{}", Form::Json),
        ("// a person\n{\"type\": \"object\",}", Form::Jsonc),
        ("{ /* any */ }", Form::Jsonc),
        (
            "# a person\ntype: object\nproperties:\n  name: {type: string}\n",
            Form::Yaml,
        ),
        ("---\ntype: string\n", Form::Yaml),
        ("{type: object, properties: {no: {type: string}}}", Form::Yaml),
        ("anyOf:\n- type: string\n- type: 'null'\n", Form::Yaml),
        ("name, age int", Form::Shorthand),
        ("name: the full name\ntype: what it is", Form::Shorthand),
        ("{street, city}", Form::Shorthand),
        ("name", Form::Shorthand),
        ("title\ndescription", Form::Shorthand),
    ] {
        assert_eq!(form(text), Ok(expected), "{text}");
    }
}

#[test]
fn errors_are_those_of_the_form_meant() {
    for (text, place, word) in [
        ("", "", "empty"),
        ("// nothing\n", "", "empty"),
        ("true", "", "`true` is not a schema"),
        ("12", "", "the number 12"),
        ("\"name\"", "", "text in quotes"),
        ("null", "", "`null` is not"),
        ("[{\"type\": \"object\"}]", "", "a list is not a schema"),
        ("{\"type\": \"object\"", "line 1", "not JSON"),
        ("{\n  \"type\" \"object\"\n}", "line 2, column 10", "not JSON"),
        ("{\"a\": 'x'}", "line 1, column 7", "not JSON"),
        ("{\"a\": {b: 1}}", "line 1, column 8", "not JSON"),
        ("{\"a\": 1 \"b\": 2}", "line 1, column 8", "not JSON"),
        ("type: object\nproperties:\n  a: [1\n  b: 2\n", "line", "not YAML"),
        ("name strng", "line 1, column 6", "`strng`"),
    ] {
        let error = form(text).unwrap_err();
        assert!(error.starts_with(place) && error.contains(word), "{text:?}: {error}");
    }
    assert!(
        form(&format!("{{\"title\": \"{}\"}}", "x".repeat(MAX_TEXT)))
            .unwrap_err()
            .contains("1 MiB")
    );
}

#[test]
fn request_formats_are_opened() {
    let schema = json!({"type": "object", "properties": {"b": {}, "a": {}}});
    for document in [
        json!({"name": "user", "schema": schema, "strict": true}),
        json!({"type": "json_schema", "json_schema": {"name": "user", "schema": schema}}),
        json!({"type": "function", "function": {"name": "user", "parameters": schema}}),
        json!({"type": "json_schema", "name": "user", "schema": schema}),
    ] {
        let loaded = read(&document.to_string(), Some("file")).unwrap();
        assert_eq!(loaded.value, schema, "{document}");
        assert_eq!((loaded.name.as_str(), loaded.notes.len()), ("user", 1), "{document}");
        assert_eq!(document.pointer(&loaded.prefix), Some(&schema));
    }
    let plain = json!({"type": "object", "properties": {"schema": {}, "name": {}}});
    assert_eq!(read(&plain.to_string(), None).unwrap().value, plain);
}

#[test]
fn the_name_is_the_title_else_the_hint() {
    for (title, hint, expected) in [
        (Some("User"), Some("file"), "User"),
        (Some("A person's data"), None, "A_person_s_data"),
        (Some("…"), Some("my.schema"), "my_schema"),
        (None, Some("person"), "person"),
        (None, None, "Answer"),
        (Some(""), None, "Answer"),
    ] {
        let text = title.map_or_else(|| "{}".to_owned(), |title| json!({"title": title}).to_string());
        assert_eq!(read(&text, hint).unwrap().name, expected, "{title:?} {hint:?}");
    }
    assert_eq!(clean_name(&"x".repeat(99)).unwrap().len(), 64);
}

#[test]
fn order_is_kept_in_every_form() {
    for text in [
        r#"{"properties": {"zeta": {}, "alpha": {}, "mid": {}}}"#,
        "{\"properties\": {\"zeta\": {}, \"alpha\": {}, \"mid\": {},}}",
        "properties:\n  zeta: {}\n  alpha: {}\n  mid: {}\n",
        "zeta, alpha, mid",
    ] {
        let loaded = read(text, None).unwrap();
        let names: Vec<_> = loaded.value["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        assert_eq!(names, ["zeta", "alpha", "mid"], "{text}");
    }
}
