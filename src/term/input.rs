//! What comes from the terminal, in the workbench's terms.
//!
//! Owns what is passed on and how a paste is cleaned up; which key means what belongs to the keymap.

use crossterm::event::{Event, KeyEvent, KeyEventKind, MouseEvent};

/// Something the user or the terminal did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key went down, or is held. That it came up again is never told.
    Key(KeyEvent),
    /// Pasted text as a whole; its line ends are `\n`.
    Paste(String),
    /// The mouse, while it is on.
    Mouse(MouseEvent),
    /// The terminal has this many columns and rows now.
    Resize(u16, u16),
    /// The terminal's window got the focus, or lost it.
    Focus(bool),
    /// The terminal is gone or cannot be read; why. Nothing comes after it.
    Lost(String),
}

impl Input {
    /// An event's meaning; `None` for keys that come up.
    pub(super) fn from_event(event: Event) -> Option<Self> {
        match event {
            Event::Key(key) if key.kind == KeyEventKind::Release => None,
            Event::Key(key) => Some(Self::Key(key)),
            Event::Paste(text) => Some(Self::Paste(line_ends(text))),
            Event::Mouse(mouse) => Some(Self::Mouse(mouse)),
            Event::Resize(columns, rows) => Some(Self::Resize(columns, rows)),
            Event::FocusGained => Some(Self::Focus(true)),
            Event::FocusLost => Some(Self::Focus(false)),
        }
    }
}

/// Terminals paste line ends as they were copied, or as the Enter key sends them.
fn line_ends(text: String) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyModifiers};

    #[test]
    fn pastes_get_plain_line_ends() {
        let table = [
            ("", ""),
            ("a\nb", "a\nb"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\rb\r", "a\nb\n"),
            ("a\r\r\nb\n\r", "a\n\nb\n\n"),
            ("tab\té", "tab\té"),
        ];
        for (pasted, expected) in table {
            let input = Input::from_event(Event::Paste(pasted.to_owned()));
            assert_eq!(input, Some(Input::Paste(expected.to_owned())), "{pasted:?}");
        }
    }

    #[test]
    fn keys_count_when_they_go_down() {
        let key = |kind| KeyEvent::new_with_kind(KeyCode::Char('a'), KeyModifiers::NONE, kind);
        for (kind, passed) in [
            (KeyEventKind::Press, true),
            (KeyEventKind::Repeat, true),
            (KeyEventKind::Release, false),
        ] {
            let input = Input::from_event(Event::Key(key(kind)));
            assert_eq!(input, passed.then(|| Input::Key(key(kind))), "{kind:?}");
        }
    }
}
