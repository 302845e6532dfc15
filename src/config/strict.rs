//! Reads one settings file by itself, so that a mistake is reported with its file, its line and the nearest known key.
//!
//! Owns turning what `toml` and `serde` complain of into our sentences, and where a file sets what. Merging belongs to `layers`.

use super::{ConfigError, Settings};
use crate::text::one_line;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The tables that a project's file may set: what is asked and how it looks, never where a key goes (design §9).
const PROJECT_TABLES: [&str; 2] = ["task", "ui"];

/// The most columns of a message: it may quote the file, which may hold anything.
const MAX_MESSAGE: usize = 400;

/// Slips of the finger (a letter too many, too few, wrong or swapped) up to which a name is worth suggesting.
const MAX_SLIPS: usize = 2;

/// Checks one file's text and returns it as a table. `file` is its name in errors.
///
/// # Errors
/// [`ConfigError::At`] for the first mistake.
pub fn file(file: &str, text: &str) -> Result<toml::Table, ConfigError> {
    let at = |span: Option<Range<usize>>, message: String| ConfigError::At {
        file: file.to_owned(),
        line: line_of(text, span.map_or(0, |span| span.start)),
        message: one_line(&message, MAX_MESSAGE).into_owned(),
    };
    if let Err(error) = toml::from_str::<Settings>(text) {
        let span = error.span();
        let table = span.as_ref().and_then(|span| table_of(text, span.start));
        return Err(at(span, explain(error.message(), table.as_deref())));
    }
    text.parse()
        .map_err(|error: toml::de::Error| at(error.span(), error.message().to_owned()))
}

/// As [`file()`], for a project's file: only `[task]` and `[ui]` may be in it. `user_file` is where the rest belongs.
///
/// # Errors
/// [`ConfigError::At`] for the first mistake.
pub fn project_file(name: &str, text: &str, user_file: &str) -> Result<toml::Table, ConfigError> {
    let table = file(name, text)?;
    let parsed = DeTable::parse(text).ok();
    let keys = parsed.iter().flat_map(|table| table.get_ref().keys());
    let foreign = keys
        .filter(|key| !PROJECT_TABLES.contains(&key.get_ref().as_ref()))
        .min_by_key(|key| key.span().start);
    match foreign {
        None => Ok(table),
        Some(key) => Err(ConfigError::At {
            file: name.to_owned(),
            line: line_of(text, key.span().start),
            message: format!(
                "a project's file may set [task] and [ui] only; `{}` belongs in {user_file}",
                one_line(key.get_ref(), MAX_MESSAGE)
            ),
        }),
    }
}

/// Checks one value of the environment: a table with that value only.
///
/// # Errors
/// Whether the key is unknown, and the sentence to show.
pub fn variable(table: toml::Table) -> Result<(), (bool, String)> {
    match Settings::deserialize(toml::Value::Table(table)) {
        Ok(_) => Ok(()),
        Err(error) => {
            let sentence = explain(error.message(), None);
            Err((
                unknown_key(error.message()).is_some(),
                one_line(&sentence, MAX_MESSAGE).into_owned(),
            ))
        }
    }
}

/// The sentence for a complaint of serde's, with the nearest known key where the complaint is of an unknown one.
fn explain(message: &str, table: Option<&str>) -> String {
    let Some((unknown, known)) = unknown_key(message) else {
        return unquoted(message);
    };
    let place = table.map(|table| format!(" in [{table}]")).unwrap_or_default();
    let advice = match nearest(unknown, &known) {
        _ if unknown == "api_key" => "; keys are not kept in files: use `api_key_env` or `api_key_cmd`".to_owned(),
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; known are {}", known.join(", ")),
    };
    format!("unknown key `{unknown}`{place}{advice}")
}

/// Serde's complaint of a text where something else is due, without that text: it may be a key that stands at the wrong place, and its
/// line is named anyway.
fn unquoted(message: &str) -> String {
    let found = ["invalid type: string ", "invalid value: string "];
    let expected = message
        .rfind(", expected ")
        .and_then(|at| message.get(at..))
        .filter(|_| found.iter().any(|start| message.starts_with(start)));
    expected.map_or_else(
        || message.to_owned(),
        |expected| format!("a text stands here{expected}"),
    )
}

/// The unknown key and the known ones, from serde's `unknown field` message, which has no other form than text.
fn unknown_key(message: &str) -> Option<(&str, Vec<&str>)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (unknown, rest) = rest.split_once('`')?;
    Some((unknown, rest.split('`').skip(1).step_by(2).collect()))
}

/// The known name that was most likely meant by an unknown one, if any is near enough to be worth suggesting.
pub fn nearest<'a>(unknown: &str, known: &[&'a str]) -> Option<&'a str> {
    let slips = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(unknown, name), *name));
    let near = slips.filter(|(slips, name)| *slips <= MAX_SLIPS && *slips < name.len());
    // Swapped letters are likelier than a lost one, so of two that are as near the one of the same length is taken.
    near.min_by_key(|(slips, name)| (*slips, name.len().abs_diff(unknown.len())))
        .map(|(_, name)| name)
}

/// The dotted name of the table whose key starts at `offset`; `None` for a key of the root.
fn table_of(text: &str, offset: usize) -> Option<String> {
    let parsed = DeTable::parse(text).ok()?;
    let mut path = Vec::new();
    find_key(parsed.get_ref(), offset, &mut path).then_some(())?;
    (!path.is_empty()).then(|| path.join("."))
}

/// Whether a key at `offset` is in `table` or below; `path` then holds the tables on the way.
fn find_key(table: &DeTable<'_>, offset: usize, path: &mut Vec<String>) -> bool {
    if table.keys().any(|key| key.span().start == offset) {
        return true;
    }
    table.iter().any(|(key, value)| {
        let DeValue::Table(inner) = Spanned::get_ref(value) else {
            return false;
        };
        path.push(key.get_ref().to_string());
        let found = find_key(inner, offset, path);
        if !found {
            path.pop();
        }
        found
    })
}

/// The line, from 1, on which each key is set, by its dotted name. Nothing for a text that is not TOML.
pub fn lines(text: &str) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    if let Ok(table) = DeTable::parse(text) {
        note_lines(text, table.get_ref(), "", &mut lines);
    }
    lines
}

fn note_lines(text: &str, table: &DeTable<'_>, above: &str, lines: &mut BTreeMap<String, usize>) {
    for (key, value) in table {
        let path = format!("{above}{}", key.get_ref());
        lines.insert(path.clone(), line_of(text, key.span().start));
        if let DeValue::Table(inner) = value.get_ref() {
            note_lines(text, inner, &format!("{path}."), lines);
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    before.split(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::{file, project_file};

    #[test]
    fn mistakes_are_placed_and_explained() {
        let table = [
            (
                "\n\n[task]\n# a comment\nmodle = 'x'\n",
                "f:5: unknown key `modle` in [task]; did you mean `model`?",
            ),
            (
                "defualt_provider = 'x'\n",
                "f:1: unknown key `defualt_provider`; did you mean `default_provider`?",
            ),
            (
                "[providers.mine]\nbase_ulr = 'x'",
                "f:2: unknown key `base_ulr` in [providers.mine]; did you mean `base_url`?",
            ),
            (
                "[providers.mine]\napi_key = 'sk-secret'",
                "f:2: unknown key `api_key` in [providers.mine]; keys are not kept in files: use `api_key_env` or `api_key_cmd`",
            ),
            (
                "[ui]\nzzz = 1",
                "f:2: unknown key `zzz` in [ui]; known are theme, ascii, max_fps",
            ),
            (
                "task.modle = 'x'",
                "f:1: unknown key `modle` in [task]; did you mean `model`?",
            ),
            (
                "[task]\nmode = 'tool'",
                "f:2: unknown mode `tool`: use auto, structured, tools, json or prompt",
            ),
            ("[task]\nreasks = -1", "f:2: invalid value: integer `-1`, expected u32"),
            (
                "[task]\nmax_cost = -0.5",
                "f:2: -0.5 is out of range: it must be 0 or more",
            ),
            (
                "[task]\ntimeout = 'soon'",
                "f:2: `soon` is no span of time: write seconds or units, as in `90`, `90s` or `2m 30s`",
            ),
            (
                "[providers.p]\nheaders = {X-Key = 12345}",
                "f:2: a header's value is text",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(file("f", text).unwrap_err().to_string(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_broken_file_names_its_line() {
        let error = file("f", "[task]\nmodel = 'x'\nmode =\n").unwrap_err().to_string();
        assert!(error.starts_with("f:3: "), "{error}");
    }

    #[test]
    fn every_key_is_known() {
        let text = r#"
            default_provider = "mine"
            [task]
            schema = "s.json"
            instructions = "i"
            model = "m"
            mode = "structured"
            provider = "mine"
            reasks = 1
            retries = 2
            fallback = false
            max_tokens = 100
            max_total_tokens = 1000
            temperature = 0
            timeout = 90
            max_cost = 0.5
            strict_json = true
            allow_any_endpoint = true
            params = { top_p = 0.5, stop = ["x"] }
            [ui]
            theme = "mono"
            ascii = true
            max_fps = 15
            [terminal]
            color = "256"
            kitty_keys = "off"
            [session]
            record = false
            [sessions]
            keep_days = 30
            max_mb = 500
            [local]
            weights = "w.gguf"
            [keys.global]
            run = ["r"]
            [providers.mine]
            kind = "openai"
            base_url = "http://localhost:8080/v1"
            api_key_env = "MINE"
            api_key_cmd = ["pass", "mine"]
            headers = { X-Title = "t" }
            connect_timeout = "5s"
            idle_timeout = 1.5
        "#;
        file("f", text).unwrap();
    }

    #[test]
    fn a_project_may_not_say_where_a_key_goes() {
        let ok = "[task]\nmodel = 'm'\n[ui]\nascii = true\n";
        assert!(project_file("formwork.toml", ok, "u").is_ok());
        let table = [
            (
                "[task]\n[providers.openrouter]\nbase_url = 'http://evil'\n",
                2,
                "providers",
            ),
            ("default_provider = 'x'\n", 1, "default_provider"),
            ("[ui]\n\n[keys]\n", 3, "keys"),
            ("session.record = false\n", 1, "session"),
        ];
        for (text, line, key) in table {
            let expected = format!(
                "formwork.toml:{line}: a project's file may set [task] and [ui] only; `{key}` belongs in ~/config.toml"
            );
            assert_eq!(
                project_file("formwork.toml", text, "~/config.toml")
                    .unwrap_err()
                    .to_string(),
                expected
            );
        }
    }
}
