//! One line to be typed: where to save, what to load, what to search.
//!
//! Owns the line and what is said of it. Files and searches belong to whoever asked.

use super::Response;
use super::frame::{Frame, Hint, clear, columns, inside, place, wrapped};
use crate::workbench::draw::put;
use crate::workbench::line_input::{Edit, LineInput};
use crate::workbench::styles::Look;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The columns inside the box where there is room.
const WIDTH: u16 = 72;

/// The lines for what is wrong.
const LINES: u16 = 3;

/// What a line is typed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The file to write.
    SaveTo,
    /// The file to read.
    LoadFrom,
    /// What to search in the pane.
    Search,
}

impl Purpose {
    const fn title(self) -> &'static str {
        match self {
            Self::SaveTo => "Save to",
            Self::LoadFrom => "Load from",
            Self::Search => "Search",
        }
    }

    const fn hints(self) -> [Hint<'static>; 2] {
        let enter = match self {
            Self::SaveTo => "save",
            Self::LoadFrom => "load",
            Self::Search => "search",
        };
        [("Enter", enter), ("Esc", "close")]
    }
}

/// A line to be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    purpose: Purpose,
    input: LineInput,
    error: Option<String>,
    note: String,
}

impl Prompt {
    /// A prompt with a text in it that can be changed.
    pub fn new(purpose: Purpose, text: &str) -> Self {
        Self {
            purpose,
            input: LineInput::new(text),
            error: None,
            note: String::new(),
        }
    }

    /// What the line is for.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// What is typed so far.
    pub fn text(&self) -> &str {
        self.input.text()
    }

    /// Says what is wrong with the line, until it changes.
    pub fn set_error(&mut self, error: impl Into<String>) {
        self.error = Some(error.into());
    }

    /// Says something beside the line, such as `3 of 12`.
    pub fn set_note(&mut self, note: impl Into<String>) {
        self.note = note.into();
    }

    /// Whether it is drawn on the last row of a pane.
    pub const fn is_in_pane(&self) -> bool {
        match self.purpose {
            Purpose::Search => true,
            Purpose::SaveTo | Purpose::LoadFrom => false,
        }
    }

    /// Takes a key. Enter chooses the text; while a search is typed, every change is told too.
    pub fn key(&mut self, key: KeyEvent) -> Response<String> {
        if key.kind == KeyEventKind::Release {
            return Response::Stay;
        }
        match (key.code, self.purpose) {
            (KeyCode::Esc, _) => Response::Close,
            (KeyCode::Enter, Purpose::SaveTo | Purpose::LoadFrom) if self.text().trim().is_empty() => {
                self.set_error("type the path of a file");
                Response::Stay
            }
            (KeyCode::Enter, _) => Response::Chose(self.text().to_owned()),
            (_, purpose) => match (self.input.key(&key), purpose) {
                (Edit::Changed, Purpose::Search) => {
                    self.error = None;
                    Response::Did(self.text().to_owned())
                }
                (Edit::Changed, Purpose::SaveTo | Purpose::LoadFrom) => {
                    self.error = None;
                    Response::Stay
                }
                (Edit::Moved | Edit::Unknown, _) => Response::Stay,
            },
        }
    }

    /// Pastes into the line; a search is then to be done anew.
    pub fn paste(&mut self, text: &str) {
        self.error = None;
        self.input.paste(text);
    }

    /// Draws it in the middle of `area`, or on its last row.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        if self.is_in_pane() {
            return self.view_line(buf, area, look);
        }
        let width = inside(place(area, WIDTH, 1)).width;
        let error = self.error.as_deref().map(|error| wrapped(error, width, LINES));
        let error = error.unwrap_or_default();
        let rows = u16::try_from(error.len()).unwrap_or(u16::MAX);
        let outer = place(area, WIDTH, rows.saturating_add(1));
        let frame = Frame {
            title: self.purpose.title(),
            notes: &[&self.note],
            hints: &self.purpose.hints(),
        };
        frame.view(buf, outer, look);
        let inner = inside(outer);
        for (line, row) in error.iter().zip(1..inner.height) {
            put(buf, inner.x, inner.y + row, inner.width, line, look.styles.error);
        }
        self.input.view(buf, inner, look, look.styles.prompt)
    }

    fn view_line(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return None;
        }
        let row = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        clear(buf, row, look.styles.overlay);
        let used = put(buf, row.x, row.y, row.width, "/", look.styles.hint_key);
        let (words, style) = match &self.error {
            Some(error) => (error.as_str(), look.styles.error),
            None => (self.note.as_str(), look.styles.dim),
        };
        // What is typed has the greater half.
        let wide = columns(&crate::text::one_line(words, usize::from(row.width / 2)));
        put(buf, row.right() - wide, row.y, wide, words, style);
        let line = Rect {
            x: row.x + used,
            width: row.width.saturating_sub(used + wide + u16::from(wide > 0)),
            ..row
        };
        self.input.view(buf, line, look, look.styles.prompt)
    }
}
