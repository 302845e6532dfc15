//! Runs in every state, and screens as text, for the tests of what shows them.

use crate::event::{Budget, CallRef, Closing, Delta, Fault, FaultClass, Phase, PlanStep, RunEvent, Why};
use crate::extract::model::{Dialect, Known};
use crate::record::{Record, RunRecord};
use crate::schema::Schema;
use crate::task::{Mode, ModeChoice, Task};
use crate::verdict::{Channel, Outcome, Repair, RepairKind, Risk, Source, Totals, Usage, Violation};
use crate::workbench::styles::{Glyphs, Look, Styles};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::{Value, json};
use std::sync::Arc;

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
    now: u64,
    attempt: u32,
    mode: Mode,
}

impl Story {
    /// A run that has been planned and has sent nothing, a second after the session began.
    pub(crate) fn new(model: &str, provider: &str) -> Self {
        let mut story = Self {
            record: Record::default(),
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
    pub(crate) fn after(mut self, ms: u64, event: RunEvent) -> Self {
        self.now += ms;
        self.event(&event);
        self
    }

    fn event(&mut self, event: &RunEvent) {
        self.record.apply(self.now, event);
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
        let call = (self.mode == Mode::Tools).then(|| CallRef {
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

    /// The moment of the last event.
    pub(crate) fn now(&self) -> u64 {
        self.now
    }
}

const NO_ENDPOINT: &str = "No endpoints found that can handle the requested parameters.";

fn first() -> Story {
    Story::new("openai/gpt-4o-mini", "openrouter").attempt(
        Mode::Structured,
        Why::First,
        "the model lists structured_outputs",
    )
}

/// Every state that a screen has to show, by name.
pub(crate) fn stories() -> Vec<(&'static str, Story)> {
    vec![
        ("streaming", streaming()),
        ("fallback", fallback()),
        ("re-ask", reask()),
        ("countdown", countdown()),
        ("repaired", repaired()),
        ("invalid", invalid()),
        ("failed", failed()),
        (
            "cancelled",
            streaming().ended(Outcome::Cancelled, "stopped by the user", None),
        ),
        ("fetching", fetching()),
    ]
}

pub(crate) fn streaming() -> Story {
    first()
        .opened(200, 120)
        .piece(190, r#"{"name": "Ada Love"#)
        .piece(700, r#"lace", "age": 3"#)
}

pub(crate) fn fallback() -> Story {
    first()
        .opened(404, 90)
        .fault(FaultClass::ModeUnsupported, Some(404), NO_ENDPOINT)
        .attempt(
            Mode::Json,
            Why::Fallback,
            &format!("structured cannot be served: {NO_ENDPOINT}"),
        )
        .opened(200, 110)
        .piece(200, r#"{"name": "Ada", "age": 36}"#)
        .closed(41)
        .judged(json!({"name": "Ada", "age": 36}), &[], &[])
        .ended(Outcome::Valid, "valid after 2 attempts", None)
}

pub(crate) fn reask() -> Story {
    let message = "-36 is less than the minimum of 0";
    first()
        .opened(200, 110)
        .piece(200, r#"{"name": "Ada", "age": -36}"#)
        .closed(41)
        .judged(
            json!({"name": "Ada", "age": -36}),
            &[
                ("/age", "minimum", message),
                ("/role", "enum", "\"chief\" is none of \"admin\", \"user\""),
            ],
            &[],
        )
        .attempt(Mode::Structured, Why::Reask, &format!("/age: {message}"))
        .opened(200, 100)
}

pub(crate) fn countdown() -> Story {
    let message = "Rate limit exceeded: free models are limited to 20 requests a minute.";
    first()
        .opened(429, 80)
        .fault(FaultClass::RateLimited, Some(429), message)
        .waiting(3_400, message)
}

pub(crate) fn repaired() -> Story {
    first()
        .opened(200, 110)
        .piece(200, "```json\n{name: 'Ada', \"age\": 36,}\n```")
        .closed(41)
        .judged(
            json!({"name": "Ada", "age": 36}),
            &[],
            &[
                (RepairKind::Fence, 0, Risk::Safe),
                (RepairKind::UnquotedKey, 9, Risk::Safe),
                (RepairKind::Truncated, 15, Risk::Guess),
            ],
        )
        .ended(Outcome::Valid, "valid at the first attempt", None)
}

pub(crate) fn invalid() -> Story {
    let message = "-36 is less than the minimum of 0";
    reask()
        .piece(200, r#"{"name": "Ada", "age": -36}"#)
        .closed(40)
        .judged(json!({"name": "Ada", "age": -36}), &[("/age", "minimum", message)], &[])
        .ended(
            Outcome::Invalid,
            &format!("not valid, after 1 re-ask: /age: {message}"),
            None,
        )
}

pub(crate) fn failed() -> Story {
    first()
        .opened(401, 80)
        .fault(FaultClass::Key, Some(401), "User not found.")
        .ended(
            Outcome::Failed,
            "User not found. Make a new key at openrouter.ai/keys and set OPENROUTER_API_KEY.",
            None,
        )
}

pub(crate) fn fetching() -> Story {
    Story::new("SmolLM2-135M", "local")
        .attempt(Mode::Structured, Why::First, "the model lists structured_outputs")
        .progress(Phase::Fetch, 12_400_000, 98_000_000)
}
