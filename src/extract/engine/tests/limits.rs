//! What stops or shortens a run: attempts, tokens, money, time, and the length of an answer.

use super::*;

#[test]
fn a_cut_answer_is_asked_for_once_at_four_times_the_length() {
    let cut = Reply::Content(r#"{"name":"Iv"#, "length");
    let course = play(
        task("json"),
        Known::Nothing,
        vec![cut.clone(), Reply::Content(GOOD, "stop")],
    );
    assert_eq!(course.why, [(Mode::Json, Why::First), (Mode::Json, Why::Longer)]);
    assert_eq!(
        (&course.bodies[0]["max_tokens"], &course.bodies[1]["max_tokens"]),
        (&json!(4096), &json!(16384))
    );
    assert_eq!(
        course.bodies[1]["messages"].as_array().unwrap().len(),
        2,
        "no re-ask messages"
    );

    let course = play(task("json"), Known::Nothing, vec![cut.clone(), cut.clone()]);
    assert_eq!(course.outcome, Outcome::Invalid);
    assert!(course.reason.contains("--max-tokens"), "{}", course.reason);

    let capped = ModelInfo {
        max_completion_tokens: Some(1000),
        ..ModelInfo::default()
    };
    let course = play(task("json"), Known::Model(Box::new(capped)), vec![cut]);
    assert_eq!(
        (course.bodies.len(), &course.bodies[0]["max_tokens"]),
        (1, &json!(1000))
    );
}

#[test]
fn a_cut_list_that_would_fit_its_schema_is_not_taken_for_whole() {
    let mut task = task("json");
    task.schema = r#"{"type":"object","properties":{"tags":{"type":"array"}}}"#.into();
    let cut = Reply::Content(r#"{"tags":["a","b""#, "length");
    let course = play(task, Known::Nothing, vec![cut.clone(), cut]);
    assert_eq!(course.outcome, Outcome::Invalid);
}

#[test]
fn white_space_without_end_is_stopped() {
    let blanks = Delta {
        channel: Channel::Call,
        call: None,
        text: format!("{{{}", " ".repeat(3000)),
    };
    let replies = vec![Reply::Deltas(vec![blanks], finish("length")), Reply::Call(GOOD)];
    let course = play(task("tools"), Known::Nothing, replies);
    assert_eq!(course.outcome, Outcome::Valid, "{}", course.reason);
    assert_eq!(course.why[1].1, Why::Retry);
}

#[test]
fn budgets_stop_the_run_with_the_reason() {
    let bad = || vec![Reply::Content("{}", "stop"); 3];
    let limited = |limits: Limits| Task { limits, ..task("json") };
    let rows: [(Limits, Budget, usize); 3] = [
        (
            Limits {
                attempts: Some(2),
                ..Limits::default()
            },
            Budget::Attempts,
            2,
        ),
        (
            Limits {
                tokens: Some(20),
                ..Limits::default()
            },
            Budget::Tokens,
            2,
        ),
        (
            Limits {
                max_cost: Some(0.0015),
                ..Limits::default()
            },
            Budget::Cost,
            2,
        ),
    ];
    for (limits, budget, attempts) in rows {
        let course = play(limited(limits), Known::Nothing, bad());
        assert_eq!(
            (course.outcome, course.budget),
            (Outcome::Failed, Some(budget)),
            "{}",
            course.reason
        );
        assert_eq!(course.bodies.len(), attempts);
    }
}

#[test]
fn money_limits_the_length_where_prices_are_known() {
    let info = ModelInfo {
        prompt_price: Some(0.0),
        completion_price: Some(0.001),
        ..ModelInfo::default()
    };
    let known = Known::Model(Box::new(info));
    let limits = Limits {
        max_cost: Some(0.1),
        ..Limits::default()
    };
    let course = play(
        Task {
            limits,
            ..task("prompt")
        },
        known.clone(),
        vec![Reply::Content(GOOD, "stop")],
    );
    assert_eq!(course.bodies[0]["max_tokens"], 100);
    let limits = Limits {
        max_cost: Some(0.01),
        ..Limits::default()
    };
    let course = play(
        Task {
            limits,
            ..task("prompt")
        },
        known,
        vec![],
    );
    assert_eq!((course.budget, course.bodies.len()), (Some(Budget::Cost), 0));
}

#[test]
fn cancel_and_timeout_end_at_any_moment() {
    for (what, outcome, budget) in [
        (Happened::Cancelled, Outcome::Cancelled, None),
        (Happened::TimedOut, Outcome::Failed, Some(Budget::Time)),
    ] {
        let mut run = Run::new(setup(task("json"), Known::Nothing));
        run.begin(0);
        let turn = run.happened(5, what.clone());
        assert_eq!(turn.step, Step::End);
        assert!(
            matches!(&turn.events[..], [RunEvent::Ended { outcome: o, budget: b, .. }] if *o == outcome && *b == budget),
            "{turn:?}"
        );
        assert_eq!(run.happened(6, what).events, []);
    }
}

#[test]
fn a_run_stopped_while_it_is_planned_sends_nothing() {
    let mut run = Run::new(setup(task("json"), Known::Nothing));
    let turn = run.begin_stopped(7, Happened::Cancelled);
    assert_eq!(turn.step, Step::End);
    let [RunEvent::Started { .. }, RunEvent::Ended { outcome, totals, .. }] = &turn.events[..] else {
        panic!("{turn:?}");
    };
    assert_eq!((*outcome, totals.attempts), (Outcome::Cancelled, 0));
}

#[test]
fn a_wait_that_the_clock_would_cut_short_is_not_begun() {
    let mut task = task("json");
    task.limits.timeout_ms = Some(20_000);
    let mut limited = fault(429, "slow down");
    limited.error.as_mut().unwrap().retry_after_ms = Some(29_000);
    let course = play(task, Known::Nothing, vec![Reply::Closed(limited)]);
    assert_eq!((course.waits.len(), course.budget), (0, Some(Budget::Time)));
    assert!(
        course.reason.contains("29.0 s") && course.reason.contains("slow down"),
        "{}",
        course.reason
    );
}

#[test]
fn a_hint_beyond_ten_minutes_ends_the_run_and_names_it() {
    let mut limited = fault(429, "slow down.");
    limited.error.as_mut().unwrap().retry_after_ms = Some(3_600_000);
    let course = play(task("json"), Known::Nothing, vec![Reply::Closed(limited)]);
    assert_eq!((course.outcome, course.waits.len()), (Outcome::Failed, 0));
    assert!(
        course
            .reason
            .starts_with("slow down. The server asks for a wait of 3600 s"),
        "{}",
        course.reason
    );
}

fn priced(completion: f64) -> Known {
    Known::Model(Box::new(ModelInfo {
        prompt_price: Some(0.0),
        completion_price: Some(completion),
        ..ModelInfo::default()
    }))
}

/// Usage without a price, as most servers but OpenRouter send it.
fn unpriced(reason: &str) -> Closing {
    let mut closing = finish(reason);
    closing.usage.as_mut().unwrap().cost = None;
    closing
}

#[test]
fn a_cost_that_no_server_names_is_computed_and_marked() {
    let mut task = task("prompt");
    task.limits.max_cost = Some(0.6);
    let bad = || Reply::Deltas(vec![], unpriced("stop"));
    // Five tokens at 0.001 each.
    let course = play(task.clone(), priced(0.001), vec![bad(), bad(), bad()]);
    assert_eq!(course.totals.usage.cost, Some(0.015));
    assert!(course.totals.usage.computed);
    let named = play(task, priced(0.001), vec![Reply::Content(GOOD, "stop")]);
    assert_eq!(
        (named.totals.usage.cost, named.totals.usage.computed),
        (Some(0.001), false)
    );
}

#[test]
fn no_longer_answer_is_asked_for_than_money_pays() {
    let mut task = task("prompt");
    task.limits.max_cost = Some(0.1);
    let cut = Reply::Content(r#"{"name":"Iv"#, "length");
    let course = play(task, priced(0.001), vec![cut]);
    assert_eq!(
        (course.bodies.len(), course.budget),
        (1, Some(Budget::Cost)),
        "{}",
        course.reason
    );
    assert!(course.reason.contains("cut off at 100 tokens"), "{}", course.reason);
}

#[test]
fn no_longer_answer_is_asked_for_than_the_server_grants() {
    let afford = "This request requires more credits, or fewer max_tokens. You requested up to 4096 tokens, but can only afford 500.";
    let cut = Reply::Content(r#"{"name":"Iv"#, "length");
    let course = play(task("json"), Known::Nothing, vec![Reply::Fault(402, afford), cut]);
    assert_eq!(course.why, [(Mode::Json, Why::First), (Mode::Json, Why::Reduced)]);
    assert_eq!(course.outcome, Outcome::Invalid);
    assert!(
        course.reason.contains("cut off at 500 tokens") && !course.reason.contains("--max-tokens"),
        "{}",
        course.reason
    );
}

#[test]
fn a_length_that_the_user_fixed_is_not_asked_for_twice() {
    let mut task = task("json");
    task.params.insert("max_tokens".into(), json!(50));
    let course = play(task, Known::Nothing, vec![Reply::Content(r#"{"name":"Iv"#, "length")]);
    assert_eq!((course.bodies.len(), course.outcome), (1, Outcome::Invalid));
    assert!(course.reason.contains("cut off at 50 tokens"), "{}", course.reason);
}

#[test]
fn a_call_cut_before_its_arguments_is_asked_for_at_length() {
    let mut closing = finish("length");
    closing.usage = None;
    let course = play(
        task("tools"),
        Known::Nothing,
        vec![Reply::Deltas(vec![opened_call()], closing), Reply::Call(GOOD)],
    );
    assert_eq!(course.why[1..], [(Mode::Tools, Why::Longer)]);
}

#[test]
fn a_call_that_broke_off_before_its_arguments_is_no_answer() {
    let mut task = task("tools");
    task.schema = r#"{"type":"object","properties":{"name":{"type":"string"}}}"#.into();
    let gone = Fault {
        class: crate::event::FaultClass::NoContent,
        message: "the stream ended without a finish reason".into(),
        ..Fault::default()
    };
    let broken = Closing {
        error: Some(gone),
        ..Closing::default()
    };
    let course = play(
        task,
        Known::Nothing,
        vec![
            Reply::Deltas(vec![opened_call()], broken),
            Reply::Call(r#"{"name":"Ivan"}"#),
        ],
    );
    assert_eq!(course.why[1..], [(Mode::Tools, Why::Retry)]);
    assert_eq!(course.value, Some(json!({"name": "Ivan"})));
}

/// The first piece of a call: its name and nothing of its arguments.
fn opened_call() -> Delta {
    Delta {
        channel: Channel::Call,
        call: Some(CallRef {
            index: 0,
            id: "c1".into(),
            name: "User".into(),
        }),
        text: String::new(),
    }
}
