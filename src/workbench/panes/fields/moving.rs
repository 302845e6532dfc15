//! Keys in the tab Fields: moving, folding, opening, going to problems and matches, following.
//!
//! Owns the cursor and the scroll position. The cursor stands on a row, so that long texts and reasons scroll as everything does.

use super::FieldsPane;
use super::outline::{NONE, Outline, ROOT};
use super::source::Source;
use crate::json::tree::{Kind, Node};
use crate::record::RunRecord;
use crate::workbench::action::Action;
use crate::workbench::needle::Needle;

/// A pane with fewer rows is scrolled row by row: there is no room to waste, and little to write.
const LOW: usize = 12;

impl FieldsPane {
    /// Does what a key means here, in `height` rows. Returns whether it means anything.
    pub fn act(&mut self, action: Action, run: Option<&RunRecord>, height: u16) -> bool {
        self.height = height;
        let page = usize::from(height.max(2)) - 1;
        let last = self.outline.rows.total().saturating_sub(1);
        let row = self.row();
        let known = match action {
            Action::Up => self.go(row.saturating_sub(1)),
            Action::Down => self.go(row + 1),
            Action::PageUp => self.go(row.saturating_sub(page)),
            Action::PageDown => self.go(row + page),
            Action::HalfUp => self.go(row.saturating_sub(page.div_ceil(2))),
            Action::HalfDown => self.go(row + page.div_ceil(2)),
            Action::Top => self.go(0),
            Action::Bottom => self.go(last),
            Action::Left => self.left(run),
            Action::Right => self.right(run),
            Action::Open => self.open(run),
            Action::Fold => self.toggle(run),
            Action::FoldAll => self.fold_all(true, run),
            Action::UnfoldAll => self.fold_all(false, run),
            Action::Follow => {
                self.away = false;
                true
            }
            Action::NextProblem => self.seek(run, true, |pane, _, item| pane.outline.reasons.contains_key(&item)),
            Action::PreviousProblem => self.seek(run, false, |pane, _, item| pane.outline.reasons.contains_key(&item)),
            Action::NextMatch => self.seek(run, true, Self::is_match),
            Action::PreviousMatch => self.seek(run, false, Self::is_match),
            _ => return false,
        };
        self.keep(run);
        known
    }

    /// Puts the cursor on a row of the screen.
    pub fn click(&mut self, row: u16, run: Option<&RunRecord>) {
        let row = self.top_for(usize::from(self.height)) + usize::from(row);
        if row < self.outline.rows.total() {
            self.go(row);
            self.keep(run);
        }
    }

    /// Looks for `needle` in names and values from now on, goes to the first match from the cursor on, and returns how many fields
    /// match. `None` ends it.
    ///
    /// # Errors
    /// A needle that is too long, as a sentence.
    pub fn search(&mut self, needle: Option<&str>, run: Option<&RunRecord>) -> Result<usize, String> {
        self.needle = Needle::new(needle.unwrap_or_default())?;
        if self.needle.is_none() {
            return Ok(0);
        }
        let source = self.source(run);
        let matches = |item: &u32| self.is_match(&source, *item);
        let count = std::iter::successors(Some(ROOT), |item| {
            Some(self.outline.following(*item, false)).filter(|item| *item != NONE)
        })
        .filter(matches)
        .count();
        let here = matches(&self.cursor.0);
        if count > 0 && !here {
            self.seek(run, true, Self::is_match);
            self.keep(run);
        }
        Ok(count)
    }

    /// Remembers the field under the cursor by its pointer, and scrolls to it.
    fn keep(&mut self, run: Option<&RunRecord>) {
        self.settle();
        self.pointer = self.outline.pointer(self.cursor.0, &self.source(run));
    }

    /// The cursor's row.
    pub(super) fn row(&self) -> usize {
        let (item, sub) = self.cursor;
        self.outline.rows.row_of(item).unwrap_or(0) + sub
    }

    fn go(&mut self, row: usize) -> bool {
        let last = self.outline.rows.total().saturating_sub(1);
        if let Some(cursor) = self.outline.rows.at(row.min(last)) {
            self.cursor = cursor;
        }
        self.away = true;
        true
    }

    /// Goes to an item and unfolds what it stands in.
    fn go_to(&mut self, item: u32, run: Option<&RunRecord>) {
        let above: Vec<u32> = self.outline.ancestors(item).skip(1).collect();
        let mut shown = true;
        for one in above {
            shown &= !self.fold(one, false, run);
        }
        if !shown {
            self.outline.show();
        }
        self.cursor = (item, 0);
        self.away = true;
    }

    /// Folds or unfolds without showing it yet. Returns whether that changed anything.
    fn fold(&mut self, item: u32, fold: bool, run: Option<&RunRecord>) -> bool {
        let folds = self.outline.item(item).is_some_and(|item| item.folded != fold);
        if folds {
            let pointer = self.outline.pointer(item, &self.source(run));
            self.outline.items[item as usize].folded = fold;
            if fold {
                self.marks.folded.insert(pointer);
            } else {
                self.marks.folded.remove(&pointer);
            }
        }
        folds
    }

    fn has_children(&self, item: u32) -> bool {
        self.outline.item(item).is_some_and(|item| item.first != NONE)
    }

    fn toggle(&mut self, run: Option<&RunRecord>) -> bool {
        let item = self.cursor.0;
        if !self.has_children(item) {
            return false;
        }
        let fold = self.outline.item(item).is_some_and(|item| !item.folded);
        self.fold(item, fold, run);
        self.outline.show();
        self.away = true;
        true
    }

    /// Folds everything, or unfolds it. The root stays open: a single row says nothing.
    fn fold_all(&mut self, fold: bool, run: Option<&RunRecord>) -> bool {
        if fold {
            for item in 1..self.outline.items.len() as u32 {
                if self.has_children(item) {
                    self.fold(item, true, run);
                }
            }
        } else {
            self.outline.items.iter_mut().for_each(|item| item.folded = false);
            self.marks.folded.clear();
        }
        self.outline.show();
        self.cursor = (self.outline.shown(self.cursor.0), 0);
        true
    }

    fn left(&mut self, run: Option<&RunRecord>) -> bool {
        let (item, sub) = self.cursor;
        self.away = true;
        if sub > 0 {
            self.cursor = (item, 0);
        } else if self.has_children(item) && self.outline.item(item).is_some_and(|item| !item.folded) {
            return self.toggle(run);
        } else if let Some(parent) = self.outline.ancestors(item).nth(1) {
            self.cursor = (parent, 0);
        }
        true
    }

    fn right(&mut self, run: Option<&RunRecord>) -> bool {
        let item = self.cursor.0;
        self.away = true;
        match self.outline.item(item) {
            Some(here) if here.first == NONE => {}
            Some(here) if here.folded => return self.toggle(run),
            Some(here) => self.cursor = (here.first, 0),
            None => {}
        }
        true
    }

    /// Folds a container, opens or closes a text.
    fn open(&mut self, run: Option<&RunRecord>) -> bool {
        let item = self.cursor.0;
        if self.has_children(item) {
            return self.toggle(run);
        }
        let source = self.source(run);
        let node = self.outline.item(item).and_then(|item| item.node);
        if source.node(node).is_none_or(|node| node.kind != Kind::String) || source.text(node).is_empty() {
            return false;
        }
        let pointer = self.outline.pointer(item, &source);
        let here = &mut self.outline.items[item as usize];
        here.opened = !here.opened;
        if here.opened {
            self.marks.opened.insert(pointer);
        } else {
            self.marks.opened.remove(&pointer);
            self.cursor = (item, 0);
        }
        self.away = true;
        self.measure(&[item], run);
        true
    }

    /// Goes to the next or previous item of a kind, round the end if need be.
    fn seek(&mut self, run: Option<&RunRecord>, forward: bool, is_it: impl Fn(&Self, &Source, u32) -> bool) -> bool {
        let here = self.cursor.0;
        let source = self.source(run);
        let (mut before, mut after, mut passed) = (Ends::default(), Ends::default(), false);
        let mut at = ROOT;
        while at != NONE {
            if at == here {
                passed = true;
            } else if is_it(self, &source, at) {
                if passed { &mut after } else { &mut before }.add(at);
                if passed && forward {
                    break;
                }
            }
            at = self.outline.following(at, false);
        }
        let found = if forward {
            after.first.or(before.first)
        } else {
            before.last.or(after.last)
        };
        if let Some(item) = found {
            self.go_to(item, run);
        }
        found.is_some()
    }

    fn is_match(&self, source: &Source, item: u32) -> bool {
        let Some(needle) = &self.needle else { return false };
        let node = self.outline.item(item).and_then(|item| item.node);
        let is_in = |text: &str| needle.find(text, 0).is_some();
        is_in(&self.outline.token(item, source)) || is_in(value_text(&self.outline, source, item, node))
    }

    /// Scrolls so that the cursor is on screen, and brings it to what is new while following.
    pub(super) fn settle(&mut self) {
        let (item, sub) = if self.away {
            self.cursor
        } else {
            (self.outline.newest, 0)
        };
        let shown = self.outline.shown(item);
        let sub = if shown == item { sub } else { 0 };
        let rows = self.outline.rows.height(shown).saturating_sub(1);
        self.cursor = if self.away {
            (shown, sub.min(rows))
        } else {
            (shown, rows)
        };
        self.top = self.top_for(usize::from(self.height));
    }

    /// The first row to show in `height` rows. While it follows an answer that is growing it goes down by several rows at once and
    /// leaves room below: each step writes the whole pane, which over a slow line costs more than all the text that comes in it.
    pub(super) fn top_for(&self, height: usize) -> usize {
        let (row, total) = (self.row(), self.outline.rows.total());
        let least = (row + 1).saturating_sub(height);
        let most = total.saturating_sub(height);
        let step = if self.judged || total <= height {
            1
        } else {
            stride(height)
        };
        let room = if step > 1 { most + step } else { most };
        let least = if self.away { least } else { least.next_multiple_of(step) };
        self.top.clamp(least.min(row), row).min(room.max(least))
    }
}

/// Rows that are scrolled at once, in a pane of a height.
const fn stride(height: usize) -> usize {
    if height < LOW { 1 } else { height / 3 }
}

/// The first and the last of several.
#[derive(Default)]
struct Ends {
    first: Option<u32>,
    last: Option<u32>,
}

impl Ends {
    fn add(&mut self, item: u32) {
        self.first.get_or_insert(item);
        self.last = Some(item);
    }
}

/// What of a scalar's value may be searched: what is shown of it.
fn value_text<'a>(outline: &Outline, source: &Source<'a>, item: u32, id: Option<crate::json::tree::NodeId>) -> &'a str {
    let Some(node) = source.node(id) else { return "" };
    let closed = Node::is_closed(node);
    match node.kind {
        Kind::String if closed || !super::paint::is_enum(outline, source, item) => source.text(id),
        Kind::Number if closed => source.text(id),
        Kind::True if closed => "true",
        Kind::False if closed => "false",
        Kind::Null if closed => "null",
        _ => "",
    }
}
