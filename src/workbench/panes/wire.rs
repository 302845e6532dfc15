//! The tab Wire: the exact request of an attempt, and the schema as written beside the schema as sent.
//!
//! Owns the sections, the cursor in them and what is folded. The body's rows are `json_list`'s, the two schemas' `beside`'s.

mod beside;
mod sections;
#[cfg(test)]
mod tests;

use crate::extract::endpoint::Endpoint;
use crate::task::Mode;
use crate::verdict::{Change, Undo};
use crate::words;
use crate::workbench::action::Action;
use crate::workbench::draw::paint_row;
use crate::workbench::flow::{self, Line, Mark, Tone, mark, plain, text};
use crate::workbench::json_list::JsonList;
use crate::workbench::rows::{Rows, next};
use crate::workbench::styles::Look;
use beside::Beside;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
pub use sections::Request;
use sections::{Section, change_lines, head};
use serde_json::Value;
use std::sync::Arc;

/// From this width on the two schemas stand side by side.
const WIDE: u16 = 100;
/// What is said when there is no request to show.
const EMPTY: &str =
    "No request yet. With a schema, an input and a model, what would be sent stands here before anything is.";

/// The pane's state.
#[derive(Clone, Debug, PartialEq)]
pub struct WirePane {
    endpoint: Option<Endpoint>,
    attempt: Option<u32>,
    /// `None` while there is no request.
    body: Option<JsonList>,
    width: u16,
    head: Vec<Line>,
    /// A change's rows, and whether each is the first of one.
    changes: Vec<(Line, bool)>,
    changed: Vec<Change>,
    schemas: Beside,
    /// Whether the schema goes in the system message, not in a field of the body.
    in_words: bool,
    /// The titles of sections that are folded.
    folded: Vec<Section>,
    cursor: Rows,
    needle: String,
}

impl Default for WirePane {
    fn default() -> Self {
        Self {
            endpoint: None,
            attempt: None,
            body: None,
            width: 0,
            head: Vec::new(),
            changes: Vec::new(),
            changed: Vec::new(),
            schemas: Beside::default(),
            in_words: false,
            folded: Vec::new(),
            cursor: Rows::at_top(),
            needle: String::new(),
        }
    }
}

impl WirePane {
    /// Takes in the request to show, for a pane of `width` columns inside. `endpoint` is `None` for the model inside the program.
    /// Costs nothing while neither request nor width change.
    pub fn sync(&mut self, request: Option<Request<'_>>, endpoint: Option<&Endpoint>, width: u16) {
        let same = match (&self.body, &request) {
            (Some(body), Some(request)) => Arc::ptr_eq(body.root(), request.body),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let attempt = request.and_then(|request| request.attempt);
        let known = self.endpoint.as_ref() == endpoint && self.attempt == attempt;
        if same && known && self.width == width && !self.head.is_empty() {
            return;
        }
        self.width = width;
        self.attempt = attempt;
        self.endpoint = endpoint.cloned();
        if !same {
            self.body = None;
            self.cursor = Rows::at_top();
        }
        match request {
            Some(request) if !same => self.take(request),
            Some(_) => {
                if let Some(body) = &mut self.body {
                    body.resize(width);
                }
            }
            None => {
                self.schemas = Beside::default();
                self.changed.clear();
            }
        }
        self.lay();
    }

    fn take(&mut self, request: Request<'_>) {
        let mut body = JsonList::new(Arc::clone(request.body), self.width);
        let mut places = Mode::ALL.into_iter().filter_map(Mode::schema_place);
        let sent = places.rfind(|pointer| request.body.pointer(pointer).is_some());
        self.in_words = sent.is_none();
        if let Some(pointer) = sent {
            body.fold(pointer);
        }
        let wrapped = request.changes.iter().any(|change| change.undo == Some(Undo::Unwrap));
        let sent = sent.and_then(|pointer| request.body.pointer(pointer));
        self.schemas = Beside::new(request.schema, sent, wrapped);
        self.changed = request.changes.to_vec();
        self.body = Some(body);
    }

    /// The rows that depend on the width.
    fn lay(&mut self) {
        self.head = if self.body.is_some() {
            head(self.endpoint.as_ref(), self.attempt, self.width)
        } else {
            flow::flow([text(EMPTY, Tone::Dim)], self.width, 1, 1)
        };
        self.changes = self
            .changed
            .iter()
            .flat_map(|change| {
                let lines = change_lines(change, self.width);
                lines.into_iter().enumerate().map(|(at, line)| (line, at == 0))
            })
            .collect();
    }

    fn wide(&self) -> bool {
        self.width >= WIDE && !self.in_words
    }

    fn section_len(&self, section: Section) -> usize {
        let Some(body) = &self.body else {
            return if section == Section::Head { self.head.len() } else { 0 };
        };
        let folded =
            section.title() != Some(section) && section.title().is_some_and(|title| self.folded.contains(&title));
        if folded {
            return 0;
        }
        match section {
            Section::Head => self.head.len(),
            Section::BodyTitle | Section::ChangesTitle | Section::SchemaTitle => 1,
            Section::Body => body.len(),
            Section::Changes => self.changes.len(),
            Section::Schema if self.wide() => self.schemas.len(),
            Section::Schema => self.schemas.written(),
            Section::SentTitle => usize::from(!self.wide() && !self.in_words),
            Section::Sent if self.wide() || self.in_words => 0,
            Section::Sent => self.schemas.sent(),
        }
    }

    fn len(&self) -> usize {
        Section::ALL.iter().map(|section| self.section_len(*section)).sum()
    }

    /// The section of a row, and its place in it.
    fn locate(&self, row: usize) -> Option<(Section, usize)> {
        let mut rest = row;
        for section in Section::ALL {
            let len = self.section_len(section);
            if rest < len {
                return Some((section, rest));
            }
            rest -= len;
        }
        None
    }

    /// The row at which a section begins.
    fn begin(&self, wanted: Section) -> usize {
        let before = Section::ALL.iter().take_while(|section| **section != wanted);
        before.map(|section| self.section_len(*section)).sum()
    }

    /// Does what a key asks for in a pane of `height` rows inside; `false` when it means nothing here.
    pub fn act(&mut self, action: Action, height: u16) -> bool {
        let len = self.len();
        if self.cursor.act(action, len, height) {
            return true;
        }
        let at = self.cursor.cursor(len);
        match action {
            Action::Open | Action::Fold => self.toggle(at, height),
            Action::Right => {
                if self.is_open(at) == Some(false) {
                    self.toggle(at, height);
                }
            }
            Action::Left => self.left(at, height),
            Action::FoldAll | Action::UnfoldAll => self.fold_all(action == Action::FoldAll, at, height),
            Action::NextProblem | Action::PreviousProblem => {
                let found = next(len, at, action == Action::NextProblem, |row| self.is_change(row));
                self.go(found, height);
            }
            Action::NextMatch | Action::PreviousMatch => {
                let found = next(len, at, action == Action::NextMatch, |row| self.matches(row));
                self.go(found, height);
            }
            _ => return false,
        }
        true
    }

    /// Looks for a text from the cursor on, whatever its case; an empty one ends the search. Returns whether there is one.
    pub fn search(&mut self, needle: &str, height: u16) -> bool {
        self.needle = needle.to_lowercase();
        let len = self.len();
        let before = (self.cursor.cursor(len) + len).saturating_sub(1) % len.max(1);
        let found = next(len, before, true, |row| self.matches(row));
        self.go(found, height);
        found.is_some()
    }

    /// The pointer into the body and the value under the cursor, while it is in the body.
    pub fn selected(&self) -> Option<(String, &Value)> {
        let (section, at) = self.locate(self.cursor.cursor(self.len()))?;
        let body = self.body.as_ref().filter(|_| section == Section::Body)?;
        Some((body.pointer(at)?, body.value(at)?))
    }

    /// The text of the row under the cursor.
    pub fn selected_text(&self) -> String {
        plain(&self.line(self.cursor.cursor(self.len()))).trim().to_owned()
    }

    /// The body that is shown, for copying the whole and for the curl command.
    pub fn body(&self) -> Option<&Arc<Value>> {
        self.body.as_ref().map(JsonList::root)
    }

    /// Draws the rows that are visible.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look, focused: bool) {
        let len = self.len();
        let top = self.cursor.top(len, area.height);
        let cursor = self.cursor.cursor(len);
        for (row, at) in (0..area.height).zip(top..len) {
            match self.locate(at) {
                Some((Section::Schema, pair)) if self.wide() => {
                    self.schemas.draw(buf, area, row, pair, look, &self.needle);
                }
                Some((Section::SchemaTitle, _)) if self.wide() => {
                    flow::draw(buf, area, row, &self.line(at), look, &self.needle);
                    let right = beside::right(area);
                    let title = [text("schema as sent", Tone::Strong)];
                    flow::draw(buf, right, row, &title, look, &self.needle);
                }
                Some(_) | None => {
                    flow::draw(buf, area, row, &self.line(at), look, &self.needle);
                }
            }
            if at == cursor && self.body.is_some() {
                let style = if focused {
                    look.styles.selected
                } else {
                    look.styles.selected_unfocused
                };
                paint_row(buf, area, row, style);
            }
        }
    }

    /// A row as one line.
    fn line(&self, row: usize) -> Line {
        let Some((section, at)) = self.locate(row) else {
            return Line::new();
        };
        match section {
            Section::Head => self.head.get(at).cloned().unwrap_or_default(),
            Section::Body => self.body.as_ref().map(|body| body.line(at)).unwrap_or_default(),
            Section::Changes => self.changes.get(at).map(|(line, _)| line.clone()).unwrap_or_default(),
            Section::Schema if self.wide() => self.schemas.both(at),
            Section::Schema => self.schemas.written_line(at),
            Section::Sent => self.schemas.sent_line(at),
            Section::BodyTitle => self.title(section, "body", ""),
            Section::ChangesTitle if self.changed.is_empty() => self.title(section, "the schema goes as written", ""),
            Section::ChangesTitle => {
                let number = words::count(self.changed.len(), "change");
                self.title(section, &format!("{number} to the schema"), "")
            }
            Section::SchemaTitle if self.in_words => {
                self.title(section, "schema as written", ", sent in the system message")
            }
            Section::SchemaTitle => self.title(section, "schema as written", ""),
            Section::SentTitle => self.title(section, "schema as sent", ""),
        }
    }

    fn title(&self, section: Section, words: &str, more: &str) -> Line {
        let glyph = if self.folded.contains(&section) {
            Mark::Folded
        } else {
            Mark::Unfolded
        };
        vec![
            mark(glyph, Tone::Dim),
            text(format!(" {words}"), Tone::Strong),
            text(more, Tone::Dim),
        ]
    }

    fn is_open(&self, row: usize) -> Option<bool> {
        let (section, at) = self.locate(row)?;
        if section.title() == Some(section) {
            return Some(!self.folded.contains(&section));
        }
        self.body.as_ref().filter(|_| section == Section::Body)?.is_open(at)
    }

    fn toggle(&mut self, row: usize, height: u16) {
        let Some((section, at)) = self.locate(row) else {
            return;
        };
        if section.title() == Some(section) {
            if self.folded.contains(&section) {
                self.folded.retain(|folded| *folded != section);
            } else {
                self.folded.push(section);
            }
        } else if let Some(body) = self.body.as_mut().filter(|_| section == Section::Body)
            && let Some(first) = body.first_row(at)
            && body.toggle(at)
        {
            let row = self.begin(Section::Body) + first;
            self.go(Some(row), height);
        }
    }

    /// Closes what is open under the cursor, else goes to what it stands in.
    fn left(&mut self, row: usize, height: u16) {
        let Some((section, at)) = self.locate(row) else {
            return;
        };
        if self.is_open(row) == Some(true) {
            return self.toggle(row, height);
        }
        let parent = self
            .body
            .as_ref()
            .filter(|_| section == Section::Body)
            .and_then(|body| body.parent_row(at))
            .map(|parent| self.begin(Section::Body) + parent);
        let title = section.title().map(|title| self.begin(title));
        self.go(parent.or(title), height);
    }

    fn fold_all(&mut self, fold: bool, row: usize, height: u16) {
        let section = self.locate(row).and_then(|(section, _)| section.title());
        self.folded.clear();
        if let Some(body) = &mut self.body {
            body.fold_all(fold);
        }
        if fold {
            self.folded = vec![Section::ChangesTitle, Section::SchemaTitle, Section::SentTitle];
        }
        self.go(Some(section.map_or(0, |section| self.begin(section))), height);
    }

    fn go(&mut self, row: Option<usize>, height: u16) {
        if let Some(row) = row {
            self.cursor.go(row, self.len(), height);
        }
    }

    fn matches(&self, row: usize) -> bool {
        !self.needle.is_empty() && plain(&self.line(row)).to_lowercase().contains(&self.needle)
    }

    /// Whether a row is what `next problem` goes to: a change, or a line of the schemas that differs.
    fn is_change(&self, row: usize) -> bool {
        match self.locate(row) {
            Some((Section::Changes, at)) => self.changes.get(at).is_some_and(|(_, first)| *first),
            Some((Section::Schema, at)) if self.wide() => self.schemas.differs(at),
            Some((Section::Schema, at)) => self.schemas.written_differs(at),
            Some((Section::Sent, at)) => self.schemas.sent_differs(at),
            Some(_) | None => false,
        }
    }
}
