//! Which parts of the status line are shown when it is short.
//!
//! Owns the order in which they leave. The words are the line's.

use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// The parts that fit in `width` columns, in their order; `make` makes them with what has been left out so far.
pub(super) fn fitting(width: usize, make: impl Fn(&Detail) -> Vec<Part>) -> Vec<Part> {
    let mut left_out = [false; SHRINKING.len()];
    let mut parts = make(&Detail::of(&left_out));
    for at in 0..SHRINKING.len() {
        if total(&parts) <= width {
            break;
        }
        left_out[at] = true;
        parts = make(&Detail::of(&left_out));
    }
    // What left in vain, because something longer had to leave after it, comes back.
    for at in (0..SHRINKING.len()).rev() {
        if !std::mem::replace(&mut left_out[at], false) {
            continue;
        }
        let more = make(&Detail::of(&left_out));
        if total(&more) <= width {
            parts = more;
        } else {
            left_out[at] = true;
        }
    }
    // A model's name may be of any length.
    if total(&parts) > width {
        parts.retain(|part| !part.expendable);
    }
    parts
}

/// A piece of the line, drawn whole or not at all.
pub(super) struct Part {
    pub(super) words: String,
    pub(super) style: Style,
    /// Whether it leaves when all else that may has left.
    pub(super) expendable: bool,
}

impl Part {
    pub(super) const fn new(words: String, style: Style) -> Self {
        Self {
            words,
            style,
            expendable: false,
        }
    }
}

/// The columns of a line of parts: a space before the first, a separator between two spaces before the others.
fn total(parts: &[Part]) -> usize {
    parts
        .iter()
        .map(|part| part.words.width() + 3)
        .sum::<usize>()
        .saturating_sub(2)
}

/// What is left out or said in fewer words.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent words that are left out one after the other"
)]
pub(super) struct Detail {
    pub(super) no_why: bool,
    pub(super) short_demo: bool,
    pub(super) no_demo: bool,
    pub(super) no_good_news: bool,
    pub(super) fields: u8,
    pub(super) no_tokens: bool,
    pub(super) no_provider: bool,
    pub(super) no_first: bool,
    pub(super) no_speed: bool,
    pub(super) no_cost: bool,
    pub(super) short_mode: bool,
    pub(super) no_mode: bool,
    pub(super) short_model: bool,
    pub(super) short_state: bool,
    pub(super) no_recording: bool,
    pub(super) no_fields: bool,
    pub(super) no_problems: bool,
    /// How much is said of a replay: 0 all, 3 the least.
    pub(super) replay: u8,
}

impl Detail {
    /// What is left once some of [`SHRINKING`] have left.
    fn of(left_out: &[bool]) -> Self {
        let mut detail = Self::default();
        for (shrink, _) in SHRINKING.iter().zip(left_out).filter(|(_, out)| **out) {
            shrink(&mut detail);
        }
        detail
    }
}

/// What leaves, the least important first.
const SHRINKING: [fn(&mut Detail); 21] = [
    |detail| detail.no_why = true,
    |detail| detail.short_demo = true,
    |detail| detail.fields = 1,
    |detail| detail.no_good_news = true,
    |detail| detail.no_tokens = true,
    |detail| detail.no_provider = true,
    |detail| detail.no_first = true,
    |detail| detail.no_speed = true,
    |detail| detail.replay = 1,
    |detail| detail.short_mode = true,
    |detail| detail.short_model = true,
    |detail| detail.no_cost = true,
    |detail| detail.no_mode = true,
    |detail| detail.no_demo = true,
    |detail| detail.fields = 2,
    |detail| detail.replay = 2,
    |detail| detail.short_state = true,
    |detail| detail.replay = 3,
    |detail| detail.no_recording = true,
    |detail| detail.no_fields = true,
    |detail| detail.no_problems = true,
];
