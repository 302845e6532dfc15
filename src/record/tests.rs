//! The record from lived, stored and differently split events.

use super::*;
use crate::event::{Closing, Delta, Stamped, Why};
use crate::record::fields::FieldState;
use crate::task::Mode;
use crate::verdict::{Change, Channel, Enforcer, Source, Undo, Usage};
use proptest::prelude::*;
use serde_json::json;

const PERSON: &str = r#"{"type":"object","required":["name","age","role"],"properties":{"name":{"type":"string"},
    "age":{"type":"integer","minimum":0},"role":{"enum":["admin","user"]},"nick":{"type":"string"},
    "tags":{"type":"array","items":{"type":"string","maxLength":3}}}}"#;

fn started(schema: &str) -> RunEvent {
    let task = Task {
        schema: schema.into(),
        input: "x".into(),
        model: "m".into(),
        ..Task::default()
    };
    RunEvent::Started {
        run: 1,
        version: "0".into(),
        task: Arc::new(task),
        provider: "p".into(),
        plan: vec![],
    }
}

fn attempt(changes: Vec<Change>) -> RunEvent {
    let (mode, why) = (Mode::Json, Why::First);
    RunEvent::Attempt {
        run: 1,
        attempt: 1,
        mode,
        why,
        reason: String::new(),
        changes,
        body: json!({}),
    }
}

fn delta(text: &str) -> RunEvent {
    let delta = Delta {
        channel: Channel::Content,
        call: None,
        text: text.into(),
    };
    RunEvent::Delta {
        run: 1,
        attempt: 1,
        delta,
    }
}

fn added_null(pointer: &str) -> Change {
    let (keyword, reason) = ("required".into(), String::new());
    Change {
        pointer: pointer.into(),
        keyword,
        reason,
        enforcer: Enforcer::Server,
        undo: Some(Undo::DropNull),
    }
}

fn record(events: &[RunEvent]) -> Record {
    let mut record = Record::default();
    for (at, event) in events.iter().enumerate() {
        record.apply(at as u64, event);
    }
    record
}

/// The partial values shown while an answer arrives byte by byte, without repetitions.
fn shown(schema: &str, changes: &[Change], answer: &str) -> Vec<Value> {
    let mut record = record(&[started(schema), attempt(changes.to_vec())]);
    let mut values: Vec<Value> = Vec::new();
    for piece in answer.split_inclusive(|_: char| true) {
        record.apply(9, &delta(piece));
        if let Some(value) = record.runs[0].value().filter(|value| values.last() != Some(value)) {
            values.push(value);
        }
    }
    values
}

#[test]
fn half_a_number_half_an_enum_and_half_a_literal_are_never_shown() {
    let answer = r#"{"age": 28, "role": "user", "name": "Al"}"#;
    let expected = [
        json!({}),
        json!({"age": 28}),
        json!({"age": 28, "role": "user"}),
        json!({"age": 28, "role": "user", "name": ""}),
        json!({"age": 28, "role": "user", "name": "A"}),
        json!({"age": 28, "role": "user", "name": "Al"}),
    ];
    assert_eq!(shown(PERSON, &[], answer), expected);
}

#[test]
fn a_null_that_an_adaptation_added_is_not_shown() {
    let changes = [added_null("/properties/nick")];
    let last = shown(PERSON, &changes, r#"{"age":1,"nick":null}"#).pop();
    assert_eq!(last, Some(json!({"age": 1})));
    // Nor is it a problem while nothing has been undone yet.
    let record = record(&[
        started(PERSON),
        attempt(changes.to_vec()),
        delta(r#"{"nick":null,"age":1}"#),
    ]);
    let reading = record.runs[0].attempts[0].answer.primary().unwrap().reading.as_ref();
    assert_eq!(reading.unwrap().fields.invalid(), []);
}

#[test]
fn a_wrapped_answer_is_shown_without_its_wrapper() {
    let change = Change {
        undo: Some(Undo::Unwrap),
        ..added_null("")
    };
    let values = shown(
        r#"{"type":"array","items":{"type":"integer"}}"#,
        &[change],
        r#"{"value":[1,20,3]}"#,
    );
    assert_eq!(values, [json!([]), json!([1]), json!([1, 20]), json!([1, 20, 3])]);
}

#[test]
fn scalars_and_items_are_judged_when_they_close() {
    let answer = r#"{"age":-1,"name":"A","tags":["ok","long","#;
    let record = record(&[started(PERSON), attempt(vec![]), delta(answer)]);
    let reading = record.runs[0].attempts[0]
        .answer
        .primary()
        .unwrap()
        .reading
        .as_ref()
        .unwrap();
    let tree = reading.reader.tree();
    let states: Vec<(String, FieldState)> = tree
        .ids()
        .map(|id| (reading.fields.mapping().pointer(tree, id), reading.fields.state(id)))
        .collect();
    let expected = [
        ("", FieldState::Growing),
        ("/age", FieldState::Invalid),
        ("/name", FieldState::Valid),
        ("/tags", FieldState::Growing),
        ("/tags/0", FieldState::Valid),
        ("/tags/1", FieldState::Invalid),
    ];
    assert_eq!(states, expected.map(|(pointer, state)| (pointer.to_owned(), state)));
    let age = tree.ids().nth(1).unwrap();
    assert_eq!(reading.fields.problems(age)[0].keyword, "minimum");
}

#[test]
fn what_an_alternative_decides_is_not_judged_alone() {
    let schema = r#"{"type":"object","properties":{"v":{"oneOf":[
        {"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]},
        {"type":"object","properties":{"n":{"type":"string"},"m":{"type":"string"}},"required":["m"]}]}}}"#;
    let record = record(&[started(schema), attempt(vec![]), delta(r#"{"v":{"n":"text","m":"x"}}"#)]);
    let reading = record.runs[0].attempts[0]
        .answer
        .primary()
        .unwrap()
        .reading
        .as_ref()
        .unwrap();
    let states: Vec<FieldState> = reading.reader.tree().ids().map(|id| reading.fields.state(id)).collect();
    assert_eq!(states, [FieldState::Closed; 4]);
}

#[test]
fn fields_are_counted_against_those_known() {
    let progress = |answer: &str| {
        let record = record(&[started(PERSON), attempt(vec![]), delta(answer)]);
        let run = &record.runs[0];
        run.attempts[0].answer.progress()
    };
    assert_eq!(progress(""), Some((0, 4)));
    assert_eq!(progress(r#"{"age":1,"#), Some((1, 4)));
    assert_eq!(progress(r#"{"age":1,"tags":["a","b""#), Some((2, 6)));
    // A `$ref` bomb is counted in time linear in its text.
    let bomb = crate::schema::Schema::load(&ref_bomb(40), None);
    if let Ok(schema) = bomb {
        let record = record(&[started(schema.text()), attempt(vec![]), delta("{\"a\":")]);
        let _ = record.runs[0].attempts[0].answer.progress();
    }
}

fn ref_bomb(levels: usize) -> String {
    let mut defs = serde_json::Map::new();
    for level in 0..levels {
        let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
        defs.insert(
            format!("d{level}"),
            json!({"type": "object", "properties": {"a": next, "b": next}}),
        );
    }
    defs.insert(format!("d{levels}"), json!({"type": "string"}));
    json!({"$ref": "#/$defs/d0", "$defs": defs}).to_string()
}

#[test]
fn totals_count_failed_attempts_too() {
    let usage = Usage {
        prompt: 10,
        completion: 2,
        cost: Some(0.5),
        ..Usage::default()
    };
    let closing = Closing {
        usage: Some(usage),
        ..Closing::default()
    };
    let closed = RunEvent::Closed {
        run: 1,
        attempt: 1,
        closing,
    };
    let record = record(&[
        started(PERSON),
        attempt(vec![]),
        closed.clone(),
        attempt(vec![]),
        closed,
    ]);
    assert_eq!(
        (record.runs[0].totals.usage.prompt, record.runs[0].totals.usage.cost),
        (20, Some(1.0))
    );
}

#[test]
fn events_of_unknown_runs_and_unknown_events_change_nothing() {
    let before = record(&[started(PERSON)]);
    let mut after = before.clone();
    after.apply(
        5,
        &RunEvent::Waiting {
            run: 7,
            ms: 1,
            reason: String::new(),
        },
    );
    after.apply(6, &RunEvent::Unknown);
    assert_eq!(after, before);
}

fn life() -> Vec<RunEvent> {
    let answer = r#"{"name":"Zoë","age":3,"role":"user","tags":["a","bbbb"]}"#;
    let source = Source {
        channel: Channel::Content,
        call: None,
        start: 0,
        end: answer.len() as u64,
    };
    let mut events = vec![started(PERSON), attempt(vec![added_null("/properties/nick")])];
    events.push(RunEvent::Opened {
        run: 1,
        attempt: 1,
        status: 200,
        ms: 12,
    });
    let routed = (Some("Up".to_owned()), None, Some("gen-1".to_owned()));
    events.push(RunEvent::Routed {
        run: 1,
        attempt: 1,
        provider: routed.0,
        model: routed.1,
        id: routed.2,
    });
    events.extend(
        answer
            .split_inclusive(' ')
            .flat_map(|part| part.split_inclusive('"'))
            .map(delta),
    );
    events.push(RunEvent::Closed {
        run: 1,
        attempt: 1,
        closing: Closing::default(),
    });
    let value = serde_json::from_str(answer).unwrap();
    events.push(RunEvent::Judged {
        run: 1,
        attempt: 1,
        source,
        value,
        errors: vec![],
        repairs: vec![],
    });
    let (outcome, totals) = (Outcome::Valid, Totals::default());
    events.push(RunEvent::Ended {
        run: 1,
        outcome,
        reason: "valid".into(),
        budget: None,
        totals,
    });
    events
}

#[test]
fn every_prefix_of_a_stored_life_gives_the_same_record() {
    let events = life();
    for end in 0..=events.len() {
        let mut read = Record::default();
        for (at, event) in events[..end].iter().enumerate() {
            let line = serde_json::to_string(&Stamped {
                at: at as u64,
                event: event.clone(),
            })
            .unwrap();
            let stamped: Stamped = serde_json::from_str(&line).unwrap();
            read.apply(stamped.at, &stamped.event);
        }
        assert_eq!(read, record(&events[..end]), "prefix of {end}");
    }
}

proptest! {
    /// However an answer is cut into deltas, the tree, the states and the value are the same.
    #[test]
    fn deltas_may_be_joined(cuts in prop::collection::vec(0usize..60, 0..6)) {
        let answer = r#"{"name":"Zoë","age":3,"role":"user","tags":["a","bbbb"]}"#;
        let mut cuts: Vec<usize> =
            cuts.into_iter().filter(|cut| *cut < answer.len() && answer.is_char_boundary(*cut)).collect();
        cuts.extend([0, answer.len()]);
        cuts.sort_unstable();
        let pieces: Vec<RunEvent> = cuts.windows(2).map(|pair| delta(&answer[pair[0]..pair[1]])).collect();
        let lived = |pieces: &[RunEvent]| {
            let mut record = record(&[started(PERSON), attempt(vec![])]);
            for piece in pieces {
                record.apply(9, piece);
            }
            record
        };
        prop_assert_eq!(lived(&pieces), lived(&[delta(answer)]));
    }
}

/// The live tree is that of the call which `extract` will read.
#[test]
fn of_several_calls_the_one_of_our_function_is_shown() {
    let call = |index: u32, name: &str, text: &str| {
        let call = crate::event::CallRef {
            index,
            id: String::new(),
            name: name.into(),
        };
        RunEvent::Delta {
            run: 1,
            attempt: 1,
            delta: Delta {
                channel: Channel::Call,
                call: Some(call),
                text: text.into(),
            },
        }
    };
    let tools = RunEvent::Attempt {
        run: 1,
        attempt: 1,
        mode: Mode::Tools,
        why: Why::First,
        reason: String::new(),
        changes: vec![],
        body: json!({}),
    };
    let titled = PERSON.replacen('{', r#"{"title":"Person","#, 1);
    let events = [
        started(&titled),
        tools,
        call(0, "Other", r#"{"name":"no"}"#),
        call(1, "Person", r#"{"name":"yes"}"#),
    ];
    assert_eq!(record(&events).runs[0].value(), Some(json!({"name": "yes"})));
}

/// A session is anybody's file.
#[test]
fn a_wait_beyond_all_time_is_no_overflow() {
    let waiting = RunEvent::Waiting {
        run: 1,
        ms: u64::MAX,
        reason: String::new(),
    };
    let record = record(&[started(PERSON), waiting]);
    assert_eq!(record.runs[0].waiting.as_ref().unwrap().until, u64::MAX);
}
