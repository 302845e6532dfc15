//! The tab Fields: every field of the schema, and how it fills in and settles while the model writes.
//!
//! Owns what of a record is shown, and keeps it up to date at the price of what is new: the fields in their order are `outline`'s, the
//! rows on show `rows`', problems at their fields `reasons`', keys `moving`'s, drawing `paint`'s. States and values are read from the
//! record at the moment of drawing, so that nothing has to be copied while text arrives.

mod moving;
mod outline;
mod paint;
mod reasons;
mod rows;
mod source;
mod words;
mod wrap;

use crate::event::RunId;
use crate::json::tree::NodeId;
use crate::record::RunRecord;
use crate::schema::Schema;
use crate::verdict::Verdict;
use crate::workbench::needle::Needle;
use crate::workbench::styles::Look;
use outline::{Marks, Outline, ROOT};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;
use source::{Judged, Place, Source};

/// Nodes from which on rows are made anew instead of being put in one by one, where they are a good part of all rows.
const MANY: usize = 64;

/// The pane's state.
#[derive(Clone, Debug, Default)]
pub struct FieldsPane {
    outline: Outline,
    marks: Marks,
    schema: Option<Schema>,
    run: Option<RunId>,
    /// What of the run is shown; `None` while there is nothing of it.
    place: Option<Place>,
    /// The node of the whole answer.
    root: Option<NodeId>,
    /// Whether the verdict has been taken in, and its value where that is shown instead of what was read live.
    judged: bool,
    value: Option<Box<Judged>>,
    /// Problems that have been taken in while streaming.
    problems: usize,
    /// The item under the cursor, and which of its rows.
    cursor: (u32, usize),
    /// The field under the cursor, for when the rows are made anew.
    pointer: String,
    /// The first row on screen.
    top: usize,
    /// Whether the user has moved away from what is new.
    away: bool,
    height: u16,
    width: u16,
    needle: Option<Needle>,
    /// Whether the outline was built.
    made: bool,
}

/// The field under the cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    /// Its RFC 6901 pointer.
    pub pointer: String,
    /// Its value as far as it may be shown; `None` when nothing of it has come.
    pub value: Option<Value>,
}

impl FieldsPane {
    /// Takes in what has come since; costs what is new. `schema` is the drafted schema, shown when there is no run; `height` and
    /// `width` are those of the area that the pane is drawn in.
    pub fn sync(&mut self, run: Option<&RunRecord>, schema: Option<&Schema>, height: u16, width: u16) {
        let schema = run.map_or(schema, |run| run.schema.as_ref());
        let place = run.and_then(Place::of);
        let widened = std::mem::replace(&mut self.width, width) != width;
        self.height = height;
        let anew = self.is_stale(run, schema, place);
        // The same text may be loaded anew; comparing it with itself costs nothing.
        self.schema = schema.cloned();
        if anew {
            self.restart(run);
        }
        let before = self.outline.newest;
        let offset = self.row().saturating_sub(self.top);
        self.take_in(run, place);
        if widened || anew {
            self.measure_all(run);
        } else {
            self.measure(&[before], run);
        }
        if anew && self.away {
            let source = self.source(run);
            self.cursor = (self.outline.find(&self.pointer, &source), 0);
        }
        if self.away {
            // What comes above the cursor does not push it about.
            self.top = self.row().saturating_sub(offset);
        }
        self.settle();
    }

    /// Whether what was taken in is not the beginning of what there is now.
    fn is_stale(&self, run: Option<&RunRecord>, schema: Option<&Schema>, place: Option<Place>) -> bool {
        let other = !self.made
            || self.run != run.map(|run| run.id)
            || self.schema.as_ref() != schema
            || (self.place.is_some() && self.place != place);
        if other || place.is_none() {
            return other;
        }
        let source = Source::new(run, place, None, schema);
        let shrunk = |(tree, _): (&crate::json::tree::Tree, _)| tree.len() < self.outline.taken();
        (self.judged && !source.judged) || (self.value.is_none() && source.reading().is_some_and(shrunk))
    }

    /// Begins with the declared fields.
    fn restart(&mut self, run: Option<&RunRecord>) {
        let source = Source::new(None, None, None, self.schema.as_ref());
        self.outline = Outline::new(&source, &self.marks);
        self.run = run.map(|run| run.id);
        self.place = None;
        self.root = None;
        self.judged = false;
        self.value = None;
        self.problems = 0;
        self.made = true;
    }

    fn take_in(&mut self, run: Option<&RunRecord>, place: Option<Place>) {
        if self.place.is_none()
            && let Some(place) = place
        {
            self.place = Some(place);
            if let Some((_, document)) = place.document {
                self.outline.attach(document);
            }
        }
        if !self.judged {
            self.take_nodes(run);
            let verdict = run.zip(place).and_then(|(run, place)| run.attempts.get(place.attempt));
            match verdict.and_then(|attempt| attempt.verdict.as_ref()) {
                Some(verdict) => self.take_verdict(run, verdict),
                None => self.take_problems(run),
            }
        }
        self.outline.set_bulk(false);
    }

    /// Takes in the nodes that came.
    fn take_nodes(&mut self, run: Option<&RunRecord>) {
        let value = self.value.take();
        let source = Source::new(run, self.place, value.as_deref(), self.schema.as_ref());
        if let (Some((tree, mapping)), Some(document)) = (source.reading(), self.document(value.as_deref())) {
            let roots = tree.roots();
            let next = roots.get(roots.partition_point(|root| *root <= document));
            let end = next.map_or(tree.len(), |root| root.index());
            let new = end.saturating_sub(self.outline.taken());
            if new > MANY && new > self.outline.rows.total() / 8 {
                self.outline.set_bulk(true);
            }
            let mut opened = Vec::new();
            for id in tree.ids_from(self.outline.taken()).take(new) {
                if self.root.is_none() {
                    let wrapped = mapping.is_wrapper(document);
                    let inner = tree.node(id).parent() == Some(document) && tree.key(id) == Some("value");
                    self.root = Some(id).filter(|id| if wrapped { inner } else { *id == document });
                }
                self.outline.take(id, self.root, &source, &self.marks);
                let newest = self.outline.newest;
                opened.extend(self.outline.item(newest).filter(|item| item.opened).map(|_| newest));
            }
            self.value = value;
            self.measure(&opened, run);
        } else {
            self.value = value;
        }
    }

    /// The root of the document that is shown.
    fn document(&self, value: Option<&Judged>) -> Option<NodeId> {
        match value {
            Some(judged) => judged.root(),
            None => self.place?.document.map(|(_, root)| root),
        }
    }

    /// Takes in the problems that were found while streaming.
    fn take_problems(&mut self, run: Option<&RunRecord>) {
        let source = Source::new(run, self.place, None, self.schema.as_ref());
        let Some(fields) = source.fields else { return };
        let mut touched = Vec::new();
        for id in fields.invalid().iter().skip(self.problems) {
            if let Some(item) = self.outline.of(*id) {
                touched.extend(self.outline.place(item, fields.problems(*id), &source));
            }
        }
        self.problems = fields.invalid().len();
        self.measure(&touched, run);
    }

    /// Takes in the verdict: its errors, and its value where that is not what was read live.
    fn take_verdict(&mut self, run: Option<&RunRecord>, verdict: &Verdict) {
        self.judged = true;
        let source = Source::new(run, self.place, None, self.schema.as_ref());
        if self.root.is_none_or(|root| !source.is_same(root, &verdict.value)) {
            let judged = Judged::new(&verdict.value, self.schema.as_ref());
            let bare = Source::new(None, None, None, self.schema.as_ref());
            self.outline = Outline::new(&bare, &self.marks);
            if let Some(root) = judged.root() {
                self.outline.attach(root);
            }
            self.root = None;
            self.value = Some(Box::new(judged));
            self.take_nodes(run);
        }
        let mut touched = self.outline.clear_reasons();
        let value = self.value.take();
        let source = Source::new(run, self.place, value.as_deref(), self.schema.as_ref());
        touched.extend(self.outline.place(ROOT, &verdict.errors, &source));
        self.value = value;
        self.measure(&touched, run);
    }

    fn source<'a>(&'a self, run: Option<&'a RunRecord>) -> Source<'a> {
        Source::new(run, self.place, self.value.as_deref(), self.schema.as_ref())
    }

    /// Another run, or a step backwards: everything is made anew at the next [`Self::sync`]. What is folded, opened and selected stays
    /// so where the same fields are there again.
    pub fn reset(&mut self) {
        self.made = false;
    }

    /// Says how high items are.
    fn measure(&mut self, items: &[u32], run: Option<&RunRecord>) {
        for item in items {
            let height = paint::height(&self.outline, *item, &self.source(run), self.width);
            self.outline.rows.set_height(*item, height);
        }
    }

    /// The same for all that are higher than a row.
    fn measure_all(&mut self, run: Option<&RunRecord>) {
        let mut items: Vec<u32> = self.outline.reasons.keys().copied().collect();
        if !self.marks.opened.is_empty() {
            let opened = |item: &u32| self.outline.item(*item).is_some_and(|item| item.opened);
            items.extend((0..self.outline.items.len() as u32).filter(opened));
        }
        self.measure(&items, run);
    }

    /// The field under the cursor. Costs what its value holds: for when it is asked for, not for every frame.
    pub fn selected(&self, run: Option<&RunRecord>) -> Option<Selected> {
        let source = self.source(run);
        let item = self.outline.item(self.cursor.0)?;
        let value = Some(item.node).filter(|node| !source.is_added_null(*node));
        Some(Selected {
            pointer: self.outline.pointer(self.cursor.0, &source),
            value: value.and_then(|node| source.value(node)),
        })
    }

    /// Whether the cursor goes with what comes.
    pub fn is_following(&self) -> bool {
        !self.away
    }

    /// Draws the rows that fit into `area`.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look, run: Option<&RunRecord>, focused: bool) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let painter = paint::Painter {
            outline: &self.outline,
            source: self.source(run),
            look,
            width: self.width.min(area.width),
            needle: self.needle.as_ref(),
            cursor: self.cursor,
        };
        if !self.made || (self.schema.is_none() && self.root.is_none()) {
            return painter.nothing(buf, area);
        }
        let top = self.top_for(usize::from(area.height));
        let rows = self.outline.rows.window(top).take(usize::from(area.height));
        let mut texts = paint::Texts::default();
        for (row, at) in rows.enumerate() {
            painter.row(buf, area, row as u16, at, &mut texts);
            if at == self.cursor {
                painter.mark(buf, area, row as u16, focused);
            }
        }
    }
}

#[cfg(test)]
mod tests;
