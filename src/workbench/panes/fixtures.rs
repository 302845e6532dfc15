//! Runs in every state, and screens as text, for the tests of what shows them.

mod stories;

use crate::event::{
    Budget, CallRef, Closing, Delta, Fault, FaultClass, Header, Phase, PlanStep, RunEvent, Stamped, Why,
};
use crate::extract::model::{Dialect, Known};
use crate::record::{Record, RunRecord};
use crate::schema::Schema;
use crate::session::history::History;
use crate::session::tape::Tape;
use crate::task::{Mode, ModeChoice, Task};
use crate::verdict::{Channel, Outcome, Repair, RepairKind, Risk, Source, Totals, Usage, Violation};
use crate::workbench::replay::Recorded;
use crate::workbench::styles::{Glyphs, Look, Styles};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;
use std::sync::Arc;

pub(crate) use stories::*;

/// The schema of all runs.
pub(crate) const SCHEMA: &str = r#"{"title":"Person","type":"object","required":["name","age"],"properties":{
    "name":{"type":"string","description":"As written"},"age":{"type":"integer","minimum":0},"role":{"enum":["admin","user"]}}}"#;

/// A look without colours.
pub(crate) fn look() -> Look {
    Look {
        styles: Styles::default(),
        glyphs: Glyphs::UNICODE,
    }
}

/// What is drawn on so many columns and rows, as text without spaces at the ends of its lines.
pub(crate) fn screen(width: u16, height: u16, draw: impl FnOnce(&mut Buffer, Rect)) -> String {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    draw(&mut buf, area);
    let rows = (0..height).map(|y| {
        let row: String = (0..width).map(|x| buf[(x, y)].symbol()).collect();
        row.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// Builds a run event by event.
pub(crate) struct Story {
    record: Record,
    events: Vec<Stamped>,
    now: u64,
    attempt: u32,
    mode: Mode,
}

impl Story {
    /// A run that has been planned and has sent nothing, a second after the session began.
    pub(crate) fn new(model: &str, provider: &str) -> Self {
        let mut story = Self {
            record: Record::default(),
            events: Vec::new(),
            now: 1_000,
            attempt: 0,
            mode: Mode::Structured,
        };
        let step = |mode, reason: &str| PlanStep {
            mode,
            reason: reason.into(),
        };
        story.event(&RunEvent::Started {
            run: 1,
            version: "0".into(),
            task: Arc::new(Self::task(model)),
            provider: provider.into(),
            plan: vec![
                step(Mode::Structured, "the model lists structured_outputs"),
                step(Mode::Json, "the model lists response_format"),
                step(Mode::Prompt, "every model can be asked in words"),
            ],
        });
        story
    }

    fn task(model: &str) -> Task {
        Task {
            schema: SCHEMA.into(),
            input: "Ada Lovelace, 36, wrote the first program.".into(),
            model: model.into(),
            mode: ModeChoice::Auto,
            ..Task::default()
        }
    }

    /// An event so many milliseconds after the one before.
    #[expect(clippy::needless_pass_by_value, reason = "events are made where they are told")]
    pub(crate) fn after(mut self, ms: u64, event: RunEvent) -> Self {
        self.now += ms;
        self.event(&event);
        self
    }

    fn event(&mut self, event: &RunEvent) {
        self.record.apply(self.now, event);
        self.events.push(Stamped {
            at: self.now,
            event: event.clone(),
        });
    }

    /// A request, 10 ms after the event before.
    pub(crate) fn attempt(mut self, mode: Mode, why: Why, reason: &str) -> Self {
        self.attempt += 1;
        self.mode = mode;
        let task = Self::task("openai/gpt-4o-mini");
        let schema = Schema::load(SCHEMA, None).unwrap();
        let (known, tuning) = (Known::Nothing, crate::extract::body::Tuning::default());
        let (body, changes) = crate::extract::body::body(&crate::extract::body::Request {
            task: &task,
            schema: &schema,
            known: &known,
            dialect: Dialect::OpenRouter,
            mode,
            tuning: &tuning,
            max_tokens: 4096,
            more: &[],
        });
        let event = RunEvent::Attempt {
            run: 1,
            attempt: self.attempt,
            mode,
            why,
            reason: reason.into(),
            changes,
            body,
        };
        self.after(10, event)
    }

    /// The response begins after so many milliseconds.
    pub(crate) fn opened(self, status: u16, ms: u64) -> Self {
        let attempt = self.attempt;
        let story = self.after(
            ms,
            RunEvent::Opened {
                run: 1,
                attempt,
                status,
                ms,
            },
        );
        story.after(
            0,
            RunEvent::Routed {
                run: 1,
                attempt,
                provider: Some("OpenAI".into()),
                model: Some("openai/gpt-4o-mini".into()),
                id: Some("gen-1".into()),
            },
        )
    }

    /// A piece of the answer after so many milliseconds.
    pub(crate) fn piece(self, ms: u64, text: &str) -> Self {
        let attempt = self.attempt;
        let call = self.mode.answers_in_call().then(|| CallRef {
            name: "Person".into(),
            ..CallRef::default()
        });
        let channel = if call.is_some() {
            Channel::Call
        } else {
            Channel::Content
        };
        let delta = Delta {
            channel,
            call,
            text: text.into(),
        };
        self.after(ms, RunEvent::Delta { run: 1, attempt, delta })
    }

    /// The stream ends well.
    pub(crate) fn closed(self, completion: u64) -> Self {
        let attempt = self.attempt;
        let usage = Usage {
            prompt: 812,
            completion,
            cost: Some(0.000_23),
            ..Usage::default()
        };
        let closing = Closing {
            finish: Some("stop".into()),
            usage: Some(usage),
            ..Closing::default()
        };
        self.after(
            5,
            RunEvent::Closed {
                run: 1,
                attempt,
                closing,
            },
        )
    }

    /// The stream ends with a fault.
    pub(crate) fn fault(self, class: FaultClass, status: Option<u16>, message: &str) -> Self {
        let attempt = self.attempt;
        let error = Fault {
            class,
            status,
            message: message.into(),
            ..Fault::default()
        };
        let closing = Closing {
            error: Some(error),
            ..Closing::default()
        };
        self.after(
            5,
            RunEvent::Closed {
                run: 1,
                attempt,
                closing,
            },
        )
    }

    /// What judging found.
    pub(crate) fn judged(
        self,
        value: Value,
        errors: &[(&str, &str, &str)],
        repairs: &[(RepairKind, u64, Risk)],
    ) -> Self {
        let attempt = self.attempt;
        let errors = errors.iter().map(|(pointer, keyword, message)| Violation {
            pointer: (*pointer).into(),
            keyword: (*keyword).into(),
            message: (*message).into(),
        });
        let repairs = repairs.iter().map(|(kind, offset, risk)| Repair {
            kind: *kind,
            offset: *offset,
            risk: *risk,
        });
        let event = RunEvent::Judged {
            run: 1,
            attempt,
            source: Source {
                channel: Channel::Content,
                call: None,
                start: 0,
                end: 9,
            },
            value,
            errors: errors.collect(),
            repairs: repairs.collect(),
        };
        self.after(0, event)
    }

    /// The run waits.
    pub(crate) fn waiting(self, ms: u64, reason: &str) -> Self {
        let reason = reason.into();
        self.after(0, RunEvent::Waiting { run: 1, ms, reason })
    }

    /// Something slow is under way.
    pub(crate) fn progress(self, phase: Phase, done: u64, total: u64) -> Self {
        self.after(
            100,
            RunEvent::Progress {
                run: 1,
                phase,
                done,
                total,
            },
        )
    }

    /// The run is over.
    pub(crate) fn ended(self, outcome: Outcome, reason: &str, budget: Option<Budget>) -> Self {
        let run = self.run();
        let totals = Totals {
            ms: self.now - run.started,
            ..run.totals
        };
        let reason = reason.into();
        self.after(
            0,
            RunEvent::Ended {
                run: 1,
                outcome,
                reason,
                budget,
                totals,
            },
        )
    }

    /// The run as it stands.
    pub(crate) fn run(&self) -> RunRecord {
        self.record.runs[0].clone()
    }

    /// All of it as it is recorded, after the draft that it began with.
    pub(crate) fn recorded(&self) -> Recorded {
        let mut tape = Tape::new(Header {
            formwork: 1,
            id: "id".into(),
            created: "2026-11-22T17:42:59Z".into(),
            title: "Ada".into(),
        });
        for stamped in &self.events {
            tape.push(stamped.clone());
        }
        Recorded {
            history: Arc::new(History::new(Arc::new(tape))),
            idle_limit: 2_000,
            schema: None,
            position: None,
        }
    }

    /// The moment of the last event.
    pub(crate) fn now(&self) -> u64 {
        self.now
    }
}
