//! The layers of settings and their sum.
//!
//! Owns which files are read, the `FORMWORK_*` variables, the order in which they win, and the record of who won. The check of
//! each file by itself belongs to `strict`, flags to `cli`.

use super::{ConfigError, Env, Paths, Settings, strict};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The project's file, looked for in the current folder only.
const PROJECT_FILE: &str = "formwork.toml";

/// What every variable of ours starts with.
const PREFIX: &str = "FORMWORK_";

/// Variables of ours that are no settings.
const NOT_SETTINGS: [&str; 8] = [
    "FORMWORK_HOME",
    "FORMWORK_TEST_SERVER",
    "FORMWORK_CORPORA",
    "FORMWORK_WRITE",
    "FORMWORK_FUZZ_SECONDS",
    "FORMWORK_FUZZ_SEED",
    "FORMWORK_SOAK_RUNS",
    "FORMWORK_SOAK_SEED",
];

/// The resolved settings, and where they came from.
#[derive(Clone, Debug)]
pub struct Config {
    /// The settings.
    pub settings: Settings,
    /// Where formwork keeps its files.
    pub paths: Paths,
    /// The files that were looked for, weakest first.
    pub files: Vec<FileSeen>,
    /// Who set each key that is not built in: a dotted key to a file's or a variable's name.
    pub origins: BTreeMap<String, String>,
    /// The line in that file, by the same dotted keys; tables have one, too.
    pub lines: BTreeMap<String, usize>,
    /// `FORMWORK_*` variables that mean nothing.
    pub unknown_variables: Vec<String>,
}

/// A settings file that was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSeen {
    /// Where.
    pub path: PathBuf,
    /// Whether it is there.
    pub found: bool,
}

/// One layer: a table and, for each of its keys, who set it.
#[derive(Default)]
struct Layer {
    table: toml::Table,
    origins: BTreeMap<String, String>,
    lines: BTreeMap<String, usize>,
    unknown: Vec<String>,
}

impl Config {
    /// Reads the layers below the flags. `cwd` is the project's folder.
    ///
    /// # Errors
    /// The first mistake, weakest layer first.
    pub fn load(env: &Env, cwd: &Path) -> Result<Self, ConfigError> {
        let paths = Paths::from_env(env, cwd)?;
        let user_path = paths.config_file();
        let user_name = user_path.display().to_string();
        let project_path = cwd.join(PROJECT_FILE);
        let user = read(&user_path)?;
        let project = read(&project_path)?;
        let layers = [
            file_layer(&user_name, user.as_deref(), |text| strict::file(&user_name, text))?,
            file_layer(PROJECT_FILE, project.as_deref(), |text| {
                strict::project_file(PROJECT_FILE, text, &user_name)
            })?,
            variables(env)?,
        ];
        let files = vec![
            FileSeen {
                path: user_path,
                found: user.is_some(),
            },
            FileSeen {
                path: project_path,
                found: project.is_some(),
            },
        ];
        let settings = merge(&layers)?;
        let mut origins = BTreeMap::new();
        let mut lines = BTreeMap::new();
        let mut unknown_variables = Vec::new();
        for layer in layers {
            // What a later layer sets has no line in an earlier one's file.
            lines.retain(|key, _| !layer.origins.contains_key(key));
            lines.extend(layer.lines);
            origins.extend(layer.origins);
            unknown_variables.extend(layer.unknown);
        }
        Ok(Self {
            settings,
            paths,
            files,
            origins,
            lines,
            unknown_variables,
        })
    }

    /// Who set a key, for the start of a sentence: a file and the line in it, or a variable. `None` if it is built in.
    pub fn place(&self, key: &str) -> Option<String> {
        let who = self.origins.get(key)?;
        Some(match self.lines.get(key) {
            Some(line) => format!("{who}:{line}"),
            None => who.clone(),
        })
    }
}

fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(source) => Err(ConfigError::Read {
            file: path.to_owned(),
            source,
        }),
    }
}

fn file_layer(
    name: &str,
    text: Option<&str>,
    check: impl Fn(&str) -> Result<toml::Table, ConfigError>,
) -> Result<Layer, ConfigError> {
    let table = text.map(check).transpose()?.unwrap_or_default();
    let mut origins = BTreeMap::new();
    note_origins(&table, "", name, &mut origins);
    Ok(Layer {
        table,
        origins,
        lines: text.map(strict::lines).unwrap_or_default(),
        unknown: Vec::new(),
    })
}

/// Writes down who set the leaves of a table.
fn note_origins(table: &toml::Table, above: &str, who: &str, origins: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let path = if above.is_empty() {
            key.clone()
        } else {
            format!("{above}.{key}")
        };
        match value.as_table() {
            Some(inner) => note_origins(inner, &path, who, origins),
            None => {
                origins.insert(path, who.to_owned());
            }
        }
    }
}

/// The layer of `FORMWORK_*`: names in lower case, `__` between a table and its key, a value as text or, where text does not fit, as
/// JSON.
fn variables(env: &Env) -> Result<Layer, ConfigError> {
    let mut layer = Layer::default();
    let ours = env
        .iter()
        .filter(|(name, _)| name.starts_with(PREFIX) && !NOT_SETTINGS.contains(name));
    for (name, value) in ours {
        let value = value.to_str().ok_or_else(|| ConfigError::Variable {
            name: name.to_owned(),
            message: "its value is not UTF-8".to_owned(),
        })?;
        let path = name.strip_prefix(PREFIX).unwrap_or_default().to_lowercase();
        let path: Vec<&str> = path.split("__").collect();
        match variable(&path, value) {
            Ok(table) => {
                note_origins(&table, "", name, &mut layer.origins);
                graft(&mut layer.table, table);
            }
            Err((true, _)) => layer.unknown.push(name.to_owned()),
            Err((false, message)) => {
                return Err(ConfigError::Variable {
                    name: name.to_owned(),
                    message,
                });
            }
        }
    }
    Ok(layer)
}

/// A variable's value at its place, in the first reading that the settings take.
fn variable(path: &[&str], value: &str) -> Result<toml::Table, (bool, String)> {
    let text = toml::Value::String(value.to_owned());
    let json = serde_json::from_str::<serde_json::Value>(value)
        .ok()
        .and_then(|value| toml::Value::try_from(value).ok());
    // Where anything goes, a number is meant as a number, and a list as a list; elsewhere a model may well be called 4.
    let anything_goes = matches!(path, ["task", "params", ..] | ["keys", ..]);
    let readings = match json {
        None => vec![text],
        Some(json) if anything_goes || json.is_array() => vec![json, text],
        Some(json) => vec![text, json],
    };
    let mut refusal = (true, String::new());
    for reading in readings {
        let table = nest(path, reading);
        match strict::variable(table.clone()) {
            Ok(()) => return Ok(table),
            Err(found) => refusal = found,
        }
    }
    Err(refusal)
}

fn nest(path: &[&str], value: toml::Value) -> toml::Table {
    match path {
        [] => toml::Table::new(),
        [last] => toml::Table::from_iter([((*last).to_owned(), value)]),
        [first, rest @ ..] => toml::Table::from_iter([((*first).to_owned(), toml::Value::Table(nest(rest, value)))]),
    }
}

/// Puts one table into another, table by table.
fn graft(into: &mut toml::Table, from: toml::Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(value)) => graft(inner, value),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

fn merge(layers: &[Layer]) -> Result<Settings, ConfigError> {
    let broken = |error: &dyn std::fmt::Display| ConfigError::Merge(error.to_string());
    let mut builder = ::config::Config::builder();
    for layer in layers {
        // As text, because `config` takes a dot in a key apart when it is handed a value.
        let text = toml::to_string(&layer.table).map_err(|error| broken(&error))?;
        builder = builder.add_source(::config::File::from_str(&text, ::config::FileFormat::Toml));
    }
    let whole = builder.build().map_err(|error| broken(&error))?;
    whole.try_deserialize().map_err(|error| broken(&error))
}

#[cfg(test)]
mod tests;
