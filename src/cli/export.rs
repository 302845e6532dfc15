//! `formwork export`: a recorded run as a curl command, a Python script, JSON or a table.
//!
//! Owns which runs and which values are meant, and where the text goes. Each form has its own file; nothing is sent.

mod place;
mod python;
mod table;

use crate::cli::args::{ExportArgs, Form};
use crate::cli::exit::{CliError, Exit};
use crate::cli::front::Front;
use crate::cli::live::Narrator;
use crate::cli::recording::{self, Recording};
use crate::cli::run::tell_end;
use crate::extract::curl::curl;
use crate::record::{Record, RunRecord};
use crate::text::clean_multiline;
use crate::verdict::Outcome;
use serde_json::Value;
use std::fs;
use std::io::{self, Write};

/// Exports a run. stdout is data, stderr is narration.
///
/// # Errors
/// There is no such session or run, it has no request or no schema, or the file cannot be written.
pub fn run(args: &ExportArgs, front: &mut Front<'_>) -> Result<Exit, CliError> {
    let recording = recording::find(&args.session, front)?;
    let tape = recording.read()?;
    let mut record = Record::default();
    for index in 0..tape.len() {
        tape.apply(index, &mut record);
    }
    let runs = wanted(args, &record, &recording)?;
    let mut notes: Vec<String> = tape.warnings;
    let text = match args.form {
        Form::Curl => Some(request(args, last(&runs)?, front, &mut notes)?),
        Form::Python => Some(script(args, last(&runs)?, front, &mut notes)?),
        Form::Json => data(&runs, laid_out)?,
        Form::Ndjson => data(&runs, |values| Ok(lines(&rows(values))))?,
        Form::Csv => data(&runs, |values| Ok(table::csv(&rows(values))))?,
    };
    let Some(text) = text else {
        let stderr: &mut dyn Write = &mut *front.stderr;
        tell_end(&mut Narrator::new(stderr, front.columns, false), last(&runs)?, None);
        return Ok(Exit::NotValid);
    };
    let stderr: &mut dyn Write = &mut *front.stderr;
    let mut narrator = Narrator::new(stderr, front.columns, false);
    for note in notes {
        narrator.say(&note);
    }
    write(args, &recording, &text, front)?;
    Ok(Exit::Valid)
}

/// The runs that are meant: the one that was asked for, else all where rows are made, else the last.
fn wanted<'r>(args: &ExportArgs, record: &'r Record, recording: &Recording) -> Result<Vec<&'r RunRecord>, CliError> {
    let rows = matches!(args.form, Form::Ndjson | Form::Csv);
    let runs: Vec<&RunRecord> = match args.run {
        Some(number) => record.run(number).into_iter().collect(),
        None if rows => record.runs.iter().collect(),
        None => record.runs.last().into_iter().collect(),
    };
    match (runs.is_empty(), args.run) {
        (false, _) => Ok(runs),
        (true, Some(number)) => Err(CliError::usage(format!("{recording} has no run {number}"))),
        (true, None) => Err(CliError::usage(format!("{recording} has no run"))),
    }
}

fn last<'r>(runs: &[&'r RunRecord]) -> Result<&'r RunRecord, CliError> {
    runs.last()
        .copied()
        .ok_or_else(|| CliError::usage("the session has no run"))
}

/// The value of a run that is valid.
fn valid(run: &RunRecord) -> Option<&Value> {
    let is_valid = run.ended.as_ref().is_some_and(|ended| ended.outcome == Outcome::Valid);
    run.verdict().filter(|_| is_valid).map(|verdict| &verdict.value)
}

/// The valid values of runs in a form; nothing without one.
fn data(runs: &[&RunRecord], form: impl Fn(&[&Value]) -> Result<String, CliError>) -> Result<Option<String>, CliError> {
    let values: Vec<&Value> = runs.iter().filter_map(|run| valid(run)).collect();
    if values.is_empty() {
        return Ok(None);
    }
    form(&values).map(Some)
}

fn laid_out(values: &[&Value]) -> Result<String, CliError> {
    let mut text = String::new();
    for value in values {
        text += &serde_json::to_string_pretty(value).map_err(io::Error::from)?;
        text.push('\n');
    }
    Ok(text)
}

fn lines(rows: &[&Value]) -> String {
    let mut text = String::new();
    for row in rows {
        text += &row.to_string();
        text.push('\n');
    }
    text
}

/// The items of lists, and whatever is none as it is. An object with one member, which is a list, is that list: schemas have to have an
/// object at their root with most providers.
fn rows<'v>(values: &[&'v Value]) -> Vec<&'v Value> {
    let mut rows = Vec::new();
    for value in values {
        let list = match value {
            Value::Array(items) => Some(items),
            Value::Object(members) if members.len() == 1 => members.values().next().and_then(Value::as_array),
            _ => None,
        };
        match list {
            Some(items) => rows.extend(items),
            None => rows.push(*value),
        }
    }
    rows
}

fn request(args: &ExportArgs, run: &RunRecord, front: &Front<'_>, notes: &mut Vec<String>) -> Result<String, CliError> {
    let attempt = run.attempt().ok_or_else(|| {
        CliError::usage(format!(
            "run {} has no request: it ended before anything was sent",
            run.id
        ))
    })?;
    let place = place::find(args, run, front, notes)?;
    Ok(curl(&place.endpoint, &attempt.body))
}

fn script(args: &ExportArgs, run: &RunRecord, front: &Front<'_>, notes: &mut Vec<String>) -> Result<String, CliError> {
    let schema = run
        .schema
        .as_ref()
        .ok_or_else(|| CliError::usage(format!("the schema of run {} does not load in this formwork", run.id)))?;
    let place = place::find(args, run, front, notes)?;
    Ok(python::script(run, schema, &place))
}

/// To the file that was named, else to stdout.
fn write(args: &ExportArgs, recording: &Recording, text: &str, front: &mut Front<'_>) -> Result<(), CliError> {
    let Some(output) = &args.output else {
        if front.stdout_is_terminal {
            write!(front.stdout, "{}", clean_multiline(text))?;
        } else {
            front.stdout.write_all(text.as_bytes())?;
        }
        return Ok(front.stdout.flush()?);
    };
    let path = front.cwd.join(output);
    let itself = match recording {
        Recording::File(file) => path
            .canonicalize()
            .is_ok_and(|path| file.canonicalize().is_ok_and(|file| file == path)),
        Recording::Shipped(_) => false,
    };
    if itself {
        return Err(CliError::usage(format!(
            "{} is the session itself: name another file with -o",
            output.display()
        )));
    }
    fs::write(&path, text).map_err(|error| CliError::usage(format!("cannot write {}: {error}", output.display())))
}

#[cfg(test)]
mod tests {
    use super::rows;
    use serde_json::json;

    #[test]
    fn what_is_a_row() {
        let table = [
            (json!([1, 2]), vec![json!(1), json!(2)]),
            (json!({"items": [{"a": 1}]}), vec![json!({"a": 1})]),
            (json!({"items": [1], "more": 2}), vec![json!({"items": [1], "more": 2})]),
            (json!({"a": 1}), vec![json!({"a": 1})]),
            (json!("x"), vec![json!("x")]),
            (json!([]), vec![]),
        ];
        for (value, expected) in table {
            assert_eq!(rows(&[&value]).into_iter().cloned().collect::<Vec<_>>(), expected);
        }
    }
}
