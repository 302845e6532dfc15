//! Which provider: each with its address and whether its key is there.
//!
//! Owns the list. What a provider is belongs to the settings; a key itself never comes here.

use super::Response;
use super::form::{Form, view_details, widest};
use super::frame::{Frame, Hint, columns};
use super::picker::{Picker, Row};
use crate::text;
use crate::workbench::draw::{pieces, put};
use crate::workbench::styles::Look;
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

/// The columns inside the box where there is room.
const WIDTH: u16 = 86;

/// Before a label: the mark of the provider that is set, a space.
const GUTTER: u16 = 2;

/// The most columns of a name.
const NAME: usize = 20;

/// An address is drawn where there are so many columns for it.
const LEAST: u16 = 18;

const HINTS: [Hint<'_>; 2] = [("Enter", "use"), ("Esc", "close")];

/// Whether a provider has its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// The environment variable with this name, or the file, has one.
    Set(String),
    /// It has none.
    Missing(String),
    /// None is needed.
    NotNeeded,
}

impl KeyState {
    const fn short(&self) -> &'static str {
        match self {
            Self::Set(_) => "key is set",
            Self::Missing(_) => "no key",
            Self::NotNeeded => "needs no key",
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Set(name) => format!("{name} is set"),
            Self::Missing(name) => format!("{name} is not set: set it and start again"),
            Self::NotNeeded => "no key needed".to_owned(),
        }
    }

    const fn style(&self, look: &Look) -> Style {
        match self {
            Self::Set(_) => look.styles.valid,
            Self::Missing(_) => look.styles.warning,
            Self::NotNeeded => look.styles.dim,
        }
    }
}

/// One provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRow {
    /// Its name in the settings.
    pub name: String,
    /// What it is, in a word or two.
    pub kind: String,
    /// Its base URL; empty for one that is not reached over a network.
    pub address: String,
    /// Whether it has its key.
    pub key: KeyState,
    /// Whether it is the one that is set.
    pub current: bool,
    /// What else is good to know; may be empty.
    pub note: String,
}

/// The provider picker.
#[derive(Clone, Debug)]
pub struct ProviderPicker {
    providers: Vec<ProviderRow>,
    /// As they are drawn, all of one width.
    names: Vec<String>,
    picker: Picker,
}

impl ProviderPicker {
    /// A picker of providers, the cursor on the one that is set.
    pub fn new(providers: Vec<ProviderRow>) -> Self {
        let short = |row: &ProviderRow| text::one_line(&row.name, NAME).into_owned();
        let mut names: Vec<String> = providers.iter().map(short).collect();
        let wide = widest(names.iter().map(String::as_str), "");
        for name in &mut names {
            let pad = wide.saturating_sub(columns(name)) + 2;
            name.extend(std::iter::repeat_n(' ', usize::from(pad)));
        }
        let labels = names.iter().zip(&providers);
        let labels = labels.map(|(name, row)| format!("{name}{}", row.address));
        let mut picker = Picker::new(labels);
        if let Some(at) = providers.iter().position(|row| row.current) {
            picker.select(at);
        }
        Self {
            providers,
            names,
            picker,
        }
    }

    /// Takes a key; typing narrows the list.
    pub fn key(&mut self, key: KeyEvent, area: Rect) -> Response<String> {
        let places = self.form().places(area);
        let chosen = |at: usize| Some(self.providers.get(at)?.name.clone());
        self.picker.choose(&key, places.list.height, chosen)
    }

    /// Pastes into the query.
    pub fn paste(&mut self, text: &str) {
        self.picker.narrow(text);
    }

    /// Draws it in the middle of `area`.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        let places = self.form().places(area);
        let frame = Frame {
            title: "Provider",
            notes: &[],
            hints: &HINTS,
        };
        let position = self.picker.view_frame(buf, &places, look, &frame);
        self.picker.view_rows(buf, &places, look, |buf, area, row| match row {
            Row::Entry(at) => Some(self.row(buf, area, look, at, self.providers.get(at)?)),
            Row::Heading(_) | Row::Typed => None,
        });
        self.details(buf, places.details, look);
        position
    }

    fn row(&self, buf: &mut Buffer, area: Rect, look: &Look, at: usize, row: &ProviderRow) -> Rect {
        if row.current {
            put(
                buf,
                area.x,
                area.y,
                1.min(area.width),
                look.glyphs.marked,
                look.styles.strong,
            );
        }
        let words = row.key.short();
        let name = self.names.get(at).map_or("", String::as_str);
        let address = self.picker.label(at).strip_prefix(name).unwrap_or_default();
        let all = area.width.saturating_sub(GUTTER);
        let beside = all.saturating_sub(columns(words) + 2);
        let is_roomy = beside >= columns(name) + LEAST;
        let label = Rect {
            x: area.x.saturating_add(GUTTER),
            width: if is_roomy { beside } else { all.min(columns(name)) },
            ..area
        };
        let address = if is_roomy { address } else { "" };
        pieces(buf, label, 0, [(name, look.styles.text), (address, look.styles.dim)]);
        let rest = all.saturating_sub(label.width);
        let wide = columns(words).min(rest);
        put(
            buf,
            area.right().saturating_sub(wide),
            area.y,
            wide,
            words,
            row.key.style(look),
        );
        label
    }

    /// What is said of the provider under the cursor.
    fn details(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let Some(Row::Entry(at)) = self.picker.current() else {
            view_details(
                buf,
                area,
                [("no provider fits; providers are named in the settings", look.styles.dim)],
            );
            return;
        };
        let Some(row) = self.providers.get(at) else {
            return;
        };
        let kind = match (row.kind.as_str(), row.address.as_str()) {
            (kind, "") => kind.to_owned(),
            (kind, address) => format!("{kind} at {address}"),
        };
        let key = row.key.sentence();
        view_details(
            buf,
            area,
            [
                (kind.as_str(), look.styles.text),
                (key.as_str(), row.key.style(look)),
                (row.note.as_str(), look.styles.info),
            ],
        );
    }

    fn form(&self) -> Form {
        Form {
            width: WIDTH,
            rows: self.providers.len(),
            header: false,
            details: 4,
        }
    }
}
