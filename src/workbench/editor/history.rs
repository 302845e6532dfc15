//! Steps to take back and to do again.
//!
//! Owns what one step is: a word that was typed, a run of erasing, a paste with what it replaced, another text in place of the whole.
//! It does without the clock: a run ends where the cursor is moved, the kind of letter changes, or another edit comes.

use super::Content;
use super::core::Core;
use std::collections::VecDeque;

/// The steps that are kept.
pub(super) const MOST_STEPS: usize = 500;

/// Edits in one step at most. Taking back an edit costs as much as the text is long.
const MOST_EDITS: u16 = 64;

/// The same in a text of more lines than this.
const MOST_EDITS_IN_LONG: u16 = 8;
const LONG: usize = 5_000;

/// Bytes of whole texts that are kept to go back to.
const MOST_BYTES: usize = 64 << 20;

/// What an edit was, as far as runs of it go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// Letters and digits were typed.
    Word,
    /// Other characters were typed.
    Marks,
    /// Space was typed.
    Space,
    /// Characters were erased one by one.
    Erase,
    /// Anything else: a step of its own.
    Alone,
}

impl Run {
    /// The run that typing a character belongs to.
    pub(super) fn of(c: char) -> Self {
        if c.is_whitespace() {
            Self::Space
        } else if c.is_alphanumeric() || c == '_' {
            Self::Word
        } else {
            Self::Marks
        }
    }

    /// Whether `next` goes on with a run; space belongs to the word before it.
    fn takes(self, next: Self) -> bool {
        match (self, next) {
            (Self::Alone, _) | (_, Self::Alone) => false,
            (Self::Word | Self::Marks | Self::Space, Self::Space) => true,
            (before, next) => before == next,
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// So many edits of the text.
    Edits(u16),
    /// Another text took the place of this one.
    Whole(Box<Content>),
}

impl Step {
    fn bytes(&self) -> usize {
        match self {
            Self::Edits(_) => 0,
            Self::Whole(content) => content.bytes(),
        }
    }
}

/// The steps.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    past: VecDeque<Step>,
    future: Vec<Step>,
    open: Option<Run>,
}

impl History {
    /// Notes edits that were made.
    pub(super) fn edited(&mut self, edits: u16, run: Run, lines: usize) {
        if edits == 0 {
            return;
        }
        self.future.clear();
        let most = if lines > LONG { MOST_EDITS_IN_LONG } else { MOST_EDITS };
        let goes_on = self.open.is_some_and(|open| open.takes(run));
        self.open = Some(run);
        match self.past.back_mut() {
            Some(Step::Edits(count)) if goes_on && *count + edits <= most => *count += edits,
            _ => self.push(Step::Edits(edits)),
        }
    }

    /// Notes that the whole text was replaced; `before` is what it was.
    pub(super) fn replaced(&mut self, before: Content) {
        self.future.clear();
        self.open = None;
        self.push(Step::Whole(Box::new(before)));
    }

    /// Ends the run: what is typed now is another step.
    pub(super) const fn close(&mut self) {
        self.open = None;
    }

    /// Takes the last step back; says whether there was one.
    pub(super) fn undo(&mut self, content: &mut Content) -> bool {
        self.close();
        let Some(step) = self.past.pop_back() else {
            return false;
        };
        let step = swap(step, content, Core::undo);
        self.future.push(step);
        true
    }

    /// Does the step again that was taken back last; says whether there was one.
    pub(super) fn redo(&mut self, content: &mut Content) -> bool {
        self.close();
        let Some(step) = self.future.pop() else {
            return false;
        };
        let step = swap(step, content, Core::redo);
        self.past.push_back(step);
        true
    }

    fn push(&mut self, step: Step) {
        self.past.push_back(step);
        let mut bytes: usize = self.past.iter().map(Step::bytes).sum();
        while self.past.len() > MOST_STEPS || (bytes > MOST_BYTES && self.past.len() > 1) {
            bytes -= self.past.pop_front().map_or(0, |step| step.bytes());
        }
    }
}

/// Does a step in one direction and gives the step that does it in the other.
fn swap(step: Step, content: &mut Content, edit: impl Fn(&mut Core) -> bool) -> Step {
    match step {
        Step::Edits(count) => {
            if let Content::Text(core) = content {
                for _ in 0..count {
                    edit(core);
                }
            }
            Step::Edits(count)
        }
        Step::Whole(mut other) => {
            std::mem::swap(content, &mut other);
            Step::Whole(other)
        }
    }
}
