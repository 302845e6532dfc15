//! The engine against scripted happenings: what is sent, in which order, and how it ends.

mod limits;
mod remedies;

use super::*;
use crate::event::CallRef;
use crate::extract::model::ModelInfo;
use crate::task::{Limits, ModeChoice};
use crate::verdict::{Channel, Usage};
use proptest::prelude::*;
use serde_json::json;

const USER: &str = r#"{"title":"User","type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},
    "required":["name","age"],"additionalProperties":false}"#;
const GOOD: &str = r#"{"name":"Ivan","age":28}"#;
const NO_TOOLS: &str =
    "No endpoints found that support tool use. To learn more about provider routing, visit: https://x.example/docs";

/// What a scripted server does with one request.
#[derive(Clone, Debug)]
enum Reply {
    Content(&'static str, &'static str),
    Call(&'static str),
    Fault(u16, &'static str),
    Closed(Closing),
    Deltas(Vec<Delta>, Closing),
}

fn fault(status: u16, message: &str) -> Closing {
    let error = Fault {
        status: Some(status),
        message: message.into(),
        ..Fault::default()
    };
    Closing {
        error: Some(error),
        ..Closing::default()
    }
}

fn finish(reason: &str) -> Closing {
    let usage = Usage {
        prompt: 10,
        completion: 5,
        cost: Some(0.001),
        ..Usage::default()
    };
    Closing {
        finish: Some(reason.into()),
        usage: Some(usage),
        ..Closing::default()
    }
}

fn happenings(reply: Reply) -> Vec<Happened> {
    let delta = |channel, call, text: &str| {
        Happened::Delta(Delta {
            channel,
            call,
            text: text.into(),
        })
    };
    let call = Some(CallRef {
        index: 0,
        id: "c1".into(),
        name: "User".into(),
    });
    match reply {
        Reply::Content(text, reason) => {
            vec![delta(Channel::Content, None, text), Happened::Closed(finish(reason))]
        }
        Reply::Call(text) => vec![delta(Channel::Call, call, text), Happened::Closed(finish("stop"))],
        Reply::Fault(status, message) => vec![Happened::Closed(fault(status, message))],
        Reply::Closed(closing) => vec![Happened::Closed(closing)],
        Reply::Deltas(deltas, closing) => deltas
            .into_iter()
            .map(Happened::Delta)
            .chain([Happened::Closed(closing)])
            .collect(),
    }
}

/// What a run did.
#[derive(Debug)]
struct Course {
    bodies: Vec<Value>,
    why: Vec<(Mode, Why)>,
    waits: Vec<u64>,
    remembered: Vec<Mode>,
    outcome: Outcome,
    reason: String,
    budget: Option<Budget>,
    value: Option<Value>,
    totals: Totals,
}

fn task(mode: &str) -> Task {
    let mode: ModeChoice = mode.parse().unwrap();
    Task {
        schema: USER.into(),
        input: "Ivan is 28".into(),
        model: "m".into(),
        mode,
        ..Task::default()
    }
}

fn setup(task: Task, known: Known) -> Setup {
    let schema = Schema::load(&task.schema, task.schema_name.as_deref()).unwrap();
    Setup {
        run: 1,
        task: Arc::new(task),
        schema,
        provider: "openrouter".into(),
        dialect: Dialect::OpenRouter,
        known,
        cannot: vec![],
        seed: 7,
    }
}

fn play(task: Task, known: Known, replies: Vec<Reply>) -> Course {
    play_setup(setup(task, known), replies)
}

fn play_setup(setup: Setup, replies: Vec<Reply>) -> Course {
    let mut replies = replies.into_iter();
    let mut run = Run::new(setup);
    let mut turn = run.begin(0);
    let (mut events, mut bodies, mut waits, mut remembered) = (vec![], vec![], vec![], vec![]);
    let mut queue: std::collections::VecDeque<Happened> = std::collections::VecDeque::new();
    for now in 1..10_000 {
        events.append(&mut turn.events);
        remembered.extend(turn.remember.take());
        match turn.step {
            Step::Listen => {}
            Step::Send(body) => {
                bodies.push(body);
                queue = happenings(replies.next().expect("one more request than replies")).into();
            }
            Step::Wait(ms) => {
                waits.push(ms);
                queue = [Happened::Waited].into();
            }
            Step::End => break,
        }
        turn = run.happened(now, queue.pop_front().expect("a stream that never closed"));
    }
    course(&events, bodies, waits, remembered)
}

fn course(events: &[RunEvent], bodies: Vec<Value>, waits: Vec<u64>, remembered: Vec<Mode>) -> Course {
    let why = events.iter().filter_map(|event| match event {
        RunEvent::Attempt { mode, why, .. } => Some((*mode, *why)),
        _ => None,
    });
    let value = events.iter().rev().find_map(|event| match event {
        RunEvent::Judged { value, .. } => Some(value.clone()),
        _ => None,
    });
    let Some(RunEvent::Ended {
        outcome,
        reason,
        budget,
        totals,
        ..
    }) = events.last()
    else {
        panic!("the last event is not `ended`: {events:?}");
    };
    Course {
        bodies,
        why: why.collect(),
        waits,
        remembered,
        outcome: *outcome,
        reason: reason.clone(),
        budget: *budget,
        value,
        totals: *totals,
    }
}

#[test]
fn every_mode_reads_its_answer_in_one_request() {
    for (mode, reply) in [
        ("tools", Reply::Call(GOOD)),
        ("structured", Reply::Content(GOOD, "stop")),
        ("json", Reply::Content(GOOD, "stop")),
        (
            "prompt",
            Reply::Content("```json\n{\"name\":\"Ivan\",\"age\":28}\n```", "stop"),
        ),
        ("auto", Reply::Content(GOOD, "stop")),
        // A provider that ignores `tool_choice` and answers in content.
        ("tools", Reply::Content(GOOD, "stop")),
    ] {
        let course = play(task(mode), Known::Nothing, vec![reply]);
        assert_eq!(course.outcome, Outcome::Valid, "{mode}: {}", course.reason);
        assert_eq!(course.value, Some(json!({"name": "Ivan", "age": 28})), "{mode}");
        assert_eq!(course.bodies.len(), 1, "{mode}");
    }
}

#[test]
fn the_guides_404_goes_from_tools_straight_to_json_and_is_remembered() {
    let replies = vec![Reply::Fault(404, NO_TOOLS), Reply::Content(GOOD, "stop")];
    let course = play(task("tools"), Known::Nothing, replies);
    assert_eq!(course.why, [(Mode::Tools, Why::First), (Mode::Json, Why::Fallback)]);
    assert_eq!(course.remembered, [Mode::Tools]);
    assert_eq!(course.outcome, Outcome::Valid);

    let remembered = Setup {
        cannot: vec![Mode::Tools],
        ..setup(task("tools"), Known::Nothing)
    };
    let course = play_setup(remembered, vec![Reply::Content(GOOD, "stop")]);
    assert_eq!(course.why, [(Mode::Json, Why::First)]);
}

#[test]
fn sloppy_json_costs_no_second_request() {
    for text in [
        "Here you are:\n```json\n{\"name\":\"Ivan\",\"age\":28}\n```\nAnything else?",
        "<think>{\"name\":\"x\"}</think>{\"name\":\"Ivan\",\"age\":28}",
        "{\"name\":\"Ivan\",\"age\":28,}",
        "{name: 'Ivan', age: 28}",
    ] {
        let course = play(task("json"), Known::Nothing, vec![Reply::Content(text, "stop")]);
        assert_eq!(
            (course.outcome, course.bodies.len()),
            (Outcome::Valid, 1),
            "{text}: {}",
            course.reason
        );
    }
}

#[test]
fn a_wrong_type_is_reasked_and_the_body_does_not_grow() {
    let bad = r#"{"name":"Ivan","age":"28"}"#;
    let mut task = task("json");
    task.limits.reasks = 4;
    let course = play(task, Known::Nothing, vec![Reply::Content(bad, "stop"); 5]);
    assert_eq!((course.outcome, course.bodies.len()), (Outcome::Invalid, 5));
    let sizes: Vec<usize> = course.bodies.iter().map(|body| body.to_string().len()).collect();
    assert!(
        sizes[1] > sizes[0] && sizes[1..].iter().all(|size| *size == sizes[1]),
        "{sizes:?}"
    );
    let messages = course.bodies[1]["messages"].as_array().unwrap();
    assert_eq!(messages[2], json!({"role": "assistant", "content": bad}));
    assert!(
        messages[3]["content"].as_str().unwrap().contains("/age"),
        "{}",
        messages[3]
    );
    assert_eq!(course.totals.attempts, 5);
    assert!(
        (course.totals.usage.cost.unwrap() - 0.005).abs() < 1e-9,
        "cost of all attempts: {:?}",
        course.totals
    );
}

#[test]
fn a_tool_call_is_reasked_with_a_tool_message() {
    let replies = vec![Reply::Call(r#"{"name":"Ivan"}"#), Reply::Call(GOOD)];
    let course = play(task("tools"), Known::Nothing, replies);
    assert_eq!(course.why, [(Mode::Tools, Why::First), (Mode::Tools, Why::Reask)]);
    let messages = course.bodies[1]["messages"].as_array().unwrap();
    assert_eq!(messages[2]["tool_calls"][0]["id"], "c1");
    assert_eq!(
        (&messages[3]["role"], &messages[3]["tool_call_id"]),
        (&json!("tool"), &json!("c1"))
    );
}

#[test]
fn refusals_end_the_run() {
    let delta = Delta {
        channel: Channel::Refusal,
        call: None,
        text: "I won't.".into(),
    };
    let course = play(
        task("structured"),
        Known::Nothing,
        vec![Reply::Deltas(vec![delta], finish("stop"))],
    );
    assert_eq!(course.outcome, Outcome::Refused);
    assert!(course.reason.contains("I won't."));
    let course = play(
        task("structured"),
        Known::Nothing,
        vec![Reply::Closed(finish("content_filter"))],
    );
    assert_eq!(course.outcome, Outcome::Refused);
}

#[test]
fn a_refusal_in_prose_is_never_data() {
    let prose = Reply::Content("I'm sorry, but I can't help with that.", "stop");
    let mut task = task("json");
    task.schema = "{}".into();
    task.limits.reasks = 0;
    let course = play(task, Known::Nothing, vec![prose]);
    assert_eq!((course.outcome, course.value), (Outcome::Invalid, None));
}

#[test]
fn a_stream_that_broke_off_counts_only_if_it_is_whole() {
    let broken = |text: &str| {
        let error = Fault {
            class: crate::event::FaultClass::NoContent,
            message: "ended early".into(),
            ..Fault::default()
        };
        let delta = Delta {
            channel: Channel::Content,
            call: None,
            text: text.into(),
        };
        Reply::Deltas(
            vec![delta],
            Closing {
                error: Some(error),
                ..Closing::default()
            },
        )
    };
    let course = play(task("json"), Known::Nothing, vec![broken(GOOD)]);
    assert_eq!((course.outcome, course.bodies.len()), (Outcome::Valid, 1));
    let course = play(
        task("json"),
        Known::Nothing,
        vec![broken(r#"{"name":"Ivan","#), Reply::Content(GOOD, "stop")],
    );
    assert_eq!(course.why, [(Mode::Json, Why::First), (Mode::Json, Why::Retry)]);
}

fn any_reply() -> impl Strategy<Value = Reply> {
    let texts = prop::sample::select(vec![
        GOOD,
        "{}",
        "{\"name\":",
        "prose",
        "",
        "[1,2",
        r#"{"name":1,"age":2}"#,
    ]);
    let reasons = prop::sample::select(vec!["stop", "length", "tool_calls", "content_filter", "error", "odd"]);
    let statuses = prop::sample::select(vec![
        200u16, 400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 529,
    ]);
    let messages = prop::sample::select(vec![
        NO_TOOLS,
        "No endpoints found that can handle the requested parameters.",
        "No endpoints found that support the provided 'tool_choice' value.",
        "Invalid schema for response_format",
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "Unsupported parameter: 'max_completion_tokens'",
        "Thinking mode does not support this tool_choice",
        "reasoning is mandatory for this endpoint",
        "messages must contain the word 'json' in some form",
        "This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 3395.",
        "json_validate_failed",
        "",
    ]);
    prop_oneof![
        (texts.clone(), reasons).prop_map(|(text, reason)| Reply::Content(text, reason)),
        texts.prop_map(Reply::Call),
        (statuses, messages).prop_map(|(status, message)| Reply::Fault(status, message)),
        Just(Reply::Closed(Closing::default())),
    ]
}

proptest! {
    /// Whatever a server does, the run ends within a bounded number of requests.
    #[test]
    fn the_run_always_ends(
        mode in prop::sample::select(&ModeChoice::ALL[..]),
        fallback: bool,
        replies in prop::collection::vec(any_reply(), 64),
    ) {
        let mut task = task(mode.as_str());
        task.limits.fallback = fallback;
        task.params.insert("temperature".into(), json!(0.3));
        let course = play(task, Known::Nothing, replies);
        prop_assert!(course.bodies.len() <= 40, "{} requests", course.bodies.len());
    }
}
