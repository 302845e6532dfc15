//! Words that stand for `true`, `false` and `null`: JSON's own and those of other languages.
//!
//! Owns the words, for the reader and the repair alike. Where a word ends, and what one that is no literal means, is theirs.

use super::tree::Kind;
use crate::verdict::{RepairKind, Risk};

/// What is read as a literal, in any case, and what reading it so is called where it is not JSON.
const WORDS: &[(&str, Kind, RepairKind, Risk)] = &[
    ("true", Kind::True, RepairKind::Literal, Risk::Safe),
    ("false", Kind::False, RepairKind::Literal, Risk::Safe),
    ("null", Kind::Null, RepairKind::Literal, Risk::Safe),
    ("none", Kind::Null, RepairKind::Literal, Risk::Safe),
    ("nil", Kind::Null, RepairKind::Literal, Risk::Safe),
    ("undefined", Kind::Null, RepairKind::Literal, Risk::Safe),
    ("nan", Kind::Null, RepairKind::NotANumber, Risk::Guess),
    ("inf", Kind::Null, RepairKind::NotANumber, Risk::Guess),
    ("infinity", Kind::Null, RepairKind::NotANumber, Risk::Guess),
];

/// JSON's and Python's, as they write them: so common that one is taken for a literal where another word would be taken for text,
/// and for the end of the text in the midst of one.
pub(super) const COMMON: [(&str, Kind); 6] = [
    ("true", Kind::True),
    ("false", Kind::False),
    ("null", Kind::Null),
    ("True", Kind::True),
    ("False", Kind::False),
    ("None", Kind::Null),
];

/// Whether a word is one of [`COMMON`].
pub(super) fn is_common(word: &str) -> bool {
    COMMON.iter().any(|(common, _)| *common == word)
}

/// What a word means, and what reading it so is called. What is no number may have a sign.
pub(super) fn literal(word: &str) -> Option<(Kind, Option<(RepairKind, Risk)>)> {
    let body = word.strip_prefix(['+', '-']).unwrap_or(word);
    let mut words = WORDS.iter();
    let (exact, kind, repair, risk) = words.find(|(known, ..)| known.eq_ignore_ascii_case(body))?;
    if body.len() < word.len() && *repair != RepairKind::NotANumber {
        return None;
    }
    let is_json = word == *exact && matches!(word, "true" | "false" | "null");
    Some((*kind, (!is_json).then_some((*repair, *risk))))
}

#[cfg(test)]
mod tests {
    use super::{COMMON, literal};
    use crate::json::tree::Kind;
    use crate::verdict::{RepairKind, Risk};

    #[test]
    fn words_and_what_they_mean() {
        let literal_of = |kind| Some((kind, Some((RepairKind::Literal, Risk::Safe))));
        let not_a_number = Some((Kind::Null, Some((RepairKind::NotANumber, Risk::Guess))));
        let table = [
            ("true", Some((Kind::True, None))),
            ("null", Some((Kind::Null, None))),
            ("None", literal_of(Kind::Null)),
            ("NONE", literal_of(Kind::Null)),
            ("fALSE", literal_of(Kind::False)),
            ("Undefined", literal_of(Kind::Null)),
            ("none", literal_of(Kind::Null)),
            ("NaN", not_a_number),
            ("-Infinity", not_a_number),
            ("+INF", not_a_number),
            ("-true", None),
            ("--inf", None),
            ("no", None),
            ("", None),
        ];
        for (word, expected) in table {
            assert_eq!(literal(word), expected, "{word}");
        }
        for (word, kind) in COMMON {
            assert_eq!(literal(word).map(|(kind, _)| kind), Some(kind), "{word}");
        }
    }
}
