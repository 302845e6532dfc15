//! Types by the keyword `type`: scalars, lists and maps, with their constraints.
//!
//! Owns what of a schema pydantic can enforce on them.

use super::super::words::{literal, pattern, text};
use super::{Builder, Typed};
use serde_json::{Map, Value};

impl Builder<'_> {
    pub(super) fn by_type(&mut self, at: &str, node: &Map<String, Value>, hint: &str, depth: usize) -> Typed {
        match node.get("type") {
            Some(Value::String(one)) => self.of_type(one, at, node, hint, depth),
            Some(Value::Array(several)) => {
                let several: Vec<String> = several.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                let mut names = Vec::new();
                for one in several {
                    let typed = self.of_type(&one, at, node, hint, depth);
                    names.push(self.annotated(typed));
                }
                Typed::plain(names.join(" | "))
            }
            _ if node.contains_key("items") || node.contains_key("prefixItems") => {
                self.of_type("array", at, node, hint, depth)
            }
            _ => self.any(),
        }
    }

    fn of_type(&mut self, kind: &str, at: &str, node: &Map<String, Value>, hint: &str, depth: usize) -> Typed {
        let bounds: &[(&str, &str)] = match kind {
            "string" => &[("minLength", "min_length"), ("maxLength", "max_length")],
            "integer" | "number" => &[
                ("minimum", "ge"),
                ("maximum", "le"),
                ("exclusiveMinimum", "gt"),
                ("exclusiveMaximum", "lt"),
                ("multipleOf", "multiple_of"),
            ],
            "array" => &[("minItems", "min_length"), ("maxItems", "max_length")],
            "object" => &[("minProperties", "min_length"), ("maxProperties", "max_length")],
            _ => &[],
        };
        let mut constraints: Vec<String> = bounds
            .iter()
            .filter_map(|(keyword, argument)| Some((argument, node.get(*keyword).filter(|bound| bound.is_number())?)))
            .map(|(argument, bound)| format!("{argument}={bound}"))
            .collect();
        let name = match kind {
            "string" => {
                constraints.extend(self.pattern(node));
                "str".to_owned()
            }
            "integer" => "int".to_owned(),
            "number" => "float".to_owned(),
            "boolean" => "bool".to_owned(),
            "null" => "None".to_owned(),
            "array" => self.list(at, node, hint, depth),
            "object" => self.dict(at, node, hint, depth),
            _ => return self.any(),
        };
        constraints.extend(unsaid(kind, node));
        Typed { name, constraints }
    }

    /// pydantic's own engine knows no look-around and no references back; Python's has to match from the beginning.
    fn pattern(&mut self, node: &Map<String, Value>) -> Option<String> {
        let given = node.get("pattern")?.as_str()?;
        let looks = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| given.contains(look));
        let bytes = given.as_bytes();
        let back = bytes
            .windows(2)
            .any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit() && pair[1] != b'0');
        if !looks && !back {
            return Some(format!("pattern={}", pattern(given)));
        }
        self.looks_around = true;
        let anchored = if given.starts_with('^') {
            given.to_owned()
        } else {
            format!("(?s:.*?){given}")
        };
        Some(format!("pattern={}", pattern(&anchored)))
    }

    fn list(&mut self, at: &str, node: &Map<String, Value>, hint: &str, depth: usize) -> String {
        let first = ["prefixItems", "items"]
            .into_iter()
            .find_map(|keyword| Some((keyword, node.get(keyword)?.as_array()?.len())));
        if let Some((keyword, count)) = first {
            // With anything after them, a tuple would say too much.
            let closed = node.get("items") == Some(&Value::Bool(false))
                || node.get("additionalItems") == Some(&Value::Bool(false));
            let exact = node.get("minItems").and_then(Value::as_u64) == Some(count as u64);
            if closed && exact && count > 0 {
                let mut names = Vec::new();
                for number in 0..count {
                    let typed = self.typed(&format!("{at}/{keyword}/{number}"), hint, depth + 1);
                    names.push(self.annotated(typed));
                }
                return format!("tuple[{}]", names.join(", "));
            }
            let any = self.any();
            return format!("list[{}]", any.name);
        }
        let item = if node.contains_key("items") {
            self.typed(&format!("{at}/items"), &singular(hint), depth + 1)
        } else {
            self.any()
        };
        format!("list[{}]", self.annotated(item))
    }

    fn dict(&mut self, at: &str, node: &Map<String, Value>, hint: &str, depth: usize) -> String {
        let value = match node.get("additionalProperties") {
            Some(Value::Object(_)) => self.typed(&format!("{at}/additionalProperties"), &singular(hint), depth + 1),
            _ => self.any(),
        };
        format!("dict[str, {}]", self.annotated(value))
    }
}

/// Keywords that go along without being enforced.
fn unsaid(kind: &str, node: &Map<String, Value>) -> Option<String> {
    let keyword = match kind {
        "string" => "format",
        "array" => "uniqueItems",
        _ => return None,
    };
    let held = node.get(keyword)?;
    Some(format!("json_schema_extra={{{}: {}}}", text(keyword), literal(held)))
}

/// The name of one of several: `addresses` has an `address` in it.
fn singular(hint: &str) -> String {
    let cut = |ending: &str| hint.strip_suffix(ending).filter(|stem| stem.len() > 1);
    if let Some(stem) = cut("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if let Some(stem) = cut(ending) {
            return format!("{stem}{}", &ending[..ending.len() - 2]);
        }
    }
    match cut("s") {
        Some(stem) if !stem.ends_with('s') => stem.to_owned(),
        _ => hint.to_owned(),
    }
}
