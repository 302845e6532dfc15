//! Names and literals of Python, from texts that may hold anything.
//!
//! Owns the escaping: no text can end its literal, and no name can be a word of the language or of the script.

use crate::text::is_hidden;
use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write as _;

/// Words of Python (3.14) that are no names, and names that the script or pydantic uses.
const TAKEN: &str = "\
    False None True and as assert async await break class continue def del elif else except finally for from \
    global if import in is lambda nonlocal not or pass raise return try while with yield str int float bool list \
    dict tuple Any Annotated Literal BaseModel ConfigDict Field RootModel TypeAdapter OpenAI Response Config \
    construct copy from_orm json parse_file parse_obj parse_raw schema schema_json update_forward_refs validate \
    register mro";

/// A text as a literal in double quotes.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A pattern as a raw literal, where one can hold it.
pub(super) fn pattern(pattern: &str) -> String {
    let plain = !pattern.ends_with('\\') && !pattern.chars().any(|c| c == '"' || is_hidden(c));
    if plain {
        format!("r\"{pattern}\"")
    } else {
        text(pattern)
    }
}

/// A JSON value as a literal.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Number(number) => number.to_string(),
        Value::String(content) => text(content),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{}: {}", text(key), literal(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// The name of a field: the key if it is one, else as near to it as possible. It is added to `used`.
pub(super) fn field(key: &str, used: &mut HashSet<String>) -> String {
    let plain: String = key
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    // A leading underscore makes a private attribute of it.
    let plain = plain.trim_start_matches('_');
    let name = match plain.chars().next() {
        None => "field".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("field_{plain}"),
        // pydantic keeps these for itself.
        Some(_) if plain.starts_with("model_") => format!("field_{plain}"),
        Some(_) if is_taken(plain) => format!("{plain}_"),
        Some(_) => plain.to_owned(),
    };
    unique(&name, used)
}

/// The name of a class, `LikeThis`. It is added to `used`.
pub(super) fn class(hint: &str, used: &mut HashSet<String>) -> String {
    let words = hint.split(|c: char| !c.is_ascii_alphanumeric());
    let mut name = String::new();
    for word in words {
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            name.push(first.to_ascii_uppercase());
            name.push_str(chars.as_str());
        }
    }
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || is_taken(&name) {
        name = format!("Model{name}");
    }
    unique(&name, used)
}

fn is_taken(name: &str) -> bool {
    TAKEN.split(' ').any(|taken| taken == name)
}

fn unique(name: &str, used: &mut HashSet<String>) -> String {
    let mut free = name.to_owned();
    let mut number = 2;
    while used.contains(&free) {
        free = format!("{name}_{number}");
        number += 1;
    }
    used.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn literals() {
        assert_eq!(
            text("it's \"x\"\\\n\u{1b}\u{202e}"),
            "\"it's \\\"x\\\"\\\\\\n\\U0000001b\\U0000202e\""
        );
        assert_eq!(pattern(r"^\d+$"), "r\"^\\d+$\"");
        assert_eq!(pattern("a\"b"), "\"a\\\"b\"");
        assert_eq!(pattern("a\\"), "\"a\\\\\"");
        assert_eq!(literal(&json!({"a": [true, null, 1.5]})), "{\"a\": [True, None, 1.5]}");
    }

    #[test]
    fn names() {
        let mut used = HashSet::new();
        let keys = [
            "name",
            "class",
            "_x",
            "x",
            "2fa",
            "model_id",
            "phone-number",
            "日本",
            "",
            "json",
            "name",
            "id",
        ];
        let expected = [
            "name",
            "class_",
            "x",
            "x_2",
            "field_2fa",
            "field_model_id",
            "phone_number",
            "field",
            "field_2",
            "json_",
            "name_2",
            "id",
        ];
        assert_eq!(keys.map(|key| field(key, &mut used)), expected);
        let mut used = HashSet::new();
        let hints = ["user", "line_item", "User", "3d", "日本", "any", "HTTPServer"];
        assert_eq!(
            hints.map(|hint| class(hint, &mut used)),
            [
                "User",
                "LineItem",
                "User_2",
                "Model3d",
                "Model",
                "ModelAny",
                "HTTPServer"
            ]
        );
    }
}
