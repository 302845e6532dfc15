//! Looking ahead in the raw text without moving: blanks, comments, quotes and what looks like a key.
//!
//! Owns questions only, each bounded in how far it looks, so that asking one at every byte stays linear. What is done with the
//! answers is decided by `quotes`, `members`, `scalars` and `extract`.

/// How far a question looks for the end of a quoted key, in bytes.
const KEY: usize = 256;
/// How far a question looks for the end of a key without quotes, in bytes.
const BARE_KEY: usize = 64;
/// How far a question looks for the end of a comment, in bytes.
const COMMENT: usize = 160;

/// Which marks may close a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// `"`
    Double,
    /// `'`
    Single,
    /// A back-tick or an acute accent.
    Tick,
    /// Typographic double quotes and guillemets.
    SmartDouble,
    /// Typographic single quotes.
    SmartSingle,
}

impl Family {
    /// The family a mark opens.
    pub(super) const fn of(mark: char) -> Option<Self> {
        match mark {
            '"' => Some(Self::Double),
            '\'' => Some(Self::Single),
            '`' | '´' => Some(Self::Tick),
            '“' | '”' | '„' | '‟' | '«' | '»' => Some(Self::SmartDouble),
            '‘' | '’' | '‚' | '‛' => Some(Self::SmartSingle),
            _ => None,
        }
    }

    /// Whether a mark can close a string of this family.
    pub(super) const fn closed_by(self, mark: char) -> bool {
        match self {
            Self::Double => mark == '"',
            Self::Single => mark == '\'',
            Self::Tick => matches!(mark, '`' | '´' | '\''),
            Self::SmartDouble => matches!(mark, '"' | '“' | '”' | '„' | '‟' | '«' | '»'),
            Self::SmartSingle => matches!(mark, '\'' | '‘' | '’' | '‚' | '‛'),
        }
    }
}

/// A view of the raw text up to `end`; positions are byte offsets into the whole text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'t> {
    /// The whole raw text.
    pub(super) text: &'t str,
    /// One past the last byte that may be read; a character boundary.
    pub(super) end: usize,
}

impl<'t> Look<'t> {
    /// The text from `at` to the end; empty when `at` lies outside or inside a character.
    pub(super) fn rest(self, at: usize) -> &'t str {
        self.text.get(at..self.end).unwrap_or("")
    }

    /// The byte at `at`.
    pub(super) fn byte(self, at: usize) -> Option<u8> {
        (at < self.end).then(|| self.text.as_bytes().get(at).copied()).flatten()
    }

    /// The character that starts at `at`.
    pub(super) fn char(self, at: usize) -> Option<char> {
        match self.byte(at)? {
            byte @ ..0x80 => Some(char::from(byte)),
            _ => self.rest(at).chars().next(),
        }
    }

    /// The character that ends at `at`.
    pub(super) fn char_before(self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    /// Whether `word` stands at `at`.
    pub(super) fn starts(self, at: usize, word: &str) -> bool {
        self.text
            .as_bytes()
            .get(at..self.end)
            .is_some_and(|rest| rest.starts_with(word.as_bytes()))
    }

    /// Past any space, JSON's own or not.
    pub(super) fn space(self, mut at: usize) -> usize {
        while let Some(c) = self.char(at) {
            if !is_space(c) {
                break;
            }
            at += c.len_utf8();
        }
        at
    }

    /// Past spaces and comments; gives up at a comment longer than the bound.
    pub(super) fn blank(self, at: usize) -> usize {
        let mut at = self.space(at);
        for _ in 0..8 {
            match self.comment(at, COMMENT) {
                Some(end) => at = self.space(end),
                None => break,
            }
        }
        at
    }

    /// The end of the comment that starts at `at`, if one does and it ends within `reach` bytes (or the text ends first).
    pub(super) fn comment(self, at: usize, reach: usize) -> Option<usize> {
        let (skip, closer) = match self.byte(at)? {
            b'/' if self.starts(at, "//") => (2, "\n"),
            b'/' if self.starts(at, "/*") => (2, "*/"),
            b'#' => (1, "\n"),
            b'<' if self.starts(at, "<!--") => (4, "-->"),
            _ => return None,
        };
        let stop = at.saturating_add(skip).saturating_add(reach).min(self.end);
        match find(self.text.as_bytes(), at + skip, stop, closer.as_bytes()) {
            Some(found) => Some(found + closer.len()),
            None => (stop == self.end).then_some(self.end),
        }
    }

    /// The quote family that opens at `at`.
    pub(super) fn family(self, at: usize) -> Option<Family> {
        Family::of(self.char(at)?)
    }

    /// The next mark of `family` after `from` that no backslash guards, within the bound: where it starts and one past it.
    /// `Err` says whether the text ended before the bound did.
    pub(super) fn next_mark(self, from: usize, family: Family) -> Result<(usize, usize), bool> {
        let mut at = from;
        while at < from + KEY {
            let Some(c) = self.char(at) else { return Err(true) };
            let next = at + c.len_utf8();
            if family.closed_by(c) {
                return Ok((at, next));
            }
            at = if c == '\\' {
                next + self.char(next).map_or(0, char::len_utf8)
            } else {
                next
            };
        }
        Err(false)
    }

    /// Whether a quoted key and its colon stand at `at`. A key cut off by the end of the text counts when `cut` says so.
    pub(super) fn quoted_key(self, at: usize, cut: bool) -> bool {
        let Some(c) = self.char(at) else { return false };
        let Some(family) = Family::of(c) else { return false };
        match self.next_mark(at + c.len_utf8(), family) {
            Ok((_, after)) => {
                let next = self.blank(after);
                self.colon(next).is_some() || (cut && next >= self.end)
            }
            Err(ended) => ended && cut,
        }
    }

    /// Whether a key without quotes and its colon stand at `at`.
    pub(super) fn bare_key(self, at: usize) -> bool {
        let mut end = at;
        while let Some(c) = self.char(end) {
            if !is_word(c) || end - at > BARE_KEY {
                break;
            }
            end += c.len_utf8();
        }
        let next = self.space(end);
        end > at && matches!(self.byte(next), Some(b':')) && !self.starts(next, "://")
            || end > at && self.starts(next, "：")
    }

    /// Whether a key stands at `at` whose first quote is missing.
    pub(super) fn half_quoted_key(self, at: usize) -> bool {
        let mut end = at;
        while self.char(end).is_some_and(is_word) && end - at <= BARE_KEY {
            end += self.char(end).map_or(1, char::len_utf8);
        }
        end > at && self.byte(end) == Some(b'"') && self.colon(self.space(end + 1)).is_some()
    }

    /// Whether any kind of key with its colon stands at `at`.
    pub(super) fn key(self, at: usize) -> bool {
        self.quoted_key(at, true) || self.bare_key(at) || self.half_quoted_key(at)
    }

    /// The length of the colon at `at`, or of what stands for one.
    pub(super) fn colon(self, at: usize) -> Option<usize> {
        match self.char(at)? {
            '：' => Some('：'.len_utf8()),
            '=' if self.starts(at, "=>") => Some(2),
            ':' | '=' => Some(1),
            _ => None,
        }
    }

    /// The length of the comma at `at`, or of what stands for one.
    pub(super) fn comma(self, at: usize) -> Option<usize> {
        match self.char(at)? {
            c @ (',' | ';' | '，' | '；') => Some(c.len_utf8()),
            _ => None,
        }
    }

    /// The length of an ellipsis at `at`.
    pub(super) fn ellipsis(self, at: usize) -> Option<usize> {
        match self.char(at)? {
            '…' => Some('…'.len_utf8()),
            '.' if self.starts(at, "...") => Some(3),
            _ => None,
        }
    }

    /// Whether the answer's frame, not its content, goes on at `at`: a fence, a closing tag or a control token.
    pub(super) fn frame(self, at: usize) -> bool {
        let closes = self.starts(at, "[/") && self.byte(at + 2).is_some_and(|b| b.is_ascii_alphabetic());
        closes
            || ["```", "~~~", "</", "<|", "[END_TOOL_REQUEST]"]
                .iter()
                .any(|mark| self.starts(at, mark))
    }

    /// One past the closer that matches the opener at `at`, if it comes within `reach` bytes. Quotes are not looked at.
    pub(super) fn matching(self, at: usize, reach: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for position in at..self.end.min(at + reach) {
            match self.byte(position)? {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(position + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

/// Where `needle` starts in `bytes[from..to]`.
pub(super) fn find(bytes: &[u8], from: usize, to: usize, needle: &[u8]) -> Option<usize> {
    let window = bytes.get(from..to)?;
    window
        .windows(needle.len())
        .position(|part| part == needle)
        .map(|found| from + found)
}

/// JSON's four space characters (RFC 8259 §2).
pub(super) const fn is_json_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Any character that shows as nothing between tokens.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// A character of a key or literal without quotes.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '.')
}
