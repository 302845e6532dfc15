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

/// Why a key changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The line would become too long.
    Line,
    /// The text would.
    Text,
    /// What would be left of two lines is too long for one.
    Join,
}

impl Refusal {
    /// What is said about it.
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::Line => "this line is full: Enter ends it",
            Self::Text => "the text is full: go on in $EDITOR",
            Self::Join => "too long to join: shorten a line",
        }
    }
}

impl Editor {
    /// Takes a key that was pressed while typing. Says whether the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        if key.kind == KeyEventKind::Release {
            return false;
        }
        self.refuse(None);
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
            KeyCode::Tab if !word && !select => return self.tab(),
            KeyCode::Tab | KeyCode::BackTab if !word => return self.unindent(),
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
        if self.language == Language::Json && matches!(c, '}' | ']') && self.dedented(c) {
            return true;
        }
        self.edit(Run::of(c), c.encode_utf8(&mut [0; 4]))
    }

    /// Types a closing brace a step further left, if nothing else is on the line. Says whether that was so.
    fn dedented(&mut self, c: char) -> bool {
        let Content::Text(core) = &mut self.content else {
            return false;
        };
        let (line, char) = core.cursor();
        let blank = core.line(line).chars().all(|c| matches!(c, ' ' | '\t'));
        // Blanks are one byte each.
        let before = core
            .line(line)
            .get(..char)
            .filter(|_| blank && core.selection().is_none());
        let step = step(before.unwrap_or_default().chars().rev(), STEP.len());
        if step == 0 {
            return false;
        }
        let edits = core.remove((line, char - step), (line, char)) + core.insert_char(c);
        self.edited(edits, Run::Alone)
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
        self.edit(Run::Alone, &text)
    }

    const fn step(&self) -> &'static str {
        match self.language {
            Language::Json => STEP,
            Language::Plain => TAB,
        }
    }

    fn tab(&mut self) -> bool {
        self.edit(Run::Alone, self.step())
    }

    /// Takes a step of indentation from the cursor's line.
    fn unindent(&mut self) -> bool {
        let most = self.step().len();
        let Content::Text(core) = &mut self.content else {
            return false;
        };
        let (line, char) = core.cursor();
        let step = step(core.line(line).chars(), most);
        let edits = core.remove((line, 0), (line, step));
        core.go((line, char.saturating_sub(step)), false);
        self.edited(edits, Run::Alone)
    }

    /// Replaces what is selected by a text, or inserts it, unless that would be too much.
    fn edit(&mut self, run: Run, text: &str) -> bool {
        let Content::Text(core) = &mut self.content else {
            return false;
        };
        let lines = core.lines().len() + text.matches('\n').count();
        let full = core.bytes() + text.len() > large::MOST_BYTES || lines > large::MOST_LINES;
        if core.longest_with(text) > large::MOST_LINE_BYTES {
            return self.refuse(Some(Refusal::Line));
        }
        if full && core.selection().is_none() {
            return self.refuse(Some(Refusal::Text));
        }
        let removed = core.remove_selection();
        let mut chars = text.chars();
        let inserted = match (chars.next(), chars.next()) {
            (Some(c), None) if c != '\n' => core.insert_char(c),
            _ => core.insert(text),
        };
        self.edited(removed + inserted, if removed > 0 { Run::Alone } else { run })
    }

    /// Removes what is selected or, if nothing is, from the cursor to a place.
    fn erase(&mut self, to: impl Fn(&Core, Place) -> Place, run: Run) -> bool {
        let Content::Text(core) = &mut self.content else {
            return false;
        };
        let cursor = core.cursor();
        let selected = core.selection();
        let (start, end) = selected.unwrap_or_else(|| {
            let place = to(core, cursor);
            (cursor.min(place), cursor.max(place))
        });
        if start == end {
            return false;
        }
        let edits = core.remove(start, end);
        if edits == 0 {
            core.go(cursor, false);
            return self.refuse(Some(Refusal::Join));
        }
        self.edited(edits, if selected.is_some() { Run::Alone } else { run })
    }

    /// Notes edits as a step, or a part of one. Says whether there were any.
    fn edited(&mut self, edits: u16, run: Run) -> bool {
        if let Content::Text(core) = &self.content {
            self.history.edited(edits, run, core.lines().len());
        }
        if edits > 0 {
            self.changed();
        }
        edits > 0
    }

    /// Takes note of why a key did nothing, to be told below the text. Nothing changes by that.
    fn refuse(&mut self, why: Option<Refusal>) -> bool {
        if self.refused != why {
            self.refused = why;
            self.keep_in_sight();
        }
        false
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

/// How much of the white space that `chars` begin with is a step of at most `most` spaces, or a tab.
fn step(mut chars: impl Iterator<Item = char>, most: usize) -> usize {
    match chars.next() {
        Some('\t') => 1,
        Some(' ') => 1 + chars.take(most.saturating_sub(1)).take_while(|&c| c == ' ').count(),
        _ => 0,
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
