//! Text cut to columns: wrapped over rows, or the last piece of it that fits into one.
//!
//! Owns where a row ends. Cleaning is `text`'s; widths here are those of the cleaned text.

use crate::text;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Bytes that are looked at for one column. Without a bound, a megabyte of marks that take no column would all belong to one row.
const BYTES_PER_COLUMN: usize = 16;

/// Splits `text` into at most `most` rows of at most `width` columns, at line feeds, else at spaces, else anywhere. Returns the rows
/// and the bytes that are left over.
pub fn wrap(text: &str, width: usize, most: usize) -> (Vec<&str>, usize) {
    let mut rows = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && rows.len() < most {
        let (end, next) = row_end(rest, width.max(1));
        rows.push(&rest[..end]);
        rest = &rest[next..];
    }
    (rows, rest.len())
}

/// Where the first row of `text` ends, and where the next one starts.
fn row_end(text: &str, width: usize) -> (usize, usize) {
    let mut columns = 0;
    let mut space = None;
    for (at, c) in text.char_indices() {
        if c == '\n' {
            return (at, at + 1);
        }
        columns += columns_of(c);
        if at > 0 && (columns > width || at >= width.saturating_mul(BYTES_PER_COLUMN)) {
            return match space {
                _ if c == ' ' => (at, at + 1),
                Some(space) => (space, space + 1),
                None => (at, at),
            };
        }
        if c == ' ' && at > 0 {
            space = Some(at);
        }
    }
    (text.len(), text.len())
}

/// The longest end of `text` that fits into `width` columns.
pub fn tail(text: &str, width: usize) -> &str {
    let mut columns = 0;
    let mut start = text.len();
    let least = text.len().saturating_sub(width.saturating_mul(BYTES_PER_COLUMN));
    for (at, c) in text.char_indices().rev() {
        columns += columns_of(c);
        if columns > width || at < least {
            break;
        }
        start = at;
    }
    &text[start..]
}

/// The beginning of `text`: more than fits into `width` columns, but not all of a huge one.
pub fn head(text: &str, width: usize) -> &str {
    let most = (width + 1).saturating_mul(BYTES_PER_COLUMN);
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or_default()]
}

/// The columns that `text` takes once it is cleaned, counted up to `most`.
pub fn columns(text: &str, most: usize) -> usize {
    text::one_line(head(text, most), most).width()
}

/// The columns of a character once it is cleaned; never too few.
fn columns_of(c: char) -> usize {
    match c {
        // The second of them may make the character before it wider.
        ' '..='~' | '\u{FE0F}' => 1,
        _ if text::is_hidden(c) => text::clean(c.encode_utf8(&mut [0; 4])).chars().count(),
        _ => c.width().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::{tail, wrap};
    use crate::text;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn rows() {
        let table: [(&str, usize, &[&str]); 9] = [
            ("", 5, &[]),
            ("one two three", 7, &["one two", "three"]),
            ("one two three", 3, &["one", "two", "thr", "ee"]),
            ("abcdefgh", 3, &["abc", "def", "gh"]),
            ("a\n\nb", 3, &["a", "", "b"]),
            ("日本語", 4, &["日本", "語"]),
            ("日", 1, &["日"]),
            ("a\tb", 2, &["a\t", "b"]),
            ("  x", 2, &[" ", "x"]),
        ];
        for (text, width, expected) in table {
            assert_eq!(wrap(text, width, 99), (expected.to_vec(), 0), "{text:?} in {width}");
        }
        assert_eq!(wrap("abcdef", 2, 2), (vec!["ab", "cd"], 2));
    }

    #[test]
    fn marks_without_columns_do_not_fill_a_row_forever() {
        let marks = "e".to_owned() + &"\u{301}".repeat(100_000);
        let (rows, rest) = wrap(&marks, 10, 3);
        assert!(rest > 190_000 && rows.iter().all(|row| row.len() <= 162));
        assert!(tail(&marks, 10).len() <= 162);
    }

    proptest! {
        // No stand-in is wider than ten columns; one alone has a row of its own.
        #[test]
        fn no_row_is_too_wide(text in "(\\PC|[ \n\u{1b}\u{202e}]|日|❤️){0,60}", width in 10usize..20) {
            let (rows, rest) = wrap(&text, width, usize::MAX);
            prop_assert_eq!(rest, 0);
            for row in rows {
                prop_assert!(text::clean(row).width() <= width);
            }
            prop_assert!(text::clean(tail(&text, width)).width() <= width);
        }
    }
}
