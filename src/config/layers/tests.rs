//! Layers over each other, in folders of their own.

use super::Config;
use crate::config::settings::{Color, KeyCommand};
use crate::config::{ConfigError, Env};
use crate::task::{Mode, ModeChoice};
use secrecy::ExposeSecret;
use serde_json::json;
use std::fs;
use std::time::Duration;

/// Variables by name.
type Vars<'a> = &'a [(&'a str, &'a str)];

/// Loads with a user's file, a project's file and variables.
fn load(user: &str, project: &str, vars: Vars<'_>) -> Result<Config, ConfigError> {
    let temp = tempfile::tempdir().unwrap();
    let home = temp.path().join("home");
    fs::create_dir(&home).unwrap();
    if !user.is_empty() {
        fs::write(home.join("config.toml"), user).unwrap();
    }
    if !project.is_empty() {
        fs::write(temp.path().join("formwork.toml"), project).unwrap();
    }
    let env: Env = vars
        .iter()
        .copied()
        .chain([("FORMWORK_HOME", home.to_str().unwrap())])
        .collect();
    Config::load(&env, temp.path())
}

#[test]
fn nothing_set_is_built_in() {
    let config = load("", "", &[]).unwrap();
    assert_eq!(config.settings.task, super::super::settings::TaskSettings::default());
    assert!(config.settings.session.record);
    assert_eq!(config.settings.ui.max_fps, 30);
    assert_eq!(
        config.files.iter().map(|file| file.found).collect::<Vec<_>>(),
        [false, false]
    );
    assert!(config.origins.is_empty() && config.unknown_variables.is_empty());
}

#[test]
fn later_layers_win_key_by_key() {
    let user = "[task]\nmodel = 'user'\nreasks = 1\nmode = 'json'\nparams = { topP = 0.1, seed = 1 }\n[terminal]\ncolor = '16'\n";
    let project = "[task]\nmodel = 'project'\nreasks = 5\nparams = { seed = 2 }\n[ui]\nmax_fps = 15\n";
    let vars = [
        ("FORMWORK_TASK__REASKS", "0"),
        ("FORMWORK_TASK__TIMEOUT", "2m"),
        ("FORMWORK_UI__ASCII", "true"),
    ];
    let config = load(user, project, &vars).unwrap();
    let task = &config.settings.task;
    assert_eq!(task.model.as_deref(), Some("project"));
    assert_eq!(task.reasks, Some(0));
    assert_eq!(task.mode, Some(ModeChoice::Only(Mode::Json)));
    assert_eq!(task.timeout, Some(Duration::from_secs(120)));
    assert_eq!(json!(task.params), json!({"topP": 0.1, "seed": 2}));
    assert_eq!(config.settings.terminal.color, Color::Ansi);
    assert!(config.settings.ui.ascii);
    assert_eq!(config.settings.ui.max_fps, 15);
    assert_eq!(config.origins["task.reasks"], "FORMWORK_TASK__REASKS");
    assert_eq!(config.origins["task.params.seed"], "formwork.toml");
    assert!(config.origins["task.params.topP"].ends_with("config.toml"));
}

#[test]
fn variables_of_every_kind() {
    let vars = [
        ("FORMWORK_DEFAULT_PROVIDER", "mine"),
        ("FORMWORK_TASK__MODEL", "4"),
        ("FORMWORK_TASK__MAX_COST", "0.5"),
        ("FORMWORK_TASK__TEMPERATURE", "1"),
        ("FORMWORK_TASK__TIMEOUT", "1.5"),
        ("FORMWORK_TASK__FALLBACK", "false"),
        ("FORMWORK_TASK__PARAMS__TOP_K", "5"),
        ("FORMWORK_TASK__PARAMS__USER", "me"),
        ("FORMWORK_PROVIDERS__MINE__BASE_URL", "http://localhost:1/v1"),
        ("FORMWORK_PROVIDERS__MINE__API_KEY_CMD", r#"["pass", "x"]"#),
        ("FORMWORK_PROVIDERS__MINE__HEADERS__X-TITLE", "t"),
        ("FORMWORK_TEST_SERVER", "ignored"),
        ("FORMWORK_MODEL", "unknown"),
        ("FORMWORK_TASK__MODLE", "unknown"),
        ("FORMWORK_TASK__MODE", ""),
    ];
    let config = load("", "", &vars).unwrap();
    let task = &config.settings.task;
    assert_eq!(config.settings.default_provider.as_deref(), Some("mine"));
    assert_eq!(task.model.as_deref(), Some("4"));
    assert_eq!(
        (task.max_cost, task.temperature, task.fallback),
        (Some(0.5), Some(1.0), Some(false))
    );
    assert_eq!(task.timeout, Some(Duration::from_millis(1500)));
    assert_eq!(json!(task.params), json!({"top_k": 5, "user": "me"}));
    let mine = &config.settings.providers["mine"];
    assert_eq!(mine.base_url.as_deref(), Some("http://localhost:1/v1"));
    assert_eq!(
        mine.api_key_cmd,
        Some(KeyCommand::Argv(vec!["pass".into(), "x".into()]))
    );
    assert_eq!(mine.headers["x-title"].0.expose_secret(), "t");
    assert_eq!(config.unknown_variables, ["FORMWORK_MODEL", "FORMWORK_TASK__MODLE"]);
}

#[test]
fn names_keep_their_case() {
    let config = load(
        "[providers.Mine]\nheaders = { X-Title = 'a', \"x.y\" = 'b' }\n[keys.\"a.b\"]\nRun = 'r'",
        "",
        &[],
    )
    .unwrap();
    let headers: Vec<&String> = config.settings.providers["Mine"].headers.keys().collect();
    assert_eq!(headers, ["X-Title", "x.y"]);
    assert_eq!(json!(config.settings.keys), json!({"a.b": {"Run": "r"}}));
}

#[test]
fn mistakes_name_their_place() {
    let table: [(&str, &str, Vars<'_>, &str); 4] = [
        (
            "\n[task]\nmodle = 'x'",
            "",
            &[],
            "config.toml:3: unknown key `modle` in [task]; did you mean `model`?",
        ),
        (
            "",
            "[providers.openrouter]",
            &[],
            "formwork.toml:1: a project's file may set [task] and [ui] only",
        ),
        ("", "", &[("FORMWORK_TASK__REASKS", "many")], "FORMWORK_TASK__REASKS: "),
        ("", "", &[("FORMWORK_TASK", "x")], "FORMWORK_TASK: "),
    ];
    for (user, project, vars, expected) in table {
        let error = load(user, project, vars).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn header_values_are_not_in_debug() {
    let config = load("[providers.p]\nheaders = { X-Key = 'hush-hush' }", "", &[]).unwrap();
    assert!(!format!("{config:?}").contains("hush"));
}

#[test]
fn a_key_knows_its_place() {
    let user = "[task]\nmodel = 'm'\nreasks = 1\n\n[keys.global]\n# mine\nrun = [\n  'R',\n]\nquit = 'Q'\n";
    let config = load(user, "[task]\nmodel = 'n'\n", &[("FORMWORK_TASK__REASKS", "2")]).unwrap();
    let table = [
        ("keys.global.run", Some("config.toml:7")),
        ("keys.global.quit", Some("config.toml:10")),
        ("task.model", Some("formwork.toml:2")),
        ("task.reasks", Some("FORMWORK_TASK__REASKS")),
        ("task.mode", None),
    ];
    for (key, expected) in table {
        let place = config.place(key);
        assert_eq!(place.is_some(), expected.is_some(), "{key}");
        assert!(
            place.unwrap_or_default().ends_with(expected.unwrap_or_default()),
            "{key}"
        );
    }
}
