//! From flags and settings to a task: the schema's text, the input's text and the options.
//!
//! Owns reading the two texts and the order in which flags win over settings. What the schema's text means belongs to `schema`,
//! which model and which limits make sense to `extract`.

use super::args::TaskArgs;
use super::exit::CliError;
use crate::config::settings::TaskSettings;
use crate::schema::Schema;
use crate::task::{Limits, Task};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of a schema or an input (design §9).
pub const MAX_TEXT: usize = 16 << 20;

/// How the files of schemas end.
const SCHEMA_ENDINGS: [&str; 6] = ["json", "jsonc", "json5", "yaml", "yml", "txt"];

/// Where texts are read from, handed in so that it can be replaced.
pub struct Sources<'a> {
    /// The folder that relative paths start at.
    pub cwd: &'a Path,
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// Whether it is a terminal, at which nobody is asked to type.
    pub stdin_is_terminal: bool,
}

/// A schema's text, not yet understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaText {
    /// The text.
    pub text: String,
    /// The stem of its file, without a `.schema` at its end; a pipe has none.
    pub name: Option<String>,
}

/// The whole task of `run`: options, schema and input, all of which must be there.
///
/// # Errors
/// A usage error that names what is missing or cannot be read.
pub fn task(args: &TaskArgs, settings: &TaskSettings, sources: &mut Sources<'_>) -> Result<Task, CliError> {
    let mut task = options(args, settings);
    let given = args.schema.as_deref().or(settings.schema.as_deref());
    let given = given.ok_or_else(|| CliError::usage("no schema: give one with -s, as in -s 'name, age int'"))?;
    let schema = schema(given, sources.cwd)?;
    task.schema = schema.text;
    task.schema_name = schema.name;
    task.input = input(args, sources)?;
    Ok(task)
}

/// The task's options, without schema and input: flags over settings over built-in values.
pub fn options(args: &TaskArgs, settings: &TaskSettings) -> Task {
    let built_in = Limits::default();
    let limits = Limits {
        reasks: args.reasks.or(settings.reasks).unwrap_or(built_in.reasks),
        retries: args.retries.or(settings.retries).unwrap_or(built_in.retries),
        fallback: !args.no_fallback && settings.fallback.unwrap_or(built_in.fallback),
        attempts: built_in.attempts,
        tokens: args.max_total_tokens.or(settings.max_total_tokens),
        max_tokens: args.max_tokens.or(settings.max_tokens),
        max_cost: args.max_cost.or(settings.max_cost),
        timeout_ms: args
            .timeout
            .or(settings.timeout)
            .map(|span| u64::try_from(span.as_millis()).unwrap_or(u64::MAX).max(1)),
    };
    let mut params = settings.params.clone();
    params.extend(args.params.iter().cloned());
    Task {
        instructions: args.instructions.clone().or_else(|| settings.instructions.clone()),
        model: args
            .model
            .clone()
            .or_else(|| settings.model.clone())
            .unwrap_or_default(),
        mode: args.mode.or(settings.mode).unwrap_or_default(),
        limits,
        temperature: args.temperature.or(settings.temperature),
        params,
        strict_json: args.strict_json || settings.strict_json.unwrap_or_default(),
        allow_any_endpoint: args.allow_any_endpoint || settings.allow_any_endpoint.unwrap_or_default(),
        ..Task::default()
    }
}

/// What `-s` names: a file if there is one, JSON if it begins like it, else the shorthand unless it looks like a path.
///
/// # Errors
/// A usage error if the file is missing, unreadable, too large or not UTF-8.
pub fn schema(given: &str, cwd: &Path) -> Result<SchemaText, CliError> {
    let inline = || SchemaText {
        text: given.to_owned(),
        name: None,
    };
    if given.trim().is_empty() {
        return Err(CliError::usage(
            "the schema is empty: give a file, a shorthand such as 'name, age int', or JSON",
        ));
    }
    if given.trim_start().starts_with('{') {
        return Ok(inline());
    }
    let path = cwd.join(given);
    if path.is_dir() {
        return Err(CliError::usage(format!(
            "the schema `{given}` is a folder: name a file in it"
        )));
    }
    if path.exists() {
        let what = format!("the schema {given}");
        let file = File::open(&path).map_err(|error| CliError::usage(format!("cannot read {what}: {error}")))?;
        return Ok(SchemaText {
            text: read(file, &what)?,
            name: path.is_file().then(|| stem(&path)).flatten(),
        });
    }
    if looks_like_a_path(given) {
        let message =
            format!("no such file: {given}; a schema may also be a shorthand such as 'name, age int', or JSON");
        return Err(CliError::usage(message));
    }
    Ok(inline())
}

/// The schema that a text means.
///
/// # Errors
/// A usage error with the line and the column, where they are known.
pub fn load_schema(text: &str, name: Option<&str>) -> Result<Schema, CliError> {
    Schema::load(text, name).map_err(|error| {
        let what = name.map_or_else(|| "the schema".into(), |name| format!("the schema {name}"));
        CliError::usage(format!("{what}: {error}"))
    })
}

/// The text to extract from: `--text`, the file, or stdin.
///
/// # Errors
/// A usage error if there is none, or it cannot be read, is empty, too large or not UTF-8.
pub fn input(args: &TaskArgs, sources: &mut Sources<'_>) -> Result<String, CliError> {
    let (text, what) = match (&args.text, &args.file) {
        (Some(text), _) => (text.clone(), "--text".to_owned()),
        (None, Some(path)) if path.as_os_str() != "-" => {
            let what = format!("the input {}", path.display());
            let path = sources.cwd.join(path);
            if path.is_dir() {
                return Err(CliError::usage(format!("{what} is a folder: name a file")));
            }
            let file = File::open(path).map_err(|error| CliError::usage(format!("cannot read {what}: {error}")))?;
            (read(file, &what)?, what)
        }
        (None, None) if sources.stdin_is_terminal => {
            return Err(CliError::usage("no input: give a file, -t TEXT, or pipe a text in"));
        }
        (None, Some(_) | None) => (read(&mut *sources.stdin, "stdin")?, "stdin".to_owned()),
    };
    if text.trim().is_empty() {
        return Err(CliError::usage(format!(
            "{what} is empty: there is nothing to extract from"
        )));
    }
    Ok(text)
}

fn read(source: impl Read, what: &str) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let limit = MAX_TEXT as u64 + 1;
    source
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error: io::Error| CliError::usage(format!("cannot read {what}: {error}")))?;
    if bytes.len() > MAX_TEXT {
        return Err(CliError::usage(format!(
            "{what} is larger than {} MiB: split it",
            MAX_TEXT >> 20
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        CliError::usage(format!(
            "{what} is not UTF-8: byte {offset} is no part of a character; convert it, as with iconv"
        ))
    })
}

/// `person.schema.json` is called `person`.
fn stem(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_str()?;
    Some(
        stem.strip_suffix(".schema")
            .filter(|rest| !rest.is_empty())
            .unwrap_or(stem)
            .to_owned(),
    )
}

/// Whether a text that names no file was meant to. A shorthand may hold slashes (`phone str /regex/`), but then spaces as well.
fn looks_like_a_path(text: &str) -> bool {
    let ending = Path::new(text)
        .extension()
        .and_then(|ending| ending.to_str())
        .map(str::to_ascii_lowercase);
    let known_ending = ending.is_some_and(|ending| SCHEMA_ENDINGS.contains(&ending.as_str()));
    known_ending || text == "-" || (text.contains(['/', '\\']) && !text.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests;
