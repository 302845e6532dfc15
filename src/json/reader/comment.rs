//! Comments: `//` and `#` up to the line's end, `/* … */`.
//!
//! Owns skipping them; where they may stand is `structure`'s and `quote`'s to say.

use super::machine::Machine;
use super::step::Step;
use crate::verdict::{RepairKind, Risk};

impl Machine {
    /// Reads one character of a comment.
    pub fn comment(&mut self, c: char, here: u32) -> bool {
        match (self.step, c) {
            (Step::Slash, '/') => self.begin_comment(Step::LineComment),
            (Step::Slash, '*') => self.begin_comment(Step::BlockComment),
            (Step::Slash, _) => {
                self.step = self.resume;
                self.fail(here, "a slash that starts no comment");
                return false;
            }
            (Step::LineComment, '\n' | '\r') | (Step::BlockStar, '/') => self.step = self.resume,
            (Step::BlockComment | Step::BlockStar, '*') => self.step = Step::BlockStar,
            (Step::BlockStar, _) => self.step = Step::BlockComment,
            _ => {}
        }
        true
    }

    fn begin_comment(&mut self, step: Step) {
        self.note(RepairKind::Comment, self.comment_at, Risk::Safe);
        self.step = step;
    }
}
