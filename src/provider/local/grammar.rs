//! What an answer may be, token by token: a schema as a grammar.
//!
//! Owns the way to llguidance. It enforces what it accepts and refuses what it cannot enforce, so that nothing is weakened in silence.

use super::request::Format;
use super::vocabulary::Vocabulary;
use llguidance::api::TopLevelGrammar;
use llguidance::{JsonCompileOptions, Matcher, ParserFactory};
use serde_json::{Value, json};
use std::sync::Arc;
use toktrie::{InferenceCapabilities, SimpleVob, TokEnv};

/// Makes grammars for a vocabulary.
pub struct Grammars {
    factory: ParserFactory,
}

/// Where an answer stands in its grammar.
pub struct Grammar {
    matcher: Matcher,
}

impl Grammars {
    /// Builds the tables (a tenth of a second).
    ///
    /// # Errors
    /// What llguidance says.
    pub fn new(vocabulary: Arc<Vocabulary>) -> Result<Self, String> {
        let env: TokEnv = vocabulary;
        let abilities = InferenceCapabilities {
            ff_tokens: true,
            conditional_ff_tokens: false,
            backtrack: false,
            fork: false,
        };
        let slices = llguidance::earley::SlicedBiasComputer::json_slices();
        let mut factory = ParserFactory::new(&env, abilities, &slices)
            .map_err(|error| format!("the tables for the grammar could not be built: {error}"))?;
        factory.quiet();
        Ok(Self { factory })
    }

    /// The grammar of a format; `None` when anything goes.
    ///
    /// # Errors
    /// What of the schema cannot be enforced, in llguidance's words.
    pub fn of(&self, format: &Format) -> Result<Option<Grammar>, String> {
        let schema = match format {
            Format::Free => return Ok(None),
            Format::Object => json!({"type": "object"}),
            Format::Schema(Value::Bool(true)) => json!({}),
            Format::Schema(Value::Object(schema)) => Value::Object(schema.clone()),
            Format::Schema(_) => return Err("it is neither an object nor `true`".into()),
        };
        let mut schema = schema;
        // The model writes better JSON with spaces: it has seen more of it that way. Elsewhere white space is not allowed at all,
        // for small models like to fill pages with it.
        JsonCompileOptions {
            item_separator: ", ".into(),
            key_separator: ": ".into(),
            whitespace_flexible: false,
            ..JsonCompileOptions::default()
        }
        .apply_to(&mut schema);
        let parser = self.factory.create_parser(TopLevelGrammar::from_json_schema(schema));
        let matcher = Matcher::new(parser);
        match matcher.get_error() {
            Some(error) => Err(first_line(&error)),
            None => Ok(Some(Grammar { matcher })),
        }
    }
}

impl Grammar {
    /// The tokens that must come next, taken as having come.
    pub fn forced(&mut self) -> Vec<u32> {
        self.matcher.consume_ff_tokens()
    }

    /// The tokens that may come next.
    ///
    /// # Errors
    /// When the grammar grows beyond llguidance's limits.
    pub fn allowed(&mut self) -> Result<SimpleVob, String> {
        self.matcher
            .compute_mask_or_eos()
            .map_err(|error| first_line(&error.to_string()))
    }

    /// Takes a token.
    ///
    /// # Errors
    /// When it is not allowed.
    pub fn take(&mut self, token: u32) -> Result<(), String> {
        self.matcher
            .consume_token(token)
            .map_err(|error| first_line(&error.to_string()))
    }

    /// Whether the answer is whole and nothing may follow.
    pub fn is_over(&self) -> bool {
        self.matcher.is_stopped()
    }
}

/// Its errors go on with the state of the parser.
fn first_line(error: &str) -> String {
    error.lines().next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::Grammars;
    use crate::provider::local::request::Format;
    use crate::provider::local::vocabulary::Vocabulary;
    use crate::provider::local::vocabulary::tests::small;
    use serde_json::{Value, json};
    use std::sync::Arc;

    fn grammars() -> (Arc<Vocabulary>, Grammars) {
        let vocabulary = Arc::new(small());
        let grammars = Grammars::new(vocabulary.clone()).unwrap();
        (vocabulary, grammars)
    }

    /// Whether a text can be written under a schema, byte by byte.
    fn admits(schema: Value, text: &str) -> bool {
        let (vocabulary, grammars) = grammars();
        let mut grammar = grammars.of(&Format::Schema(schema)).unwrap().unwrap();
        let mut tokens = vocabulary.encode(text).into_iter();
        tokens.all(|token| grammar.take(token).is_ok()) && grammar.is_over()
    }

    #[test]
    fn patterns_references_and_spaces_are_enforced() {
        let schema = json!({"$defs": {"p": {"type": "string", "pattern": "^[0-9]{2}$"}}, "type": "object",
            "properties": {"a": {"$ref": "#/$defs/p"}, "b": {"type": "integer"}}, "required": ["a", "b"], "additionalProperties": false});
        assert!(admits(schema.clone(), r#"{"a": "12", "b": 3}"#));
        assert!(!admits(schema.clone(), r#"{"a": "123", "b": 3}"#));
        assert!(!admits(schema, r#"{"a":"12","b":3}"#));
    }

    #[test]
    fn what_must_come_is_forced() {
        let (vocabulary, grammars) = grammars();
        let schema = json!({"type": "object", "properties": {"hello": {"const": 7}}, "required": ["hello"], "additionalProperties": false});
        let mut grammar = grammars.of(&Format::Schema(schema)).unwrap().unwrap();
        let forced = grammar.forced();
        let text: Vec<u8> = forced
            .iter()
            .flat_map(|token| vocabulary.bytes(*token).to_vec())
            .collect();
        assert_eq!(String::from_utf8(text).unwrap(), r#"{"hello": 7}"#);
        assert!(grammar.is_over());
    }

    #[test]
    fn what_cannot_be_enforced_is_refused() {
        let (_, grammars) = grammars();
        for schema in [
            json!({"type": "array", "uniqueItems": true}),
            json!({"not": {"type": "string"}}),
            json!(false),
            json!({"type": "string", "pattern": "^(?!a)b$"}),
            json!({"$ref": "https://example.com/elsewhere"}),
        ] {
            let refused = grammars.of(&Format::Schema(schema.clone()));
            assert!(
                refused.is_err_and(|error| !error.is_empty() && !error.contains('\n')),
                "{schema}"
            );
        }
        assert!(grammars.of(&Format::Free).is_ok_and(|grammar| grammar.is_none()));
        assert!(grammars.of(&Format::Object).is_ok_and(|grammar| grammar.is_some()));
    }
}
