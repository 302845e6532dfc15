//! Sessions that were cut off, continued, or written by a later program.

use super::{Summary, Tail, scan};
use crate::verdict::{Outcome, Totals, Usage};

const HEADER: &str = "{\"formwork\":1,\"id\":\"i\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"t\"}\n";

#[test]
fn a_run_that_was_cut_off() {
    let text = [
        HEADER,
        "{\"at\":1,\"event\":\"started\",\"run\":1}\n{\"at\":2,\"event\":\"ended\",\"run\":1}\n",
        "{\"at\":10,\"event\":\"started\",\"run\":2}\n{\"at\":11,\"event\":\"attempt\",\"run\":2}\n",
        "{\"at\":15,\"event\":\"closed\",\"run\":2,\"usage\":{\"prompt\":3,\"completion\":4,\"cost\":0.5}}\n",
        "no event\n{\"at\":20,\"event\":\"tomorrow\",\"x\":1}\n",
    ]
    .concat();
    let found = scan(text.as_bytes()).unwrap();
    assert_eq!((found.last_at, found.last_run, found.tail), (20, 2, Tail::Clean));
    assert_eq!(found.whole, text.len() as u64);
    let usage = Usage {
        prompt: 3,
        completion: 4,
        cost: Some(0.5),
        ..Usage::default()
    };
    let totals = Totals {
        attempts: 1,
        usage,
        ms: 5,
    };
    assert_eq!(found.open.into_iter().collect::<Vec<_>>(), [(2, totals)]);
    assert_eq!((found.summary.runs, found.summary.spent), (2, usage));
}

/// A number that is given twice would join two runs.
#[test]
fn a_run_counts_whatever_else_its_events_say() {
    let text = format!("{HEADER}{{\"at\":7,\"event\":\"routed\",\"run\":3,\"attempt\":1,\"mode\":200,\"task\":2}}\n");
    let found = scan(text.as_bytes()).unwrap();
    assert_eq!((found.last_run, found.last_at), (3, 7));
}

#[test]
fn a_summary() {
    let lines = [
        "{\"at\":0,\"event\":\"draft\",\"model\":\"a\",\"mode\":\"auto\"}\n",
        "{\"at\":1,\"event\":\"started\",\"run\":1,\"task\":{\"model\":\"m\"}}\n",
        "{\"at\":2,\"event\":\"attempt\",\"run\":1,\"mode\":\"json\"}\n",
        "{\"at\":2,\"event\":\"draft\",\"model\":\"b\"}\n",
        "{\"at\":3,\"event\":\"ended\",\"run\":1,\"outcome\":\"refused\",\"totals\":{\"usage\":{\"prompt\":5,\"cost\":1.5}}}\n",
        "{\"at\":4,\"event\":\"started\",\"run\":2,\"task\":{\"model\":\"n\"}}\n",
        "{\"at\":5,\"event\":\"ended\",\"run\":2,\"outcome\":\"postponed\"}\n",
    ];
    let summary = |count: usize| {
        let found = scan([&[HEADER], &lines[..count]].concat().concat().as_bytes()).unwrap();
        assert_eq!(found.open.len(), usize::from([2, 3, 4, 6].contains(&count)), "{count}");
        found.summary
    };
    let expect = |runs, outcome, model: &str, mode: &str, prompt, cost| Summary {
        runs,
        outcome,
        model: model.into(),
        mode: mode.into(),
        spent: Usage {
            prompt,
            cost,
            ..Usage::default()
        },
        ..Summary::default()
    };
    assert_eq!(summary(0), Summary::default());
    assert_eq!(summary(1), expect(0, None, "a", "auto", 0, None));
    assert_eq!(summary(2), expect(1, None, "m", "", 0, None));
    let open = expect(1, None, "m", "json", 0, None);
    assert_eq!(summary(4), Summary { ms: 1, ..open });
    assert_eq!(summary(5), expect(1, Some(Outcome::Refused), "m", "json", 5, Some(1.5)));
    assert_eq!(summary(7), expect(2, None, "n", "", 5, Some(1.5)));
}

#[test]
fn what_can_be_searched() {
    let lines = [
        "{\"at\":0,\"event\":\"draft\",\"schema\":\"Name\",\"input\":\"Ada \\u2014 is\\n36\"}\n",
        "{\"at\":1,\"event\":\"titled\",\"title\":\"First\"}\n",
        "{\"at\":2,\"event\":\"started\",\"run\":1,\"task\":{\"schema\":\"age int\",\"input\":\"Bob\"}}\n",
        "{\"at\":3,\"event\":\"judged\",\"run\":1,\"value\":{\"age\":36}}\n",
        "{\"at\":4,\"event\":\"ended\",\"run\":1,\"totals\":{\"ms\":250}}\n",
        "{\"at\":5,\"event\":\"draft\",\"input\":\"Eve\"}\n{\"at\":6,\"event\":\"titled\",\"title\":\"Second\"}\n",
    ];
    let summary = |count: usize| {
        let found = scan([&[HEADER], &lines[..count]].concat().concat().as_bytes()).unwrap();
        let Summary {
            title,
            input,
            schema,
            value,
            ms,
            ..
        } = found.summary;
        (title.unwrap_or_default(), input, schema, value, ms)
    };
    let expect = |title: &str, input: &str, schema: &str, value: &str, ms| {
        (
            title.to_owned(),
            input.to_owned(),
            schema.to_owned(),
            value.to_owned(),
            ms,
        )
    };
    assert_eq!(summary(1), expect("", "ada — is 36", "name", "", 0));
    assert_eq!(summary(3), expect("First", "bob", "age int", "", 0));
    assert_eq!(summary(6), expect("Second", "eve", "age int", "36", 250));
}

/// A line of a gigabyte is passed over and not held; NULs are no event; what follows is read.
#[test]
fn a_huge_line_and_nothing_at_all() {
    use std::io::{BufReader, Read, repeat};
    let event = "{\"at\":7,\"event\":\"started\",\"run\":3}\n";
    let tail = format!("\n\0\0\0\0\n{event}");
    let source = HEADER
        .as_bytes()
        .chain(repeat(b'x').take(1 << 30))
        .chain(tail.as_bytes());
    let found = scan(BufReader::with_capacity(1 << 20, source)).unwrap();
    assert!(found.overlong);
    assert_eq!((found.last_run, found.last_at, found.tail), (3, 7, Tail::Clean));
}

#[test]
fn every_cut_of_a_line_is_torn() {
    let event = "{\"at\":1,\"event\":\"draft\"}";
    for cut in 1..event.len() {
        let found = scan(format!("{HEADER}{}", &event[..cut]).as_bytes()).unwrap();
        assert_eq!((found.whole, found.tail), (HEADER.len() as u64, Tail::Torn), "{cut}");
    }
    // An event of a later program is whole even if its members are of other kinds.
    for event in [
        event,
        "{\"at\":1,\"event\":\"tomorrow\",\"run\":\"a\",\"usage\":[],\"task\":2}",
    ] {
        let found = scan(format!("{HEADER}{event}").as_bytes()).unwrap();
        assert_eq!(
            (found.whole, found.tail),
            ((HEADER.len() + event.len()) as u64, Tail::Unended)
        );
    }
}
