//! The model picker on screen.
//!
//! Owns its columns, their leaving when room is short, and the words below the list.

use super::{Endpoints, Entry, Filter, Group, ModelPicker};
use crate::extract::model::figures::{ago, letters, marked, tokens};
use crate::provider::openrouter::catalogue::EndpointInfo;
use crate::task::Mode;
use crate::text;
use crate::workbench::draw::{pieces, put};
use crate::workbench::overlays::form::{Form, Places, view_details, widest};
use crate::workbench::overlays::frame::{Frame, Hint, columns, wrapped};
use crate::workbench::overlays::picker::Row;
use crate::workbench::styles::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

/// The columns inside the box where there is room.
const WIDTH: u16 = 106;

/// Before a label: the mark of the model that is set, the mark of a favourite, a space.
const GUTTER: u16 = 3;

/// Between columns.
const GAP: u16 = 2;

/// A column leaves before labels are narrower than this.
const LEAST: u16 = 26;

/// A box that is narrower says less.
const NARROW: u16 = 56;

/// The keys beside those of the filters.
const KEYS: [Hint<'_>; 3] = [("Enter", "use"), ("Esc", "close"), ("Ctrl-F", "favourite")];

/// The widths of the columns beside the label; 0 for one that has left.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Columns {
    marks: u16,
    input: u16,
    output: u16,
    context: u16,
}

impl ModelPicker {
    pub(super) fn form(&self) -> Form {
        Form {
            width: WIDTH,
            rows: self.entries.len() + 3,
            header: true,
            details: 4,
        }
    }

    /// Draws it in the middle of `area`.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        let mut places = self.form().places(area);
        let (long, short) = self.notes();
        let narrowing = narrowing(places.outer.width > WIDTH);
        let hints: Vec<Hint<'_>> = KEYS
            .into_iter()
            .chain(narrowing.iter().map(|(keys, words)| (keys.as_str(), *words)))
            .collect();
        let frame = Frame {
            title: "Model",
            notes: &[&long, &short],
            hints: &hints,
        };
        let query = places.query;
        let only = self.only(query.width);
        let wide = columns(&only);
        if wide > 0 && wide + 12 < query.width {
            places.query.width -= wide + 2;
        }
        let position = self.picker.view_frame(buf, &places, look, &frame);
        if places.query.width < query.width {
            put(buf, query.right() - wide, query.y, wide, &only, look.styles.warning);
        }
        let set = self.fitting(places.list.width);
        let label = header(buf, places.header, look, set);
        self.picker.view_rows(buf, &places, look, |buf, area, row| match row {
            Row::Heading(words) => {
                put(buf, area.x, area.y, area.width, words, look.styles.dim);
                None
            }
            Row::Typed => {
                self.typed(buf, area, look);
                None
            }
            Row::Entry(entry) => Some(self.row(buf, area, look, self.entries.get(entry)?, set, label)),
        });
        self.view_empty(buf, &places, look);
        let details = self.details(places.details.width, set.input == 0, look);
        view_details(
            buf,
            places.details,
            details.iter().map(|(words, style)| (words.as_str(), *style)),
        );
        position
    }

    /// How many models there are and how old the list is, with many words and with few.
    fn notes(&self) -> (String, String) {
        let list = &self.choices.list;
        let (shown, all) = (self.picker.count(), self.entries.len());
        match list.age.map(ago) {
            _ if list.loading => (format!("{shown} of {all}, fetching the list"), "fetching".to_owned()),
            Some(ago) if list.stale => (
                format!("{shown} of {all}, old list from {ago}"),
                format!("old list, {ago}"),
            ),
            Some(ago) => (
                format!("{shown} of {all}, list from {ago}"),
                format!("{shown} of {all}, {ago}"),
            ),
            None => ("no list".to_owned(), String::new()),
        }
    }

    /// The filters that are on.
    fn only(&self, width: u16) -> String {
        let on = Filter::all().filter(|filter| self.filters.contains(filter));
        let words: Vec<&str> = on.map(Filter::word).collect();
        match (words.is_empty(), width < NARROW && words.len() > 1) {
            (true, _) => String::new(),
            (false, false) => format!("only {}", words.join(", ")),
            (false, true) => {
                let short: Vec<&str> = words.iter().filter_map(|word| word.get(..1)).collect();
                format!("only {}", short.join(" ").to_uppercase())
            }
        }
    }

    fn fitting(&self, width: u16) -> Columns {
        let mut set = self.columns;
        if set.label(width) < LEAST {
            set.context = 0;
        }
        if set.label(width) < LEAST {
            (set.input, set.output) = (0, 0);
        }
        set
    }

    /// Draws one model; returns where its label stands.
    fn row(&self, buf: &mut Buffer, area: Rect, look: &Look, entry: &Entry, set: Columns, label: u16) -> Rect {
        let styles = &look.styles;
        if self.choices.current.as_deref() == Some(&entry.id) {
            put(
                buf,
                area.x,
                area.y,
                1.min(area.width),
                look.glyphs.marked,
                styles.strong,
            );
        }
        if matches!(entry.group, Group::Favourite(_)) {
            let x = area.x.saturating_add(1);
            put(
                buf,
                x,
                area.y,
                1.min(area.width.saturating_sub(1)),
                look.glyphs.favourite,
                styles.info,
            );
        }
        let place = Rect {
            x: area.x.saturating_add(GUTTER),
            width: label,
            ..area
        };
        let name = ["  ", &entry.shown_name].map(|text| (text, styles.dim));
        let named = entry.shown_name.is_empty();
        pieces(
            buf,
            place,
            0,
            [(entry.shown_id.as_str(), styles.text)]
                .into_iter()
                .chain(name.into_iter().filter(|_| !named)),
        );
        let cells = [
            (set.marks, entry.marks.as_str(), styles.text),
            (set.input, &entry.input, styles.number),
            (set.output, &entry.output, styles.number),
            (set.context, &entry.context, styles.dim),
        ];
        tail(buf, place, cells);
        place
    }

    fn typed(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let rest = [
            ("use \"", look.styles.dim),
            (self.picker.query(), look.styles.strong),
            ("\" as typed", look.styles.dim),
        ];
        let place = Rect {
            x: area.x.saturating_add(GUTTER),
            width: area.width.saturating_sub(GUTTER),
            ..area
        };
        let query = text::clean(self.picker.query());
        if columns(&query).saturating_add(16) <= place.width {
            pieces(buf, place, 0, rest);
        } else {
            pieces(buf, place, 0, rest.into_iter().take(2));
        }
    }

    /// Says why the list is empty.
    fn view_empty(&self, buf: &mut Buffer, places: &Places, look: &Look) {
        let list = &self.choices.list;
        let words = match (&list.error, list.models.is_empty()) {
            (_, false) if self.picker.count() == 0 && self.picker.query().is_empty() => {
                "no model fits: Alt with the same letter takes a filter back".to_owned()
            }
            (_, false) => return,
            (_, true) if list.loading => "the list is being fetched; an id can be typed".to_owned(),
            (Some(error), true) => format!("no list: {error}; an id can be typed"),
            (None, true) => "the server lists no models; an id can be typed".to_owned(),
        };
        let used = u16::try_from(self.picker.length()).unwrap_or(u16::MAX);
        let rest = places.list.height.saturating_sub(used);
        for (line, row) in wrapped(&words, places.list.width, rest).iter().zip(used..) {
            put(
                buf,
                places.list.x,
                places.list.y + row,
                places.list.width,
                line,
                look.styles.warning,
            );
        }
    }

    /// What is said of the model under the cursor: id, figures, endpoints; and why there is no newer list.
    fn details(&self, width: u16, prices: bool, look: &Look) -> Vec<(String, Style)> {
        let styles = &look.styles;
        let mut said = Vec::new();
        if let Some(entry) = self.current() {
            said.push((entry.id.clone(), styles.strong));
            said.push((self.figures(entry, width, prices), styles.text));
            said.extend(self.endpoints(entry, width, look));
        }
        if let Some(error) = self
            .choices
            .list
            .error
            .as_ref()
            .filter(|_| !self.choices.list.models.is_empty())
        {
            said.push((format!("no newer list: {error}"), styles.warning));
        }
        said
    }

    fn figures(&self, entry: &Entry, width: u16, prices: bool) -> String {
        let Some(model) = self.info(entry) else {
            return if self.choices.list.models.is_empty() {
                "nothing is known of it without a list".to_owned()
            } else {
                "not in the list; it can be used all the same".to_owned()
            };
        };
        let mut said = Vec::new();
        if width >= NARROW && !entry.shown_name.is_empty() {
            said.push(entry.shown_name.clone());
        }
        if prices {
            said.push(match (entry.input.trim(), entry.output.trim()) {
                ("free", "free") => "free".to_owned(),
                ("?", "?") => "price ?".to_owned(),
                (input, output) => format!("$/M {input} in {output} out"),
            });
        }
        said.push(format!("context {}", entry.context));
        said.push(format!("max output {}", tokens(model.max_completion_tokens)));
        if let Some(date) = model
            .expires
            .as_deref()
            .filter(|date| *date <= self.choices.soon.as_str())
        {
            said.push(format!("ends {}", text::one_line(date, 10)));
        }
        said.join(", ")
    }

    fn endpoints(&self, entry: &Entry, width: u16, look: &Look) -> Option<(String, Style)> {
        let styles = &look.styles;
        Some(match self.choices.endpoints.as_ref()?.get(&entry.id)? {
            Endpoints::Loading => ("asking for its endpoints".to_owned(), styles.dim),
            Endpoints::Failed(error) => (format!("endpoints unknown: {error}"), styles.warning),
            Endpoints::Known(list) if list.is_empty() => ("no endpoint serves it now".to_owned(), styles.warning),
            Endpoints::Known(list) => {
                let honour = |parameter: &str| list.iter().filter(|endpoint| lists(endpoint, parameter)).count();
                let structured = honour("structured_outputs");
                let all = list.len();
                let noun = if all == 1 {
                    "endpoint honours"
                } else {
                    "endpoints honour"
                };
                let words = if width < NARROW {
                    format!("{structured} of {all} honour structured_outputs")
                } else {
                    let others = marked().filter(|mode| *mode != Mode::Structured);
                    let count = |parameter| format!("{} {parameter}", honour(parameter));
                    let mut counts = vec![format!("{structured} of {all} {noun} structured_outputs")];
                    counts.extend(others.filter_map(Mode::capability).map(count));
                    counts.join(", ")
                };
                (words, if structured == 0 { styles.warning } else { styles.info })
            }
        })
    }
}

impl Columns {
    /// As wide as what is in them.
    pub fn of(entries: &[Entry]) -> Self {
        let of = |text: fn(&Entry) -> &str, title| widest(entries.iter().map(text), title);
        Self {
            marks: of(|entry| &entry.marks, &letters()),
            input: of(|entry| &entry.input, "$/M in"),
            output: of(|entry| &entry.output, "$/M out"),
            context: of(|entry| &entry.context, "context"),
        }
    }

    /// What is left for the label.
    fn label(self, width: u16) -> u16 {
        let beside = [self.marks, self.input, self.output, self.context];
        let taken: u16 = beside.iter().filter(|wide| **wide > 0).map(|wide| wide + GAP).sum();
        width.saturating_sub(GUTTER + taken)
    }
}

/// The keys of the filters and what each lets in; those of the modes as one where room is short.
fn narrowing(wide: bool) -> Vec<(String, &'static str)> {
    let own = |filter: Filter| (format!("Alt-{}", filter.letter()), filter.word());
    if wide {
        Filter::all().map(own).collect()
    } else {
        vec![(format!("Alt-{}", letters()), "modes"), own(Filter::Free)]
    }
}

/// Draws the columns' titles; returns the width of the labels.
fn header(buf: &mut Buffer, area: Rect, look: &Look, set: Columns) -> u16 {
    let label = set.label(area.width);
    let style = look.styles.dim;
    let place = Rect {
        x: area.x.saturating_add(GUTTER),
        width: label,
        ..area
    };
    pieces(buf, place, 0, [("model", style)]);
    if area.height > 0 {
        let modes = letters();
        let cells: [(u16, &str, Style); 4] = [
            (set.marks, &modes, style),
            (set.input, "$/M in", style),
            (set.output, "$/M out", style),
            (set.context, "context", style),
        ];
        tail(buf, place, cells);
    }
    label
}

/// Draws the cells behind a label, each at the right of its column.
fn tail(buf: &mut Buffer, label: Rect, cells: [(u16, &str, Style); 4]) {
    if label.width == 0 {
        return;
    }
    let mut x = label.right();
    for (width, text, style) in cells.into_iter().filter(|(width, _, _)| *width > 0) {
        let pad = width.saturating_sub(columns(text));
        x = x.saturating_add(GAP);
        put(buf, x.saturating_add(pad), label.y, width - pad, text, style);
        x = x.saturating_add(width);
    }
}

fn lists(endpoint: &EndpointInfo, parameter: &str) -> bool {
    let listed = endpoint.supported_parameters.as_deref().unwrap_or_default();
    listed.iter().any(|name| name == parameter)
}
