//! A question before something is lost.
//!
//! Owns the choice. Esc and a hasty Enter take the answer by which nothing is lost.

use super::Response;
use super::frame::{Frame, Hint, inside, place, wrapped};
use crate::workbench::draw::{paint_row, pieces, put};
use crate::workbench::styles::Look;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::path::PathBuf;

/// The columns inside the box where there is room.
const WIDTH: u16 = 60;

/// The most lines of a question, and of what would be lost.
const LINES: u16 = 4;

const HINTS: [Hint<'_>; 2] = [("Enter", "choose"), ("Esc", "go back")];

/// What an answer sets off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing: everything stays as it is.
    Back,
    /// Quit; what was not written is lost.
    Quit,
    /// Write what the pane shows over this file.
    Overwrite(PathBuf),
    /// Load this file over the pane's text.
    Load(PathBuf),
    /// Open this session.
    Open(PathBuf),
    /// Make a draft of the replayed moment.
    Draft,
    /// Leave the replay.
    Leave,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The letter that takes it.
    pub letter: char,
    /// What it does.
    pub words: String,
    /// What it sets off.
    pub answer: Answer,
}

/// A question with its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    question: String,
    lost: Vec<String>,
    choices: Vec<Choice>,
    cursor: usize,
}

impl Confirm {
    /// A question, what would be lost, the letter and the words of the safe answer, on which the cursor stands, and the others.
    pub fn new(question: impl Into<String>, lost: Vec<String>, safe: (char, &str), choices: Vec<Choice>) -> Self {
        let safe = Choice {
            letter: safe.0,
            words: safe.1.to_owned(),
            answer: Answer::Back,
        };
        Self {
            question: question.into(),
            lost,
            choices: std::iter::once(safe).chain(choices).collect(),
            cursor: 0,
        }
    }

    /// Takes a key: a letter answers, arrows and Tab move, Enter takes the answer under the cursor, Esc the safe one.
    pub fn key(&mut self, key: KeyEvent) -> Response<Answer> {
        if key.kind == KeyEventKind::Release {
            return Response::Stay;
        }
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let last = self.choices.len().saturating_sub(1);
        match key.code {
            KeyCode::Esc => return Response::Chose(Answer::Back),
            KeyCode::Enter => return self.take(self.cursor),
            KeyCode::Up | KeyCode::Left | KeyCode::BackTab => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Tab if self.cursor == last => self.cursor = 0,
            KeyCode::Down | KeyCode::Right | KeyCode::Tab => self.cursor = (self.cursor + 1).min(last),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = last,
            KeyCode::Char(letter) if plain => {
                let is_meant = |choice: &Choice| choice.letter.eq_ignore_ascii_case(&letter);
                if let Some(at) = self.choices.iter().position(is_meant) {
                    return self.take(at);
                }
            }
            _ => {}
        }
        Response::Stay
    }

    /// Draws it in the middle of `area`.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let width = inside(place(area, WIDTH, 1)).width;
        let choices = u16::try_from(self.choices.len()).unwrap_or(u16::MAX);
        let question = wrapped(&self.question, width, LINES);
        let lost = self.lost.iter().flat_map(|line| wrapped(line, width, LINES));
        let question = question.into_iter().map(|line| (line, look.styles.strong));
        let words: Vec<_> = question.chain(lost.map(|line| (line, look.styles.text))).collect();
        let rows = u16::try_from(words.len()).unwrap_or(u16::MAX);
        let outer = place(area, WIDTH, rows.saturating_add(choices).saturating_add(1));
        let frame = Frame {
            title: "Sure?",
            notes: &[],
            hints: &HINTS,
        };
        frame.view(buf, outer, look);
        let inner = inside(outer);
        // The answers are always there, whatever is cut.
        let above = inner.height.saturating_sub(choices);
        for ((line, style), row) in words.iter().zip(0..above) {
            put(buf, inner.x, inner.y + row, inner.width, line, *style);
        }
        let from = above.min(rows.saturating_add(1));
        for ((at, choice), row) in self.choices.iter().enumerate().zip(from..inner.height) {
            let letter = choice.letter.to_string();
            let line = [
                (letter.as_str(), look.styles.hint_key),
                ("  ", look.styles.text),
                (choice.words.as_str(), look.styles.text),
            ];
            pieces(buf, inner, row, line);
            if at == self.cursor {
                let whole = Rect {
                    x: inner.x - 1,
                    width: inner.width + 2,
                    ..inner
                };
                paint_row(buf, whole, row, look.styles.selected);
            }
        }
    }

    fn take(&self, at: usize) -> Response<Answer> {
        let answer = self.choices.get(at).map(|choice| choice.answer.clone());
        Response::Chose(answer.unwrap_or(Answer::Back))
    }
}
