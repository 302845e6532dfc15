//! The characters of the shorthand: words, quoted texts, patterns, descriptions, separators.
//!
//! Owns a cursor over the text. What the words mean is the grammar's business.

use super::super::error::SchemaError;
use super::Choice;

/// A cursor that stands before the next character that counts.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

/// Whether a word, or a quoted one, can begin so.
pub(super) fn starts_word(first: char) -> bool {
    first == '"' || in_word(first)
}

fn in_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '$' | '.')
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Byte offset of the next character that counts.
    pub fn offset(&mut self) -> usize {
        self.skip_blanks();
        self.at
    }

    /// The next character that counts, which may be a newline.
    pub fn peek(&mut self) -> Option<char> {
        self.skip_blanks();
        self.rest().chars().next()
    }

    /// Takes `wanted` if it is next.
    pub fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Skips commas, newlines, blanks and comments.
    pub fn skip_separators(&mut self) {
        while self.take(',') || self.take('\n') {}
    }

    /// Whether a field may end here.
    pub fn at_separator(&mut self) -> bool {
        matches!(self.peek(), None | Some(',' | '\n' | '}' | ']'))
    }

    /// A field's name.
    pub fn name(&mut self) -> Result<String, SchemaError> {
        match self.peek() {
            Some('"') => self.quoted(),
            Some(first) if in_word(first) => Ok(self.word().to_owned()),
            Some(other) => Err(self.error(format!(
                "a field's name was expected, not `{other}`; quote names with other signs"
            ))),
            None => Err(self.error("a field's name was expected")),
        }
    }

    /// One option of a choice.
    pub fn option(&mut self) -> Result<Choice, SchemaError> {
        match self.peek() {
            Some('"') => Ok(Choice {
                text: self.quoted()?,
                quoted: true,
            }),
            Some(first) if in_word(first) => Ok(Choice {
                text: self.word().to_owned(),
                quoted: false,
            }),
            Some(_) | None => Err(self.error("a word was expected after `|`; quote options with other signs")),
        }
    }

    /// A pattern between slashes, if one is next.
    pub fn pattern(&mut self) -> Result<Option<String>, SchemaError> {
        let opened = self.offset();
        if !self.take('/') {
            return Ok(None);
        }
        let mut pattern = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((at, character)) = chars.next() {
            match character {
                '/' => {
                    self.at += at + 1;
                    return Ok(Some(pattern));
                }
                '\n' => break,
                '\\' => match chars.next() {
                    Some((_, '/')) => pattern.push('/'),
                    Some((_, next)) => pattern.extend(['\\', next]),
                    None => break,
                },
                other => pattern.push(other),
            }
        }
        Err(self.error_at(opened, "this pattern is never closed; add `/`"))
    }

    /// The text after a colon: quoted, or up to a comma, a newline or a closing bracket that it did not open.
    pub fn description(&mut self) -> Result<String, SchemaError> {
        if self.peek() == Some('"') {
            return self.quoted();
        }
        let mut depth = 0_usize;
        let rest = self.rest();
        let end = rest.char_indices().find(|&(_, character)| match character {
            ',' | '\n' => depth == 0 || character == '\n',
            '(' | '[' | '{' => {
                depth += 1;
                false
            }
            ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            ']' | '}' if depth > 0 => {
                depth -= 1;
                false
            }
            ']' | '}' => true,
            _ => false,
        });
        let end = end.map_or(rest.len(), |(at, _)| at);
        self.at += end;
        Ok(rest[..end].trim().to_owned())
    }

    /// The error of something that follows a whole field.
    pub fn unexpected(&self, name: &str) -> SchemaError {
        let next = self.rest();
        let word: String = match next.chars().next() {
            Some(first) if in_word(first) => next.chars().take_while(|&character| in_word(character)).collect(),
            first => first.into_iter().collect(),
        };
        self.error(format!(
            "`{word}` was not expected after `{name}`; separate fields with a comma, and put a description after a colon"
        ))
    }

    /// An error at the next character.
    pub fn error(&self, message: impl AsRef<str>) -> SchemaError {
        SchemaError::at(self.text, self.at, message)
    }

    /// An error at a byte offset.
    pub fn error_at(&self, offset: usize, message: impl AsRef<str>) -> SchemaError {
        SchemaError::at(self.text, offset, message)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Skips white space other than newlines, and comments.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(|character: char| character.is_whitespace() && character != '\n');
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with('#') {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|character| !in_word(character)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// A text in double quotes with JSON's escapes.
    fn quoted(&mut self) -> Result<String, SchemaError> {
        let rest = self.rest();
        let mut escaped = false;
        let closing = rest.char_indices().skip(1).find(|&(_, character)| {
            let closes = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            closes
        });
        let Some((end, _)) = closing else {
            return Err(self.error("this quote is never closed; add `\"`"));
        };
        let text: String = serde_json::from_str(&rest[..=end])
            .map_err(|_| self.error("this quoted text has an escape or a line break that JSON does not allow"))?;
        self.at += end + 1;
        Ok(text)
    }
}
