//! What follows a fault: remedies, and those that would change nothing, that nobody asked for, or that must not be remembered.

use super::*;

#[test]
fn retries_wait_and_honour_hints_and_end() {
    let mut limited = fault(429, "Rate limit exceeded");
    limited.error.as_mut().unwrap().retry_after_ms = Some(1234);
    let replies = vec![
        Reply::Closed(limited),
        Reply::Fault(503, "overloaded"),
        Reply::Content(GOOD, "stop"),
    ];
    let course = play(task("json"), Known::Nothing, replies);
    assert_eq!(course.outcome, Outcome::Valid);
    assert_eq!(course.why[1..], [(Mode::Json, Why::Retry), (Mode::Json, Why::Retry)]);
    assert_eq!(course.waits[0], 1234);

    let course = play(task("json"), Known::Nothing, vec![Reply::Fault(500, "boom"); 4]);
    assert_eq!(
        (course.outcome, course.bodies.len(), course.waits.len()),
        (Outcome::Failed, 4, 3)
    );
}

#[test]
fn what_waiting_cannot_mend_ends_at_once() {
    for (status, message) in [
        (401, "User not found."),
        (402, "Insufficient credits"),
        (403, "Request blocked"),
        (404, "No endpoints found for nobody/nothing."),
    ] {
        let course = play(task("auto"), Known::Nothing, vec![Reply::Fault(status, message)]);
        assert_eq!((course.outcome, course.bodies.len()), (Outcome::Failed, 1), "{status}");
        assert!(
            course.reason.contains(message.trim_end_matches('.')),
            "{}",
            course.reason
        );
    }
}

#[test]
fn a_refused_schema_is_sent_reduced_once_then_the_mode_changes() {
    let refused = Reply::Fault(
        400,
        "Invalid schema for response_format 'User': 'pattern' is not permitted",
    );
    let mut task = task("auto");
    task.schema =
        r#"{"type":"object","properties":{"zip":{"type":"string","pattern":"^[0-9]+$"}},"required":["zip"]}"#.into();
    let good = Reply::Content(r#"{"zip":"123"}"#, "stop");
    let tools = Reply::Call(r#"{"zip":"123"}"#);
    let course = play(task.clone(), Known::Nothing, vec![refused.clone(), good]);
    assert_eq!(
        course.why,
        [(Mode::Structured, Why::First), (Mode::Structured, Why::Reduced)]
    );
    let schema = &course.bodies[1]["response_format"]["json_schema"]["schema"];
    assert!(schema["properties"]["zip"].get("pattern").is_none(), "{schema}");

    let course = play(task, Known::Nothing, vec![refused.clone(), refused, tools]);
    assert_eq!(course.why[2], (Mode::Tools, Why::Fallback));
    assert!(
        course.remembered.is_empty(),
        "a schema rejection says nothing about the endpoint"
    );
}

#[test]
fn when_every_step_failed_the_first_cause_is_reported() {
    let replies = vec![
        Reply::Fault(404, NO_TOOLS),
        Reply::Fault(404, "No endpoints found that can handle the requested parameters."),
        Reply::Fault(400, "something odd"),
    ];
    let course = play(task("tools"), Known::Nothing, replies);
    assert_eq!(course.outcome, Outcome::Failed);
    assert!(course.reason.contains("support tool use"), "{}", course.reason);
}

#[test]
fn the_last_resort_is_never_remembered_as_impossible() {
    let course = play(task("prompt"), Known::Nothing, vec![Reply::Fault(404, NO_TOOLS)]);
    assert_eq!((course.outcome, course.remembered), (Outcome::Failed, vec![]));
}

#[test]
fn a_reduced_schema_that_was_sent_already_is_not_sent_again() {
    let mut task = task("auto");
    task.model = "anthropic/claude-x".into();
    let refused = Reply::Fault(400, "output_config.format.schema: too many optional parameters");
    let course = play(task, Known::Nothing, vec![refused, Reply::Call(GOOD)]);
    assert_eq!(
        course.why,
        [(Mode::Structured, Why::First), (Mode::Tools, Why::Fallback)]
    );
}

#[test]
fn a_cap_that_the_server_takes_under_neither_name_is_left_out() {
    let refused = |name: &str| match name {
        "max_tokens" => Reply::Fault(
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model.",
        ),
        _ => Reply::Fault(
            400,
            "Unsupported parameter: 'max_completion_tokens' is not supported with this model.",
        ),
    };
    let replies = vec![
        refused("max_tokens"),
        refused("max_completion_tokens"),
        Reply::Content(GOOD, "stop"),
    ];
    let course = play(task("json"), Known::Nothing, replies);
    assert_eq!(course.outcome, Outcome::Valid, "{}", course.reason);
    assert_eq!(course.bodies[1]["max_completion_tokens"], 4096);
    let names = |body: &Value| ["max_tokens", "max_completion_tokens"].map(|name| body.get(name).is_some());
    assert_eq!(names(&course.bodies[2]), [false, false]);
}

#[test]
fn calls_of_other_functions_are_named_in_the_re_ask() {
    let call = |index, name: &str| Delta {
        channel: Channel::Call,
        call: Some(CallRef {
            index,
            id: format!("c{index}"),
            name: name.into(),
        }),
        text: "{}".into(),
    };
    let replies = vec![
        Reply::Deltas(vec![call(0, "a"), call(1, "b")], finish("tool_calls")),
        Reply::Deltas(
            vec![
                call(0, "a"),
                Delta {
                    text: GOOD.into(),
                    ..call(1, "User")
                },
            ],
            finish("tool_calls"),
        ),
    ];
    let course = play(task("tools"), Known::Nothing, replies);
    assert_eq!(course.outcome, Outcome::Valid, "{}", course.reason);
    let told = course.bodies[1]["messages"][3]["content"].as_str().unwrap();
    assert!(told.contains("none of its 2 calls is of `User`"), "{told}");
}

#[test]
fn tools_answered_in_prose_fall_back_without_a_reask() {
    let replies = vec![Reply::Content("Ivan is 28.", "stop"), Reply::Content(GOOD, "stop")];
    let course = play(task("tools"), Known::Nothing, replies);
    assert_eq!(course.why, [(Mode::Tools, Why::First), (Mode::Json, Why::Fallback)]);
    assert!(course.remembered.is_empty());
}

#[test]
fn without_fallback_the_404_ends_the_run_with_its_message() {
    let mut task = task("tools");
    task.limits.fallback = false;
    let course = play(task, Known::Nothing, vec![Reply::Fault(404, NO_TOOLS)]);
    assert_eq!((course.outcome, course.bodies.len()), (Outcome::Failed, 1));
    assert!(
        course.reason.contains("No endpoints found that support tool use"),
        "{}",
        course.reason
    );
}
