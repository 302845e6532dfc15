//! Themes: from the names of roles and colours to the [`Styles`] that are drawn with.
//!
//! Owns what a theme is, the themes that ship and how a theme meets the colours a terminal has. `parse` reads a theme's text,
//! `load` finds its file; which colours there are is found out by `term::depth`.

mod colour;
mod load;
mod parse;
mod roles;

pub use colour::Colour;
pub use load::load;
pub use parse::{ThemeError, parse};

use super::styles::Styles;
use crate::term::depth::Depth;
use ratatui::style::{Modifier, Style};
use std::collections::BTreeMap;

/// What `ui.theme` is if nothing is set; it means [`ANSI`].
const DEFAULT: &str = "default";

/// The theme of the terminal's own colours.
const ANSI: &str = "ansi";

/// The theme without any.
const MONO: &str = "mono";

/// The themes that ship, each with its text.
const BUILT_IN: &[(&str, &str)] = &[
    (ANSI, include_str!("../../themes/ansi.toml")),
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    (MONO, include_str!("../../themes/mono.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
];

/// The text of a theme that ships. `default` is `ansi`.
pub fn built_in(name: &str) -> Option<&'static str> {
    let name = if name == DEFAULT { ANSI } else { name };
    let mut themes = BUILT_IN.iter();
    themes.find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of the themes that ship.
pub fn built_in_names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// A theme, read and whole: each of its colours is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    palette: BTreeMap<String, Colour>,
    /// What is said of each role, in the order of [`roles::ROLES`].
    roles: Vec<Option<Paint>>,
    /// The theme that ships and stands in where there are 16 colours only.
    sixteen: &'static str,
}

/// What a theme says of a role. Colours are kept by name, so that a theme that inherits can change the palette below them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Paint {
    fg: Option<Ink>,
    bg: Option<Ink>,
    modifiers: Modifier,
}

/// A colour, or the name of one in the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ink {
    Colour(Colour),
    Named(String),
}

impl Default for Theme {
    /// A theme that says nothing.
    fn default() -> Self {
        Self {
            palette: BTreeMap::new(),
            roles: vec![None; roles::COUNT],
            sixteen: ANSI,
        }
    }
}

impl Theme {
    /// A theme that ships; one that says nothing for any other name.
    fn shipped(name: &str) -> Self {
        built_in(name)
            .and_then(|text| parse(text, name).ok())
            .unwrap_or_default()
    }

    /// The styles for a terminal with so many colours:
    ///
    /// - 24 bits: as the theme says.
    /// - 256: each `#rrggbb` as the nearest fixed colour of the xterm palette.
    /// - 16: a theme that names other colours is replaced by `ansi` (or by `mono` where it says `sixteen = "mono"`), because RGB
    ///   that is forced into 16 colours cannot be read.
    /// - none: the modifiers without the colours; a role that was marked by its colours (a background, or a foreground and no
    ///   modifier) takes those of `mono` as well.
    ///
    /// The screen is to be painted with `text` first: roles that name no colour of their own show through to it.
    pub fn styles(&self, depth: Depth) -> Styles {
        match depth {
            Depth::TrueColor => self.resolve(Some, None),
            Depth::Indexed => self.resolve(|colour| Some(colour.indexed()), None),
            Depth::Ansi if self.is_ansi() => self.resolve(Some, None),
            Depth::Ansi => Self::shipped(self.sixteen).resolve(|colour| colour.is_ansi().then_some(colour), None),
            Depth::None => self.resolve(|_| None, Some(&Self::shipped(MONO))),
        }
    }

    /// Whether a terminal of 16 colours shows every role as it is meant.
    fn is_ansi(&self) -> bool {
        let inks = self.roles.iter().flatten().flat_map(|paint| [&paint.fg, &paint.bg]);
        inks.flatten().all(|ink| self.colour(ink).is_none_or(Colour::is_ansi))
    }

    fn colour(&self, ink: &Ink) -> Option<Colour> {
        match ink {
            Ink::Colour(colour) => Some(*colour),
            Ink::Named(name) => self.palette.get(name).copied(),
        }
    }

    /// What is said of a role, or else of its group and so on.
    fn paint(&self, role: usize) -> Option<&Paint> {
        let mut at = Some(role);
        // The chain is short; the bound only says that it ends.
        for _ in 0..roles::COUNT {
            let here = at?;
            if let Some(paint) = self.roles.get(here)? {
                return Some(paint);
            }
            at = roles::place(roles::ROLES.get(here)?.group);
        }
        None
    }

    /// Every role, with colours as `shown` gives them. A role that is marked by its colours takes the modifiers of `instead`, too.
    fn resolve(&self, shown: impl Fn(Colour) -> Option<Colour>, instead: Option<&Self>) -> Styles {
        let mut styles = Styles::default();
        for (index, role) in roles::ROLES.iter().enumerate() {
            let Some(paint) = self.paint(index) else {
                continue;
            };
            let color = |ink: &Option<Ink>| {
                let colour = ink.as_ref().and_then(|ink| self.colour(ink));
                colour.and_then(&shown).map(Colour::color)
            };
            let by_colour = paint.bg.is_some() || (paint.fg.is_some() && paint.modifiers.is_empty());
            let stand_in = instead.filter(|_| by_colour).and_then(|theme| theme.paint(index));
            let modifiers = paint.modifiers | stand_in.map_or(Modifier::empty(), |paint| paint.modifiers);
            *(role.slot)(&mut styles) = Style {
                fg: color(&paint.fg),
                bg: color(&paint.bg),
                ..Style::new().add_modifier(modifiers)
            };
        }
        styles
    }
}

#[cfg(test)]
mod tests;
