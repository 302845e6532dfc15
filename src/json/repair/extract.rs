//! Finding JSON in an answer: past think blocks, inside fences and tags, between sentences.
//!
//! Owns where reading starts and which starts are no JSON. What is read there belongs to `parser`; the order of what was found
//! to `repair`. Sentences are never data: braces and brackets in them count only if JSON's own structure follows.

use super::Limits;
use super::closers::early;
use super::escape::Unescaped;
use super::look::{Family, Look, find, is_space};
use super::numbers;
use super::marks::{Mark, mark, region_end};
use super::parser::{Parsed, Parser, Refused, Stop};
use super::plausible::{escaped, plausible, slight};
use crate::json::tree::{Kind, Tree};
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

struct Scanner<'t> {
    look: Look<'t>,
    limits: Limits,
    /// Whether escaped documents may be looked into.
    escapes: bool,
    pos: usize,
    found: Vec<Found>,
    /// Repairs for the next document.
    notes: Vec<Repair>,
    /// How the fence or tag the cursor is in closes.
    closer: Option<String>,
    /// Where text that is not JSON began.
    skipped: Option<usize>,
    /// Bytes that may still be read.
    budget: usize,
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
            } else {
                break;
            }
        }
        at
    }

    /// Reads a scalar, a call, a tuple or bare members, if nothing else stands in the region.
    fn whole(&mut self, at: usize) -> bool {
        let in_tag = self.closer.as_ref().is_some_and(|closer| !closer.starts_with(['`', '~']));
        let Some(c) = self.look.char(at).filter(|_| !in_tag) else { return false };
        if c == '\\' && self.look.starts(at, "\\\"") {
            return self.escaped(at);
        }
        let word = c.is_alphanumeric() || matches!(c, '-' | '+' | '.' | '_' | '$' | '(');
        if !word && Family::of(c).is_none() {
            return false;
        }
        let end = match &self.closer {
            Some(_) => self.closing(at).unwrap_or(self.look.end),
            None => self.look.end,
        };
        let end = at + self.look.text[at..end].trim_end_matches(is_space).len();
        let look = Look { end, ..self.look };
        let Some(parsed) = self.lone(look, at) else { return false };
        let tail = look.text[parsed.end..end].trim_matches(|c: char| is_space(c) || matches!(c, ';' | ',' | ')'));
        let quoted = parsed.complete || c == '"' || c.is_ascii_digit() || !look.text[at..end].contains(char::is_whitespace);
        // A quotation at the beginning of a sentence is no string that was cut.
        let quotes = parsed.repairs.iter().any(|repair| repair.kind == RepairKind::UnescapedQuote);
        let lone = !parsed.complete && (end - at <= 1 || quotes);
        let members = parsed.tree.root().is_some_and(|root| parsed.tree.node(root).kind == Kind::Object);
        if !(tail.is_empty() || members && c != '(' && Family::of(c).is_some()) || !members && (!quoted || lone) {
            return false;
        }
        self.keep(at, parsed, false);
        self.tail();
        true
    }

    /// Where the fence or tag the cursor is in closes.
    fn closing(&mut self, at: usize) -> Option<usize> {
        let closer = self.closer.as_ref().filter(|_| self.budget > 0)?;
        let end = region_end(self.look, at, closer);
        self.budget = self.budget.saturating_sub(self.look.end - at);
        end
    }

    /// Reads what is no container: one value, or numbers without brackets.
    fn lone(&mut self, look: Look<'_>, at: usize) -> Option<Parsed> {
        let one = self.spend(at, look, false).ok();
        if one.as_ref().is_none_or(|one| one.end < look.end) && numbers::are_numbers(look.rest(at)) {
            return Parser::new(look, at, false, self.limits).bare_items().ok();
        }
        one
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
        let fits = if expected { self.alone(at, &parsed) } else { self.worthy(at, &parsed) };
        if !fits {
            return false;
        }
        self.keep(at, parsed, expected);
        self.tail();
        true
    }

    /// What begins a text like a word in brackets counts only if nothing follows: `[Note] see below` is a sentence.
    fn alone(&self, at: usize, parsed: &Parsed) -> bool {
        if self.closer.is_some() || plausible(self.look, at, false, 0) {
            return true;
        }
        let tail = self.look.rest(parsed.end);
        let tail = tail.trim_start_matches(|c: char| is_space(c) || ";,)]}".contains(c));
        let word = self.look.text[at..parsed.end].contains(char::is_whitespace);
        (tail.is_empty() || mark(self.look, self.look.end - tail.len()).is_some()) && (parsed.complete || !word)
    }

    /// A small value between sentences counts only where a value would be announced or is the last word.
    fn worthy(&self, at: usize, parsed: &Parsed) -> bool {
        if !slight(&parsed.tree) {
            return true;
        }
        let before = self.look.text[..at].trim_end_matches([' ', '\t']);
        let announced = before.is_empty() || before.ends_with(['\n', ':', ',', ']', '}']);
        let last = self.look.space(parsed.end) >= self.look.end;
        (announced || last) && parsed.complete && parsed.repairs.is_empty()
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

    fn spend(&mut self, at: usize, look: Look<'_>, strict: bool) -> Result<Parsed, Refused> {
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

    /// Reads a document whose quotes are all escaped, once.
    fn escaped(&mut self, at: usize) -> bool {
        if !self.escapes {
            return false;
        }
        self.escapes = false;
        let inner = Unescaped::of(self.look.text, at, self.look.end);
        let found = scan(&inner.text, self.limits, false);
        let any = !found.is_empty();
        for found in found {
            let mut found = inner.outward(&found);
            found.repairs.insert(0, note(RepairKind::EscapedDocument, at));
            found.repairs.splice(0..0, self.notes.iter().copied());
            self.found.push(found);
        }
        if any {
            self.notes.clear();
            self.pos = self.look.end;
        }
        any
    }

    fn keep(&mut self, at: usize, parsed: Parsed, expected: bool) {
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
        let Some(last) = self.found.last() else { return Join::Apart };
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
    fn tail(&mut self) {
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

fn note(kind: RepairKind, at: usize) -> Repair {
    Repair { kind, offset: at as u64, risk: Risk::Safe }
}
