//! The tab Fields over the moments of runs.

mod moments;
mod moving;
mod properties;

use super::FieldsPane;
use crate::event::{Budget, Closing, Delta, RunEvent, Why};
use crate::record::Record;
use crate::schema::Schema;
use crate::task::{Mode, Task};
use crate::verdict::{Change, Channel, Enforcer, Outcome, Source, Totals, Undo, Violation};
use crate::workbench::styles::{Glyphs, Look, Styles};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) const PERSON: &str = r#"{"title":"Person","type":"object","required":["name","age","role"],"properties":{"name":{"type":"string"},
    "age":{"type":"integer","minimum":0},"role":{"enum":["admin","user"]},"nick":{"type":"string"},
    "address":{"type":"object","required":["street"],"properties":{"street":{"type":"string"},"city":{"type":["string","null"]}}},
    "tags":{"type":"array","items":{"type":"string","maxLength":4}}}}"#;

/// A run, and a pane that looks on.
pub(super) struct Stage {
    pub record: Record,
    pub pane: FieldsPane,
    pub width: u16,
    pub height: u16,
    at: u64,
    attempt: u32,
    schema: Schema,
}

impl Stage {
    pub fn new(schema: &str, width: u16, height: u16) -> Self {
        let mut stage = Self {
            record: Record::default(),
            pane: FieldsPane::default(),
            width,
            height,
            at: 0,
            attempt: 0,
            schema: Schema::load(schema, None).unwrap(),
        };
        let task = Task {
            schema: schema.into(),
            ..Task::default()
        };
        stage.sync();
        stage.live(&RunEvent::Started {
            run: 1,
            version: "0".into(),
            task: Arc::new(task),
            provider: "p".into(),
            plan: vec![],
        });
        stage
    }

    pub fn with_attempt(schema: &str, width: u16, height: u16) -> Self {
        let mut stage = Self::new(schema, width, height);
        stage.attempt(Why::First, vec![]);
        stage
    }

    /// Applies an event and lets the pane look.
    pub fn live(&mut self, event: &RunEvent) {
        self.apply(event);
        self.sync();
    }

    pub fn apply(&mut self, event: &RunEvent) {
        self.at += 1;
        self.record.apply(self.at, event);
    }

    pub fn sync(&mut self) {
        self.pane
            .sync(self.record.runs.last(), Some(&self.schema), self.height, self.width);
    }

    pub fn attempt(&mut self, why: Why, changes: Vec<Change>) {
        self.attempt += 1;
        self.live(&RunEvent::Attempt {
            run: 1,
            attempt: self.attempt,
            mode: Mode::Json,
            why,
            reason: String::new(),
            changes,
            body: json!({}),
        });
    }

    pub fn delta(&self, text: &str) -> RunEvent {
        RunEvent::Delta {
            run: 1,
            attempt: self.attempt,
            delta: Delta {
                channel: Channel::Content,
                call: None,
                text: text.into(),
            },
        }
    }

    pub fn write(&mut self, text: &str) -> String {
        let delta = self.delta(text);
        self.live(&delta);
        self.shown()
    }

    pub fn closed(&self) -> RunEvent {
        RunEvent::Closed {
            run: 1,
            attempt: self.attempt,
            closing: Closing::default(),
        }
    }

    /// Judges a value as `extract` would.
    pub fn judged(&self, value: &Value) -> RunEvent {
        RunEvent::Judged {
            run: 1,
            attempt: self.attempt,
            source: Source {
                channel: Channel::Content,
                call: None,
                start: 0,
                end: 0,
            },
            value: value.clone(),
            errors: self.schema.judge(value),
            repairs: vec![],
        }
    }

    pub fn finish(&mut self, value: &Value) -> String {
        self.live(&self.closed());
        self.live(&self.judged(value));
        self.shown()
    }

    pub fn ended(&mut self, outcome: Outcome) {
        self.live(&RunEvent::Ended {
            run: 1,
            outcome,
            reason: String::new(),
            budget: None::<Budget>,
            totals: Totals::default(),
        });
    }

    pub fn shown(&self) -> String {
        self.drawn(self.width, self.height)
    }

    /// The pane as text; the cursor's row ends with a mark.
    pub fn drawn(&self, width: u16, height: u16) -> String {
        draw(&self.pane, &self.record, width, height)
    }
}

pub(super) fn look() -> Look {
    let selected = Style::new().add_modifier(Modifier::REVERSED);
    Look {
        styles: Styles {
            selected,
            ..Styles::default()
        },
        glyphs: Glyphs::UNICODE,
    }
}

pub(super) fn draw(pane: &FieldsPane, record: &Record, width: u16, height: u16) -> String {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    pane.view(&mut buf, area, &look(), record.runs.last(), true);
    let mut text = String::new();
    for y in 0..height {
        let row: String = (0..width).map(|x| buf[(x, y)].symbol()).collect();
        text.push_str(row.trim_end());
        let current = width > 0 && buf[(0, y)].modifier.contains(Modifier::REVERSED);
        text.push_str(if current { " ◂\n" } else { "\n" });
    }
    text.trim_end().to_owned()
}

pub(super) fn undo(pointer: &str, undo: Undo) -> Change {
    Change {
        pointer: pointer.into(),
        keyword: "required".into(),
        reason: String::new(),
        enforcer: Enforcer::Server,
        undo: Some(undo),
    }
}

pub(super) fn violation(pointer: &str, keyword: &str, message: &str) -> Violation {
    Violation {
        pointer: pointer.into(),
        keyword: keyword.into(),
        message: message.into(),
    }
}
