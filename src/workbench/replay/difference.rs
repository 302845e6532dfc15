//! The words for what another schema makes of a recording.
//!
//! Owns the wording. Where it stands belongs to the panes.

use crate::extract::prompt::cut;
use crate::session::whatif::Difference;
use crate::words;
use crate::workbench::flow::{Mark, Piece, Tone, mark, text};

/// The most bytes of each of a difference's words.
const WORDS: usize = 300;

/// How many there are.
pub fn summary(number: usize) -> String {
    match number {
        0 => "what if: this schema makes no difference to the verdict".to_owned(),
        number => format!("what if: {} to what was recorded", words::count(number, "difference")),
    }
}

/// One difference: where, what was recorded, what it is now.
pub fn words_of(found: &Difference) -> Vec<Piece> {
    let place = if found.pointer.is_empty() {
        "the whole".into()
    } else {
        cut(&found.pointer, WORDS)
    };
    vec![
        text(place, Tone::Key),
        text(": ", Tone::Dim),
        text(cut(&found.recorded, WORDS), Tone::Text),
        text(" ", Tone::Dim),
        mark(Mark::Arrow, Tone::Warning),
        text(" ", Tone::Dim),
        text(cut(&found.now, WORDS), Tone::Warning),
    ]
}
