//! The ledger of every state at two sizes, moving in it, and what it costs to follow a run.

use super::*;
use crate::workbench::panes::fixtures::{
    countdown, fallback, invalid, look, reask, repaired, screen, stories, streaming,
};

fn pane(run: Option<&RunRecord>, width: u16) -> AttemptsPane {
    let mut pane = AttemptsPane::default();
    pane.sync(run, width);
    pane
}

fn shown(pane: &AttemptsPane, run: Option<&RunRecord>, now: u64, width: u16, height: u16) -> String {
    screen(width, height, |buf, area| pane.view(buf, area, &look(), run, now, true))
}

fn all(width: u16, height: u16) -> String {
    let empty = shown(&pane(None, width), None, 0, width, height);
    let mut screens = vec![format!("== before a run\n{empty}")];
    for (name, story) in stories() {
        let run = story.run();
        let screen = shown(&pane(Some(&run), width), Some(&run), story.now() + 200, width, height);
        screens.push(format!("== {name}\n{screen}"));
    }
    screens.join("\n")
}

#[test]
fn wide() {
    insta::assert_snapshot!(all(58, 20), @r#"
    == before a run
     No run yet. Press r to run; every request is listed here
     with its reason, time, tokens and cost.
    == streaming
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▸ 1 ~ first    structured  1.2 s
        ~ answering
    == fallback
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▸ 1 ✗ first    structured 0.09 s
        ✗ mode unsupported (HTTP 404): No endpoints found that
          can handle the requested parameters.
        → falling back to json
    ▸ 2 ✓ fallback json       0.31 s    812/41 stop
        structured cannot be served
        ✓ valid
     valid after 2 attempts
     total: 2 requests, 853 tokens, $0.000230, 0.4 s
    == re-ask
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▸ 1 ✗ first    structured 0.31 s    812/41 stop
        ✗ not valid, 2 problems: /age: -36 is less than the
          minimum of 0
        → re-asking (structured)
    ▸ 2 · re-ask   structured  0.3 s
        the model is shown its answer and the problems above
        · waiting for the first token
     total: 2 requests, 853 tokens, $0.000230
    == countdown
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▸ 1 ✗ first    structured 0.08 s
        ✗ rate limited (HTTP 429): Rate limit exceeded: free
          models are limited to 20 requests a minute.
     waiting 3.2 s: Rate limit exceeded: free models are limi…
    == repaired
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▸ 1 ✓ first    structured 0.31 s    812/41 stop
        ✓ valid after 3 repairs
     valid at the first attempt
     total: 1 request, 853 tokens, $0.000230, 0.3 s
    == invalid
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▸ 1 ✗ first    structured 0.31 s    812/41 stop
        ✗ not valid, 2 problems: /age: -36 is less than the
          minimum of 0
        → re-asking (structured)
    ▸ 2 ✗ re-ask   structured 0.30 s    812/40 stop
        the model is shown its answer and the problems above
        ✗ not valid, 1 problem: /age: -36 is less than the
          minimum of 0
     invalid: not valid, after 1 re-ask: /age: -36 is less
       than the minimum of 0
     total: 2 requests, 1705 tokens, $0.000460, 0.6 s
    == failed
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▸ 1 ✗ first    structured 0.08 s
        ✗ key (HTTP 401): User not found.
     failed: User not found. Make a new key at
       openrouter.ai/keys and set OPENROUTER_API_KEY.
     total: 1 request, 0.1 s
    == cancelled
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▸ 1 ✗ first    structured  1.0 s
        ✗ stopped before its end
     cancelled: stopped by the user
     total: 1 request, 1.0 s
    == fetching
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▸ 1 · first    structured  0.3 s
        · fetching weights 12 of 98 MB
    "#);
}

#[test]
fn narrow() {
    insta::assert_snapshot!(all(36, 8), @r#"
    == before a run
     No run yet. Press r to run; every
     request is listed here with its
     reason, time, tokens and cost.
    == streaming
     plan: structured (the model lists
       structured_outputs) → json →
       prompt
    ▸ 1 ~ first    structured  1.2 s
        ~ answering
    == fallback
          parameters.
        → falling back to json
    ▸ 2 ✓ fallback json       0.31 s
        structured cannot be served
        ✓ valid
     valid after 2 attempts
     total: 2 requests, 853 tokens,
       $0.000230, 0.4 s
    == re-ask
          of 0
        → re-asking (structured)
    ▸ 2 · re-ask   structured  0.3 s
        the model is shown its answer
        and the problems above
        · waiting for the first token
     total: 2 requests, 853 tokens,
       $0.000230
    == countdown
       structured_outputs) → json →
       prompt
    ▸ 1 ✗ first    structured 0.08 s
        ✗ rate limited (HTTP 429): Rate
          limit exceeded: free models
          are limited to 20 requests a
          minute.
     waiting 3.2 s: Rate limit exceeded…
    == repaired
     plan: structured (the model lists
       structured_outputs) → json →
       prompt
    ▸ 1 ✓ first    structured 0.31 s
        ✓ valid after 3 repairs
     valid at the first attempt
     total: 1 request, 853 tokens,
       $0.000230, 0.3 s
    == invalid
        ✗ not valid, 1 problem: /age:
          -36 is less than the minimum
          of 0
     invalid: not valid, after 1 re-ask:
       /age: -36 is less than the
       minimum of 0
     total: 2 requests, 1705 tokens,
       $0.000460, 0.6 s
    == failed
       prompt
    ▸ 1 ✗ first    structured 0.08 s
        ✗ key (HTTP 401): User not
          found.
     failed: User not found. Make a new
       key at openrouter.ai/keys and set
       OPENROUTER_API_KEY.
     total: 1 request, 0.1 s
    == cancelled
     plan: structured (the model lists
       structured_outputs) → json →
       prompt
    ▸ 1 ✗ first    structured  1.0 s
        ✗ stopped before its end
     cancelled: stopped by the user
     total: 1 request, 1.0 s
    == fetching
     plan: structured (the model lists
       structured_outputs) → json →
       prompt
    ▸ 1 · first    structured  0.3 s
        · fetching weights 12 of 98 MB
    "#);
}

#[test]
fn all_columns() {
    let run = fallback().run();
    insta::assert_snapshot!(shown(&pane(Some(&run), 100), Some(&run), 0, 100, 9), @r#"
     plan: structured (the model lists structured_outputs) → json → prompt
    ▸ 1 ✗ first    structured        0.09 s                                OpenAI
        ✗ mode unsupported (HTTP 404): No endpoints found that can handle the requested parameters.
        → falling back to json
    ▸ 2 ✓ fallback json       0.31 s 0.31 s    812/41 stop       $0.000230 OpenAI
        structured cannot be served
        ✓ valid
     valid after 2 attempts
     total: 2 requests, 853 tokens, $0.000230, 0.4 s
    "#);
}

#[test]
fn details_open_and_close() {
    let run = repaired().run();
    let mut pane = pane(Some(&run), 58);
    assert!(pane.act(Action::Top, Some(&run), 20));
    for _ in 0..2 {
        assert!(pane.act(Action::Down, Some(&run), 20));
    }
    assert_eq!(pane.selected_attempt(&run), Some(1));
    let closed = pane.clone();
    assert!(pane.act(Action::Open, Some(&run), 20));
    insta::assert_snapshot!(shown(&pane, Some(&run), 0, 58, 20), @r#"
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▾ 1 ✓ first    structured 0.31 s    812/41 stop
        HTTP 200 after 0.11 s, by OpenAI, model
        openai/gpt-4o-mini, id gen-1
        first after 0.31 s, 0.31 s in all, 812 tokens in, 41
        out, $0.000230, finish stop
        answer, 37 bytes:
          ```json
          {name: 'Ada', "age": 36,}
          ```
        ≈ fence at byte 0, safe
        ≈ unquoted key at byte 9, safe
        ≈ truncated at byte 15, a guess
        ✓ valid after 3 repairs
     valid at the first attempt
     total: 1 request, 853 tokens, $0.000230, 0.3 s
    "#);
    assert!(pane.act(Action::Left, Some(&run), 20));
    assert_eq!(pane.rows, closed.rows);
    let run = invalid().run();
    pane.sync(Some(&run), 58);
    assert!(pane.act(Action::UnfoldAll, Some(&run), 20));
    insta::assert_snapshot!(shown(&pane, Some(&run), 0, 58, 40), @r#"
     plan: structured (the model lists structured_outputs) →
       json → prompt
    ▾ 1 ✗ first    structured 0.31 s    812/41 stop
        HTTP 200 after 0.11 s, by OpenAI, model
        openai/gpt-4o-mini, id gen-1
        first after 0.31 s, 0.31 s in all, 812 tokens in, 41
        out, $0.000230, finish stop
        answer, 27 bytes:
          {"name": "Ada", "age": -36}
        ✗ /age minimum: -36 is less than the minimum of 0
        ✗ /role enum: "chief" is none of "admin", "user"
        ✗ not valid: 2 problems, listed above
        → re-asking (structured)
    ▾ 2 ✗ re-ask   structured 0.30 s    812/40 stop
        the model is shown its answer and the problems above
        HTTP 200 after 0.10 s, by OpenAI, model
        openai/gpt-4o-mini, id gen-1
        first after 0.30 s, 0.30 s in all, 812 tokens in, 40
        out, $0.000230, finish stop
        answer, 27 bytes:
          {"name": "Ada", "age": -36}
        ✗ /age minimum: -36 is less than the minimum of 0
        ✗ not valid: 1 problem, listed above
     invalid: not valid, after 1 re-ask: /age: -36 is less
       than the minimum of 0
     total: 2 requests, 1705 tokens, $0.000460, 0.6 s
    "#);
}

#[test]
fn follows_the_newest_until_moved() {
    let (first, later) = (streaming().run(), invalid().run());
    let mut pane = pane(Some(&reask().run()), 36);
    assert_eq!(pane.selected_attempt(&reask().run()), Some(2));
    pane.sync(Some(&later), 36);
    assert!(shown(&pane, Some(&later), 0, 36, 6).contains("total:"));
    assert!(pane.act(Action::Top, Some(&later), 6));
    pane.sync(Some(&later), 36);
    assert!(shown(&pane, Some(&later), 0, 36, 6).starts_with(" plan:"));
    assert!(pane.act(Action::Follow, Some(&later), 6));
    pane.sync(Some(&first), 36);
    assert_eq!(pane.selected_attempt(&first), Some(1));
    assert!(!pane.act(Action::Run, Some(&first), 6));
}

#[test]
fn problems_and_matches_are_found() {
    let run = invalid().run();
    let mut pane = pane(Some(&run), 58);
    assert!(pane.act(Action::NextProblem, Some(&run), 20));
    assert_eq!(pane.selected_attempt(&run), Some(1));
    assert!(
        pane.selected_text(Some(&run))
            .starts_with("not valid, 2 problems: /age"),
        "{}",
        pane.selected_text(Some(&run))
    );
    assert!(pane.act(Action::NextProblem, Some(&run), 20));
    assert_eq!(pane.selected_attempt(&run), Some(2));
    assert!(pane.search("TOTAL", Some(&run), 20));
    assert!(pane.selected_text(Some(&run)).starts_with("total"));
    assert!(pane.search("re-ask", Some(&run), 20));
    assert!(pane.act(Action::NextMatch, Some(&run), 20));
    assert!(!pane.search("nowhere", Some(&run), 20));
    assert!(!pane.search("", Some(&run), 20));
}

/// Event by event gives the same rows as all at once.
#[test]
fn rows_do_not_depend_on_the_way() {
    let mut lived = AttemptsPane::default();
    for run in [
        streaming().run(),
        countdown().run(),
        reask().run(),
        invalid().run(),
        reask().run(),
    ] {
        lived.sync(Some(&run), 58);
        assert_eq!(lived.rows, pane(Some(&run), 58).rows);
    }
    let run = invalid().run();
    lived.sync(None, 58);
    lived.sync(Some(&run), 36);
    assert_eq!(lived, pane(Some(&run), 36));
}

#[test]
fn any_area_will_do() {
    for (_, story) in stories() {
        let run = story.run();
        for (width, height) in [(0, 0), (1, 1), (3, 2), (12, 3), (300, 80)] {
            shown(&pane(Some(&run), width), Some(&run), 0, width, height);
            shown(&pane(Some(&run), 58), None, 0, width, height);
        }
    }
}
