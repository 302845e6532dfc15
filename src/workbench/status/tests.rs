//! The status line of every state at three widths, and when it asks for the clock.

use super::*;
use crate::workbench::panes::fixtures::{countdown, fetching, look, screen, stories, streaming};

fn settings() -> Settings {
    Settings {
        model: "openai/gpt-4o-mini".into(),
        planned: Some((Mode::Structured, "the model lists structured_outputs".into())),
        provider: "openrouter".into(),
        usable: true,
        recording: true,
        ..Settings::default()
    }
}

fn line(state: &StatusState, width: u16) -> String {
    screen(width, 1, |buf, area| state.view(buf, area, &look()))
}

fn lines(width: u16) -> String {
    let mut lines = vec![format!(
        "ready: {}",
        line(&StatusState::of(None, &settings(), 0), width)
    )];
    for (name, story) in stories() {
        let state = StatusState::of(Some(&story.run()), &settings(), story.now() + 200);
        lines.push(format!("{name}: {}", line(&state, width)));
    }
    lines.join("\n")
}

#[test]
fn wide() {
    insta::assert_snapshot!(lines(120), @r#"
    ready:  openai/gpt-4o-mini │ structured (auto): the model lists structured_outputs │ openrouter │ ready
    streaming:  openai/gpt-4o-mini │ structured (auto) │ openrouter │ answering 1.2 s │ first 0.31 s │ 9 tok/s │ 8 tok │ 1 of 3 fields
    fallback:  openai/gpt-4o-mini │ json (auto) │ openrouter │ ✓ valid 0.43 s │ first 0.31 s │ 41 tok │ $0.000230 │ 2 of 3 fields
    re-ask:  openai/gpt-4o-mini │ structured (auto) │ openrouter │ waiting for the first token 0.6 s │ 41 tok │ $0.000230
    countdown:  openai/gpt-4o-mini │ structured (auto): the model lists structured_outputs │ openrouter │ trying again in 3.2 s
    repaired:  openai/gpt-4o-mini │ structured (auto) │ openrouter │ ✓ valid 0.32 s │ first 0.31 s │ 41 tok │ $0.000230 │ 2/3 fields
    invalid:  openai/gpt-4o-mini │ structured (auto) │ ✗ invalid 0.64 s │ first 0.30 s │ 81 tok │ $0.000460 │ 2/3 fields │ 1 problem
    failed:  openai/gpt-4o-mini │ structured (auto): the model lists structured_outputs │ openrouter │ ✗ failed 0.09 s
    cancelled:  openai/gpt-4o-mini │ structured (auto) │ openrouter │ ! cancelled 1.0 s │ first 0.31 s │ 9 tok/s │ 8 tok │ 1/3 fields
    fetching:  SmolLM2-135M │ structured (auto): the model lists structured_outputs │ local │ fetching weights 12 of 98 MB 0.3 s
    "#);
}

#[test]
fn middling() {
    insta::assert_snapshot!(lines(80), @r#"
    ready:  openai/gpt-4o-mini │ structured (auto) │ openrouter │ ready
    streaming:  openai/gpt-4o-mini │ structured (auto) │ answering 1.2 s │ 9 tok/s │ 1/3 fields
    fallback:  openai/gpt-4o-mini │ json (auto) │ ✓ valid 0.43 s │ $0.000230 │ 2 of 3 fields
    re-ask:  openai/gpt-4o-mini │ structured │ waiting for the first token 0.6 s │ $0.000230
    countdown:  openai/gpt-4o-mini │ structured (auto) │ openrouter │ trying again in 3.2 s
    repaired:  openai/gpt-4o-mini │ structured │ ✓ valid 0.32 s │ $0.000230 │ 2 of 3 fields
    invalid:  openai/gpt-4o-mini │ structured │ ✗ invalid 0.64 s │ 2 of 3 fields │ 1 problem
    failed:  openai/gpt-4o-mini │ structured (auto) │ openrouter │ ✗ failed 0.09 s
    cancelled:  openai/gpt-4o-mini │ structured (auto) │ ! cancelled 1.0 s │ 8 tok │ 1/3 fields
    fetching:  SmolLM2-135M │ structured (auto) │ local │ fetching weights 12 of 98 MB 0.3 s
    "#);
}

#[test]
fn narrow() {
    insta::assert_snapshot!(lines(38), @r#"
    ready:  gpt-4o-mini │ structured │ ready
    streaming:  gpt-4o-mini │ answering 1.2 s │ 1/3
    fallback:  gpt-4o-mini │ ✓ valid 0.43 s │ 2/3
    re-ask:  openai/gpt-4o-mini │ waiting 0.6 s
    countdown:  gpt-4o-mini │ trying again in 3.2 s
    repaired:  gpt-4o-mini │ ✓ valid 0.32 s │ 2/3
    invalid:  gpt-4o-mini │ ✗ invalid │ 1 problem
    failed:  openai/gpt-4o-mini │ ✗ failed 0.09 s
    cancelled:  gpt-4o-mini │ ! cancelled 1.0 s │ 1/3
    fetching:  SmolLM2-135M │ local │ fetching 0.3 s
    "#);
}

#[test]
fn demo_model_not_recorded() {
    let story = Story::demo();
    let settings = Settings {
        demo: true,
        recording: false,
        ..settings()
    };
    let state = StatusState::of(Some(&story.run()), &settings, story.now() + 300);
    let lines = [200, 120, 80, 60, 38].map(|width| line(&state, width)).join("\n");
    insta::assert_snapshot!(lines, @r#"
    SmolLM2-135M (demo model) │ structured (auto): the model lists structured_outputs │ local │ answering 1.2 s │ first 0.31 s │ 8 tok/s │ 6 tok │ 2 of 3 fields │ 0 problems │ not recording
    SmolLM2-135M (demo) │ structured (auto) │ local │ answering 1.2 s │ first 0.31 s │ 8 tok/s │ 2/3 fields │ not recording
    SmolLM2-135M (demo) │ structured │ answering 1.2 s │ 2/3 fields │ not recording
    SmolLM2-135M │ answering 1.2 s │ 2/3 fields │ not recording
    SmolLM2-135M │ answering 1.2 s │ 2/3
    "#);
    let replay = StatusState {
        replay: Some(crate::workbench::replay::ReplayStatus {
            event: 12,
            events: 80,
            elapsed: 1_200,
            length: 5_000,
            speed: 1.0,
            ..Default::default()
        }),
        ..state
    };
    assert_eq!(
        line(&replay, 80),
        " replay paused, event 12 of 80 │ SmolLM2-135M │ answering 1.2 s │ 2 of 3 fields"
    );
}

#[test]
fn a_run_is_told_of_until_something_else_is_chosen() {
    let ended = streaming().ended(Outcome::Valid, "valid at the first attempt", None);
    let run = ended.run();
    let told = |change: fn(&mut Settings)| {
        let mut settings = Settings {
            model: run.task.model.clone(),
            mode: run.task.mode,
            provider: run.provider.clone(),
            ..settings()
        };
        change(&mut settings);
        matches!(StatusState::of(Some(&run), &settings, 9_000).doing, Doing::Ended { .. })
    };
    assert!(told(|_| {}));
    assert!(!told(|settings| settings.model.push('x')));
    assert!(!told(|settings| settings.provider = "other".into()));
    // The session's provider has no key here: the last result is still that result.
    assert!(told(|settings| {
        settings.provider = "no provider".into();
        settings.usable = false;
    }));
}

/// The run of the demo model, half-way.
struct Story;

impl Story {
    fn demo() -> crate::workbench::panes::fixtures::Story {
        crate::workbench::panes::fixtures::Story::new("SmolLM2-135M", "local")
            .attempt(
                Mode::Structured,
                crate::event::Why::First,
                "the model lists structured_outputs",
            )
            .piece(310, r#"{"name": "Ada"#)
            .piece(600, r#"", "age": 36, "#)
    }
}

#[test]
fn the_clock_is_asked_for_while_something_runs() {
    let (running, waiting) = (streaming().run(), countdown());
    assert_eq!(needs_clock(None, 5_000), None);
    assert_eq!(needs_clock(Some(&running), 1_000 + 1_234), Some(66));
    assert_eq!(needs_clock(Some(&running), 1_000 + 12_345), Some(655));
    let run = waiting.run();
    assert_eq!(needs_clock(Some(&run), waiting.now()), Some(1));
    assert_eq!(needs_clock(Some(&run), waiting.now() + 3_350), None);
    assert!(needs_clock(Some(&fetching().run()), 1_300).is_some());
    let ended = streaming().ended(Outcome::Cancelled, "", None);
    assert_eq!(needs_clock(Some(&ended.run()), 9_000), None);
}

#[test]
fn no_word_is_cut_while_there_is_room_for_the_state() {
    for (name, story) in stories() {
        for (demo, recording) in [(false, true), (true, false)] {
            let settings = Settings {
                demo,
                recording,
                ..settings()
            };
            let state = StatusState::of(Some(&story.run()), &settings, story.now());
            for width in 27..200 {
                let shown = line(&state, width);
                assert!(!shown.contains('…'), "{name} at {width}: {shown}");
                assert!(shown.contains(name) || !matches!(name, "invalid" | "failed" | "cancelled"));
            }
        }
    }
}

#[test]
fn any_area_will_do() {
    let state = StatusState::of(Some(&streaming().run()), &settings(), 9_000);
    for (width, height) in [(0, 0), (1, 1), (0, 3), (9, 2), (27, 1)] {
        screen(width, height, |buf, area| state.view(buf, area, &look()));
    }
}
