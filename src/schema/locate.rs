//! From a pointer into a schema back to a line and column of the text it was read from.
//!
//! Owns the search only. JSON with or without comments is exact (the parser's ranges); YAML is a search by keys; the shorthand
//! brings its own marks. Used on errors only, so it parses again rather than keeping a tree.

use super::error::{SchemaError, position};
use super::{Form, load::JSONC};
use crate::json::pointer::tokens;
use jsonc_parser::ast::Value as Ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, parse_to_ast};

/// What is needed to find a place in a source text.
pub(crate) struct Locator<'a> {
    /// The source text.
    pub text: &'a str,
    /// Its form.
    pub form: Form,
    /// Where in the document the schema begins, when it was wrapped.
    pub prefix: &'a str,
    /// The shorthand's marks: a field's pointer and its byte offset, in order.
    pub marks: &'a [(String, usize)],
}

impl Locator<'_> {
    /// Line and column of the node at `pointer`, or of its nearest ancestor that can be found.
    pub fn find(&self, pointer: &str) -> Option<(usize, usize)> {
        let whole = format!("{}{pointer}", self.prefix);
        let offset = match self.form {
            Form::Json | Form::Jsonc => in_json(self.text, &whole),
            Form::Yaml => Some(in_yaml(self.text, &whole)),
            Form::Shorthand => self.marked(pointer),
        }?;
        Some(position(self.text, offset))
    }

    /// An error about the node at `pointer`, with its place in the text.
    pub fn error(&self, pointer: &str, message: impl AsRef<str>) -> SchemaError {
        let place = self.find(pointer);
        SchemaError {
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            pointer: Some(pointer.to_owned()),
            ..SchemaError::new(message)
        }
    }

    /// The mark with the longest pointer that `pointer` lies in.
    fn marked(&self, pointer: &str) -> Option<usize> {
        let holds = |mark: &str| {
            pointer
                .strip_prefix(mark)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mark = self
            .marks
            .iter()
            .filter(|(mark, _)| holds(mark))
            .max_by_key(|(mark, _)| mark.len())?;
        Some(mark.1)
    }
}

/// Byte offset of the value at `pointer`, or of the last ancestor that exists.
fn in_json(text: &str, pointer: &str) -> Option<usize> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &JSONC).ok()?;
    let root = parsed.value?;
    let mut node = &root;
    for token in tokens(pointer) {
        let child = match node {
            // The last of several members with one name is the one that counts.
            Ast::Object(object) => object
                .properties
                .iter()
                .rev()
                .find(|member| member.name.as_str() == token)
                .map(|member| &member.value),
            Ast::Array(array) => token.parse().ok().and_then(|index: usize| array.elements.get(index)),
            Ast::StringLit(_) | Ast::NumberLit(_) | Ast::BooleanLit(_) | Ast::NullKeyword(_) => None,
        };
        match child {
            Some(child) => node = child,
            None => break,
        }
    }
    Some(node.range().start)
}

/// Byte offset of the key that `pointer` leads to: each name is looked for after the one before it. List indices are skipped,
/// so the place may be too early, never outside the text.
fn in_yaml(text: &str, pointer: &str) -> usize {
    let mut found = 0;
    let mut from = 0;
    for token in tokens(pointer) {
        let Some(at) = key_after(text, from, &token) else { break };
        found = at;
        from = at + token.len();
    }
    found
}

/// Where `name:` stands as a key at or after `from`.
fn key_after(text: &str, from: usize, name: &str) -> Option<usize> {
    text.get(from..)?
        .match_indices(name)
        .map(|(at, _)| from + at)
        .find(|&at| {
            let before = text[..at].trim_end_matches(['"', '\'']);
            let after = text[at + name.len()..]
                .trim_start_matches(['"', '\''])
                .trim_start_matches(' ');
            let starts = before.is_empty() || before.ends_with(['\n', ' ', '{', ',', '-']);
            starts && after.starts_with(':')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_places_in_every_form() {
        let jsonc = "{\n  // note\n  \"a\": {\"b\": [1, 2]},\n}";
        let yaml = "type: object\nproperties:\n  age:\n    type: strng\n";
        let marks = [
            ("/properties/a".to_owned(), 0),
            ("/properties/a/properties/b".to_owned(), 3),
        ];
        for (text, form, pointer, expected) in [
            (jsonc, Form::Jsonc, "/a/b/1", (3, 18)),
            (jsonc, Form::Jsonc, "/a/zzz", (3, 8)),
            (jsonc, Form::Jsonc, "", (1, 1)),
            (yaml, Form::Yaml, "/properties/age/type", (4, 5)),
            (yaml, Form::Yaml, "/properties/nothing", (2, 1)),
            ("a {b}", Form::Shorthand, "/properties/a/properties/b/pattern", (1, 4)),
            ("a {b}", Form::Shorthand, "/properties/a/properties/bc", (1, 1)),
        ] {
            let locator = Locator {
                text,
                form,
                prefix: "",
                marks: &marks,
            };
            assert_eq!(locator.find(pointer), Some(expected), "{text:?} {pointer}");
        }
    }

    #[test]
    fn a_wrapped_schema_is_found_inside() {
        let locator = Locator {
            text: "{\"schema\": {\"type\": 1}}",
            form: Form::Json,
            prefix: "/schema",
            marks: &[],
        };
        assert_eq!(locator.find("/type"), Some((1, 21)));
    }
}
