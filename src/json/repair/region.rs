//! Readings that count only under conditions: what fills a region alone, what is small, and what is escaped.
//!
//! Owns the conditions that keep sentences from becoming data where JSON was expected and something else stands there.

use super::escape::Unescaped;
use super::extract::{Scanner, note, scan};
use super::look::{Family, Look, is_space};
use super::marks::mark;
use super::numbers;
use super::parser::{Parsed, Parser};
use super::plausible::{plausible, slight};
use crate::json::tree::Kind;
use crate::verdict::RepairKind;

impl Scanner<'_> {
    /// Reads a scalar, a call, a tuple or bare members, if nothing else stands in the region.
    pub(super) fn whole(&mut self, at: usize) -> bool {
        let in_tag = self
            .closer
            .as_ref()
            .is_some_and(|closer| !closer.starts_with(['`', '~']));
        let Some(c) = self.look.char(at).filter(|_| !in_tag) else {
            return false;
        };
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
        let Some(parsed) = self.lone(look, at) else {
            return false;
        };
        if !fills(look, at, c, &parsed) {
            return false;
        }
        self.keep(at, parsed, false);
        self.tail();
        true
    }

    /// Reads what is no container: one value, or numbers without brackets.
    pub(super) fn lone(&mut self, look: Look<'_>, at: usize) -> Option<Parsed> {
        let one = self.spend(at, look, false).ok();
        if one.as_ref().is_none_or(|one| one.end < look.end) && numbers::are_numbers(look.rest(at)) {
            return Parser::new(look, at, false, self.limits).bare_items().ok();
        }
        one
    }

    /// What begins a text like a word in brackets counts only if nothing follows: `[Note] see below` is a sentence.
    pub(super) fn alone(&self, at: usize, parsed: &Parsed) -> bool {
        let quoted = self.look.family(self.look.blank(at + 1)).is_some();
        if self.closer.is_some() || quoted {
            return true;
        }
        if plausible(self.look, at, false, 0) {
            let next = self.look.char(self.look.space(parsed.end));
            return !slight(&parsed.tree) || !next.is_some_and(char::is_alphanumeric);
        }
        let tail = self.look.rest(parsed.end);
        let tail = tail.trim_start_matches(|c: char| is_space(c) || ";,)]}".contains(c));
        let word = self.look.text[at..parsed.end].contains(char::is_whitespace);
        (tail.is_empty() || mark(self.look, self.look.end - tail.len()).is_some()) && (parsed.complete || !word)
    }

    /// A small value between sentences counts only where a value would be announced or is the last word.
    pub(super) fn worthy(&self, at: usize, parsed: &Parsed) -> bool {
        if !slight(&parsed.tree) {
            return true;
        }
        let before = self.look.text[..at].trim_end_matches([' ', '\t']);
        let listed = !self.found.is_empty() && before.ends_with([',', ']', '}']);
        let announced = before.is_empty() || before.ends_with(['\n', ':']) || listed;
        let gap = self.look.rest(parsed.end).trim_start_matches([' ', '\t']);
        let announced = announced && !gap.starts_with(char::is_alphanumeric);
        let last = self.look.space(parsed.end) >= self.look.end;
        (announced || last) && parsed.complete && parsed.repairs.is_empty()
    }

    /// Reads a document whose quotes are all escaped, once.
    pub(super) fn escaped(&mut self, at: usize) -> bool {
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
}

/// Whether what was read at `at` is all that stands up to the end, and no quotation that begins a sentence.
fn fills(look: Look<'_>, at: usize, first: char, parsed: &Parsed) -> bool {
    let tail = look
        .rest(parsed.end)
        .trim_start_matches(|c: char| is_space(c) || matches!(c, ';' | ',' | ')'));
    let object = |root| parsed.tree.node(root).kind == Kind::Object;
    if parsed.tree.root().is_some_and(object) {
        return tail.is_empty() || first != '(' && Family::of(first).is_some();
    }
    let quotes = parsed
        .repairs
        .iter()
        .any(|repair| repair.kind == RepairKind::UnescapedQuote);
    let scrap = !parsed.complete && (look.end - at <= 1 || quotes);
    let word = first == '"' || first.is_ascii_digit() || !look.rest(at).contains(char::is_whitespace);
    tail.is_empty() && !scrap && (parsed.complete || word)
}
