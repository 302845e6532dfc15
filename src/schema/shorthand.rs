//! The shorthand: a schema on one line.
//!
//! ```text
//! name, age int, tags [str], address {street, city}, phone str /^\d+$/, role admin|user, nick?, bio: one sentence
//! ```
//!
//! The grammar, in which white space separates words and `#` starts a comment that runs to the end of the line:
//!
//! ```text
//! schema      = fields | "{" fields "}"
//! fields      = [field] { ("," | newline) [field] }
//! field       = name ["?"] [type] [pattern] [":" description]
//! name        = word | quoted                  a word: letters, digits, "_", "-", "$", "."
//! type        = base | choice | "[" [type [pattern]] "]" | "{" fields "}"
//! base        = "str" | "string" | "int" | "integer" | "num" | "number" | "float" | "bool" | "boolean"
//!             | "date" | "datetime" | "any"
//! choice      = option "|" option { "|" option }     option: word or quoted
//! pattern     = "/" regular expression "/"           "\/" stands for a slash
//! description = quoted | text up to a comma, a newline or an unopened closing bracket
//! quoted      = '"' text '"'                         with JSON's escapes
//! ```
//!
//! A field without a type is a string. Every field is required unless its name is followed by `?`. Every object gets
//! `additionalProperties: false`. A choice of words is an enum of strings, of whole numbers an enum of integers, of base types
//! (and `null`) a value of any of them; `null` among words makes the enum nullable.
//!
//! Owns the grammar and what it stands for; `lex` owns the characters.

mod lex;

use super::error::SchemaError;
use crate::json::pointer::join;
use lex::Lexer;
use serde_json::{Map, Value, json};

/// How deep lists and objects may nest.
const MAX_DEPTH: usize = 32;

/// A schema, and the pointer and byte offset of each of its fields.
pub(crate) type Parsed = (Value, Vec<(String, usize)>);

/// Reads the shorthand.
///
/// # Errors
/// The first place where the text leaves the grammar, by line and column, with a hint.
pub(crate) fn parse(text: &str) -> Result<Parsed, SchemaError> {
    let mut parser = Parser {
        lexer: Lexer::new(text),
        marks: Vec::new(),
        depth: 0,
    };
    parser.lexer.skip_separators();
    let braced = parser.lexer.take('{');
    let schema = parser.fields("", braced.then_some('}'))?;
    parser.lexer.skip_separators();
    if let Some(extra) = parser.lexer.peek() {
        return Err(parser.lexer.error(format!("`{extra}` closes nothing here; remove it")));
    }
    Ok((schema, parser.marks))
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    marks: Vec<(String, usize)>,
    depth: usize,
}

impl Parser<'_> {
    /// The fields up to `closer` (or the end) as an object schema; `pointer` is where that schema will stand.
    fn fields(&mut self, pointer: &str, closer: Option<char>) -> Result<Value, SchemaError> {
        let opened = self.lexer.offset();
        let mut properties = Map::new();
        let mut required = Vec::new();
        loop {
            self.lexer.skip_separators();
            match (self.lexer.peek(), closer) {
                (None, Some(closer)) => {
                    return Err(self.lexer.error_at(
                        opened.saturating_sub(1),
                        format!("this bracket is never closed; add `{closer}`"),
                    ));
                }
                (Some(next), Some(closer)) if next == closer => {
                    self.lexer.take(closer);
                    break;
                }
                (None, None) | (Some(')' | ']' | '}'), _) => break,
                (Some(_), _) => self.field(pointer, &mut properties, &mut required)?,
            }
        }
        if properties.is_empty() {
            return Err(self
                .lexer
                .error_at(opened, "an object needs at least one field, such as `name`"));
        }
        Ok(json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false}))
    }

    /// One field, added to its object.
    fn field(
        &mut self,
        pointer: &str,
        properties: &mut Map<String, Value>,
        required: &mut Vec<Value>,
    ) -> Result<(), SchemaError> {
        let start = self.lexer.offset();
        let name = self.lexer.name()?;
        let pointer = join(&join(pointer, "properties"), &name);
        self.marks.push((pointer.clone(), start));
        let mut optional = self.lexer.take('?');
        let mut schema = self.typed(&pointer)?;
        optional |= self.lexer.take('?');
        if self.lexer.take(':') {
            let description = self.lexer.description()?;
            if let Value::Object(map) = &mut schema
                && !description.is_empty()
            {
                map.insert("description".to_owned(), Value::String(description));
            }
        }
        if !self.lexer.at_separator() {
            return Err(self.lexer.unexpected(&name));
        }
        if properties.insert(name.clone(), schema).is_some() {
            return Err(self
                .lexer
                .error_at(start, format!("`{name}` is there twice; give each field its own name")));
        }
        if !optional {
            required.push(Value::String(name));
        }
        Ok(())
    }

    /// A type with its pattern; a string when there is none.
    fn typed(&mut self, pointer: &str) -> Result<Value, SchemaError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self
                .lexer
                .error(format!("more than {MAX_DEPTH} levels; write such a schema as JSON")));
        }
        let start = self.lexer.offset();
        let mut schema = match self.lexer.peek() {
            Some('[') => self.list(pointer)?,
            Some('{') => {
                self.lexer.take('{');
                self.fields(pointer, Some('}'))?
            }
            Some(first) if lex::starts_word(first) => self.base_or_choice()?,
            Some(_) | None => json!({"type": "string"}),
        };
        self.depth -= 1;
        if let Some(pattern) = self.lexer.pattern()? {
            if schema != json!({"type": "string"}) {
                return Err(self
                    .lexer
                    .error_at(start, "a pattern needs a text; write `str` before it"));
            }
            schema["pattern"] = Value::String(pattern);
        }
        Ok(schema)
    }

    /// `[type]`; an empty pair of brackets is a list of strings.
    fn list(&mut self, pointer: &str) -> Result<Value, SchemaError> {
        let opened = self.lexer.offset();
        self.lexer.take('[');
        self.lexer.skip_separators();
        let items = self.typed(&join(pointer, "items"))?;
        self.lexer.skip_separators();
        if self.lexer.take(']') {
            return Ok(json!({"type": "array", "items": items}));
        }
        Err(match self.lexer.peek() {
            None => self.lexer.error_at(opened, "this bracket is never closed; add `]`"),
            Some(_) => self
                .lexer
                .error("a list has one type, as in `[str]`; for a list of objects write `[{street, city}]`"),
        })
    }

    /// A base type, or options between bars.
    fn base_or_choice(&mut self) -> Result<Value, SchemaError> {
        let start = self.lexer.offset();
        let mut options = vec![self.lexer.option()?];
        while self.lexer.take('|') {
            options.push(self.lexer.option()?);
        }
        let wrong = |message: String| self.lexer.error_at(start, message);
        let [only] = options.as_slice() else {
            return choice(&options).map_err(wrong);
        };
        match base(&only.text).filter(|_| !only.quoted) {
            Some(schema) => Ok(schema),
            None => Err(wrong(unknown_type(&only.text))),
        }
    }
}

/// One alternative of a choice.
pub(crate) struct Choice {
    /// The word, unquoted.
    pub text: String,
    /// Whether it stood in quotes, and so is never a type.
    pub quoted: bool,
}

/// What options between bars stand for.
fn choice(options: &[Choice]) -> Result<Value, String> {
    let is_null = |option: &Choice| !option.quoted && option.text == "null";
    let nullable = options.iter().any(is_null);
    let rest: Vec<&Choice> = options.iter().filter(|option| !is_null(option)).collect();
    let types: Vec<Value> = rest
        .iter()
        .filter(|option| !option.quoted)
        .filter_map(|option| base(&option.text))
        .collect();
    if types.len() == rest.len() && !rest.is_empty() {
        return Ok(union(types, nullable));
    }
    if let Some(mixed) = rest
        .iter()
        .find(|option| !option.quoted && base(&option.text).is_some())
    {
        return Err(format!(
            "`{0}` is a type among words; write \"{0}\" in quotes if the word is meant",
            mixed.text
        ));
    }
    let numbers: Option<Vec<i64>> = rest
        .iter()
        .map(|option| if option.quoted { None } else { option.text.parse().ok() })
        .collect();
    let (name, mut values): (_, Vec<Value>) = match numbers {
        Some(numbers) => ("integer", numbers.into_iter().map(Value::from).collect()),
        None => (
            "string",
            rest.iter().map(|option| Value::from(option.text.as_str())).collect(),
        ),
    };
    for (index, value) in values.iter().enumerate() {
        if values[..index].contains(value) {
            return Err(format!("{value} is there twice among the options; remove one"));
        }
    }
    if nullable {
        values.push(Value::Null);
        return Ok(json!({"type": [name, "null"], "enum": values}));
    }
    Ok(json!({"type": name, "enum": values}))
}

/// Several base types: one `type` list where their schemas are nothing but a type, else `anyOf`.
fn union(mut types: Vec<Value>, nullable: bool) -> Value {
    if nullable {
        types.push(json!({"type": "null"}));
    }
    let plain = types.iter().all(|schema| {
        schema
            .as_object()
            .is_some_and(|map| map.len() == 1 && map.contains_key("type"))
    });
    if plain {
        let names: Vec<Value> = types.iter_mut().map(|schema| schema["type"].take()).collect();
        return json!({"type": names});
    }
    json!({"anyOf": types})
}

/// The schema of a base type.
fn base(word: &str) -> Option<Value> {
    Some(match word {
        "str" | "string" => json!({"type": "string"}),
        "int" | "integer" => json!({"type": "integer"}),
        "num" | "number" | "float" => json!({"type": "number"}),
        "bool" | "boolean" => json!({"type": "boolean"}),
        "date" => json!({"type": "string", "format": "date"}),
        "datetime" => json!({"type": "string", "format": "date-time"}),
        "any" => json!({}),
        _ => return None,
    })
}

/// Every base type, for suggestions.
const BASES: [&str; 12] = [
    "str", "string", "int", "integer", "num", "number", "float", "bool", "boolean", "date", "datetime", "any",
];

fn unknown_type(word: &str) -> String {
    let near = BASES
        .iter()
        .map(|base| (strsim::damerau_levenshtein(base, word), base))
        .min();
    match near {
        Some((distance, base)) if distance <= 2 && word.len() > 2 => {
            format!("`{word}` is not a type; did you mean `{base}`?")
        }
        Some(_) | None => format!(
            "`{word}` is not a type; use str, int, num, bool, date, datetime, any, [type], {{fields}} or a|b. \
             A comma goes between fields, and a description with a comma goes in quotes"
        ),
    }
}

#[cfg(test)]
mod tests;
