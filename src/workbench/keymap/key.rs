//! How a key is written, shown and recognised.
//!
//! Owns the names of keys and which of them no terminal tells apart. What keys mean belongs to the keymap.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// A key with its modifiers, in the one form in which all events for it are the same: Shift is in the letter (`U`), except beside
/// Ctrl, where it is not told apart; Shift-Tab is `BackTab`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Keys with a name: in the settings, on the screen, and what the event has.
const NAMED: [(&str, &str, KeyCode); 17] = [
    ("space", "Space", KeyCode::Char(' ')),
    ("enter", "Enter", KeyCode::Enter),
    ("esc", "Esc", KeyCode::Esc),
    ("tab", "Tab", KeyCode::Tab),
    ("backspace", "Backspace", KeyCode::Backspace),
    ("delete", "Delete", KeyCode::Delete),
    ("insert", "Insert", KeyCode::Insert),
    ("up", "Up", KeyCode::Up),
    ("down", "Down", KeyCode::Down),
    ("left", "Left", KeyCode::Left),
    ("right", "Right", KeyCode::Right),
    ("home", "Home", KeyCode::Home),
    ("end", "End", KeyCode::End),
    ("pageup", "PageUp", KeyCode::PageUp),
    ("pagedown", "PageDown", KeyCode::PageDown),
    // Further spellings; what is shown is the first with the code.
    ("escape", "Esc", KeyCode::Esc),
    ("del", "Delete", KeyCode::Delete),
];

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let known = KeyModifiers::SHIFT | KeyModifiers::CONTROL | KeyModifiers::ALT;
        Self::normal(event.code, event.modifiers & known)
    }
}

impl Key {
    fn normal(code: KeyCode, modifiers: KeyModifiers) -> Self {
        let plain = modifiers.difference(KeyModifiers::SHIFT);
        let shift = modifiers.contains(KeyModifiers::SHIFT);
        match code {
            // A terminal sends Ctrl with a letter as one of 26 bytes: neither case nor Shift is in it.
            KeyCode::Char(c) if plain.contains(KeyModifiers::CONTROL) => Self {
                code: KeyCode::Char(c.to_ascii_lowercase()),
                modifiers: plain,
            },
            // The kitty protocol may send the letter that the key has without Shift.
            KeyCode::Char(c) => Self {
                code: KeyCode::Char(if shift { upper(c) } else { c }),
                modifiers: plain,
            },
            KeyCode::BackTab => Self {
                code: KeyCode::BackTab,
                modifiers: plain,
            },
            // The Linux console sends Shift-Tab as ESC Tab.
            KeyCode::Tab if shift || modifiers == KeyModifiers::ALT => Self {
                code: KeyCode::BackTab,
                modifiers: plain.difference(KeyModifiers::ALT),
            },
            _ => Self { code, modifiers },
        }
    }

    /// Whether it is text where text is typed, or moves about in it.
    pub fn is_typed(self) -> bool {
        let alone = self.modifiers.difference(KeyModifiers::SHIFT).is_empty();
        alone && !matches!(self.code, KeyCode::F(_) | KeyCode::Esc)
    }

    /// Reads a key as the settings write it: `r`, `U`, `f5`, `ctrl-r`, `alt-enter`, `alt-shift-u`, `shift-tab`. Names of keys and
    /// modifiers and letters beside a modifier may be in either case, so that keys can be copied from the help.
    fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text;
        let mut modifiers = KeyModifiers::NONE;
        while let Some((modifier, after)) = modifier(rest) {
            modifiers |= modifier;
            rest = after;
        }
        let name = rest.to_lowercase();
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() && !c.is_whitespace() => {
                // Beside a modifier the letter's case says nothing, because help and hints write it large.
                let c = if modifiers.is_empty() { c } else { lower(c) };
                KeyCode::Char(c)
            }
            _ => named(&name).ok_or_else(|| {
                format!("`{text}` is no key: write a character, a name such as `enter`, `f5` or `pageup`, with `ctrl-`, `alt-` or `shift-` before it")
            })?,
        };
        match trouble(code, modifiers) {
            Some(why) => Err(format!("`{text}` cannot be bound: {why}")),
            None => Ok(Self::normal(code, modifiers)),
        }
    }
}

/// The large letter of one that has a single one.
fn upper(c: char) -> char {
    let mut large = c.to_uppercase();
    match (large.next(), large.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// The small letter of one that has a single one.
fn lower(c: char) -> char {
    let mut small = c.to_lowercase();
    match (small.next(), small.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// The modifier that a key's text begins with, and what follows.
fn modifier(text: &str) -> Option<(KeyModifiers, &str)> {
    let (word, after) = text.split_once('-')?;
    let modifier = match word.to_lowercase().as_str() {
        "ctrl" => KeyModifiers::CONTROL,
        "alt" => KeyModifiers::ALT,
        "shift" => KeyModifiers::SHIFT,
        _ => return None,
    };
    (!after.is_empty()).then_some((modifier, after))
}

fn named(name: &str) -> Option<KeyCode> {
    if let Some(number) = name.strip_prefix('f').and_then(|number| number.parse::<u8>().ok()) {
        return (1..=24).contains(&number).then_some(KeyCode::F(number));
    }
    NAMED.iter().find(|(known, ..)| *known == name).map(|(.., code)| *code)
}

/// Why a key cannot be told from another one on a plain terminal, if that is so.
fn trouble(code: KeyCode, modifiers: KeyModifiers) -> Option<&'static str> {
    let ctrl = modifiers.contains(KeyModifiers::CONTROL);
    let alt = modifiers.contains(KeyModifiers::ALT);
    let shift = modifiers.contains(KeyModifiers::SHIFT);
    match code {
        KeyCode::Char(' ') if shift => Some("terminals send it as Space"),
        KeyCode::Char(' ') => None,
        KeyCode::Char('i') if ctrl => Some("terminals send it as Tab"),
        KeyCode::Char('m') if ctrl => Some("terminals send it as Enter"),
        KeyCode::Char('j') if ctrl => Some("terminals send it as a line feed"),
        KeyCode::Char('h') if ctrl => Some("terminals send it as Backspace"),
        KeyCode::Char('[') if ctrl => Some("terminals send it as Esc"),
        KeyCode::Char(_) if ctrl && shift => Some("terminals do not tell it from Ctrl alone"),
        KeyCode::Char(c) if ctrl && !c.is_ascii_alphabetic() => Some("terminals send Ctrl with letters and Space only"),
        KeyCode::Char('[') if alt => Some("every arrow key begins with it"),
        KeyCode::Char('o') if alt && shift => Some("function keys begin with it"),
        KeyCode::Char(c) if shift && upper(c) == c => Some("write the character itself"),
        KeyCode::Esc if !modifiers.is_empty() => Some("terminals send it as Esc"),
        KeyCode::Tab if ctrl || alt => Some("terminals send it as Tab or Shift-Tab"),
        _ => None,
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let beside = !self.modifiers.is_empty();
        let large = matches!(self.code, KeyCode::Char(c) if beside && lower(c) != c && upper(lower(c)) == c);
        let shift = self.modifiers.contains(KeyModifiers::SHIFT) || large || self.code == KeyCode::BackTab;
        for (on, word) in [
            (self.modifiers.contains(KeyModifiers::CONTROL), "Ctrl-"),
            (self.modifiers.contains(KeyModifiers::ALT), "Alt-"),
            (shift, "Shift-"),
        ] {
            f.write_str(if on { word } else { "" })?;
        }
        let code = if self.code == KeyCode::BackTab {
            KeyCode::Tab
        } else {
            self.code
        };
        match (NAMED.iter().find(|(.., known)| *known == code), code) {
            (Some((_, name, _)), _) => f.write_str(name),
            // Written large only where that reads as the same letter.
            (None, KeyCode::Char(c)) => write!(
                f,
                "{}",
                if beside && lower(upper(c)) == lower(c) {
                    upper(c)
                } else {
                    c
                }
            ),
            (None, other) => write!(f, "{other}"),
        }
    }
}

/// Reads one key or several, one after the other with a space between them.
///
/// # Errors
/// A sentence that says which key is wrong and why.
pub fn parse_keys(text: &str) -> Result<Vec<Key>, String> {
    let keys: Vec<Key> = text.split_whitespace().map(Key::parse).collect::<Result<_, _>>()?;
    if keys.is_empty() {
        return Err("a key is missing; to take an action's keys away, write []".to_owned());
    }
    Ok(keys)
}

/// Keys as they are shown, with a space between one and the next.
pub fn shown(keys: &[Key]) -> String {
    let keys: Vec<String> = keys.iter().map(Key::to_string).collect();
    keys.join(" ")
}

/// Keys as they are shown, from how the settings write them; what cannot be read stays as it is.
pub fn pretty(text: &str) -> String {
    parse_keys(text).map_or_else(|_| text.to_owned(), |keys| shown(&keys))
}
