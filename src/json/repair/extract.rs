//! Finding JSON in an answer: past think blocks, inside fences and tags, between sentences.
//!
//! Owns where reading starts and which starts are no JSON. What is read there belongs to `parser`; the order of what was found
//! to `repair`. Sentences are never data: braces and brackets in them count only if JSON's own structure follows.

use super::Limits;
use super::closers::early;
use super::look::{Look, find, is_space};
use super::marks::{Mark, mark, region_end};
use super::parser::{Parsed, Parser, Refused, Stop};
use super::plausible::{escaped, plausible, slight};
use crate::json::tree::Tree;
use crate::verdict::{Repair, RepairKind, Risk};

/// What stands between a document and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// Other text, or no document.
    Apart,
    /// Nothing but space.
    Space,
    /// A comma.
    Comma,
}

/// A document that was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) tree: Tree,
    pub(super) repairs: Vec<Repair>,
    pub(super) complete: bool,
    /// It stood in a fence or a tag.
    pub(super) framed: bool,
    /// It is so small that it may be no document at all.
    pub(super) slight: bool,
    pub(super) join: Join,
}

/// Everything found in `text`, in order.
pub(super) fn scan(text: &str, limits: Limits, escapes: bool) -> Vec<Found> {
    let end = text.trim_end_matches(is_space).len();
    let mut scanner = Scanner {
        look: Look { text, end },
        limits,
        escapes,
        pos: 0,
        found: Vec::new(),
        notes: Vec::new(),
        closer: None,
        skipped: None,
        budget: end.saturating_mul(12).saturating_add(1 << 16),
    };
    scanner.run();
    scanner.found
}

/// A cursor over an answer and what was found up to it.
pub(super) struct Scanner<'t> {
    pub(super) look: Look<'t>,
    pub(super) limits: Limits,
    /// Whether escaped documents may be looked into.
    pub(super) escapes: bool,
    pub(super) pos: usize,
    pub(super) found: Vec<Found>,
    /// Repairs for the next document.
    pub(super) notes: Vec<Repair>,
    /// How the fence or tag the cursor is in closes.
    pub(super) closer: Option<String>,
    /// Where text that is not JSON began.
    pub(super) skipped: Option<usize>,
    /// Bytes that may still be read.
    pub(super) budget: usize,
}

impl Scanner<'_> {
    fn run(&mut self) {
        self.region();
        while self.pos < self.look.end && self.budget > 0 {
            let at = self.pos;
            if let Some(mark) = mark(self.look, at) {
                self.pass(mark);
            } else {
                match self.look.byte(at) {
                    Some(b'{' | b'[') if self.open(at, false) => {}
                    Some(_) | None => self.skip(),
                }
            }
        }
    }

    fn skip(&mut self) {
        let Some(c) = self.look.char(self.pos) else {
            self.pos = self.look.end;
            return;
        };
        if !is_space(c) && self.skipped.is_none() {
            self.skipped = Some(self.pos);
            if let Some(last) = self.found.last_mut() {
                last.repairs.push(note(RepairKind::SurroundingText, self.pos));
            }
        }
        self.pos += c.len_utf8();
    }

    fn pass(&mut self, mark: Mark) {
        let at = self.pos;
        match mark {
            Mark::Think(end) => {
                self.notes.push(note(RepairKind::ThinkBlock, at));
                self.pos = end;
            }
            Mark::ThinkEnd(end) => {
                self.found.clear();
                self.skipped = None;
                self.notes = vec![note(RepairKind::ThinkBlock, 0)];
                self.pos = end;
            }
            Mark::Tag(end, kind, closer) => {
                self.notes.push(note(kind, at));
                self.closer = Some(closer);
                self.pos = end;
            }
            Mark::Fence(_, closer) if self.closer.as_ref() == Some(&closer) => {
                self.closer = None;
                self.pos = at + closer.len();
                return;
            }
            Mark::Fence(end, closer) => {
                self.notes.push(note(RepairKind::Fence, at));
                self.closer = Some(closer);
                self.pos = end;
            }
        }
        self.region();
    }

    /// Reads at the start of the text, of a fence or of a tag, where JSON is expected.
    fn region(&mut self) {
        let known = self.notes.len();
        let at = self.lead();
        let opened = match self.look.byte(at) {
            Some(_) if mark(self.look, at).is_some() => false,
            Some(b'{' | b'[') => self.open(at, true),
            Some(_) => self.whole(at),
            None => false,
        };
        if !opened {
            self.notes.truncate(known);
        }
    }

    /// Past spaces and comments, each noted.
    fn lead(&mut self) -> usize {
        let mut at = self.pos;
        while let Some(c) = self.look.char(at) {
            if is_space(c) {
                if !c.is_ascii_whitespace() {
                    self.notes.push(note(RepairKind::InvisibleSpace, at));
                }
                at += c.len_utf8();
            } else if let Some(end) = self.look.comment(at, self.budget) {
                self.budget = self.budget.saturating_sub(end - at);
                self.notes.push(note(RepairKind::Comment, at));
                at = end;
            } else if self.look.starts(at, "/*") || self.look.starts(at, "<!--") {
                // Its end is further off than may still be read.
                self.budget = 0;
                break;
            } else {
                break;
            }
        }
        at
    }

    /// Where the fence or tag the cursor is in closes.
    pub(super) fn closing(&mut self, at: usize) -> Option<usize> {
        let closer = self.closer.as_ref().filter(|_| self.budget > 0)?;
        let end = region_end(self.look, at, closer);
        self.budget = self.budget.saturating_sub(self.look.end - at);
        end
    }

    /// Reads a container at `at`; `expected` says that JSON is expected there. Returns whether one was found.
    fn open(&mut self, at: usize, expected: bool) -> bool {
        if escaped(self.look, at) {
            return self.escaped(at);
        }
        if !plausible(self.look, at, expected, 0) {
            return false;
        }
        let parsed = match self.read(at) {
            Ok(parsed) => parsed,
            Err(refused) => {
                if refused.stop == Stop::Limit {
                    self.pos = self.look.end;
                }
                return refused.stop == Stop::Limit;
            }
        };
        let fits = if expected {
            self.alone(at, &parsed)
        } else {
            self.worthy(at, &parsed)
        };
        if !fits {
            return false;
        }
        self.keep(at, parsed, expected);
        self.tail();
        true
    }

    /// Reads strictly, then leniently, then leniently up to where the fence or tag closes.
    fn read(&mut self, at: usize) -> Result<Parsed, Refused> {
        let strict = self.spend(at, self.look, true);
        match strict {
            Ok(parsed) if !early(self.look, parsed.end) => return Ok(parsed),
            Err(Refused { stop: Stop::Limit, at }) => return Err(Refused { stop: Stop::Limit, at }),
            Ok(_) | Err(_) => {}
        }
        let lenient = self.spend(at, self.look, false)?;
        if lenient.complete {
            return Ok(lenient);
        }
        let limit = match &self.closer {
            Some(_) => self.closing(at),
            None => find(self.look.text.as_bytes(), at, self.look.end, b"\n```"),
        };
        let Some(end) = limit.filter(|end| *end < lenient.end) else {
            return Ok(lenient);
        };
        let end = at + self.look.text[at..end].trim_end_matches(is_space).len();
        self.spend(at, Look { end, ..self.look }, false).or(Ok(lenient))
    }

    pub(super) fn spend(&mut self, at: usize, look: Look<'_>, strict: bool) -> Result<Parsed, Refused> {
        if self.budget == 0 {
            return Err(Refused { stop: Stop::Limit, at });
        }
        let result = Parser::new(look, at, strict, self.limits).document();
        let reached = match &result {
            Ok(parsed) => parsed.end,
            Err(refused) => refused.at,
        };
        self.budget = self.budget.saturating_sub(reached.saturating_sub(at) + 1);
        result
    }

    pub(super) fn keep(&mut self, at: usize, parsed: Parsed, expected: bool) {
        let mut repairs = std::mem::take(&mut self.notes);
        repairs.extend(self.skipped.take().map(|at| note(RepairKind::SurroundingText, at)));
        repairs.extend(parsed.repairs);
        let slight = slight(&parsed.tree);
        let join = self.join(at);
        self.pos = parsed.end;
        self.found.push(Found {
            start: at,
            end: parsed.end,
            tree: parsed.tree,
            repairs,
            complete: parsed.complete,
            framed: expected && self.closer.is_some(),
            slight,
            join,
        });
    }

    fn join(&self, at: usize) -> Join {
        let Some(last) = self.found.last() else {
            return Join::Apart;
        };
        let mut next = self.look.blank(last.end);
        let comma = self.look.byte(next) == Some(b',');
        if comma {
            next = self.look.blank(next + 1);
        }
        match (next == at, comma) {
            (true, true) => Join::Comma,
            (true, false) => Join::Space,
            (false, _) => Join::Apart,
        }
    }

    /// Past closers, commas and semicolons behind a document.
    pub(super) fn tail(&mut self) {
        loop {
            let at = self.look.space(self.pos);
            let kind = match self.look.byte(at) {
                Some(b'}' | b']') => RepairKind::WrongCloser,
                Some(b';' | b')') => RepairKind::StrayComma,
                Some(b',') if self.look.blank(at + 1) >= self.look.end => RepairKind::TrailingComma,
                Some(b',') if matches!(self.look.byte(self.look.blank(at + 1)), Some(b'{' | b'[')) => {
                    self.pos = at + 1;
                    return;
                }
                Some(b'/' | b'#') => match self.look.comment(at, usize::MAX) {
                    Some(end) => {
                        self.log(RepairKind::Comment, at);
                        self.pos = end;
                        continue;
                    }
                    None => return,
                },
                Some(_) | None => return,
            };
            self.log(kind, at);
            self.pos = at + 1;
        }
    }

    fn log(&mut self, kind: RepairKind, at: usize) {
        if let Some(last) = self.found.last_mut() {
            last.repairs.push(note(kind, at));
        }
    }
}

/// A safe repair.
pub(super) fn note(kind: RepairKind, at: usize) -> Repair {
    Repair {
        kind,
        offset: at as u64,
        risk: Risk::Safe,
    }
}
