//! Keys, folding, opening, search.

use super::*;
use crate::record::RunRecord;
use crate::workbench::action::Action;

impl Stage {
    fn act(&mut self, action: Action) -> bool {
        let run = self.record.runs.last();
        self.pane.act(action, run, self.height)
    }

    fn pointer(&self) -> String {
        self.pane.selected(self.record.runs.last()).unwrap().pointer
    }
}

const ANSWER: &str =
    r#"{"name":"Zoë","age":-3,"role":"user","address":{"street":"Long Lane 1","city":null},"tags":["a","b"]}"#;

fn full() -> Stage {
    let mut stage = Stage::with_attempt(PERSON, 58, 6);
    stage.write(ANSWER);
    stage
}

#[test]
fn it_follows_until_the_user_moves() {
    let mut stage = Stage::with_attempt(PERSON, 58, 6);
    assert!(stage.pane.is_following());
    stage.write(r#"{"name":"Zoë","age":3"#);
    assert_eq!(stage.pointer(), "/age");
    assert!(stage.act(Action::Up) && !stage.pane.is_following());
    stage.write(r#","tags":["a""#);
    assert_eq!(stage.pointer(), "/name");
    assert!(stage.act(Action::Follow) && stage.pane.is_following());
    assert_eq!(stage.pointer(), "/tags/0");
    assert!(stage.shown().contains("\"a▏ ◂"));
}

#[test]
fn a_growing_answer_is_scrolled_in_steps() {
    let mut stage = Stage::with_attempt(PERSON, 58, 15);
    stage.write(r#"{"tags":["#);
    let mut tops = vec![stage.pane.top];
    for item in 0..60 {
        stage.write(&format!("\"t{item}\","));
        assert!(stage.shown().contains(&format!("\"t{item}\"")), "{}", stage.shown());
        tops.push(stage.pane.top);
    }
    let steps: Vec<usize> = tops.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(steps.iter().all(|step| step % 5 == 0 && *step <= 10), "{steps:?}");
    let moved = steps.iter().filter(|step| **step > 0).count();
    assert!((8..=13).contains(&moved), "{steps:?}");
    // What is whole fills the pane again.
    stage.write("\"last\"]}");
    let value = stage.record.runs[0].value().unwrap();
    stage.live(&stage.judged(&value));
    assert!(
        stage.shown().lines().count() == 15 && stage.shown().contains("\"last\""),
        "{}",
        stage.shown()
    );
}

#[test]
fn what_comes_above_does_not_push_the_cursor() {
    let mut stage = Stage::with_attempt(PERSON, 58, 6);
    stage.write(r#"{"address":{"#);
    stage.act(Action::Bottom);
    let before = stage.shown().lines().position(|row| row.ends_with('◂'));
    stage.write(r#""street":"x","more":1,"and":2,"#);
    assert_eq!(stage.shown().lines().position(|row| row.ends_with('◂')), before);
    assert_eq!(stage.pointer(), "/tags");
}

#[test]
fn keys_of_a_tree() {
    let mut stage = full();
    let steps = [
        (Action::Top, ""),
        (Action::Down, "/name"),
        (Action::Down, "/age"),
        // The reason under it.
        (Action::Down, "/age"),
        (Action::Down, "/role"),
        (Action::Left, ""),
        (Action::Right, "/name"),
        (Action::Right, "/name"),
        (Action::Bottom, "/tags/1"),
        (Action::Left, "/tags"),
        (Action::Left, "/tags"),
        (Action::Down, "/tags"),
        (Action::Up, "/address/city"),
        (Action::Bottom, "/tags"),
        (Action::Right, "/tags"),
        (Action::Right, "/tags/0"),
        (Action::PageUp, "/nick"),
        (Action::HalfUp, "/age"),
        (Action::PageDown, "/address/street"),
        (Action::HalfDown, "/tags/0"),
        (Action::NextProblem, "/age"),
        (Action::PreviousProblem, "/age"),
    ];
    for (step, (action, pointer)) in steps.into_iter().enumerate() {
        stage.act(action);
        assert_eq!(stage.pointer(), pointer, "step {step}");
        assert!(stage.shown().contains('◂'), "step {step}");
    }
    assert!(!stage.act(Action::Run));
}

#[test]
fn folds_hold_over_attempts_and_steps() {
    let mut stage = full();
    stage.act(Action::FoldAll);
    insta::assert_snapshot!(stage.shown(), @r##"
    ✗     age      -3
          -3 is less than 0
    ✓     role     "user"
    –     nick     not in the answer
    ○   ▸ address  2 fields
    ○   ▸ tags     2 items ◂
    "##);
    stage.attempt(Why::Retry, vec![]);
    stage.write(r#"{"address":{"street":"New"},"tags":["x","#);
    let folded = stage.shown();
    assert!(!folded.contains("New") && !folded.contains("[0]"), "{folded}");
    stage.pane.reset();
    stage.sync();
    assert_eq!(stage.shown(), folded);
    stage.act(Action::UnfoldAll);
    stage.height = 20;
    stage.sync();
    assert!(stage.shown().contains("New") && stage.shown().contains("[0]"));
}

#[test]
fn long_texts_open_in_place() {
    let mut stage = Stage::with_attempt(PERSON, 36, 8);
    let text = "First line\\nthen a second one that is much too long for a row of the pane";
    stage.write(&format!(r#"{{"name":"{text}","age":1,"#));
    stage.act(Action::Top);
    stage.act(Action::Down);
    insta::assert_snapshot!(stage.shown(), @r##"
    ~ ▾ Person  2 of 6 fields
    ✓    name     "First line␊then a se… ◂
    ✓    age      1
    ·    role     admin|user
    ·    nick     string?
    ·  ▾ address  object?
    ·     street  string
    ·     city    string|null?
    "##);
    assert!(stage.act(Action::Open));
    insta::assert_snapshot!(stage.shown(), @r##"
    ~ ▾ Person  2 of 6 fields
    ✓    name     72 bytes ◂
         First line
         then a second one that is much
         too long for a row of the pane
    ✓    age      1
    ·    role     admin|user
    ·    nick     string?
    "##);
    stage.width = 60;
    stage.sync();
    assert_eq!(stage.pane.outline.rows.height(1), 4);
    stage.act(Action::Down);
    assert_eq!(stage.pointer(), "/name");
    stage.act(Action::Open);
    assert_eq!(stage.pane.outline.rows.height(1), 1);
}

#[test]
fn an_opened_text_grows_and_has_an_end() {
    let mut stage = Stage::with_attempt(PERSON, 36, 8);
    stage.write(r#"{"name":"abc"#);
    stage.act(Action::Open);
    stage.act(Action::Follow);
    insta::assert_snapshot!(stage.write(&"d".repeat(60)), @r##"
    ~ ▾ Person  0 of 6 fields
    ~    name     63 bytes
         abcdddddddddddddddddddddddddddd
         ddddddddddddddddddddddddddddddd
         d▏ ◂
    ·    age      integer
    ·    role     admin|user
    ·    nick     string?
    "##);
    stage.write(&"word ".repeat(20_000));
    stage.act(Action::Bottom);
    stage.act(Action::Follow);
    insta::assert_snapshot!(stage.shown(), @r##"
         … 85060 bytes more ◂
    ·    age      integer
    ·    role     admin|user
    ·    nick     string?
    ·  ▾ address  object?
    ·     street  string
    ·     city    string|null?
    ·    tags     [string]?
    "##);
}

#[test]
fn search_finds_names_and_values_even_where_folded() {
    let mut stage = full();
    stage.act(Action::FoldAll);
    let search = |stage: &mut Stage, needle: &str| {
        let run = stage.record.runs.last();
        (stage.pane.search(Some(needle), run).unwrap(), stage.pointer())
    };
    assert_eq!(search(&mut stage, "lane"), (1, "/address/street".into()));
    assert_eq!(search(&mut stage, "Lane").0, 1);
    assert_eq!(search(&mut stage, "LANE").0, 0);
    assert_eq!(search(&mut stage, "-3"), (1, "/age".into()));
    assert_eq!(search(&mut stage, "ta").0, 1);
    assert_eq!(search(&mut stage, "a").0, 6);
    let mut seen = vec![];
    for _ in 0..5 {
        stage.act(Action::NextMatch);
        seen.push(stage.pointer());
    }
    assert_eq!(seen, ["/tags/0", "/name", "/age", "/address", "/address/street"]);
    stage.act(Action::PreviousMatch);
    assert_eq!(stage.pointer(), "/address");
}

#[test]
fn the_mouse_chooses_a_row() {
    let mut stage = full();
    stage.act(Action::Top);
    let run = stage.record.runs.last();
    stage.pane.click(2, run);
    assert_eq!(stage.pointer(), "/age");
    stage.pane.click(99, stage.record.runs.last());
    assert_eq!(stage.pointer(), "/age");
}

/// What the status line tells of the fields, and the problems that the pane shows.
#[test]
fn fields_and_problems_are_counted() {
    let mut stage = Stage::with_attempt(PERSON, 58, 6);
    let counts = |stage: &Stage| {
        let attempt = stage.record.runs.last().and_then(RunRecord::attempt).unwrap();
        (attempt.answer.progress(), stage.pane.outline.reasons.len())
    };
    assert_eq!(counts(&stage), (None, 0));
    stage.write(r#"{"name":"Zoë","age":-3,"tags":["a","b"#);
    assert_eq!(counts(&stage), (Some((3, 8)), 1));
    stage.finish(&json!({"name": "Zoë", "tags": ["a", "b", "c"]}));
    assert_eq!(counts(&stage).1, 2);
}
