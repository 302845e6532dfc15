//! The recorded sessions: one's own, the last written first, and those that ship.
//!
//! Owns which are shown in which order and what is done with the one under the cursor. Listing, reading and changing files belong to
//! the runtime; drawing is `view`'s, what a row says `row`'s.

mod find;
mod row;
#[cfg(test)]
mod tests;
mod view;

use super::picker::{Picker, Pressed, Row};
use super::{Chosen, Response};
use crate::workbench::line_input::{Edit, LineInput};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use find::Finder;
use ratatui::layout::Rect;
pub use row::{Preview, SessionList, SessionRow, Source};
use std::path::PathBuf;

/// What stands above the sessions that ship.
const SHIP: &str = "These ship with formwork";

/// What is to be done with a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionAct {
    /// Replay it.
    Replay(Source),
    /// Go on in it.
    Open(Source),
    /// Make a copy of one's own.
    Fork(Source),
    /// Give it another title.
    Rename(Source, String),
    /// Delete it, so that it can be brought back.
    Delete(Source),
    /// Bring back what was deleted last.
    Restore,
}

/// How a last run ended, as far as one filters by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    Valid,
    Invalid,
    Refused,
    Failed,
    Cancelled,
}

impl Filter {
    const ALL: [Self; 5] = [Self::Valid, Self::Invalid, Self::Refused, Self::Failed, Self::Cancelled];

    const fn letter(self) -> char {
        match self {
            Self::Valid => 'v',
            Self::Invalid => 'i',
            Self::Refused => 'r',
            Self::Failed => 'f',
            Self::Cancelled => 'c',
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    fn lets(self, row: &SessionRow) -> bool {
        let interrupted = self == Self::Cancelled && row.outcome == crate::session::store::INTERRUPTED;
        interrupted || row.outcome == self.word()
    }
}

/// What is known of the session under the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    Loading,
    Known(Preview),
    Failed(String),
}

/// The browser of sessions.
#[derive(Clone, Debug)]
pub struct Browser {
    list: SessionList,
    /// The session that is open, which is not deleted under one's feet.
    open: Option<PathBuf>,
    /// Whether sessions may be changed here.
    read_only: bool,
    columns: view::Columns,
    filters: Vec<Filter>,
    model: Option<String>,
    finder: Finder,
    picker: Picker,
    /// The title that is being typed, and whose.
    renaming: Option<(Source, LineInput)>,
    preview: Option<(Source, Seen)>,
}

impl Browser {
    /// The sessions as far as they are known. `open` is the one that is written; with `read_only` they are only looked at.
    pub fn new(list: SessionList, open: Option<PathBuf>, read_only: bool) -> Self {
        let mut new = Self {
            list: SessionList::default(),
            open,
            read_only,
            columns: view::Columns::default(),
            filters: Vec::new(),
            model: None,
            finder: Finder::default(),
            picker: Picker::new([]),
            renaming: None,
            preview: None,
        };
        new.set_list(list);
        new
    }

    /// Takes another list; query, filters and cursor stay.
    pub fn set_list(&mut self, list: SessionList) {
        let current = self.current().map(|row| row.source.clone());
        let place = self.picker.place();
        self.list = list;
        self.picker
            .relabel_clean(self.list.rows.iter().map(|row| row.title.clone()).collect());
        self.columns = view::Columns::of(&self.list.rows);
        self.finder.forget();
        self.refresh();
        let again = current.and_then(|source| self.list.rows.iter().position(|row| row.source == source));
        match again {
            Some(at) => self.picker.select(at),
            // It is gone: the cursor stays where it was.
            None => self.picker.select_row(place),
        }
    }

    /// Takes what a session begins and ends with.
    pub fn set_preview(&mut self, source: &Source, preview: Result<Preview, String>) {
        if let Some((wanted, seen)) = &mut self.preview
            && wanted == source
        {
            *seen = match preview {
                Ok(preview) => Seen::Known(preview),
                Err(why) => Seen::Failed(why),
            };
        }
    }

    /// The session under the cursor, if nothing is known of it yet.
    pub fn wanted(&self) -> Option<&Source> {
        let source = &self.current()?.source;
        let known = self.preview.as_ref().is_some_and(|(seen, _)| seen == source);
        (!known).then_some(source)
    }

    /// It is being looked at.
    pub fn looking(&mut self, source: Source) {
        self.preview = Some((source, Seen::Loading));
    }

    /// Takes a key. Typing narrows the list; Enter replays, and Ctrl or Alt with a letter does what the border says.
    pub fn key(&mut self, key: KeyEvent, area: Rect) -> Response<Chosen> {
        if key.kind == KeyEventKind::Release {
            return Response::Stay;
        }
        if self.renaming.is_some() {
            return self.title_key(&key);
        }
        if let Some(response) = self.special(&key) {
            return response.map(Chosen::Session);
        }
        let places = self.form().places(area);
        match self.picker.key(&key, places.list.height) {
            Pressed::Nothing | Pressed::Chose(Row::Heading(_) | Row::Typed) => Response::Stay,
            Pressed::Close => Response::Close,
            Pressed::Typed => {
                self.refresh();
                Response::Stay
            }
            Pressed::Chose(Row::Entry(at)) => match self.list.rows.get(at) {
                Some(row) => Response::Did(Chosen::Session(SessionAct::Replay(row.source.clone()))),
                None => Response::Stay,
            },
        }
    }

    /// Pastes into the line that is typed.
    pub fn paste(&mut self, text: &str) {
        if let Some((_, line)) = &mut self.renaming {
            line.paste(text);
        } else {
            self.picker.paste(text);
            self.refresh();
        }
    }

    /// Whether a row's session is the one that is open.
    fn is_open(&self, row: &SessionRow) -> bool {
        self.open.as_deref().is_some_and(|open| row.source.path() == Some(open))
    }

    fn title_key(&mut self, key: &KeyEvent) -> Response<Chosen> {
        let Some((source, line)) = &mut self.renaming else {
            return Response::Stay;
        };
        match key.code {
            KeyCode::Esc => self.renaming = None,
            KeyCode::Enter => {
                let act = SessionAct::Rename(source.clone(), line.text().trim().to_owned());
                self.renaming = None;
                return Response::Did(Chosen::Session(act));
            }
            _ => {
                let (Edit::Unknown | Edit::Moved | Edit::Changed) = line.key(key);
            }
        }
        Response::Stay
    }

    /// What is done with the session under the cursor, and the filters; `None` when the key is none of these.
    fn special(&mut self, key: &KeyEvent) -> Option<Response<SessionAct>> {
        let KeyCode::Char(letter) = key.code else { return None };
        match key.modifiers {
            KeyModifiers::ALT => self.alt(letter),
            KeyModifiers::CONTROL => {
                let source = || self.current().map(|row| row.source.clone());
                let act = match letter {
                    'o' => SessionAct::Open(source()?),
                    'f' if !self.read_only => SessionAct::Fork(source()?),
                    'x' if !self.read_only => SessionAct::Delete(source()?),
                    't' if !self.read_only => {
                        self.rename();
                        return Some(Response::Stay);
                    }
                    _ => return None,
                };
                Some(Response::Did(act))
            }
            _ => None,
        }
    }

    fn alt(&mut self, letter: char) -> Option<Response<SessionAct>> {
        if letter == 'u' && !self.read_only {
            return Some(Response::Did(SessionAct::Restore));
        }
        if letter == 'm' {
            self.model = match self.model {
                Some(_) => None,
                None => self.current().map(|row| row.model.clone()),
            };
        } else {
            let filter = Filter::ALL.into_iter().find(|filter| filter.letter() == letter)?;
            let others = self.filters.len();
            self.filters.retain(|on| *on != filter);
            if self.filters.len() == others {
                self.filters.push(filter);
            }
        }
        self.finder.forget();
        self.refresh();
        Some(Response::Stay)
    }

    /// Begins to type another title for the session under the cursor.
    fn rename(&mut self) {
        let Some(row) = self.current() else { return };
        let title = if row.titled { row.title.as_str() } else { "" };
        self.renaming = Some((row.source.clone(), LineInput::new(title)));
    }

    fn current(&self) -> Option<&SessionRow> {
        match self.picker.current()? {
            Row::Entry(at) => self.list.rows.get(at),
            Row::Typed | Row::Heading(_) => None,
        }
    }

    /// Whether the filters let a session in.
    fn lets(&self, row: &SessionRow) -> bool {
        let outcome = self.filters.is_empty() || self.filters.iter().any(|filter| filter.lets(row));
        outcome && self.model.as_ref().is_none_or(|model| *model == row.model)
    }

    /// Makes the rows: in the order of the list while nothing is typed, else by how well they fit; what ships below a heading.
    fn refresh(&mut self) {
        let mut finder = std::mem::take(&mut self.finder);
        let found = finder.find(self.picker.query(), &self.list.rows, |row| self.lets(row));
        let mut rows = Vec::with_capacity(found.len() + 1);
        let mut headed = false;
        for at in found {
            let ships = self.list.rows.get(*at).is_some_and(|row| row.source.path().is_none());
            if ships && !headed {
                headed = true;
                rows.push(Row::Heading(SHIP));
            }
            rows.push(Row::Entry(*at));
        }
        self.finder = finder;
        self.picker.show(rows);
    }
}
