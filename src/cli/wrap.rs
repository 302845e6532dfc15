//! Narration in lines that fit a terminal.
//!
//! Owns where a sentence is broken. Which characters may reach the terminal at all is `text`'s.

use crate::text::clean;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// `text` cleaned, broken at spaces into lines of at most `columns` with `indent` spaces before each, and a line feed after each.
/// `None` breaks nowhere; a word that is too long for a line stands alone on one.
pub fn paragraph(text: &str, indent: usize, columns: Option<usize>) -> String {
    let text = clean(text);
    let mut out = String::new();
    let Some(columns) = columns else {
        let _ = writeln!(out, "{:indent$}{text}", "");
        return out;
    };
    let mut used = 0;
    for word in text.split(' ') {
        let width = word.width();
        if used > 0 && used + 1 + width > columns {
            out.push('\n');
            used = 0;
        }
        let space = if used == 0 { indent } else { 1 };
        let _ = write!(out, "{:space$}{word}", "");
        used += space + width;
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::paragraph;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn lines() {
        let table = [
            ("one two three", 0, Some(7), "one two\nthree\n"),
            ("one two three", 2, Some(7), "  one\n  two\n  three\n"),
            ("one two three", 2, None, "  one two three\n"),
            ("incomprehensible one", 1, Some(5), " incomprehensible\n one\n"),
            ("日本 日本", 0, Some(8), "日本\n日本\n"),
            ("a\x1b[2Jb\n", 0, None, "a␛[2Jb␊\n"),
            ("", 2, Some(9), "  \n"),
        ];
        for (text, indent, columns, expected) in table {
            assert_eq!(paragraph(text, indent, columns), expected, "{text:?} in {columns:?}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_word_is_lost(text in "[a-z]{1,6}( [a-z]{1,6}){0,20}", indent in 0_usize..4, columns in 10_usize..30) {
            let lines = paragraph(&text, indent, Some(columns));
            prop_assert!(lines.lines().all(|line| line.width() <= columns));
            prop_assert_eq!(lines.split_whitespace().collect::<Vec<_>>(), text.split(' ').collect::<Vec<_>>());
        }
    }
}
