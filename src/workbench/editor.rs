//! A pane in which text is typed: the schema, the input, the instructions.
//!
//! Owns the text, its cursor, what is selected, searched and marked in it, and what can be taken back. What a key means while typing
//! is in `editor/keys`, what is drawn in `editor/paint`; only `editor/core` knows the crate that does the editing. A text that is too
//! large for that is kept as it is, and shown.

mod core;
mod history;
mod keys;
pub mod large;
mod lex;
mod paint;
mod problems;
mod rows;
mod scroll;
mod search;
#[cfg(test)]
mod tests;
mod words;

use crate::workbench::action::Action;
use crate::workbench::columns;
use crate::workbench::needle::Needle;
use crate::workbench::text_view::Part;
use core::{Core, Place};
use history::{History, Run};
use keys::Refusal;
use large::Large;
use ratatui::layout::Size;
use scroll::Scroll;

/// What is typed, which decides on colours, Tab and Enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JSON, or what stands in its place: the shorthand, YAML.
    Json,
    /// Any text.
    Plain,
}

/// How bad a marked place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It does not work.
    Error,
    /// It deserves a look.
    Warning,
}

/// A problem with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its line, from 0.
    pub line: usize,
    /// Its character in the line, from 0.
    pub column: usize,
    /// What is wrong, in a sentence.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
}

/// A text with what is needed to edit and show it.
#[derive(Clone, Debug)]
pub struct Editor {
    language: Language,
    placeholder: &'static str,
    /// How to start, shown below the placeholder while the focus is here.
    start: String,
    content: Content,
    history: History,
    revision: u64,
    marks: Vec<Mark>,
    needle: Option<Needle>,
    /// The column that going up and down keeps to.
    column: Option<usize>,
    /// What was shown last.
    scroll: Scroll,
    /// Why the last key did nothing.
    refused: Option<Refusal>,
    /// What the pane measures, as far as known.
    size: Size,
}

#[derive(Clone, Debug)]
enum Content {
    Text(Core),
    Large(Large),
}

impl Content {
    fn new(text: &str) -> Self {
        if large::is_large(text) {
            Self::Large(Large::new(text.to_owned()))
        } else {
            Self::Text(Core::new(text))
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Text(core) => core.bytes(),
            Self::Large(large) => large.text.len(),
        }
    }
}

impl Editor {
    /// An empty editor. The placeholder is shown while it is empty.
    pub fn new(language: Language, placeholder: &'static str) -> Self {
        Self {
            language,
            placeholder,
            start: String::new(),
            content: Content::new(""),
            history: History::default(),
            revision: 0,
            marks: Vec::new(),
            needle: None,
            column: None,
            scroll: Scroll::default(),
            refused: None,
            size: Size::new(80, 24),
        }
    }

    /// The same, with words on how to start typing: they name a key, and keys are the keymap's.
    #[must_use]
    pub fn starting(mut self, start: String) -> Self {
        self.start = start;
        self
    }

    /// The text, byte for byte as it was loaded and edited.
    pub fn text(&self) -> String {
        match &self.content {
            Content::Text(core) => core.text(),
            Content::Large(large) => large.text.clone(),
        }
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        match &self.content {
            Content::Text(core) => matches!(core.lines(), [line] if line.is_empty()),
            Content::Large(large) => large.text.is_empty(),
        }
    }

    /// How many lines the text has; an empty one has one.
    pub fn lines(&self) -> usize {
        match &self.content {
            Content::Text(core) => core.lines().len(),
            Content::Large(large) => large.lines(),
        }
    }

    /// Whether the text is too large to be edited here, and only shown.
    pub const fn is_large(&self) -> bool {
        matches!(self.content, Content::Large(_))
    }

    /// A number that grows with every change of the text.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Puts another text in the place of this one. It can be taken back in one step; the cursor stays as far as it can.
    pub fn set_text(&mut self, text: &str) {
        if text != self.text() {
            let cursor = self.cursor();
            self.replace(Content::new(text));
            self.go_to(cursor.0, cursor.1);
        }
    }

    /// Starts with a new text: nothing can be taken back, the cursor is at its start.
    pub fn load(&mut self, text: &str) {
        self.content = Content::new(text);
        self.history = History::default();
        self.marks.clear();
        self.scroll = Scroll::default();
        self.changed();
    }

    /// Inserts a text that was pasted, in one step. Its line ends become line feeds, everything else is kept. What makes the text
    /// too large is taken, too, and can be taken back. A text that is too large already is left as it is.
    pub fn paste(&mut self, text: &str) {
        let Content::Text(core) = &mut self.content else {
            return;
        };
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if text.is_empty() {
            return;
        }
        if fits(core, &text) {
            let edits = core.remove_selection() + core.insert(&text);
            let lines = core.lines().len();
            self.history.edited(edits, Run::Alone, lines);
            self.changed();
        } else {
            let (start, end) = core.selection().unwrap_or((core.cursor(), core.cursor()));
            let mut whole = core.text();
            whole.replace_range(core.offset(start)..core.offset(end), &text);
            self.replace(Content::new(&whole));
        }
    }

    /// Tells how large the pane is, so that pages are known and the cursor stays in sight. To be called when that changes.
    pub fn resize(&mut self, size: Size) {
        if size != self.size {
            self.size = size;
            self.keep_in_sight();
        }
    }

    /// Does what an action means outside of typing, in a pane `height` high. Says whether the text changed.
    pub fn act(&mut self, action: Action, height: u16) -> bool {
        self.size.height = height;
        let page = usize::from(self.rows()).max(2) - 1;
        match action {
            Action::Undo => return self.undo(),
            Action::Redo => return self.redo(),
            Action::NextProblem => self.seek_problem(true),
            Action::PreviousProblem => self.seek_problem(false),
            _ if self.act_large(action) => {}
            Action::NextMatch => self.seek_match(true),
            Action::PreviousMatch => self.seek_match(false),
            Action::Up => self.vertical(-1, false),
            Action::Down => self.vertical(1, false),
            Action::PageUp => self.vertical(-to_signed(page), false),
            Action::PageDown => self.vertical(to_signed(page), false),
            Action::HalfUp => self.vertical(-to_signed(page.div_ceil(2)), false),
            Action::HalfDown => self.vertical(to_signed(page.div_ceil(2)), false),
            Action::Left => self.go(words::left, false),
            Action::Right => self.go(words::right, false),
            Action::Top => self.go(|_, _| (0, 0), false),
            Action::Bottom => self.go_to_last_row(),
            _ => {}
        }
        false
    }

    /// Takes the last step back. Says whether there was one.
    pub fn undo(&mut self) -> bool {
        let any = self.history.undo(&mut self.content);
        if any {
            self.changed();
        }
        any
    }

    /// Does the step again that was taken back last. Says whether there was one.
    pub fn redo(&mut self) -> bool {
        let any = self.history.redo(&mut self.content);
        if any {
            self.changed();
        }
        any
    }

    /// The cursor's line and character, both from 0. In a text that is too large: the first visible line.
    pub fn cursor(&self) -> (usize, usize) {
        match &self.content {
            Content::Text(core) => core.cursor(),
            Content::Large(large) => {
                let (_, byte) = large.view.place(&[Part::from(&*large.text)], self.size);
                (large::line_of(&large.text, byte), 0)
            }
        }
    }

    /// Puts the cursor at a line and a character, both from 0, or as near as there is.
    pub fn go_to(&mut self, line: usize, column: usize) {
        if let Content::Large(large) = &mut self.content {
            let byte = large.start_of(line);
            large.view.go_to(0, byte, &[Part::from(&*large.text)], self.size);
        }
        self.go(|_, _| (line, column), false);
    }

    /// The text that is selected.
    pub fn selected_text(&self) -> Option<String> {
        match &self.content {
            Content::Text(core) => core.selected(),
            Content::Large(_) => None,
        }
    }

    /// The line of the cursor.
    pub fn current_line(&self) -> String {
        match &self.content {
            Content::Text(core) => core.line(core.cursor().0).to_owned(),
            Content::Large(large) => {
                let (_, byte) = large.view.place(&[Part::from(&*large.text)], self.size);
                let start = large.text.get(..byte).and_then(|before| before.rfind('\n'));
                let rest = large.text.get(start.map_or(0, |feed| feed + 1)..).unwrap_or_default();
                rest.split('\n').next().unwrap_or_default().to_owned()
            }
        }
    }

    fn replace(&mut self, content: Content) {
        let before = std::mem::replace(&mut self.content, content);
        self.history.replaced(before);
        self.changed();
    }

    /// After every change of the text.
    fn changed(&mut self) {
        self.revision += 1;
        self.column = None;
        self.refused = None;
        self.keep_in_sight();
    }

    /// Moves the cursor. Selecting goes on or ends.
    fn go(&mut self, to: impl Fn(&Core, Place) -> Place, select: bool) {
        if let Content::Text(core) = &mut self.content {
            let place = to(core, core.cursor());
            core.go(place, select);
        }
        self.history.close();
        self.column = None;
        self.refused = None;
        self.keep_in_sight();
    }

    /// Moves in a text that is too large. Says whether there is one and the action means something for it.
    fn act_large(&mut self, action: Action) -> bool {
        let size = Size::new(self.size.width, self.rows());
        match &mut self.content {
            Content::Large(large) => large.view.act(action, &[Part::from(&*large.text)], size),
            Content::Text(_) => false,
        }
    }
}

/// Whether a text can be pasted without making the whole too large.
fn fits(core: &Core, text: &str) -> bool {
    let lines = core.lines().len() + text.matches('\n').count();
    core.bytes() + text.len() <= large::MOST_BYTES
        && core.longest_with(text) <= large::MOST_LINE_BYTES
        && lines <= large::MOST_LINES
}

fn to_signed(count: usize) -> isize {
    isize::try_from(count).unwrap_or(isize::MAX)
}
