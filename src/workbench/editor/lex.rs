//! The colours of one line: JSON, and the shorthand and YAML that may stand in its place.
//!
//! Owns cutting a line into tokens without knowing the lines before it, which is sound because no JSON token spans a line feed
//! (RFC 8259 §7). It judges nothing: whatever it does not know is plain text.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A member's name.
    Key,
    /// A string, or a pattern of the shorthand.
    String,
    /// A number.
    Number,
    /// `true`, `false`, `null`, and the type words of the shorthand.
    Literal,
    /// A brace, a bracket, a comma, a colon.
    Punctuation,
    /// A comment.
    Comment,
    /// Anything else but white space.
    Word,
}

/// Words that stand for a value or a type.
const LITERALS: [&str; 15] = [
    "true", "false", "null", "str", "string", "int", "integer", "num", "number", "float", "bool", "boolean", "date",
    "datetime", "any",
];

/// Goes through the tokens of a line.
#[derive(Clone, Debug)]
pub(super) struct Tokens<'a> {
    line: &'a str,
    at: usize,
}

/// The tokens of `line` with their bytes. White space belongs to none.
pub(super) const fn tokens(line: &str) -> Tokens<'_> {
    Tokens { line, at: 0 }
}

impl Iterator for Tokens<'_> {
    type Item = (Range<usize>, Token);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.line.get(self.at..)?;
        let start = self.at + (rest.len() - rest.trim_start().len());
        let rest = self.line.get(start..)?;
        let first = rest.chars().next()?;
        let (len, token) = match first {
            '"' => self.string(rest, start),
            '/' if rest.starts_with("//") => (rest.len(), Token::Comment),
            '#' => (rest.len(), Token::Comment),
            '/' => pattern(rest),
            '-' | '0'..='9' => number(rest),
            _ if is_word(first) => self.word(rest, start),
            _ => (first.len_utf8(), Token::Punctuation),
        };
        self.at = start + len;
        Some((start..self.at, token))
    }
}

impl Tokens<'_> {
    fn string(&self, rest: &str, start: usize) -> (usize, Token) {
        let len = quoted(rest, '"').unwrap_or(rest.len());
        (len, self.key_or(Token::String, start + len))
    }

    fn word(&self, rest: &str, start: usize) -> (usize, Token) {
        let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = rest.get(..len).unwrap_or_default();
        let plain = if LITERALS.contains(&word) {
            Token::Literal
        } else {
            Token::Word
        };
        (len, self.key_or(plain, start + len))
    }

    /// A key if a colon follows.
    fn key_or(&self, token: Token, end: usize) -> Token {
        let rest = self.line.get(end..).unwrap_or_default().trim_start();
        if rest.starts_with(':') { Token::Key } else { token }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '-' | '+')
}

fn number(rest: &str) -> (usize, Token) {
    let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    let number = rest.get(..len).is_some_and(|word| word.parse::<f64>().is_ok());
    (len, if number { Token::Number } else { Token::Word })
}

fn pattern(rest: &str) -> (usize, Token) {
    quoted(rest, '/').map_or((1, Token::Punctuation), |len| (len, Token::String))
}

/// The bytes up to behind the closing quote.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    rest.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};
    use Token::{Comment, Key, Literal, Number, Punctuation, String, Word};

    #[test]
    fn lines() {
        let p = |c| (c, Punctuation);
        let table: &[(&str, &[(&str, Token)])] = &[
            (
                r#"  "a\"b" : -1.5e3, [true]"#,
                &[
                    (r#""a\"b""#, Key),
                    p(":"),
                    ("-1.5e3", Number),
                    p(","),
                    p("["),
                    ("true", Literal),
                    p("]"),
                ],
            ),
            (r#""open"#, &[(r#""open"#, String)]),
            (
                r"name?, age int /^\d\/x+$/",
                &[
                    ("name", Word),
                    p("?"),
                    p(","),
                    ("age", Word),
                    ("int", Literal),
                    (r"/^\d\/x+$/", String),
                ],
            ),
            (
                "type: object # why",
                &[("type", Key), p(":"), ("object", Word), ("# why", Comment)],
            ),
            ("a // b", &[("a", Word), ("// b", Comment)]),
            (
                "- 2026-11 1.0 /",
                &[("-", Word), ("2026-11", Word), ("1.0", Number), p("/")],
            ),
            ("ä日 \u{1b}", &[("ä日", Word), p("\u{1b}")]),
            ("", &[]),
        ];
        for (line, expected) in table {
            let found: Vec<_> = tokens(line).map(|(bytes, token)| (&line[bytes], token)).collect();
            assert_eq!(found, *expected, "{line:?}");
        }
    }
}
