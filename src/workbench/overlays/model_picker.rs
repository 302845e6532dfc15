//! Which model: the catalogue as far as it is known, favourites and recent ones first, and any id as typed.
//!
//! Owns which models are shown in which order. Fetching the list and the endpoints belongs to the runtime, keeping the favourites to
//! whoever holds the settings; drawing is `view`'s.

mod view;

use super::picker::{Picker, Pressed, Row};
use super::{Chosen, Response};
use crate::extract::model::ModelInfo;
use crate::extract::model::figures::{aligned, is_free, letters, marked, marks, price, tokens};
use crate::provider::openrouter::catalogue::EndpointInfo;
use crate::task::Mode;
use crate::text;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Rect;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// The most columns of an id or a name that are drawn.
const LABEL: usize = 120;

/// A server's models, as far as there is a list.
#[derive(Clone, Debug, Default)]
pub struct ModelList {
    /// Every model; empty without a list.
    pub models: Arc<[ModelInfo]>,
    /// How long ago the list was fetched; `None` without one.
    pub age: Option<Duration>,
    /// Whether that is too long, and no newer one could be had.
    pub stale: bool,
    /// Why there is no list, or no newer one.
    pub error: Option<String>,
    /// Whether one is being fetched.
    pub loading: bool,
}

/// What is known of the upstreams that serve a model.
#[derive(Clone, Debug, PartialEq)]
pub enum Endpoints {
    /// They are being asked for.
    Loading,
    /// The server's answer.
    Known(Vec<EndpointInfo>),
    /// Why there is none.
    Failed(String),
}

/// What a model picker starts with.
#[derive(Clone, Debug)]
pub struct ModelChoices {
    /// The server's list.
    pub list: ModelList,
    /// The model that is set.
    pub current: Option<String>,
    /// Ids that were used, the latest first.
    pub recent: Vec<String>,
    /// Ids that were marked, in the order in which they are shown.
    pub favourites: Vec<String>,
    /// What is known of endpoints, by id; `None` for a server that has no list of them.
    pub endpoints: Option<BTreeMap<String, Endpoints>>,
    /// Offers that end on this day (`YYYY-MM-DD`) or before say so.
    pub soon: String,
}

/// What models can be narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    Serves(Mode),
    Free,
}

impl Filter {
    fn all() -> impl Iterator<Item = Self> {
        marked().map(Self::Serves).chain([Self::Free])
    }

    const fn letter(self) -> char {
        match self {
            Self::Serves(mode) => mode.letter(),
            Self::Free => 'F',
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Serves(mode) => mode.as_str(),
            Self::Free => "free",
        }
    }

    fn lets(self, model: &ModelInfo) -> bool {
        match self {
            Self::Serves(mode) => model.serves(mode) == Some(true),
            Self::Free => is_free(model),
        }
    }
}

/// Where an entry stands when nothing is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Favourite(usize),
    Recent(usize),
    Other,
}

impl Group {
    const fn heading(self) -> &'static str {
        match self {
            Self::Favourite(_) => "Favourites",
            Self::Recent(_) => "Recent",
            Self::Other => "All models",
        }
    }
}

/// One model, drawn once and then only read.
#[derive(Clone, Debug)]
struct Entry {
    id: String,
    /// The number in the list; `None` for an id that only the past knows.
    model: Option<usize>,
    group: Group,
    shown_id: String,
    shown_name: String,
    marks: String,
    input: String,
    output: String,
    context: String,
}

/// The model picker.
#[derive(Clone, Debug)]
pub struct ModelPicker {
    choices: ModelChoices,
    entries: Vec<Entry>,
    columns: view::Columns,
    filters: Vec<Filter>,
    picker: Picker,
}

impl ModelPicker {
    /// A picker with the cursor on the model that is set, or else on the first.
    pub fn new(choices: ModelChoices) -> Self {
        let mut new = Self {
            choices,
            entries: Vec::new(),
            columns: view::Columns::default(),
            filters: Vec::new(),
            picker: Picker::new([]),
        };
        new.read_list();
        let current = new.choices.current.clone();
        new.select(current.as_deref());
        new
    }

    /// Takes another list; query, filters and cursor stay.
    pub fn set_list(&mut self, list: ModelList) {
        let current = self.current().map(|entry| entry.id.clone());
        self.choices.list = list;
        self.read_list();
        self.select(current.as_deref());
    }

    /// Takes what is known of a model's endpoints.
    pub fn set_endpoints(&mut self, id: String, state: Endpoints) {
        if let Some(known) = &mut self.choices.endpoints {
            known.insert(id, state);
        }
    }

    /// The model under the cursor, if it is worth asking for its endpoints: once the cursor has rested there for a moment.
    pub fn wanted(&self) -> Option<&str> {
        let known = self.choices.endpoints.as_ref()?;
        let entry = self.current()?;
        (entry.model.is_some() && !known.contains_key(&entry.id)).then_some(entry.id.as_str())
    }

    /// Takes a key. Typing narrows the list; Alt with a filter's letter lets only such models in; Ctrl-F marks a favourite.
    pub fn key(&mut self, key: KeyEvent, area: Rect) -> Response<Chosen> {
        if key.kind != KeyEventKind::Release && self.special(&key) {
            let favourites = self.choices.favourites.clone();
            return match key.modifiers {
                KeyModifiers::CONTROL => Response::Did(Chosen::Favourites(favourites)),
                _ => Response::Stay,
            };
        }
        let places = self.form().places(area);
        match self.picker.key(&key, places.list.height) {
            Pressed::Nothing | Pressed::Chose(Row::Heading(_)) => Response::Stay,
            Pressed::Close => Response::Close,
            Pressed::Typed => {
                self.refresh();
                Response::Stay
            }
            Pressed::Chose(Row::Entry(entry)) => self
                .entries
                .get(entry)
                .map_or(Response::Stay, |entry| Response::Chose(Chosen::Model(entry.id.clone()))),
            Pressed::Chose(Row::Typed) => Response::Chose(Chosen::Model(self.picker.query().to_owned())),
        }
    }

    /// Pastes into the query.
    pub fn paste(&mut self, text: &str) {
        self.picker.paste(text);
        self.refresh();
    }

    /// Filters and favourites; whether the key was one of theirs.
    fn special(&mut self, key: &KeyEvent) -> bool {
        match (key.code, key.modifiers) {
            (KeyCode::Char('f'), KeyModifiers::CONTROL) => self.toggle_favourite(),
            (KeyCode::Char(letter), KeyModifiers::ALT) => {
                let is_its = |filter: &Filter| filter.letter().to_ascii_lowercase() == letter;
                let Some(filter) = Filter::all().find(is_its) else {
                    return false;
                };
                let others = self.filters.len();
                self.filters.retain(|on| *on != filter);
                if self.filters.len() == others {
                    self.filters.push(filter);
                }
                self.refresh();
                true
            }
            _ => false,
        }
    }

    fn toggle_favourite(&mut self) -> bool {
        let Some(Row::Entry(at)) = self.picker.current() else {
            return false;
        };
        let Some(id) = self.entries.get(at).map(|entry| entry.id.clone()) else {
            return false;
        };
        let before = self.choices.favourites.len();
        self.choices.favourites.retain(|favourite| *favourite != id);
        if self.choices.favourites.len() == before {
            self.choices.favourites.push(id);
        }
        self.group();
        self.refresh();
        self.picker.select(at);
        true
    }

    fn current(&self) -> Option<&Entry> {
        match self.picker.current()? {
            Row::Entry(entry) => self.entries.get(entry),
            Row::Typed | Row::Heading(_) => None,
        }
    }

    fn select(&mut self, id: Option<&str>) {
        if let Some(at) = id.and_then(|id| self.entries.iter().position(|entry| entry.id == id)) {
            self.picker.select(at);
        }
    }

    fn info(&self, entry: &Entry) -> Option<&ModelInfo> {
        self.choices.list.models.get(entry.model?)
    }

    /// Makes the entries: the list by id, and what the past knows beyond it.
    fn read_list(&mut self) {
        let models = self.choices.list.models.clone();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut entries: Vec<Entry> = models
            .iter()
            .enumerate()
            .filter(|(_, model)| seen.insert(&model.id))
            .map(|(number, model)| entry(number, model))
            .collect();
        let past = self.choices.favourites.iter().chain(&self.choices.recent);
        for id in past.chain(&self.choices.current) {
            if seen.insert(id) {
                let model = ModelInfo {
                    id: id.clone(),
                    ..ModelInfo::default()
                };
                entries.push(Entry {
                    model: None,
                    ..entry(0, &model)
                });
            }
        }
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        align(&mut entries, |entry| &mut entry.input);
        align(&mut entries, |entry| &mut entry.output);
        let label = |entry: &Entry| match entry.shown_name.as_str() {
            "" => entry.shown_id.clone(),
            name => format!("{}  {name}", entry.shown_id),
        };
        self.picker.relabel(entries.iter().map(label));
        self.columns = view::Columns::of(&entries);
        self.entries = entries;
        self.group();
        self.refresh();
    }

    fn group(&mut self) {
        let place = |ids: &[String]| -> HashMap<String, usize> {
            let numbered = ids.iter().cloned().zip(0..);
            numbered.collect()
        };
        let (favourites, recent) = (place(&self.choices.favourites), place(&self.choices.recent));
        for entry in &mut self.entries {
            let favourite = favourites.get(&entry.id).map(|at| Group::Favourite(*at));
            let recent = recent.get(&entry.id).map(|at| Group::Recent(*at));
            entry.group = favourite.or(recent).unwrap_or(Group::Other);
        }
    }

    /// Makes the rows: by group when nothing is typed, else by how well they fit, with the query itself last.
    fn refresh(&mut self) {
        let rank = |at: usize| {
            let entry = self.entries.get(at)?;
            let lets = |filter: &Filter| self.info(entry).is_some_and(|model| filter.lets(model));
            self.filters
                .iter()
                .all(lets)
                .then_some((entry.group, entry.shown_id.len()))
        };
        let typed = !self.picker.query().is_empty();
        let mut rows = Vec::new();
        if typed {
            rows.extend(self.picker.matches(rank).into_iter().map(Row::Entry));
            let is_listed = self.entries.iter().any(|entry| entry.id == self.picker.query());
            rows.extend((!is_listed).then_some(Row::Typed));
        } else {
            let mut heading = None;
            for at in self.picker.matches(|at| rank(at).map(|(group, _)| group)) {
                let next = self.entries.get(at).map(|entry| entry.group.heading());
                if next != heading {
                    rows.extend(next.map(Row::Heading));
                    heading = next;
                }
                rows.push(Row::Entry(at));
            }
            // One heading above everything says nothing.
            if heading == Some(Group::Other.heading()) && rows.first() == Some(&Row::Heading(Group::Other.heading())) {
                rows.remove(0);
            }
        }
        self.picker.show(rows);
    }
}

fn entry(number: usize, model: &ModelInfo) -> Entry {
    let short = |text: &str| text::one_line(text, LABEL).into_owned();
    let price = |per_token| price(per_token, model.request_price);
    Entry {
        id: model.id.clone(),
        model: Some(number),
        group: Group::Other,
        shown_id: short(&model.id),
        shown_name: short(&model.name),
        marks: format!("{:<width$}", marks(model), width = letters().len()),
        input: price(model.prompt_price),
        output: price(model.completion_price),
        context: tokens(model.context_length),
    }
}

/// Puts the points of a column's prices below each other.
fn align(entries: &mut [Entry], of: impl Fn(&mut Entry) -> &mut String) {
    let prices = entries.iter_mut().map(|entry| std::mem::take(of(entry))).collect();
    for (entry, price) in entries.iter_mut().zip(aligned(prices)) {
        *of(entry) = price;
    }
}

#[cfg(test)]
mod tests;
