//! The one sanitiser: text from models, servers, files and sessions on its way to a terminal.
//!
//! Owns which characters may reach a screen as they are (design §9) and the stand-ins for the others. Colours, wrapping and
//! highlighting belong to whoever draws.

use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

/// Marks a cut.
const ELLIPSIS: char = '…';

/// Asks for the emoji form of the character before it, which may make that one two columns wide (Unicode TS #51).
const EMOJI_FORM: char = '\u{FE0F}';

/// Characters, first to last, that steer a terminal, reorder text or take no room: Unicode's categories `Cc` beyond C0 and `DEL`,
/// `Cf`, `Zl` and `Zp`, the variation selectors except the two for emoji, and the fillers that draw nothing.
const HIDDEN: [(char, char); 27] = [
    ('\u{80}', '\u{9F}'),
    ('\u{AD}', '\u{AD}'),
    ('\u{34F}', '\u{34F}'),
    ('\u{600}', '\u{605}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{6DD}', '\u{6DD}'),
    ('\u{70F}', '\u{70F}'),
    ('\u{890}', '\u{891}'),
    ('\u{8E2}', '\u{8E2}'),
    ('\u{115F}', '\u{1160}'),
    ('\u{17B4}', '\u{17B5}'),
    ('\u{180B}', '\u{180F}'),
    ('\u{200B}', '\u{200F}'),
    ('\u{2028}', '\u{202E}'),
    ('\u{2060}', '\u{206F}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{FE00}', '\u{FE0D}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFA0}', '\u{FFA0}'),
    ('\u{FFF0}', '\u{FFFB}'),
    ('\u{110BD}', '\u{110BD}'),
    ('\u{110CD}', '\u{110CD}'),
    ('\u{13430}', '\u{1343F}'),
    ('\u{1BCA0}', '\u{1BCA3}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0000}', '\u{E0FFF}'),
    ('\u{FDD0}', '\u{FDEF}'),
];

/// `text` with nothing in it that steers a terminal, on one line: C0 and `DEL` become their pictures (`␛`, `␊`), other hidden
/// characters their code points (`<U+202E>`).
pub fn clean(text: &str) -> Cow<'_, str> {
    replace(text, is_hidden)
}

/// As [`clean`], with line feeds kept.
pub fn clean_multiline(text: &str) -> Cow<'_, str> {
    replace(text, |c| c != '\n' && is_hidden(c))
}

/// `text` cleaned and, if it is wider than `max_columns` terminal columns, cut there with an ellipsis as its last column. A
/// stand-in is cut as a whole. What is beyond the cut is not looked at, so that a long text costs no more than a short one.
pub fn one_line(text: &str, max_columns: usize) -> Cow<'_, str> {
    let room = max_columns.saturating_sub(1);
    let mut line = String::new();
    let mut columns = 0;
    let mut last = 0;
    let mut cut = 0;
    for c in text.chars() {
        let before = line.len();
        if is_hidden(c) {
            push_stand_in(&mut line, c);
            columns += line.get(before..).map_or(0, |stand_in| stand_in.chars().count());
            last = 1;
        } else {
            line.push(c);
            last = if c == EMOJI_FORM {
                2_usize.saturating_sub(last)
            } else {
                c.width().unwrap_or(0)
            };
            columns += last;
        }
        if columns > max_columns {
            line.truncate(cut);
            line.extend((max_columns > 0).then_some(ELLIPSIS));
            return Cow::Owned(line);
        }
        if columns <= room {
            cut = line.len();
        }
    }
    if line == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(line)
    }
}

/// Whether a character must not reach a terminal as it is.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\u{0}'..='\u{1F}' | '\u{7F}' => true,
        ' '..='~' => false,
        // The last two code points of every plane are no characters.
        _ if u32::from(c) & 0xFFFE == 0xFFFE => true,
        _ => HIDDEN.iter().any(|&(first, last)| (first..=last).contains(&c)),
    }
}

fn replace(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = text.find(&hidden) else {
        return Cow::Borrowed(text);
    };
    let (clean, rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(clean);
    for c in rest.chars() {
        if hidden(c) {
            push_stand_in(&mut out, c);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn push_stand_in(out: &mut String, c: char) {
    let picture = match c {
        '\u{0}'..='\u{1F}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7F}' => Some('␡'),
        _ => None,
    };
    match picture {
        Some(picture) => out.push(picture),
        None => out.extend(["<U+", &format!("{:04X}", u32::from(c)), ">"]),
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_multiline, is_hidden, one_line};
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn stand_ins() {
        let table = [
            ("plain äöü 日本 ❤️", "plain äöü 日本 ❤️"),
            ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
            ("a\tb\r\nc\0\x07\x7f", "a␉b␍␊c␀␇␡"),
            ("\u{9b}2J\u{85}", "<U+009B>2J<U+0085>"),
            ("abc\u{202e}fed\u{2066}\u{2069}", "abc<U+202E>fed<U+2066><U+2069>"),
            ("a\u{200b}b\u{feff}c\u{ad}", "a<U+200B>b<U+FEFF>c<U+00AD>"),
            ("\u{e0041}\u{e0100}\u{fe01}", "<U+E0041><U+E0100><U+FE01>"),
            ("\u{2028}\u{2029}", "<U+2028><U+2029>"),
            ("", ""),
        ];
        for (input, expected) in table {
            assert_eq!(clean(input), expected, "{input:?}");
        }
        assert_eq!(clean_multiline("a\r\n\tb\n"), "a␍\n␉b\n");
    }

    #[test]
    fn cut_to_columns() {
        let table = [
            ("hello", 5, "hello"),
            ("hello", 4, "hel…"),
            ("hello", 1, "…"),
            ("hello", 0, ""),
            ("", 0, ""),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("日本語", 2, "…"),
            ("e\u{301}e\u{301}", 2, "e\u{301}e\u{301}"),
            ("❤️❤️", 3, "❤️…"),
            ("a\nb", 3, "a␊b"),
            ("a\u{202e}b", 9, "a…"),
            ("a\u{202e}b", 10, "a<U+202E>b"),
        ];
        for (input, columns, expected) in table {
            assert_eq!(one_line(input, columns), expected, "{input:?} in {columns}");
        }
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left(text in "(\\PC|\\pC|\u{202e}|\x1b|\n){0,40}") {
            let once = clean(&text).into_owned();
            prop_assert!(!once.chars().any(|c| c.is_control() || is_hidden(c)));
            prop_assert_eq!(&*clean(&once), &once);
            let lines = clean_multiline(&text).into_owned();
            prop_assert!(!lines.chars().any(|c| c != '\n' && is_hidden(c)));
            prop_assert_eq!(&*clean_multiline(&lines), &lines);
        }

        #[test]
        fn a_line_keeps_to_its_width(text in "(\\PC|❤|\u{fe0f}|日|\x1b){0,30}", columns in 0_usize..20) {
            let line = one_line(&text, columns).into_owned();
            prop_assert!(line.width() <= columns, "{:?} is {} wide", line, line.width());
            prop_assert_eq!(&*one_line(&line, columns), &line);
        }
    }
}
