//! Settings: `config.toml`, the project's file and the variables; themes; keys.

use crate::drive::{Target, folder, gist, shape};
use fastrand::Rng;
use formwork::config::{Config, ConfigError, Env, ProviderFlags};
use formwork::term::depth::Depth;
use formwork::workbench::action::{Action, Context};
use formwork::workbench::keymap::{Keymap, help, parse_keys, shown};
use formwork::workbench::theme;
use serde_json::{Map, Value};
use std::fs;

pub const CONFIG: Target = Target {
    name: "config",
    seeds: &[
        "default_provider = \"work\"\n[task]\nmodel = \"qwen3\"\nreasks = 1\nmode = 'json'\nparams = {seed = 7}\n[providers.work]\nkind = \"openai\"\nbase_url = \"https://llm.example.com/v1\"\napi_key_env = \"WORK_LLM_KEY\"\nheaders = {X-A = \"1\"}\nidle_timeout = \"5s\"\n",
        "[ui]\ntheme = \"dark\"\nascii = true\n[terminal]\ncolor = \"256\"\n[keys.global]\nrun = [\"r\", \"f9\"]\nquit = \"ctrl-q\"\n[local]\nweights = \"a.gguf\"\n",
        "FORMWORK_TASK__MODEL=4\nFORMWORK_KEYS__GLOBAL__RUN=[\"f9\"]\nFORMWORK_TASK__PARAMS__SEED=7\n",
        "[providers.openrouter]\napi_key_cmd = [\"pass\", \"show\"]\n[task]\ntimeout = 90\nmax_cost = 0.5\nmax_tokens = 100\n",
    ],
    tokens: &[
        "[task]\n",
        "[ui]\n",
        "[providers.x]\n",
        "[[providers]]\n",
        "model = ",
        "\"\"\"",
        "'''",
        "= [",
        "= {",
        "\n",
        "FORMWORK_TASK__",
        "FORMWORK_UI__",
        "__",
        "=",
        "reasks",
        "= -1",
        "= 1e400",
        "= nan",
        "= 2026-01-01",
        ".",
        "a.b.c = 1\n",
        "task.",
        "= true",
        "timeout",
        "\"5s\"",
        "\"-5s\"",
        "\"99999999999999d\"",
        "kind",
        "\"local\"",
        "base_url = \"http://user:pw@h/\"\n",
        "\"http://[::1\"",
    ],
    check: config,
};

pub const THEME: Target = Target {
    name: "theme",
    seeds: &[
        include_str!("../../themes/mono.toml"),
        include_str!("../../themes/dark.toml"),
        "inherits = \"dark\"\nsixteen = \"mono\"\n[palette]\nmine = \"#ff8800\"\n[roles]\ntext = { fg = \"mine\", bg = \"black\", bold = true }\ntab = {}\n",
    ],
    tokens: &[
        "inherits = \"light\"\n",
        "inherits = ",
        "[palette]\n",
        "[roles]\n",
        "fg = ",
        "bg = ",
        "\"#12345\"",
        "\"#ffffff\"",
        "\"bright-red\"",
        "\"mine\"",
        "bold = true",
        "= {}",
        "= []",
        "dim = 1",
        "sixteen = ",
        "\n",
        "text = ",
        "\"default\"",
        "\"256\"",
    ],
    check: theme,
};

pub const KEYS: Target = Target {
    name: "keys",
    seeds: &[
        "[global]\nrun = [\"r\", \"f9\"]\nquit = \"ctrl-q\"\n[output]\nfold-all = \"z c\"\n[typing]\nfull-screen = \"alt-f\"\n",
        "[list]\nup = []\ndown = [\"j\", \"ctrl-alt-shift-x\", \"space\", \"z z z\"]\n[editor]\nundo = \"r\"\nredo = \"q\"\n",
        "[global]\nback = []\nquit = []\ncancel = []\n[typing]\nback = []\n",
    ],
    tokens: &[
        "[global]\n",
        "[typing]\n",
        "[editor]\n",
        "[output]\n",
        "[list]\n",
        "\"ctrl-",
        "\"alt-",
        "shift-",
        "f12",
        "\"z ",
        "esc",
        "enter",
        "space",
        "tab",
        "up",
        "= []",
        "= \"",
        "run",
        "quit",
        "back",
        "fold-all",
        "next-pane",
        "\" \"",
        "-",
        "\n",
        "ctrl-i",
        "ctrl-m",
        "\u{e9}",
    ],
    check: keys,
};

/// Lines that look like variables are variables as well.
fn config(input: &[u8], _: &mut Rng) -> u64 {
    let text = String::from_utf8_lossy(input);
    let folder = folder();
    fs::write(folder.path().join("config.toml"), input).unwrap();
    let work = folder.path().join("work");
    fs::create_dir(&work).unwrap();
    fs::write(work.join("formwork.toml"), text.split("[ui]").next().unwrap()).unwrap();
    let variables = text
        .lines()
        .filter_map(|line| line.strip_prefix("FORMWORK_")?.split_once('='));
    let variables: Vec<(String, String)> = variables
        .filter(|(name, value)| !name.contains('\0') && !value.contains('\0'))
        .map(|(name, value)| (format!("FORMWORK_{name}"), value.to_owned()))
        .collect();
    let home = (String::from("FORMWORK_HOME"), folder.path().display().to_string());
    let mut shapes = Vec::new();
    for (files, variables) in [(true, &[][..]), (false, &variables[..])] {
        if !files {
            fs::remove_file(folder.path().join("config.toml")).unwrap();
            fs::remove_file(work.join("formwork.toml")).unwrap();
        }
        let env: Env = variables
            .iter()
            .filter(|(name, _)| name != "FORMWORK_HOME")
            .cloned()
            .chain([home.clone()])
            .collect();
        shapes.push(loaded(&Config::load(&env, &work), &text, &env));
    }
    shape(shapes)
}

fn loaded(config: &Result<Config, ConfigError>, text: &str, env: &Env) -> String {
    match config {
        Ok(config) => {
            for key in config.origins.keys() {
                let place = config.place(key).unwrap();
                assert!(!place.is_empty());
            }
            drop(config.choose(ProviderFlags::default(), env));
            let (keymap, _) = Keymap::new(&config.settings.keys, |key| config.place(key));
            way_out(&keymap);
            let mut keys: Vec<&str> = config.origins.keys().map(String::as_str).collect();
            keys.truncate(6);
            keys.join(" ")
        }
        Err(error) => {
            if let ConfigError::At { line, .. } = error {
                assert!((1..=text.split('\n').count() + 1).contains(line), "{error}");
            }
            assert!(
                !matches!(error, ConfigError::Merge(_)),
                "layers that are right must fit together: {error}"
            );
            let error = error.to_string();
            assert!(error.len() < 3000, "{error}");
            gist(&error)
        }
    }
}

fn theme(input: &[u8], _: &mut Rng) -> u64 {
    let text = String::from_utf8_lossy(input);
    match theme::parse(&text, "mine.toml") {
        Ok(theme) => {
            let styles = [Depth::TrueColor, Depth::Indexed, Depth::Ansi, Depth::None]
                .map(|depth| format!("{:?}", theme.styles(depth)));
            shape(styles)
        }
        Err(error) => {
            assert!((1..=text.split('\n').count() + 1).contains(&error.line), "{error:?}");
            assert!(error.what.len() < 3000, "{error}");
            shape(gist(&error.what))
        }
    }
}

fn keys(input: &[u8], _: &mut Rng) -> u64 {
    let text = String::from_utf8_lossy(input);
    for line in text.lines().take(20) {
        if let Ok(keys) = parse_keys(line) {
            assert!(!keys.is_empty());
            // What is shown of a key is a way to write it.
            let written = shown(&keys);
            assert_eq!(
                parse_keys(&written).as_ref(),
                Ok(&keys),
                "{line:?} is shown as {written:?}"
            );
        }
    }
    let table = text
        .parse::<toml::Table>()
        .ok()
        .and_then(|table| serde_json::to_value(table).ok());
    let Some(Value::Object(table)) = table else {
        return shape(text.lines().count().min(9));
    };
    let (keymap, problems) = Keymap::new(&table, |key| Some(key.to_owned()));
    way_out(&keymap);
    drop(help(&keymap, &[]));
    let defaults = Keymap::new(&Map::new(), |_| None);
    assert!(defaults.1.is_empty());
    assert!(problems.iter().all(|problem| problem.len() < 3000));
    let said: Vec<String> = problems.iter().take(5).map(|problem| gist(problem)).collect();
    shape(said)
}

/// Whatever is set: one can leave, and one can stop typing.
fn way_out(keymap: &Keymap) {
    for (action, context) in [
        (Action::Quit, Context::Global),
        (Action::Back, Context::Global),
        (Action::Back, Context::Typing),
    ] {
        assert!(
            !keymap.keys_of(action, context).is_empty(),
            "{action:?} has no key in {context:?}"
        );
    }
}
