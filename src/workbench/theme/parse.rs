//! Reads a theme's text.
//!
//! Owns the format (described at the top of `themes/ansi.toml`) and what is said about mistakes in it. Which file it is belongs to
//! `load`.

use super::colour::Colour;
use super::{ANSI, Ink, MONO, Paint, Theme, built_in, built_in_names, roles};
use crate::config::nearest;
use crate::text::one_line;
use ratatui::style::Modifier;
use std::ops::Range;
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A mistake in a theme.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}: {what}{}", near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
pub struct ThemeError {
    /// The theme's file, as the user knows it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub what: String,
    /// The known name that is nearest to an unknown one.
    pub near: Option<&'static str>,
}

/// The most columns of what is wrong: it may quote the file, which may hold anything.
const MAX_WHAT: usize = 400;

/// What a theme's file may say at its top.
const TOP: [&str; 4] = ["inherits", "sixteen", "palette", "roles"];

/// What a role may say of its letters.
const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// A mistake and where it is.
struct Mistake {
    at: Range<usize>,
    what: String,
    near: Option<&'static str>,
}

type Entry<'a, 'i> = (&'a Spanned<std::borrow::Cow<'i, str>>, &'a Spanned<DeValue<'i>>);

/// Reads a theme. `source` is the file's name in errors.
///
/// # Errors
/// The first mistake, with its line.
pub fn parse(text: &str, source: &str) -> Result<Theme, ThemeError> {
    let place = |mistake: Mistake| ThemeError {
        file: source.to_owned(),
        line: line_of(text, mistake.at.start),
        what: one_line(&mistake.what, MAX_WHAT).into_owned(),
        near: mistake.near,
    };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        place(mistake(at, error.message()))
    })?;
    whole(table.get_ref()).map_err(place)
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    before.split(|byte| *byte == b'\n').count()
}

fn mistake(at: Range<usize>, what: impl Into<String>) -> Mistake {
    Mistake {
        at,
        what: what.into(),
        near: None,
    }
}

/// The mistake of a name that is not among the known ones.
fn unknown(at: Range<usize>, kind: &str, name: &str, known: &[&'static str]) -> Mistake {
    let near = nearest(name, known);
    let what = match near {
        Some(_) => format!("unknown {kind} `{name}`"),
        None => format!("unknown {kind} `{name}`; known are {}", known.join(", ")),
    };
    Mistake { at, what, near }
}

fn whole(table: &DeTable<'_>) -> Result<Theme, Mistake> {
    if let Some((key, _)) = table.iter().find(|(key, _)| !TOP.contains(&key.get_ref().as_ref())) {
        return Err(unknown(key.span(), "key", key.get_ref(), &TOP));
    }
    let mut theme = match table.get("inherits") {
        None => Theme::default(),
        Some(value) => Theme::shipped(shipped_name(value, &built_in_names().collect::<Vec<_>>())?),
    };
    if let Some(value) = table.get("sixteen") {
        theme.sixteen = shipped_name(value, &[ANSI, MONO])?;
    }
    for (key, value) in entries(table, "palette")? {
        let colour = literal(value).ok_or_else(|| no_colour(value, &[]))?;
        theme.palette.insert(key.get_ref().to_string(), colour);
    }
    for (key, value) in entries(table, "roles")? {
        let names: Vec<&str> = roles::ROLES.iter().map(|role| role.name).collect();
        let place = roles::place(key.get_ref()).ok_or_else(|| unknown(key.span(), "role", key.get_ref(), &names))?;
        let paint = paint(value, &theme)?;
        if let Some(slot) = theme.roles.get_mut(place) {
            *slot = Some(paint);
        }
    }
    Ok(theme)
}

/// A value that names one of these themes that ship.
fn shipped_name(value: &Spanned<DeValue<'_>>, known: &[&'static str]) -> Result<&'static str, Mistake> {
    let name = value.get_ref().as_str().unwrap_or_default();
    let found = known.iter().find(|known| **known == name && built_in(known).is_some());
    found
        .copied()
        .ok_or_else(|| unknown(value.span(), "theme", name, known))
}

/// The entries of a table, in the order of the text; none where it is left out.
fn entries<'a, 'i>(table: &'a DeTable<'i>, name: &str) -> Result<Vec<Entry<'a, 'i>>, Mistake> {
    let Some(value) = table.get(name) else {
        return Ok(Vec::new());
    };
    let DeValue::Table(inner) = value.get_ref() else {
        return Err(mistake(value.span(), format!("`{name}` is a table: write [{name}]")));
    };
    let mut entries: Vec<Entry<'a, 'i>> = inner.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    Ok(entries)
}

/// A colour that needs no palette.
fn literal(value: &Spanned<DeValue<'_>>) -> Option<Colour> {
    match value.get_ref() {
        DeValue::String(text) => Colour::parse(text),
        DeValue::Integer(number) => u8::from_str_radix(number.as_str(), number.radix())
            .ok()
            .map(Colour::numbered),
        DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn no_colour(value: &Spanned<DeValue<'_>>, palette: &[&str]) -> Mistake {
    let at = value.span();
    let Some(name) = value.get_ref().as_str() else {
        return mistake(at, "a colour is \"#rrggbb\", a name, or a number from 0 to 255");
    };
    if name.starts_with('#') {
        return mistake(
            at,
            format!("`{name}` is no colour: write # and six digits of 0-9 and a-f"),
        );
    }
    let named: Vec<&'static str> = Colour::names().collect();
    // A name of the palette is as likely meant as a colour's own; it is not ours for ever, so it goes into the sentence.
    match nearest(name, palette) {
        Some(near) => mistake(
            at,
            format!("unknown colour `{name}`; did you mean `{near}` of the palette?"),
        ),
        None => unknown(at, "colour", name, &named),
    }
}

fn paint(value: &Spanned<DeValue<'_>>, theme: &Theme) -> Result<Paint, Mistake> {
    let DeValue::Table(table) = value.get_ref() else {
        return Err(mistake(
            value.span(),
            "a role is a table: write { fg = \"red\", bold = true }",
        ));
    };
    let mut paint = Paint::default();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "fg" => paint.fg = Some(ink(value, theme)?),
            "bg" => paint.bg = Some(ink(value, theme)?),
            name => {
                let Some((_, modifier)) = MODIFIERS.iter().find(|(known, _)| *known == name) else {
                    let known = ["fg", "bg"].into_iter().chain(MODIFIERS.iter().map(|(name, _)| *name));
                    return Err(unknown(key.span(), "key", name, &known.collect::<Vec<_>>()));
                };
                let DeValue::Boolean(on) = value.get_ref() else {
                    return Err(mistake(value.span(), format!("`{name}` is true or false")));
                };
                paint.modifiers.set(*modifier, *on);
            }
        }
    }
    Ok(paint)
}

/// A role's colour: a name of the palette before any other.
fn ink(value: &Spanned<DeValue<'_>>, theme: &Theme) -> Result<Ink, Mistake> {
    if let Some(name) = value
        .get_ref()
        .as_str()
        .filter(|name| theme.palette.contains_key(*name))
    {
        return Ok(Ink::Named(name.to_owned()));
    }
    literal(value).map(Ink::Colour).ok_or_else(|| {
        let palette: Vec<&str> = theme.palette.keys().map(String::as_str).collect();
        no_colour(value, &palette)
    })
}
