//! What opens above the panes: pickers, the palette, help, questions and prompts.
//!
//! Owns their state and their drawing, and unites them so that there is at most one. What a choice sets off belongs to `update`.

mod browser;
mod confirm;
mod form;
mod frame;
mod fuzzy;
mod help;
mod mode_picker;
mod model_picker;
mod palette;
mod picker;
mod prompt;
mod provider_picker;
#[cfg(test)]
mod tests;

pub use browser::{Browser, Preview, SessionAct, SessionList, SessionRow, Source};
pub use confirm::{Answer, Choice, Confirm};
pub use help::{Help, HelpGroup};
pub use mode_picker::ModePicker;
pub use model_picker::{Endpoints, ModelChoices, ModelList, ModelPicker};
pub use palette::Palette;
pub use prompt::{Prompt, Purpose};
pub use provider_picker::{KeyState, ProviderPicker, ProviderRow};

use crate::task::ModeChoice;
use crate::workbench::action::Action;
use crate::workbench::styles::Look;
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// What an overlay answers to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response<T> {
    /// It stays open, perhaps changed.
    Stay,
    /// It is to be closed, and nothing was chosen.
    Close,
    /// It is to be closed, and this was chosen.
    Chose(T),
    /// It stays open, and this is to be done.
    Did(T),
}

impl<T> Response<T> {
    /// The same with another choice.
    pub fn map<U>(self, choice: impl FnOnce(T) -> U) -> Response<U> {
        match self {
            Self::Stay => Response::Stay,
            Self::Close => Response::Close,
            Self::Chose(chosen) => Response::Chose(choice(chosen)),
            Self::Did(done) => Response::Did(choice(done)),
        }
    }
}

/// What can be chosen in the overlays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A model's id.
    Model(String),
    /// These are the favourite models now, in this order: to be kept.
    Favourites(Vec<String>),
    /// A mode.
    Mode(ModeChoice),
    /// A provider's name.
    Provider(String),
    /// An action.
    Action(Action),
    /// An answer to a question.
    Answer(Answer),
    /// A text, and what it is for.
    Text(Purpose, String),
    /// Something with a session.
    Session(SessionAct),
}

/// The overlay that is open.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// Which model.
    Model(ModelPicker),
    /// Which mode.
    Mode(ModePicker),
    /// Which provider.
    Provider(ProviderPicker),
    /// Every action.
    Palette(Palette),
    /// What the keys do.
    Help(Help),
    /// A question.
    Confirm(Confirm),
    /// A line to be typed.
    Prompt(Prompt),
    /// The recorded sessions.
    Sessions(Box<Browser>),
}

impl Overlay {
    /// Takes a key; `area` is what [`Overlay::view`] is given.
    pub fn key(&mut self, key: KeyEvent, area: Rect) -> Response<Chosen> {
        match self {
            Self::Model(picker) => picker.key(key, area),
            Self::Mode(picker) => picker.key(key, area).map(Chosen::Mode),
            Self::Provider(picker) => picker.key(key, area).map(Chosen::Provider),
            Self::Palette(palette) => palette.key(key, area).map(Chosen::Action),
            Self::Help(help) => help.key(key, area).map(|never| match never {}),
            Self::Confirm(confirm) => confirm.key(key).map(Chosen::Answer),
            Self::Prompt(prompt) => {
                let purpose = prompt.purpose();
                prompt.key(key).map(|text| Chosen::Text(purpose, text))
            }
            Self::Sessions(browser) => browser.key(key, area),
        }
    }

    /// Takes pasted text; what has no line to type into leaves it.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Model(picker) => picker.paste(text),
            Self::Mode(picker) => picker.paste(text),
            Self::Provider(picker) => picker.paste(text),
            Self::Palette(palette) => palette.paste(text),
            Self::Prompt(prompt) => prompt.paste(text),
            Self::Sessions(browser) => browser.paste(text),
            Self::Help(_) | Self::Confirm(_) => {}
        }
    }

    /// Whether it is drawn in the pane that has the focus, at its bottom, and not above the whole screen.
    pub fn is_in_pane(&self) -> bool {
        match self {
            Self::Prompt(prompt) => prompt.is_in_pane(),
            Self::Model(_)
            | Self::Mode(_)
            | Self::Provider(_)
            | Self::Palette(_)
            | Self::Help(_)
            | Self::Confirm(_)
            | Self::Sessions(_) => false,
        }
    }

    /// Draws it above what is in `area`; returns where the terminal's cursor stands.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) -> Option<Position> {
        match self {
            Self::Model(picker) => picker.view(buf, area, look),
            Self::Mode(picker) => picker.view(buf, area, look),
            Self::Provider(picker) => picker.view(buf, area, look),
            Self::Palette(palette) => palette.view(buf, area, look),
            Self::Help(help) => {
                help.view(buf, area, look);
                None
            }
            Self::Confirm(confirm) => {
                confirm.view(buf, area, look);
                None
            }
            Self::Prompt(prompt) => prompt.view(buf, area, look),
            Self::Sessions(browser) => browser.view(buf, area, look),
        }
    }
}
