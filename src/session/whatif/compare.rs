//! Two verdicts on the same answer, told apart: the value, (pointer, keyword) of errors, (kind, offset) of repairs; wording never.
//!
//! Owns the comparison and the few words for each difference. Nothing here is sanitised.

use crate::json::pointer;
use crate::schema::shown;
use crate::verdict::{Repair, Verdict, Violation};
use crate::words;
use serde_json::{Map, Number, Value};

/// The most differences that are listed of one answer.
pub const MOST: usize = 200;

/// What stands for a member or item that is not there.
const ABSENT: &str = "absent";

/// One difference between two verdicts or values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where; `""` is the whole, and the place of repairs.
    pub pointer: String,
    /// What was recorded.
    pub recorded: String,
    /// What is there now.
    pub now: String,
}

/// Where two verdicts differ, at most [`MOST`] places.
pub fn compare(recorded: Option<&Verdict>, now: Option<&Verdict>) -> Vec<Found> {
    let mut found = List::default();
    match (recorded, now) {
        (None, None) => {}
        (Some(recorded), Some(now)) => {
            found.values(&mut String::new(), &recorded.value, &now.value);
            found.errors(&recorded.errors, &now.errors);
            found.repairs(&recorded.repairs, &now.repairs);
        }
        (recorded, now) => found.push("", verdict(recorded), verdict(now)),
    }
    found.0
}

/// Where two values differ, at most [`MOST`] places.
pub fn values(recorded: &Value, now: &Value) -> Vec<Found> {
    let mut found = List::default();
    found.values(&mut String::new(), recorded, now);
    found.0
}

fn verdict(verdict: Option<&Verdict>) -> String {
    verdict.map_or_else(|| "nothing to judge".into(), |verdict| shown(&verdict.value))
}

#[derive(Default)]
struct List(Vec<Found>);

impl List {
    fn push(&mut self, pointer: &str, recorded: String, now: String) {
        if self.0.len() < MOST {
            self.0.push(Found {
                pointer: pointer.to_owned(),
                recorded,
                now,
            });
        }
    }

    /// Walks two values side by side; `at` is the pointer and is left as it was.
    fn values(&mut self, at: &mut String, recorded: &Value, now: &Value) {
        if self.0.len() >= MOST {
            return;
        }
        match (recorded, now) {
            (Value::Object(recorded), Value::Object(now)) => self.members(at, recorded, now),
            (Value::Array(recorded), Value::Array(now)) => {
                for index in 0..recorded.len().max(now.len()) {
                    let (recorded, now) = (recorded.get(index), now.get(index));
                    self.step(at, &index.to_string(), recorded, now);
                }
            }
            (Value::Number(a), Value::Number(b)) if same_number(a, b) => {}
            (recorded, now) if recorded == now => {}
            (recorded, now) => self.push(at, shown(recorded), shown(now)),
        }
    }

    fn members(&mut self, at: &mut String, recorded: &Map<String, Value>, now: &Map<String, Value>) {
        for (key, value) in recorded {
            self.step(at, &pointer::escape(key), Some(value), now.get(key));
        }
        for (key, value) in now.iter().filter(|(key, _)| !recorded.contains_key(*key)) {
            self.step(at, &pointer::escape(key), None, Some(value));
        }
    }

    fn step(&mut self, at: &mut String, step: &str, recorded: Option<&Value>, now: Option<&Value>) {
        let length = at.len();
        at.push('/');
        at.push_str(step);
        match (recorded, now) {
            (Some(recorded), Some(now)) => self.values(at, recorded, now),
            (recorded, now) => {
                let words = |value: Option<&Value>| value.map_or_else(|| ABSENT.into(), shown);
                self.push(at, words(recorded), words(now));
            }
        }
        at.truncate(length);
    }

    fn errors(&mut self, recorded: &[Violation], now: &[Violation]) {
        let same = |a: &Violation, b: &Violation| (&a.pointer, &a.keyword) == (&b.pointer, &b.keyword);
        let (gone, new) = unmatched(recorded, now, same);
        let words = |error: &Violation| format!("{}: {}", error.keyword, error.message);
        for error in gone {
            self.push(&error.pointer, words(error), "fits".into());
        }
        for error in new {
            self.push(&error.pointer, "fits".into(), words(error));
        }
    }

    fn repairs(&mut self, recorded: &[Repair], now: &[Repair]) {
        let same = |a: &Repair, b: &Repair| (a.kind, a.offset) == (b.kind, b.offset);
        let (gone, new) = unmatched(recorded, now, same);
        let words = |repair: &Repair| format!("repair: {} at byte {}", words::repair(repair.kind), repair.offset);
        for repair in gone {
            self.push("", words(repair), "no such repair".into());
        }
        for repair in new {
            self.push("", "no such repair".into(), words(repair));
        }
    }
}

/// What is only in one of two lists and what is only in the other, each counted as often as it is there.
fn unmatched<'a, T>(a: &'a [T], b: &'a [T], same: impl Fn(&T, &T) -> bool) -> (Vec<&'a T>, Vec<&'a T>) {
    // Equal beginnings, which are the rule, cost nothing more.
    let equal = a.iter().zip(b).take_while(|(a, b)| same(a, b)).count();
    let mut left: Vec<&T> = b[equal..].iter().collect();
    let mut gone = Vec::new();
    for one in &a[equal..] {
        match left.iter().position(|other| same(one, other)) {
            Some(at) => _ = left.remove(at),
            None => gone.push(one),
        }
        if gone.len() > MOST {
            break;
        }
    }
    (gone, left)
}

/// A number in a file has lost what its text does not say, and reading the text may round: the new one has to go the same way.
fn same_number(recorded: &Number, now: &Number) -> bool {
    recorded == now || serde_json::from_str::<Number>(&now.to_string()).is_ok_and(|again| &again == recorded)
}
