//! The shipped recordings, and small sessions made here, judged again and under other schemas.

use super::compare::{MOST, values};
use super::{Again, Difference, again};
use crate::event::{RunEvent, Stamped};
use crate::record::Record;
use crate::schema::Schema;
use crate::session::reader::Reader;
use crate::session::{Tape, shipped};
use crate::verdict::Outcome;
use proptest::prelude::*;
use serde_json::{Value, json};

fn session(text: &str) -> Vec<Stamped> {
    let tape = Tape::gather(Reader::new(text.as_bytes()).unwrap()).unwrap();
    tape.events().collect()
}

fn under(events: Vec<Stamped>, schema: &Schema) -> (Vec<Stamped>, Vec<Difference>) {
    let mut tape = Tape::new(serde_json::from_value(json!({"formwork": 1, "id": "i", "created": ""})).unwrap());
    for stamped in events {
        tape.push(stamped);
    }
    let (tape, differences) = super::under(&tape, schema);
    (tape.events().collect(), differences)
}

fn events(lines: &[Value]) -> Vec<Stamped> {
    let lines = lines.iter().enumerate().map(|(at, line)| {
        let mut line = line.clone();
        line["at"] = json!(10 * at);
        serde_json::from_value(line).unwrap()
    });
    lines.collect()
}

/// A run in which `text` is the one answer, judged as `value` with these broken keywords.
fn run(schema: &str, text: &str, value: &Value, errors: &[(&str, &str)]) -> Vec<Stamped> {
    let errors: Vec<Value> = errors
        .iter()
        .map(|(pointer, keyword)| json!({"pointer": pointer, "keyword": keyword, "message": "as it was"}))
        .collect();
    let outcome = if errors.is_empty() { "valid" } else { "invalid" };
    events(&[
        json!({"event": "started", "run": 1, "version": "0.1.0", "provider": "p", "plan": [],
               "task": {"schema": schema, "input": "x", "model": "m", "mode": "json"}}),
        json!({"event": "attempt", "run": 1, "attempt": 1, "mode": "json", "why": "first", "reason": "", "changes": [], "body": {}}),
        json!({"event": "delta", "run": 1, "attempt": 1, "channel": "content", "text": text}),
        json!({"event": "closed", "run": 1, "attempt": 1, "finish": "stop"}),
        json!({"event": "judged", "run": 1, "attempt": 1, "value": value, "errors": errors, "repairs": [],
               "source": {"channel": "content", "start": 0, "end": text.len()}}),
        json!({"event": "ended", "run": 1, "outcome": outcome, "reason": "so it was", "totals": {}}),
    ])
}

fn check(events: &[Stamped]) -> Again {
    again(events.iter().map(|stamped| &stamped.event))
}

fn difference(pointer: &str, recorded: &str, now: &str) -> Difference {
    Difference {
        run: 1,
        attempt: 1,
        pointer: pointer.into(),
        recorded: recorded.into(),
        now: now.into(),
    }
}

#[test]
fn shipped_recordings_are_judged_as_they_were() {
    for name in shipped::names() {
        let found = again(session(shipped::text(name).unwrap()).iter().map(|one| &one.event));
        assert_eq!((found.runs, found.differences), (1, vec![]), "{name}");
        assert_eq!(found.verdicts > 0, name != "cancelled", "{name}");
    }
}

/// Under the schema that it was recorded with, everything but the wording of its end is as it was.
#[test]
fn shipped_recordings_under_their_own_schema_are_themselves() {
    for name in shipped::names() {
        let session = session(shipped::text(name).unwrap());
        let task = session.iter().find_map(|stamped| match &stamped.event {
            RunEvent::Started { task, .. } => Some(task.clone()),
            _ => None,
        });
        let task = task.unwrap();
        let schema = Schema::load(&task.schema, task.schema_name.as_deref()).unwrap();
        let (events, differences) = under(session.clone(), &schema);
        assert_eq!(differences, [], "{name}");
        let outcomes = |events: &[Stamped]| -> Vec<Outcome> {
            let ends = events.iter().filter_map(|stamped| match &stamped.event {
                RunEvent::Ended { outcome, .. } => Some(*outcome),
                _ => None,
            });
            ends.collect()
        };
        assert_eq!(outcomes(&events), outcomes(&session), "{name}");
        let rest = |events: &[Stamped]| -> Vec<Stamped> {
            let kept = |one: &&Stamped| !matches!(one.event, RunEvent::Ended { .. } | RunEvent::Started { .. });
            events.iter().filter(kept).cloned().collect()
        };
        assert_eq!(rest(&events), rest(&session), "{name}");
    }
}

#[test]
fn what_was_recorded_otherwise_is_told_by_pointer() {
    let text = "{\"age\": 28, \"tags\": [\"a\"],}";
    let judged = json!({"age": 28, "tags": ["a"]});
    let schema = "age int, tags [str]";
    let comma = difference("", "no such repair", "repair: trailing comma at byte 25");
    let found = check(&run(schema, text, &judged, &[])).differences;
    assert_eq!(found, std::slice::from_ref(&comma));
    let table = [
        (json!({"age": 29, "tags": ["a"]}), difference("/age", "29", "28")),
        (json!({"age": "28", "tags": ["a"]}), difference("/age", "\"28\"", "28")),
        (json!({"tags": ["a"]}), difference("/age", "absent", "28")),
        (json!({"age": 28, "tags": []}), difference("/tags/0", "absent", "\"a\"")),
        (
            json!({"age": 28, "tags": ["a", "b"]}),
            difference("/tags/1", "\"b\"", "absent"),
        ),
        (
            json!({"age": 28, "tags": ["a"], "x/y": {}}),
            difference("/x~1y", "{}", "absent"),
        ),
    ];
    for (value, expected) in table {
        assert_eq!(
            check(&run(schema, text, &value, &[])).differences,
            [expected, comma.clone()]
        );
    }
    let broken = check(&run(
        schema,
        "{\"age\": 28, \"tags\": [\"a\"]}",
        &judged,
        &[("/age", "minimum")],
    ));
    assert_eq!(broken.differences, [difference("/age", "minimum: as it was", "fits")]);
}

#[test]
fn wording_is_not_compared() {
    let events = run("age int", "{\"age\": \"x\"}", &json!({"age": "x"}), &[("/age", "type")]);
    assert_eq!(
        check(&events),
        Again {
            runs: 1,
            verdicts: 1,
            differences: vec![]
        }
    );
}

#[test]
fn a_verdict_on_one_side_only() {
    let mut gone = run("age int", "{\"age\": 1}", &json!({"age": 1}), &[]);
    gone.remove(4);
    assert_eq!(
        check(&gone).differences,
        [difference("", "nothing to judge", "{\"age\":1}")]
    );
    let prose = run("age int", "I do not know.", &json!({"age": 1}), &[]);
    assert_eq!(
        check(&prose).differences,
        [difference("", "{\"age\":1}", "nothing to judge")]
    );
    // What a killed program left is no difference, whether the next one ended it or not.
    assert_eq!(
        check(&gone[..4]),
        Again {
            runs: 1,
            verdicts: 0,
            differences: vec![]
        }
    );
    if let RunEvent::Ended { outcome, .. } = &mut gone[4].event {
        *outcome = Outcome::Cancelled;
    }
    assert_eq!(check(&gone).differences, []);
}

#[test]
fn a_schema_that_does_not_load_any_more() {
    let found = check(&run("{\"type\": 7}", "{\"age\": 1}", &json!({"age": 1}), &[]));
    assert!(found.differences[0].now.starts_with("no schema: "), "{found:?}");
}

#[test]
fn the_same_bytes_under_another_schema() {
    let recorded = run("age int", "{\"age\": 7}", &json!({"age": 7}), &[]);
    let schema = Schema::load("age str", None).unwrap();
    let (events, differences) = under(recorded.clone(), &schema);
    assert_eq!(
        differences,
        [difference("/age", "fits", "type: expected string, got the number 7")]
    );
    assert_eq!(events.len(), recorded.len());
    let mut record = Record::default();
    for stamped in &events {
        record.apply(stamped.at, &stamped.event);
    }
    let run = &record.runs[0];
    assert_eq!(
        (run.task.schema.as_str(), run.verdict().unwrap().errors.len()),
        ("age str", 1)
    );
    let ended = run.ended.as_ref().unwrap();
    assert_eq!(
        (ended.outcome, ended.reason.as_str()),
        (
            Outcome::Invalid,
            "not valid under this schema: /age: expected string, got the number 7"
        )
    );
}

/// A run that was not valid becomes valid, and an answer without a verdict gets one; a run that failed for another reason stays failed.
#[test]
fn outcomes_under_another_schema() {
    let schema = Schema::load("age str", None).unwrap();
    let outcome = |events: Vec<Stamped>| match under(events, &schema).0.pop().unwrap().event {
        RunEvent::Ended { outcome, .. } => outcome,
        other => panic!("{other:?}"),
    };
    let wrong = run("age int", "{\"age\": \"x\"}", &json!({"age": "x"}), &[("/age", "type")]);
    assert_eq!(outcome(wrong), Outcome::Valid);
    let mut failed = run("age int", "{\"age\": 7}", &json!({"age": 7}), &[]);
    if let RunEvent::Ended { outcome, .. } = &mut failed[5].event {
        *outcome = Outcome::Failed;
    }
    assert_eq!(outcome(failed), Outcome::Failed);
    let mut unjudged = run("age int", "{\"age\": \"x\"}", &json!({}), &[]);
    unjudged.remove(4);
    let (events, differences) = under(unjudged.clone(), &schema);
    assert!(
        matches!(events[4].event, RunEvent::Judged { .. }) && events[4].at == 30,
        "{events:?}"
    );
    assert_eq!(differences, [difference("", "nothing to judge", "{\"age\":\"x\"}")]);
    // So does one at the very end.
    let (events, _) = under(unjudged[..4].to_vec(), &schema);
    assert!(matches!(events[4].event, RunEvent::Judged { .. }), "{events:?}");
}

#[test]
fn a_list_of_differences_has_an_end() {
    let found = values(&json!(vec![1; 1000]), &json!(vec![2; 1000]));
    assert_eq!(found.len(), MOST);
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-c/~]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-c/~]{0,2}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// What was written to a file and read again is no other value, whatever reading does to the last digit of a number.
    #[test]
    fn a_value_is_as_it_was_recorded(value in any_value()) {
        let recorded: Value = serde_json::from_str(&value.to_string()).unwrap();
        prop_assert_eq!(values(&recorded, &value), vec![]);
    }

    /// Every pointer leads to what differs.
    #[test]
    fn pointers_lead_to_what_differs(a in any_value(), b in any_value()) {
        for found in values(&a, &b) {
            prop_assert_ne!(a.pointer(&found.pointer), b.pointer(&found.pointer), "{:?}", found);
        }
        prop_assert_eq!(values(&a, &b).is_empty(), values(&b, &a).is_empty());
    }
}
