//! Sessions as a table.
//!
//! Owns the columns, their order of leaving when room is short, and how ages and costs read. All words come from files and go through
//! the sanitiser.

use crate::cli::table::{self, Align, Column};
use crate::session::store::Entry;
use crate::text::{clean, one_line};
use crate::words::dollars;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

/// Other columns leave before titles of this width are cut.
const TITLE: usize = 24;

/// The most columns of a model's id.
const MODEL: usize = 40;

/// The table, a header first, in at most `columns` columns.
pub(super) fn table(entries: &[&Entry], columns: usize, now: SystemTime) -> String {
    let titles: Vec<_> = entries.iter().map(|entry| clean(&entry.title)).collect();
    table::table("title", &titles, TITLE, beside(entries, now), columns)
}

fn beside(entries: &[&Entry], now: SystemTime) -> Vec<Column> {
    let cells = |cell: &dyn Fn(&Entry) -> String| entries.iter().map(|entry| cell(entry)).collect::<Vec<_>>();
    let age = |entry: &Entry| age(now.duration_since(entry.modified).unwrap_or_default());
    let cost = |entry: &Entry| entry.cost.map(dollars).unwrap_or_default();
    let tokens = |entry: &Entry| match entry.tokens {
        0 => String::new(),
        count => count.to_string(),
    };
    vec![
        // What a session is called stays: without it none could be named.
        Column::new("name", 0, Align::Left, names(entries)),
        Column::new("age", 0, Align::Right, cells(&age)),
        Column::new(
            "outcome",
            1,
            Align::Left,
            cells(&|entry| entry.outcome_word().to_owned()),
        ),
        Column::new(
            "model",
            2,
            Align::Left,
            cells(&|entry| one_line(&entry.model, MODEL).into_owned()),
        ),
        Column::new(
            "mode",
            4,
            Align::Left,
            cells(&|entry| one_line(&entry.mode, MODEL).into_owned()),
        ),
        Column::new("cost", 3, Align::Right, cells(&cost)),
        Column::new("tokens", 5, Align::Right, cells(&tokens)),
    ]
}

/// The shortest of a session's names that no other one shown has: the characters after the time, or the whole.
fn names(entries: &[&Entry]) -> Vec<String> {
    let names: Vec<String> = entries.iter().map(|entry| entry.name()).collect();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for name in &names {
        *count.entry(ending(name)).or_default() += 1;
    }
    let short = |name: &String| {
        let ending = ending(name);
        let ending = if count.get(ending) == Some(&1) { ending } else { name };
        clean(ending).into_owned()
    };
    names.iter().map(short).collect()
}

/// What follows the time in a name of our own making; any other name as a whole.
fn ending(name: &str) -> &str {
    let ours = |(time, ending): &(&str, &str)| {
        time.len() == "20260101T000000".len()
            && time.bytes().all(|byte| byte.is_ascii_digit() || byte == b'T')
            && !ending.is_empty()
    };
    name.split_once('-').filter(ours).map_or(name, |(_, ending)| ending)
}

/// A span in its largest unit, rounded down.
fn age(span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60) {
        (0, 0) if minutes == 0 => "now".to_owned(),
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h"),
        (1, _) => "1 day".to_owned(),
        (days, _) => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::{age, ending, table};
    use crate::session::store::Entry;
    use crate::verdict::Outcome;
    use std::time::{Duration, UNIX_EPOCH};
    use unicode_width::UnicodeWidthStr;

    fn entry(name: &str, title: &str, second: u64) -> Entry {
        Entry {
            path: format!("/s/{name}.jsonl").into(),
            id: "0".into(),
            title: title.into(),
            created: String::new(),
            modified: UNIX_EPOCH + Duration::from_secs(second),
            size: 0,
            runs: 1,
            outcome: Some(Outcome::Valid),
            model: "acme/quick".into(),
            mode: "json".into(),
            cost: Some(0.5),
            tokens: 1234,
            duration: 0,
            search: String::new(),
        }
    }

    fn at(columns: usize) -> String {
        let draft = Entry {
            runs: 0,
            model: String::new(),
            mode: String::new(),
            cost: None,
            tokens: 0,
            ..entry("mine", "evil \u{1b}[2J\u{202e} title that is long", 0)
        };
        let entries = [
            entry("20260101T000000-abcdef", "person: Ada is 36", 7_200),
            entry("20260102T000000-qqqqqq", "a", 3_600),
            entry("20260103T000000-qqqqqq", "b", 60),
            draft,
        ];
        let now = UNIX_EPOCH + Duration::from_secs(7_200);
        table(&entries.iter().collect::<Vec<_>>(), columns, now)
    }

    #[test]
    fn wide() {
        let expected = "\
title                                 name                    age  outcome  model       mode     cost  tokens
person: Ada is 36                     abcdef                  now  valid    acme/quick  json  $0.5000    1234
a                                     20260102T000000-qqqqqq  1 h  valid    acme/quick  json  $0.5000    1234
b                                     20260103T000000-qqqqqq  1 h  valid    acme/quick  json  $0.5000    1234
evil ␛[2J<U+202E> title that is long  mine                    2 h  draft
";
        assert_eq!(at(usize::MAX), expected);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for columns in [40, 60, 80, 100, 120] {
            let table = at(columns);
            assert!(table.lines().all(|line| line.width() <= columns), "{columns}:\n{table}");
            assert!(table.contains("20260102T000000-qqqqqq"), "{columns}:\n{table}");
        }
        assert!(at(80).contains("outcome") && !at(80).contains("tokens"));
    }

    #[test]
    fn words() {
        let table = [
            ("20260101T000000-abcdef", "abcdef"),
            ("20260101T000000-abcdef-2", "abcdef-2"),
            ("20260101T000000-", "20260101T000000-"),
            ("my-notes", "my-notes"),
            ("", ""),
        ];
        for (name, expected) in table {
            assert_eq!(ending(name), expected);
        }
        let spans = [
            (59, "now"),
            (60, "1 min"),
            (7_199, "1 h"),
            (86_400, "1 day"),
            (200_000, "2 days"),
        ];
        for (seconds, expected) in spans {
            assert_eq!(age(Duration::from_secs(seconds)), expected);
        }
    }
}
