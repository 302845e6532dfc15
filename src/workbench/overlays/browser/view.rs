//! The browser of sessions on screen.
//!
//! Owns its columns, their leaving when room is short, and what is said below the list.

use super::{Browser, Filter, Seen, SessionRow};
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
const WIDTH: u16 = 112;

/// Before a title: the mark of the session that is open, a space.
const GUTTER: u16 = 2;

/// Between columns.
const GAP: u16 = 2;

/// A column leaves before titles are narrower than this.
const LEAST: u16 = 24;

/// The most columns of a model's name.
const MODEL: u16 = 26;

/// The rows below the list.
const DETAILS: u16 = 6;

const HINTS: [Hint<'_>; 8] = [
    ("Enter", "replay"),
    ("^O", "open"),
    ("Esc", "close"),
    ("^X", "delete"),
    ("Alt-U", "undo"),
    ("^T", "title"),
    ("^F", "fork"),
    ("Alt-VIRFCM", "only"),
];

/// The same in fewer columns; what has no room is in the README.
const SHORT_HINTS: [Hint<'_>; 6] = [
    ("Enter", "replay"),
    ("^O", "open"),
    ("Esc", "close"),
    ("^X", "delete"),
    ("Alt-VIRFCM", "only"),
    ("^T", "title"),
];

const READ_HINTS: [Hint<'_>; 4] = [
    ("Enter", "replay"),
    ("^O", "open"),
    ("Esc", "close"),
    ("Alt-VIRFCM", "only"),
];

const TITLE_HINTS: [Hint<'_>; 2] = [("Enter", "keep this title"), ("Esc", "leave it as it was")];

/// The widths of the columns beside the title; 0 for one that has left.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Columns {
    when: u16,
    model: u16,
    mode: u16,
    outcome: u16,
    cost: u16,
    tokens: u16,
}

impl Columns {
    /// As wide as what is in them.
    pub fn of(rows: &[SessionRow]) -> Self {
        let of = |text: fn(&SessionRow) -> &str, title| widest(rows.iter().map(text), title);
        Self {
            when: of(|row| &row.when, "when"),
            model: of(|row| short(&row.model), "model").min(MODEL),
            mode: of(|row| &row.mode, "mode"),
            // The glyph and a space.
            outcome: of(|row| row.outcome, "outcome").saturating_add(2),
            cost: of(|row| &row.cost, "cost"),
            tokens: of(|row| &row.tokens, "tokens"),
        }
    }

    /// Those that there is room for beside a title.
    fn fitting(mut self, width: u16) -> Self {
        let leaving: [fn(&mut Self); 6] = [
            |set| set.tokens = 0,
            |set| set.mode = 0,
            |set| set.cost = 0,
            |set| set.model = 0,
            |set| set.outcome = 1,
            |set| set.when = 0,
        ];
        for leave in leaving {
            if self.title(width) >= LEAST {
                break;
            }
            leave(&mut self);
        }
        self
    }

    /// What is left for the title.
    fn title(self, width: u16) -> u16 {
        let beside = [self.when, self.model, self.mode, self.outcome, self.cost, self.tokens];
        let taken: u16 = beside.iter().filter(|wide| **wide > 0).map(|wide| wide + GAP).sum();
        width.saturating_sub(GUTTER + taken)
    }
}

impl Browser {
    pub(super) fn form(&self) -> Form {
        Form {
            width: WIDTH,
            // Not less while the list is on its way, so that the box does not jump.
            rows: self.list.rows.len().max(12) + 1,
            header: true,
            details: DETAILS,
        }
    }

    /// Draws it in the middle of `area`.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        let mut places = self.form().places(area);
        let (long, short) = self.notes();
        let frame = Frame {
            title: if self.renaming.is_some() { "Title" } else { "Sessions" },
            notes: &[&long, &short],
            hints: self.hints(places.outer.width),
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
        let set = self.columns.fitting(places.list.width);
        header(buf, places.header, look, set);
        self.picker.view_rows(buf, &places, look, |buf, area, row| match row {
            Row::Heading(words) => {
                put(buf, area.x, area.y, area.width, words, look.styles.dim);
                None
            }
            Row::Typed => None,
            Row::Entry(at) => Some(self.row(buf, area, look, self.list.rows.get(at)?, set)),
        });
        self.view_empty(buf, &places, look);
        self.details(buf, places.details, look);
        self.title_line(buf, query, look).or(position)
    }

    const fn hints(&self, width: u16) -> &'static [Hint<'static>] {
        match (self.renaming.is_some(), self.read_only) {
            (true, _) => &TITLE_HINTS,
            (false, true) => &READ_HINTS,
            (false, false) if width >= WIDTH => &HINTS,
            (false, false) => &SHORT_HINTS,
        }
    }

    /// The title that is being typed, in the place of the query.
    fn title_line(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        let (_, line) = self.renaming.as_ref()?;
        super::super::frame::clear(buf, area, look.styles.overlay);
        let used = put(buf, area.x, area.y, area.width, "title: ", look.styles.dim);
        let rest = Rect {
            x: area.x + used,
            width: area.width.saturating_sub(used),
            ..area
        };
        line.view(buf, rest, look, look.styles.prompt)
    }

    /// How many there are, with many words and with few.
    fn notes(&self) -> (String, String) {
        if self.list.loading && self.list.rows.is_empty() {
            return ("listing".to_owned(), String::new());
        }
        let (shown, all) = (self.picker.count(), self.list.rows.len());
        let short = format!("{shown} of {all}");
        match self.list.others {
            0 => (short.clone(), short),
            others => (format!("{short}, {others} unreadable"), short),
        }
    }

    /// The filters that are on.
    fn only(&self, width: u16) -> String {
        let on = Filter::ALL.into_iter().filter(|filter| self.filters.contains(filter));
        let mut words: Vec<&str> = on.map(Filter::word).collect();
        let most = usize::from(width / 2);
        let model = self.model.as_ref().map(|model| match model.as_str() {
            "" => "no model".into(),
            model => text::one_line(short(model), most.saturating_sub(8)),
        });
        words.extend(model.as_deref());
        if words.is_empty() {
            return String::new();
        }
        text::one_line(&format!("only {}", words.join(", ")), most).into_owned()
    }

    /// Draws one session; returns where its title stands.
    fn row(&self, buf: &mut Buffer, area: Rect, look: &Look, row: &SessionRow, set: Columns) -> Rect {
        let styles = &look.styles;
        if self.is_open(row) {
            put(
                buf,
                area.x,
                area.y,
                1.min(area.width),
                look.glyphs.marked,
                styles.strong,
            );
        }
        let title = Rect {
            x: area.x.saturating_add(GUTTER),
            width: set.title(area.width),
            ..area
        };
        let style = if row.titled { styles.text } else { styles.dim };
        put(buf, title.x, title.y, title.width, &row.title, style);
        let (glyph, tone) = outcome(row.outcome, look);
        let ended = format!("{glyph} {}", row.outcome);
        let cells = [
            (set.when, row.when.as_str(), styles.dim, false),
            (set.model, short(&row.model), styles.text, false),
            (set.mode, &row.mode, styles.dim, false),
            (set.outcome, if set.outcome == 1 { glyph } else { &ended }, tone, false),
            (set.cost, &row.cost, styles.number, true),
            (set.tokens, &row.tokens, styles.number, true),
        ];
        tail(buf, title, cells);
        title
    }

    /// Says why the list is empty.
    fn view_empty(&self, buf: &mut Buffer, places: &Places, look: &Look) {
        if self.picker.count() > 0 {
            return;
        }
        let (words, style) = match &self.list.error {
            Some(error) => (format!("no list: {error}"), look.styles.error),
            None if self.list.loading => ("the sessions are being listed".to_owned(), look.styles.dim),
            None if self.list.rows.is_empty() => {
                ("nothing is recorded yet: every run will be".to_owned(), look.styles.dim)
            }
            None if !self.filters.is_empty() || self.model.is_some() => {
                let words = "no session fits: Alt with the same letter takes a filter back";
                (words.to_owned(), look.styles.warning)
            }
            None => ("no session has that".to_owned(), look.styles.warning),
        };
        let lines = wrapped(&words, places.list.width, places.list.height);
        for (line, y) in lines.iter().zip(places.list.y..) {
            put(buf, places.list.x, y, places.list.width, line, style);
        }
    }

    /// What is said of the session under the cursor: its figures, and what it begins and ends with.
    fn details(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let Some(row) = self.current() else { return };
        let styles = &look.styles;
        if area.height == 0 {
            return;
        }
        let figures = figures(row);
        put(buf, area.x, area.y, area.width, &figures, styles.strong);
        let rest = Rect {
            y: area.y + 1,
            height: area.height - 1,
            ..area
        };
        match self.preview.as_ref().filter(|(source, _)| *source == row.source) {
            Some((_, Seen::Known(preview))) => texts(buf, rest, look, preview),
            Some((_, Seen::Failed(why))) => view_details(buf, rest, [(why.as_str(), styles.error)]),
            Some((_, Seen::Loading)) | None => {}
        }
    }
}

/// Input, schema and value, each on so many lines as there is room for, short ones leaving theirs to the others.
fn texts(buf: &mut Buffer, area: Rect, look: &Look, preview: &super::Preview) {
    let texts = [
        ("input  ", &preview.input),
        ("schema ", &preview.schema),
        ("value  ", &preview.value),
    ];
    let said = texts.iter().filter(|(_, text)| !text.trim().is_empty());
    let mut left = said.clone().count();
    let mut y = area.y;
    for (label, text) in said {
        let room = area.bottom().saturating_sub(y);
        let most = room.saturating_sub(u16::try_from(left.saturating_sub(1)).unwrap_or(u16::MAX));
        left = left.saturating_sub(1);
        let width = area.width.saturating_sub(columns(label));
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for (at, line) in wrapped(&flat, width, most.min(2)).iter().enumerate() {
            if at == 0 {
                put(buf, area.x, y, columns(label), label, look.styles.dim);
            }
            put(buf, area.x + columns(label), y, width, line, look.styles.text);
            y += 1;
        }
    }
}

/// Everything of the row, for when the columns have no room.
fn figures(row: &SessionRow) -> String {
    let runs = crate::words::count(row.runs as usize, "run");
    let tokens = if row.tokens.is_empty() {
        String::new()
    } else {
        format!("{} tokens", row.tokens)
    };
    let said = [row.outcome, &row.model, &row.mode, &runs, &row.cost, &tokens, &row.when];
    let said = said.into_iter().filter(|words| !words.is_empty());
    said.collect::<Vec<_>>().join(", ")
}

/// A model's name without who makes it.
fn short(model: &str) -> &str {
    model.rsplit('/').next().unwrap_or(model)
}

fn outcome(word: &str, look: &Look) -> (&'static str, Style) {
    let (glyphs, styles) = (&look.glyphs, &look.styles);
    match word {
        "valid" => (glyphs.valid, styles.valid),
        "invalid" => (glyphs.invalid, styles.invalid),
        "refused" | "failed" => (glyphs.invalid, styles.error),
        "draft" => (glyphs.waiting, styles.dim),
        _ => (glyphs.warning, styles.warning),
    }
}

/// Draws the columns' titles.
fn header(buf: &mut Buffer, area: Rect, look: &Look, set: Columns) {
    if area.height == 0 {
        return;
    }
    let style = look.styles.dim;
    let title = Rect {
        x: area.x.saturating_add(GUTTER),
        width: set.title(area.width),
        ..area
    };
    pieces(buf, title, 0, [("title", style)]);
    let ended = if set.outcome == 1 { "" } else { "outcome" };
    let cells = [
        (set.when, "when", style, false),
        (set.model, "model", style, false),
        (set.mode, "mode", style, false),
        (set.outcome, ended, style, false),
        (set.cost, "cost", style, true),
        (set.tokens, "tokens", style, true),
    ];
    tail(buf, title, cells);
}

/// Draws the cells behind a title; those of figures at the right of their columns.
fn tail(buf: &mut Buffer, title: Rect, cells: [(u16, &str, Style, bool); 6]) {
    let mut x = title.right();
    for (width, text, style, right) in cells.into_iter().filter(|(width, ..)| *width > 0) {
        x = x.saturating_add(GAP);
        let pad = if right { width.saturating_sub(columns(text)) } else { 0 };
        put(buf, x.saturating_add(pad), title.y, width - pad, text, style);
        x = x.saturating_add(width);
    }
}
