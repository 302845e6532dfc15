//! Stand-ins for texts: of the same length in bytes, character by character, so that every offset into them stays true.
//!
//! Owns what a stand-in looks like. Letters become `x`, digits `1`; ASCII punctuation and blanks stay, and with them the shape of JSON.

use serde_json::{Map, Number, Value};
use std::collections::BTreeSet;

/// Words outside strings that are JSON's or its frame's, not the answer's.
const FRAME: [&str; 7] = ["true", "false", "null", "json", "think", "tool_call", "jsonc"];

/// Names that a schema gives away anyway.
pub type Names = BTreeSet<String>;

/// A text without its words.
pub fn text(text: &str) -> String {
    text.chars().map(stand_in).collect()
}

/// A text with JSON in it, however sloppy: names of the schema that stand as members' names stay.
pub fn answer(answer: &str, names: &Names) -> String {
    let mut out = String::with_capacity(answer.len());
    let mut rest = answer;
    while let Some((before, after)) = rest.split_once('"') {
        out += &outside(before);
        out.push('"');
        let end = string_end(after);
        let (inside, beyond) = after.split_at(end);
        let is_name = beyond
            .strip_prefix('"')
            .is_some_and(|next| next.trim_start().starts_with(':'));
        if is_name && names.contains(inside) {
            out += inside;
        } else {
            out += &escaped(inside);
        }
        rest = beyond;
        if let Some(next) = beyond.strip_prefix('"') {
            out.push('"');
            rest = next;
        }
    }
    out + &outside(rest)
}

/// A value of the same shape.
pub fn value(value: &Value, names: &Names) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) => ones(number),
        Value::String(inside) => Value::String(text(inside)),
        Value::Array(items) => items.iter().map(|item| self::value(item, names)).collect(),
        Value::Object(members) => Value::Object(object(members, names)),
    }
}

/// The members of an object with the schema's names kept. Two other names of one shape are told apart by what is added to them.
pub fn object(members: &Map<String, Value>, names: &Names) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, member) in members {
        let mut masked = part(name, names);
        while out.contains_key(&masked) {
            masked.push('x');
        }
        out.insert(masked, value(member, names));
    }
    out
}

/// A JSON Pointer without names that are not the schema's. Indices stay.
pub fn pointer(pointer: &str, names: &Names) -> String {
    let parts: Vec<String> = pointer
        .split('/')
        .map(|token| {
            let is_index = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
            if is_index {
                return token.to_owned();
            }
            let name = token.replace("~1", "/").replace("~0", "~");
            if names.contains(&name) {
                token.to_owned()
            } else {
                text(token)
            }
        })
        .collect();
    parts.join("/")
}

fn part(name: &str, names: &Names) -> String {
    if names.contains(name) {
        name.to_owned()
    } else {
        text(name)
    }
}

/// A number of as many digits, each of them 1.
fn ones(number: &Number) -> Value {
    let masked: String = number
        .to_string()
        .chars()
        .map(|c| if c.is_ascii_digit() { '1' } else { c })
        .collect();
    serde_json::from_str(&masked).unwrap_or(Value::from(1))
}

/// What is between strings: numbers, literals, prose, fences.
fn outside(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_word) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !is_word(c)).unwrap_or(from.len()));
        out.extend(before.chars().map(stand_in));
        if FRAME.contains(&word) {
            out += word;
        } else if word.starts_with(|c: char| c.is_ascii_digit()) {
            // The mark of an exponent keeps it a number.
            out.extend(
                word.chars()
                    .map(|c| if matches!(c, 'e' | 'E') { c } else { stand_in(c) }),
            );
        } else {
            out.extend(word.chars().map(stand_in));
        }
        rest = after;
    }
    out.extend(rest.chars().map(stand_in));
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The inside of a JSON string: escapes stay escapes, of characters that say nothing.
fn escaped(inside: &str) -> String {
    let mut out = String::with_capacity(inside.len());
    let mut chars = inside.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' { c } else { stand_in(c) });
        if c != '\\' {
            continue;
        }
        match chars.next() {
            Some('u') => {
                out.push('u');
                let digits: String = std::iter::from_fn(|| chars.next_if(char::is_ascii_hexdigit))
                    .take(4)
                    .collect();
                // The code of `x`, as far as there are digits.
                out.extend("0078".chars().take(digits.len()));
            }
            Some(escape) if escape.is_ascii() => out.push(escape),
            Some(other) => out.push(stand_in(other)),
            None => {}
        }
    }
    out
}

/// Where a string ends that begins before `text`: at its quote, or with the text.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !is_escaped => return at,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

/// A character of the same length that says nothing.
fn stand_in(c: char) -> char {
    match c {
        'a'..='z' => 'x',
        'A'..='Z' => 'X',
        '0'..='9' => '1',
        _ if c.is_ascii() => c,
        _ => match c.len_utf8() {
            2 => 'ä',
            3 => '語',
            _ => '𝑥',
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, answer, pointer, text, value};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn names() -> Names {
        ["name", "age", "a/b"].map(str::to_owned).into()
    }

    #[test]
    fn stand_ins() {
        let table = [
            ("Ada is 36.", "Xxx xx 11."),
            (
                "{\"name\": \"Ada \\\"L\\\"\", \"age\": 36}",
                "{\"name\": \"Xxx \\\"X\\\"\", \"age\": 11}",
            ),
            ("{\"pet\": null, \"age\": -1.5e3}", "{\"xxx\": null, \"age\": -1.1e1}"),
            (
                "Sure!\n```json\n{\"name\":\"name\"}\n```",
                "Xxxx!\n```json\n{\"name\":\"xxxx\"}\n```",
            ),
            (
                "{\"name\": \"\\u00e9\\n\\ud83d\\ude00",
                "{\"name\": \"\\u0078\\n\\u0078\\u0078",
            ),
            ("{\"name\": \"Zoë 日本 😀\\", "{\"name\": \"Xxä 語語 𝑥\\"),
            ("{name: 'Ada', age: 7e}", "{xxxx: 'Xxx', xxx: 1e}"),
            ("", ""),
        ];
        for (text, expected) in table {
            let masked = answer(text, &names());
            assert_eq!(masked, expected);
        }
        assert_eq!(text("Zoë, 36"), "Xxä, 11");
    }

    #[test]
    fn values_keep_their_shape() {
        let data = json!({"name": "Ada", "pet": {"cat": 1, "dog": 2}, "age": [36.5, true, null, -7], "a/b": 1e300});
        let expected =
            json!({"name": "Xxx", "xxx": {"xxx": 1, "xxxx": 1}, "age": [11.1, true, null, -1], "a/b": 1e111});
        let masked = value(&data, &names());
        assert_eq!(masked["age"], expected["age"]);
        assert_eq!(masked["xxx"], expected["xxx"]);
        assert_eq!(masked["name"], expected["name"]);
        assert!(masked["a/b"].is_number());
        for (from, to) in [
            ("/name/0", "/name/0"),
            ("/pet/12", "/xxx/12"),
            ("/a~1b", "/a~1b"),
            ("", ""),
        ] {
            assert_eq!(pointer(from, &names()), to);
        }
    }

    proptest! {
        /// Any text keeps its length and its character boundaries, and what was JSON is JSON.
        #[test]
        fn lengths_stay(text in "[ -~\u{e9}\u{65e5}\u{1f600}]{0,60}") {
            let masked = answer(&text, &names());
            let lengths = |text: &str| text.chars().map(char::len_utf8).collect::<Vec<_>>();
            prop_assert_eq!(lengths(&masked), lengths(&text));
            let json = json!({"name": text, "age": [1.5, text]}).to_string();
            let masked: Value = serde_json::from_str(&answer(&json, &names())).unwrap();
            prop_assert!(masked["name"].is_string() && masked["age"][1].is_string());
        }
    }
}
