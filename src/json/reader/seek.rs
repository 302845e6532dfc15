//! What stands round the JSON: prose, fences, think blocks, tool wrappers; and answers that are one bare scalar.
//!
//! Owns everything outside of roots. Whether a brace found there opens JSON is `opener`'s to say.

use super::machine::Machine;
use super::step::Step;
use crate::verdict::{RepairKind, Risk};

/// A longer `<…>` is no tag.
const LONGEST_TAG: usize = 40;

/// What a scalar that is the whole answer looks like so far.
#[derive(Clone, Copy, Debug, Default)]
enum Bare {
    #[default]
    Text,
    /// After a backslash in a text.
    Escape,
    /// In a number or literal.
    Word,
    /// Behind it.
    Blank,
}

impl Bare {
    /// What follows `c`; `None` when that makes it prose.
    fn next(self, c: char) -> Option<Self> {
        match (self, c) {
            (Self::Text, '"') | (Self::Word | Self::Blank, ' ' | '\n' | '\r' | '\t') => Some(Self::Blank),
            (Self::Text, '\\') => Some(Self::Escape),
            (Self::Text | Self::Escape, _) => (c >= ' ').then_some(Self::Text),
            (Self::Word, '+' | '-' | '.' | '0'..='9' | 'a'..='z' | 'E') => Some(Self::Word),
            (Self::Word | Self::Blank, _) => None,
        }
    }
}

/// Where the search stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seek {
    /// Something other than blanks has come.
    started: bool,
    /// The text before the next root, or behind the last one, is noted.
    pub surrounded: bool,
    /// A fence is open.
    fenced: bool,
    /// The back-ticks or tildes that are being counted.
    tick: char,
    ticks: usize,
    /// Where the word behind a doubtful opener starts in what is held back.
    pub word_at: usize,
    bare: Bare,
}

/// Whether a tag's name, without brackets and slash, marks thoughts.
fn is_think(name: &str) -> bool {
    matches!(name, "think" | "thinking" | "thought" | "reasoning" | "reflection")
}

/// Whether it wraps a tool call.
fn is_tool(name: &str) -> bool {
    matches!(name, "tool_call" | "tool_calls" | "function_call" | "tool_request")
}

impl Machine {
    /// Notes, once a gap, that text beside the JSON was skipped.
    pub fn surround(&mut self, at: u32) {
        if !self.seek.surrounded {
            self.seek.surrounded = true;
            self.note(RepairKind::SurroundingText, at, Risk::Safe);
        }
    }

    /// Reads text outside JSON up to the next character that may matter.
    pub fn prose(&mut self, text: &str, at: usize, base: u32) -> usize {
        let rest = text.get(at..).unwrap_or_default();
        let skip = if self.seek.surrounded {
            rest.find(['{', '[', '<', '`', '~']).unwrap_or(rest.len())
        } else {
            rest.find(|c: char| !c.is_ascii_whitespace()).unwrap_or(rest.len())
        };
        let at = at + skip;
        let here = base + at as u32;
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            return at;
        };
        if !self.seek.started && matches!(c, '"' | '-' | '0'..='9' | 't' | 'f' | 'n') {
            self.seek.started = true;
            self.seek.bare = if c == '"' { Bare::Text } else { Bare::Word };
            self.held.clear();
            self.held.push(c);
            self.held_at = here;
            self.step = Step::Bare;
            return at + 1;
        }
        self.meet(c, here);
        at + c.len_utf8()
    }

    fn meet(&mut self, c: char, here: u32) {
        match c {
            '\u{feff}' if here == 0 => {
                self.note(RepairKind::InvisibleSpace, 0, Risk::Safe);
                return;
            }
            '{' | '[' => self.open_doubtful(c, here),
            '`' | '~' => {
                self.seek.tick = c;
                self.seek.ticks = 1;
                self.held_at = here;
                self.step = Step::Ticks;
            }
            '<' => {
                self.held.clear();
                self.held.push(c);
                self.held_at = here;
                self.step = Step::Tag;
            }
            '}' | ']' if self.has_root() && !self.seek.surrounded => {
                self.note(RepairKind::WrongCloser, here, Risk::Guess);
            }
            _ => self.surround(here),
        }
        self.seek.started = true;
    }

    /// Reads one character of a run of back-ticks, or of the word behind it.
    pub fn fence(&mut self, c: char) -> bool {
        if self.step == Step::Info {
            if c.is_alphanumeric() || matches!(c, '_' | '+' | '-' | '.') {
                return true;
            }
            self.step = Step::Seek;
            return false;
        }
        if c == self.seek.tick {
            self.seek.ticks += 1;
            return true;
        }
        if self.seek.ticks >= 3 {
            self.seek.fenced = !self.seek.fenced;
            if self.seek.fenced {
                self.note(RepairKind::Fence, self.held_at, Risk::Safe);
            }
            self.step = Step::Info;
        } else {
            self.surround(self.held_at);
            self.step = Step::Seek;
        }
        false
    }

    /// Reads one character of `<…>`.
    pub fn tag(&mut self, c: char) -> bool {
        if c == '>' {
            self.end_tag();
            return true;
        }
        let fits = c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '|');
        if fits && self.held.len() < LONGEST_TAG {
            self.held.push(c);
            return true;
        }
        self.surround(self.held_at);
        self.step = Step::Seek;
        false
    }

    fn end_tag(&mut self) {
        self.step = Step::Seek;
        let at = self.held_at;
        let name = self.held.trim_matches(['<', '|', '/']).to_ascii_lowercase();
        let closes = self.held.starts_with("</");
        match (is_think(&name), closes) {
            (true, false) => {
                self.note(RepairKind::ThinkBlock, at, Risk::Safe);
                self.step = Step::Think;
            }
            (true, true) => {
                // The opening tag stood in the prompt: what came so far was thought, drafts included.
                let risk = if self.has_root() { Risk::Guess } else { Risk::Safe };
                self.note(RepairKind::ThinkBlock, at, risk);
                self.forget_roots();
            }
            (false, false) if is_tool(&name) => self.note(RepairKind::ToolWrapper, at, Risk::Safe),
            (false, true) if is_tool(&name) => {}
            (false, _) => self.surround(at),
        }
    }

    /// Skips one character of a think block.
    pub fn think(&mut self, c: char) -> bool {
        if c == '<' {
            self.held.clear();
            self.step = Step::ThinkTag;
        } else if self.step == Step::ThinkTag {
            if c == '>' {
                let name = self.held.strip_prefix('/').map(str::to_ascii_lowercase);
                let ends = name.is_some_and(|name| is_think(&name));
                self.step = if ends { Step::Seek } else { Step::Think };
            } else if self.held.len() < LONGEST_TAG {
                self.held.push(c);
            } else {
                self.step = Step::Think;
            }
        }
        true
    }

    /// Reads what so far is one scalar and nothing else. It is held back, for the next word may make prose of it.
    pub fn bare(&mut self, text: &str, at: usize, base: u32) -> usize {
        let rest = text.get(at..).unwrap_or_default();
        let mut kind = self.seek.bare;
        let ends = |c: char| match kind.next(c) {
            Some(next) => {
                kind = next;
                false
            }
            None => true,
        };
        let run = rest.find(ends).unwrap_or(rest.len());
        self.seek.bare = kind;
        self.held.push_str(rest.get(..run).unwrap_or_default());
        debug_assert_eq!(
            self.held_at as usize + self.held.len(),
            base as usize + at + run,
            "nothing was left out"
        );
        if run < rest.len() {
            self.drop_bare();
        }
        at + run
    }

    /// It is no scalar after all but prose.
    pub fn drop_bare(&mut self) {
        self.step = Step::Seek;
        self.replay(0);
    }

    /// The answer ends: if it is one scalar, that is its document.
    pub fn finish_bare(&mut self) {
        if serde_json::from_str::<serde_json::Value>(&self.held).is_err() {
            self.drop_bare();
            return;
        }
        let end = self.held_at + self.held.len() as u32;
        self.step = Step::Value;
        self.strict = true;
        self.replay(0);
        self.finish(end);
        self.strict = false;
    }
}
