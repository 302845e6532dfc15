//! What a key means while text is typed.
//!
//! Owns the mapping from keys to edits and movements. Keys that run, quit or leave have been taken out before they come here.

use super::core::{Core, Place};
use super::history::Run;
use super::{Content, Editor, Language, large, to_signed, words};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What one step of indentation is in JSON.
const STEP: &str = "  ";

/// What Tab inserts elsewhere.
const TAB: &str = "    ";

impl Editor {
    /// Takes a key that was pressed while typing. Says whether the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        if key.kind == KeyEventKind::Release {
            return false;
        }
        let (ctrl, alt) = (
            key.modifiers.contains(KeyModifiers::CONTROL),
            key.modifiers.contains(KeyModifiers::ALT),
        );
        let select = key.modifiers.contains(KeyModifiers::SHIFT);
        let word = ctrl || alt;
        let page = to_signed(usize::from(self.rows()).max(2) - 1);
        match key.code {
            KeyCode::Char(c) if !word && !c.is_control() => return self.typed(c),
            KeyCode::Enter if !word => return self.enter(),
            KeyCode::Tab if !word => return self.tab(),
            KeyCode::Char('w') if ctrl => return self.erase(words::word_left, Run::Alone),
            KeyCode::Backspace if word => return self.erase(words::word_left, Run::Alone),
            KeyCode::Backspace => return self.erase(one_back, Run::Erase),
            KeyCode::Char('d') if alt => return self.erase(words::word_right, Run::Alone),
            KeyCode::Delete if word => return self.erase(words::word_right, Run::Alone),
            KeyCode::Delete => return self.erase(words::right, Run::Erase),
            KeyCode::Char('k') if ctrl => return self.erase(to_line_end, Run::Alone),
            KeyCode::Left if word => self.go(words::word_left, select),
            KeyCode::Right if word => self.go(words::word_right, select),
            KeyCode::Char('b') if alt => self.go(words::word_left, false),
            KeyCode::Char('f') if alt => self.go(words::word_right, false),
            KeyCode::Left => self.leave_or(words::left, true, select),
            KeyCode::Right => self.leave_or(words::right, false, select),
            KeyCode::Home if ctrl => self.go(|_, _| (0, 0), select),
            KeyCode::End if ctrl => self.go(last, select),
            KeyCode::Home => self.go(|_, (line, _)| (line, 0), select),
            KeyCode::Char('a') if ctrl => self.go(|_, (line, _)| (line, 0), false),
            KeyCode::End => self.go(|core, (line, _)| (line, words::end(core, line)), select),
            KeyCode::Char('e') if ctrl => self.go(|core, (line, _)| (line, words::end(core, line)), false),
            KeyCode::Up => self.vertical(-1, select),
            KeyCode::Down => self.vertical(1, select),
            KeyCode::PageUp => self.vertical(-page, select),
            KeyCode::PageDown => self.vertical(page, select),
            _ => {}
        }
        false
    }

    fn typed(&mut self, c: char) -> bool {
        self.edit(Run::of(c), c.len_utf8(), |core| core.insert_char(c))
    }

    fn enter(&mut self) -> bool {
        let Content::Text(core) = &self.content else {
            return false;
        };
        let mut text = String::from("\n");
        if self.language == Language::Json {
            let place = core.selection().map_or(core.cursor(), |(start, _)| start);
            text.push_str(&words::indentation(core, place));
            let before = place.1.checked_sub(1).and_then(|at| core.line(place.0).chars().nth(at));
            if matches!(before, Some('{' | '[')) {
                text.push_str(STEP);
            }
        }
        self.edit(Run::Alone, text.len(), |core| core.insert(&text))
    }

    fn tab(&mut self) -> bool {
        let text = match self.language {
            Language::Json => STEP,
            Language::Plain => TAB,
        };
        self.edit(Run::Alone, text.len(), |core| core.insert(text))
    }

    /// Replaces what is selected by what an edit inserts, which is `bytes` long.
    fn edit(&mut self, run: Run, bytes: usize, insert: impl Fn(&mut Core) -> u16) -> bool {
        let Content::Text(core) = &mut self.content else {
            return false;
        };
        let (all, line) = core.bytes();
        let full = all + bytes > large::MOST_BYTES || core.lines().len() >= large::MOST_LINES;
        if line + bytes > large::MOST_LINE_BYTES || (full && core.selection().is_none()) {
            return false;
        }
        let removed = core.remove_selection();
        let run = if removed > 0 { Run::Alone } else { run };
        let edits = removed + insert(core);
        let lines = core.lines().len();
        self.history.edited(edits, run, lines);
        self.changed();
        edits > 0
    }

    /// Removes what is selected or, if nothing is, from the cursor to a place.
    fn erase(&mut self, to: impl Fn(&Core, Place) -> Place, run: Run) -> bool {
        let Content::Text(core) = &mut self.content else {
            return false;
        };
        let cursor = core.cursor();
        let (edits, run) = if core.selection().is_some() {
            (core.remove_selection(), Run::Alone)
        } else {
            let place = to(core, cursor);
            (core.remove(cursor.min(place), cursor.max(place)), run)
        };
        let lines = core.lines().len();
        self.history.edited(edits, run, lines);
        if edits > 0 {
            self.changed();
        }
        edits > 0
    }

    /// An arrow without Shift leaves what is selected at its edge.
    fn leave_or(&mut self, to: impl Fn(&Core, Place) -> Place, start: bool, select: bool) {
        let edge = match &self.content {
            Content::Text(core) => core.selection().filter(|_| !select),
            Content::Large(_) => None,
        };
        match edge {
            Some((from, _)) if start => self.go(|_, _| from, false),
            Some((_, end)) => self.go(|_, _| end, false),
            None => self.go(to, select),
        }
    }
}

/// One character back, so that an accent can be taken from its letter.
fn one_back(core: &Core, (line, char): Place) -> Place {
    match char.checked_sub(1) {
        Some(before) => (line, before),
        None => words::left(core, (line, char)),
    }
}

fn to_line_end(core: &Core, (line, char): Place) -> Place {
    let end = words::end(core, line);
    if char < end {
        (line, end)
    } else {
        words::right(core, (line, char))
    }
}

fn last(core: &Core, _: Place) -> Place {
    let line = core.lines().len().saturating_sub(1);
    (line, words::end(core, line))
}
