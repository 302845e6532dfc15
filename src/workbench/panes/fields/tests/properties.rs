//! However a run is cut into deltas and looks, the pane shows the same; and it survives any size.

use super::*;
use crate::workbench::action::Action;
use proptest::prelude::*;

const RECURSIVE: &str = r##"{"title":"Node","type":"object","required":["id"],"properties":{"id":{"type":"integer"},
    "left":{"anyOf":[{"$ref":"#"},{"type":"null"}]},"kids":{"type":"array","items":{"$ref":"#"}}},"additionalProperties":{"type":"integer"}}"##;

const ANSWERS: [&str; 14] = [
    r#"{"name":"Zoë","age":3,"role":"user","address":{"street":"x","city":null},"tags":["a","bbbbbb"],"nick":null}"#,
    r#"{"tags":[],"zzz":1,"age":2.5,"yyy":{"a":[{}]},"name":7,"role":"guest","address":"none"}"#,
    r#"{"name":"a","name":"b","address":{"street":"x"},"address":[1,2],"tags":{"a":1},"tags":["q"]}"#,
    r#"See [1] and [2]: {"name":"Zoë","age":-3} and {"name":"later","age":1,"role":"user"} done"#,
    r#"{"id":1,"left":{"id":2,"left":{"id":"x"},"kids":[{"id":3},{"left":null},{}]},"kids":[{"id":4,"free":"no"}],"free":5}"#,
    r#"{"kids":[{"kids":[{"kids":[{}]}]}],"left":5,"id":NaN,"x":True,"y":.5}"#,
    r#"{"value":[1,2,{"id":3}]}"#,
    r#"{"other":1,"value":{"name":"in","age":1,"role":"user","nick":null},"more":2}"#,
    r#"[[1,2],[3],{"name":"a"}]"#,
    "<think>{\"name\":\"no\"}</think>```json\n{'name':'yes',}\n```",
    "\"just \\n text\"",
    "name: Zoë, age: 3",
    "12345",
    "{}{}{}{\"id\":1}[2]",
];

/// Everything the pane would show in a pane without an end.
fn all(stage: &Stage) -> (usize, String) {
    (
        stage.pane.outline.rows.total(),
        stage.drawn(stage.width, 120).replace(" ◂", ""),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn as_if_looked_at_once(
        first in 0..ANSWERS.len(), second in 0..ANSWERS.len(), recursive: bool, wrapped: bool, ending in 0..4,
        cuts in prop::collection::vec((0usize..120, any::<bool>()), 0..12), acts in prop::collection::vec(0usize..8, 0..4),
        width in prop::sample::select(vec![12u16, 36, 58, 130]),
    ) {
        let schema = if recursive { RECURSIVE } else { PERSON };
        let mut stage = Stage::new(schema, width, 7);
        // Of members of one name the pointer cannot say which is folded.
        let acts = if first == 2 || second == 2 { vec![] } else { acts };
        for answer in [first, second].map(|at| ANSWERS[at]) {
            let undone = if wrapped { vec![undo("", Undo::Unwrap)] } else { vec![undo("/properties/nick", Undo::DropNull)] };
            stage.attempt(Why::First, undone);
            let mut looks = cuts.clone();
            looks.retain(|(cut, _)| *cut < answer.len() && answer.is_char_boundary(*cut));
            looks.extend([(0, true), (answer.len(), true)]);
            looks.sort_unstable();
            for pair in looks.windows(2) {
                let delta = stage.delta(&answer[pair[0].0..pair[1].0]);
                stage.apply(&delta);
                if pair[1].1 {
                    stage.sync();
                    check(&stage)?;
                }
            }
            for act in &acts {
                let action = [Action::FoldAll, Action::Fold, Action::Up, Action::Open, Action::Bottom, Action::PageUp, Action::UnfoldAll, Action::Left][*act];
                stage.pane.act(action, stage.record.runs.last(), 7);
                check(&stage)?;
            }
            if ending > 0 {
                stage.live(&stage.closed());
            }
            if ending > 1 {
                let live = stage.record.runs[0].value().unwrap_or(json!({"age": "x"}));
                stage.live(&stage.judged(&live));
            }
            check(&stage)?;
        }
        if ending > 2 {
            stage.ended(Outcome::Invalid);
        }
        check(&stage)?;
    }

    #[test]
    fn any_size(width in 0u16..90, height in 0u16..40, other in 0u16..90, answer in 0..ANSWERS.len()) {
        let mut stage = Stage::with_attempt(PERSON, width, height);
        stage.write(ANSWERS[answer]);
        for action in [Action::Bottom, Action::Open, Action::PageUp, Action::Left, Action::NextProblem, Action::HalfDown] {
            stage.pane.act(action, stage.record.runs.last(), height);
            let _ = stage.drawn(other, height);
            let _ = stage.drawn(width, other);
        }
        // A record that was never taken in: another one, or one without anything.
        let _ = draw(&stage.pane, &Record::default(), width, height);
        let strange = Stage::with_attempt(RECURSIVE, 30, 30);
        let _ = draw(&stage.pane, &strange.record, width, height);
        let run = strange.record.runs.last();
        let _ = (stage.pane.selected(run), stage.pane.search(Some("a"), run));
    }
}

/// A pane that has followed all along shows what one shows that looks now for the first time.
fn check(stage: &Stage) -> Result<(), TestCaseError> {
    let mut fresh = FieldsPane {
        marks: stage.pane.marks.clone(),
        ..FieldsPane::default()
    };
    fresh.sync(stage.record.runs.last(), None, 7, stage.width);
    let expected = draw(&fresh, &stage.record, stage.width, 120).replace(" ◂", "");
    prop_assert_eq!(all(stage), (fresh.outline.rows.total(), expected));
    prop_assert_eq!(&stage.pane.outline.reasons, &fresh.outline.reasons);
    Ok(())
}

/// A hundred thousand empty items of a large schema do not become a hundred million rows.
#[test]
fn declared_fields_are_bounded() {
    let mut properties = serde_json::Map::new();
    for at in 0..2_000 {
        properties.insert(format!("p{at}"), json!({"type": "string"}));
    }
    let schema = json!({"type": "array", "items": {"type": "object", "properties": properties}});
    let mut stage = Stage::with_attempt(&schema.to_string(), 58, 10);
    for _ in 0..50 {
        stage.write(&format!(
            "{}{}",
            if stage.pane.root.is_none() { "[" } else { "," },
            ["{}"; 200].join(",")
        ));
    }
    assert!(stage.pane.outline.items.len() < 10_000 * 10 + 20_000 + 2_000);
    assert_eq!(stage.pane.outline.item(0).unwrap().arrived, 10_000);
}
