//! What `formwork test` says of each session.
//!
//! Owns the lines, the JSON and the exit code.

use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::narrate;
use crate::session::whatif::{Again, Difference};
use crate::text::{clean, clean_multiline};
use crate::words::count;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io;

/// How a session came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// As it was recorded.
    Same,
    /// Otherwise.
    Differs,
    /// It is none, or could not be read to its end.
    Unreadable(String),
    /// A run that was to be made again failed.
    Failed(String),
    /// The user stopped the runs.
    Cancelled,
}

/// One session's test.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the session is called.
    pub label: String,
    /// How it came out.
    pub state: State,
    /// What was compared.
    pub again: Again,
    /// What else is to be known.
    pub notes: Vec<String>,
}

impl Report {
    /// A session that was not tested yet.
    pub fn new(label: String) -> Self {
        Self {
            label,
            state: State::Same,
            again: Again::default(),
            notes: Vec::new(),
        }
    }

    /// Takes what was found.
    pub fn settle(&mut self, again: Again) {
        if !again.differences.is_empty() {
            self.state = State::Differs;
        }
        self.again = again;
    }

    fn line(&self) -> String {
        let Again {
            runs,
            verdicts,
            differences,
        } = &self.again;
        let (word, rest) = match &self.state {
            State::Same if *runs == 0 => ("ok", "no run: nothing to compare".to_owned()),
            State::Same if *verdicts == 0 => (
                "ok",
                format!("{}, never judged: nothing to compare", count(*runs, "run")),
            ),
            State::Same => (
                "ok",
                format!("{}, {}", count(*runs, "run"), count(*verdicts, "verdict")),
            ),
            State::Differs => ("differs", count(differences.len(), "difference")),
            State::Unreadable(why) => ("unread", why.clone()),
            State::Failed(why) => ("failed", why.clone()),
            State::Cancelled => ("stopped", "cancelled".to_owned()),
        };
        let mut line = format!("{word:<8} {}  {rest}", self.label);
        for note in &self.notes {
            // Writing to a string cannot fail, here and below.
            let _ = write!(line, "; {note}");
        }
        let mut lines = clean(&line).into_owned();
        for difference in differences {
            let _ = write!(lines, "\n  {}", clean(&narrate::difference(difference)));
        }
        lines
    }

    fn json(&self) -> Value {
        let differences: Vec<Value> = self.again.differences.iter().map(as_json).collect();
        let mut object = json!({
            "session": self.label,
            "ok": self.state == State::Same,
            "runs": self.again.runs,
            "verdicts": self.again.verdicts,
            "differences": differences,
            "notes": self.notes,
        });
        let error = match &self.state {
            State::Same | State::Differs => return object,
            State::Unreadable(why) | State::Failed(why) => why.as_str(),
            State::Cancelled => "cancelled",
        };
        object["error"] = error.into();
        object
    }
}

fn as_json(difference: &Difference) -> Value {
    let Difference {
        run,
        attempt,
        pointer,
        recorded,
        now,
    } = difference;
    json!({"run": run, "attempt": attempt, "pointer": pointer, "recorded": recorded, "now": now})
}

/// A line for each session on stdout, or one array; and the sum on stderr.
///
/// # Errors
/// Those of writing.
pub fn print(reports: &[Report], as_json: bool, front: &mut Front<'_>) -> Result<(), CliError> {
    if as_json {
        let array: Vec<Value> = reports.iter().map(Report::json).collect();
        let text = serde_json::to_string_pretty(&array).map_err(io::Error::from)?;
        if front.stdout_is_terminal {
            writeln!(front.stdout, "{}", clean_multiline(&text))?;
        } else {
            writeln!(front.stdout, "{text}")?;
        }
    } else {
        for report in reports {
            writeln!(front.stdout, "{}", report.line())?;
        }
    }
    front.stdout.flush()?;
    writeln!(front.stderr, "{}", sum(reports))?;
    Ok(())
}

fn sum(reports: &[Report]) -> String {
    let number = |is: fn(&State) -> bool| reports.iter().filter(|report| is(&report.state)).count();
    let parts = [
        (number(|state| *state == State::Same), "as recorded"),
        (number(|state| *state == State::Differs), "not as recorded"),
        (number(|state| matches!(state, State::Unreadable(_))), "unreadable"),
        (number(|state| matches!(state, State::Failed(_))), "failed"),
        (number(|state| *state == State::Cancelled), "cancelled"),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts.map(|(number, what)| format!("{number} {what}")).collect();
    format!("{}: {}", count(reports.len(), "session"), parts.join(", "))
}

/// The exit code of all of them.
pub fn exit(reports: &[Report]) -> Exit {
    let any = |is: fn(&State) -> bool| reports.iter().any(|report| is(&report.state));
    if any(|state| *state == State::Cancelled) {
        Exit::Cancelled
    } else if reports
        .iter()
        .all(|report| matches!(report.state, State::Unreadable(_)))
    {
        Exit::Usage
    } else if any(|state| matches!(state, State::Differs | State::Unreadable(_))) {
        Exit::NotValid
    } else if any(|state| matches!(state, State::Failed(_))) {
        Exit::Provider
    } else {
        Exit::Valid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(state: State) -> Report {
        let again = Again {
            runs: 1,
            verdicts: 2,
            differences: Vec::new(),
        };
        Report {
            state,
            again,
            ..Report::new("a.jsonl".into())
        }
    }

    #[test]
    fn exit_codes() {
        let unread = || State::Unreadable("gone".into());
        let table = [
            (vec![State::Same, State::Same], Exit::Valid),
            (vec![State::Same, State::Differs], Exit::NotValid),
            (vec![State::Same, unread()], Exit::NotValid),
            (vec![unread(), unread()], Exit::Usage),
            (vec![State::Failed("no network".into()), State::Same], Exit::Provider),
            (vec![State::Failed("no network".into()), State::Differs], Exit::NotValid),
            (vec![State::Cancelled, State::Differs], Exit::Cancelled),
        ];
        for (states, expected) in table {
            let reports: Vec<Report> = states.into_iter().map(report).collect();
            assert_eq!(exit(&reports), expected, "{reports:?}");
        }
    }

    #[test]
    fn lines() {
        let mut told = report(State::Differs);
        told.notes.push("odd\u{1b}".into());
        told.again.differences.push(Difference {
            run: 1,
            attempt: 2,
            pointer: "/a".into(),
            recorded: "1".into(),
            now: "\u{202e}".into(),
        });
        insta::assert_snapshot!(told.line(), @r"
        differs  a.jsonl  1 difference; odd␛
          run 1, attempt 2: /a: recorded 1; now <U+202E>
        ");
        assert_eq!(report(State::Same).line(), "ok       a.jsonl  1 run, 2 verdicts");
        let reports = [told, report(State::Same), report(State::Unreadable("gone".into()))];
        assert_eq!(
            sum(&reports),
            "3 sessions: 1 as recorded, 1 not as recorded, 1 unreadable"
        );
        assert_eq!(reports[2].json()["error"], "gone");
    }
}
