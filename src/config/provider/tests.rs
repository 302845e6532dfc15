//! Who is chosen, and with which key and address.

use super::{KeySource, ProviderFlags, ResolvedProvider};
use crate::config::{Config, ConfigError, Env, ProviderKind};
use secrecy::ExposeSecret;
use std::fs;

/// Variables by name.
type Vars<'a> = &'a [(&'a str, &'a str)];

fn resolve(user: &str, vars: Vars<'_>, flags: ProviderFlags<'_>) -> Result<ResolvedProvider, ConfigError> {
    let (config, env) = load(user, vars);
    config.resolve_provider(flags, &env)
}

fn load(user: &str, vars: Vars<'_>) -> (Config, Env) {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("config.toml"), user).unwrap();
    let path = ("PATH", std::env::var("PATH").unwrap());
    let home = ("FORMWORK_HOME", temp.path().to_str().unwrap().to_owned());
    let vars = vars.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let env: Env = vars.chain([path, home]).collect();
    (Config::load(&env, temp.path()).unwrap(), env)
}

const NONE: ProviderFlags<'static> = ProviderFlags {
    provider: None,
    base_url: None,
    model: None,
};
const MODEL: ProviderFlags<'static> = ProviderFlags {
    model: Some("m"),
    ..NONE
};
const URL: ProviderFlags<'static> = ProviderFlags {
    base_url: Some("http://localhost:8080/v1/"),
    ..NONE
};
const OPENROUTER: ProviderFlags<'static> = ProviderFlags {
    provider: Some("openrouter"),
    ..NONE
};
const OPENAI: ProviderFlags<'static> = ProviderFlags {
    provider: Some("openai"),
    ..NONE
};
const LOCAL: ProviderFlags<'static> = ProviderFlags {
    provider: Some("local"),
    ..NONE
};
const KEY: (&str, &str) = ("OPENROUTER_API_KEY", "sk-or");
const OTHER_KEY: (&str, &str) = ("OPENAI_API_KEY", "sk-oa");
const MINE: &str = "[providers.mine]\nbase_url = 'http://mine/v1'\n";

#[test]
fn choices() {
    let openrouter = "https://openrouter.ai/api/v1";
    let localhost = "http://localhost:8080/v1";
    let table: [(&str, Vars<'_>, ProviderFlags<'_>, [&str; 3]); 15] = [
        ("", &[KEY], NONE, ["openrouter", openrouter, "sk-or"]),
        ("", &[KEY, OTHER_KEY], MODEL, ["openrouter", openrouter, "sk-or"]),
        ("", &[KEY], URL, ["openrouter", localhost, "sk-or"]),
        ("", &[], URL, ["openai", localhost, ""]),
        ("", &[OTHER_KEY], URL, ["openai", localhost, "sk-oa"]),
        (
            "[providers.openai]\nbase_url = 'http://localhost:8080/v1'",
            &[],
            MODEL,
            ["openai", localhost, ""],
        ),
        ("", &[], NONE, ["local", "", ""]),
        ("", &[KEY], LOCAL, ["local", "", ""]),
        (
            "",
            &[KEY, OTHER_KEY],
            OPENAI,
            ["openai", "https://api.openai.com/v1", "sk-oa"],
        ),
        (MINE, &[OTHER_KEY], NONE, ["mine", "http://mine/v1", ""]),
        (MINE, &[KEY], NONE, ["openrouter", openrouter, "sk-or"]),
        (
            &format!("default_provider = 'mine'\n{MINE}"),
            &[KEY],
            NONE,
            ["mine", "http://mine/v1", ""],
        ),
        (
            &format!("default_provider = 'mine'\n{MINE}"),
            &[KEY],
            OPENROUTER,
            ["openrouter", openrouter, "sk-or"],
        ),
        (
            &format!("[task]\nprovider = 'mine'\n{MINE}"),
            &[KEY],
            NONE,
            ["mine", "http://mine/v1", ""],
        ),
        (
            &format!("{MINE}api_key_env = 'MY_KEY'"),
            &[("MY_KEY", " sk-my\n")],
            NONE,
            ["mine", "http://mine/v1", "sk-my"],
        ),
    ];
    for (user, vars, flags, expected) in table {
        let found = resolve(user, vars, flags).unwrap();
        let key = found.key.as_ref().map_or("", |key| key.expose_secret());
        assert_eq!(
            [found.name.as_str(), found.base_url.as_str(), key],
            expected,
            "{user:?} {vars:?} {flags:?}"
        );
    }
}

#[test]
fn a_list_of_models_needs_no_key() {
    let openrouter = "https://openrouter.ai/api/v1";
    let elsewhere = "[providers.openrouter]\nbase_url = 'https://proxy/v1'";
    let failing = "[providers.openrouter]\napi_key_cmd = 'exit 1'";
    let table: [(&str, Vars<'_>, ProviderFlags<'_>, [&str; 3]); 8] = [
        ("", &[], NONE, ["openrouter", openrouter, ""]),
        ("", &[KEY], NONE, ["openrouter", openrouter, ""]),
        (failing, &[], NONE, ["openrouter", openrouter, ""]),
        (elsewhere, &[], NONE, ["openrouter", "https://proxy/v1", ""]),
        (elsewhere, &[KEY], NONE, ["openrouter", "https://proxy/v1", "sk-or"]),
        ("", &[], URL, ["openai", "http://localhost:8080/v1", ""]),
        (
            "",
            &[OTHER_KEY],
            OPENAI,
            ["openai", "https://api.openai.com/v1", "sk-oa"],
        ),
        (MINE, &[], NONE, ["mine", "http://mine/v1", ""]),
    ];
    for (user, vars, flags, expected) in table {
        let (config, env) = load(user, vars);
        let found = config.resolve_catalogue(flags, &env).unwrap();
        let key = found.key.as_ref().map_or("", |key| key.expose_secret());
        let found = [found.name.as_str(), found.base_url.as_str(), key];
        assert_eq!(found, expected, "{user:?} {vars:?} {flags:?}");
    }
    let (config, env) = load("", &[]);
    let error = config.resolve_catalogue(OPENAI, &env).unwrap_err();
    assert!(
        matches!(error, ConfigError::Key(_)),
        "OpenAI's own list is not public: {error}"
    );
}

#[test]
fn local_is_by_default_only_when_nothing_was_asked() {
    assert!(resolve("", &[], NONE).unwrap().by_default);
    assert!(!resolve("", &[], LOCAL).unwrap().by_default);
}

#[test]
fn what_cannot_be_is_said() {
    let two = "[providers.a]\nkind = 'openai'\n[providers.b]\nkind = 'openai'\n";
    let bad_key = [("OPENROUTER_API_KEY", "sk or")];
    let url = |base_url| ProviderFlags {
        base_url: Some(base_url),
        ..NONE
    };
    let table: [(&str, Vars<'_>, ProviderFlags<'_>, &str); 14] = [
        ("", &[], OPENROUTER, "OPENROUTER_API_KEY is not set"),
        ("", &[], MODEL, "OPENROUTER_API_KEY is not set"),
        ("", &[OTHER_KEY], MODEL, "`--provider openai` would use it"),
        ("[task]\nmodel = 'm'", &[], NONE, "OPENROUTER_API_KEY is not set"),
        ("", &[], OPENAI, "OPENAI_API_KEY is not set"),
        ("", &bad_key, NONE, "the key in OPENROUTER_API_KEY holds a space"),
        (
            "[providers.mine]\nkind = 'openrouter'\nbase_url = 'http://m'",
            &[],
            NONE,
            "set its `api_key_env`",
        ),
        (
            "",
            &[],
            ProviderFlags {
                provider: Some("mine"),
                ..NONE
            },
            "known are local, openai, openrouter",
        ),
        (two, &[], NONE, "(a, b): choose with --provider"),
        (
            "[providers.a]\nkind = 'openai'",
            &[],
            NONE,
            "`a` is missing: give --base-url",
        ),
        (
            "",
            &[],
            ProviderFlags {
                base_url: Some("http://x"),
                ..LOCAL
            },
            "it takes no address",
        ),
        ("", &[], url("localhost:8080"), "must start with http://"),
        ("", &[], url("http://me:pw@host/v1"), "holds a user name or password"),
        ("", &[], url("http://host/v1?key=x"), "must end before"),
    ];
    for (user, vars, flags, expected) in table {
        let error = resolve(user, vars, flags).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("pw") && !error.contains("sk or"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_command_gives_the_key() {
    let user = "[providers.openrouter]\napi_key_cmd = 'echo sk-cmd'\n";
    let found = resolve(user, &[], NONE).unwrap();
    assert_eq!(found.key.unwrap().expose_secret(), "sk-cmd");
    assert_eq!(found.key_source, KeySource::Command);
    let failing = resolve(
        "[providers.openrouter]\napi_key_cmd = 'echo sk-cmd; exit 7'\n",
        &[],
        NONE,
    )
    .unwrap_err();
    assert!(matches!(failing, ConfigError::Key(_)));
    let failing = failing.to_string();
    assert!(
        failing.contains("exit status: 7") && !failing.contains("sk-cmd"),
        "{failing}"
    );
}

#[test]
fn another_tongue_takes_nothing_built_in_with_it() {
    let user = "[providers.openai]\nkind = 'openrouter'\nbase_url = 'http://stranger/v1'\n";
    let error = resolve(user, &[KEY, OTHER_KEY], OPENAI).unwrap_err();
    assert!(matches!(error, ConfigError::Key(_)), "{error}");
}

#[test]
fn keys_are_not_in_debug() {
    let user = "[providers.openrouter]\nheaders = { X-Key = 'hush' }\nidle_timeout = 5\n";
    let found = resolve(user, &[KEY], NONE).unwrap();
    assert_eq!(found.kind, ProviderKind::OpenRouter);
    assert_eq!(found.idle_timeout.as_secs(), 5);
    assert_eq!(found.key_source, KeySource::Variable("OPENROUTER_API_KEY".into()));
    let shown = format!("{found:?}");
    assert!(!shown.contains("sk-or") && !shown.contains("hush"), "{shown}");
}
