//! The doctor looks at folders made for the purpose.

use super::{Streams, main};
use crate::cli::exit::Exit;
use crate::config::Env;
use serde_json::Value;
use std::fs;

/// What doctor prints and how it ends, with a user's file and variables; the temporary folder's name becomes `~`.
fn doctor(json: bool, user: &str, vars: &[(&str, &str)]) -> (Exit, String) {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("config.toml"), user).unwrap();
    fs::create_dir(temp.path().join("sessions")).unwrap();
    fs::write(temp.path().join("sessions/a.jsonl"), "x".repeat(2048)).unwrap();
    fs::write(temp.path().join("sessions/notes"), "x").unwrap();
    fs::create_dir(temp.path().join("cache")).unwrap();
    fs::write(temp.path().join("cache/models.json"), "{}").unwrap();
    let home = temp.path().to_str().unwrap();
    let env: Env = vars.iter().copied().chain([("FORMWORK_HOME", home)]).collect();
    let streams = Streams {
        stdin: true,
        size: Some((80, 24)),
        ..Streams::default()
    };
    let mut out = Vec::new();
    let exit = main(json, &env, temp.path(), streams, &mut out).unwrap();
    (exit, String::from_utf8(out).unwrap().replace(home, "~"))
}

#[test]
fn what_is_found_is_said_and_keys_are_not() {
    let user = "[task]\nmodel = 'm'\n[providers.mine]\nbase_url = 'http://me:pw@host/v1'\napi_key_cmd = 'cat hush'\n";
    let vars = [
        ("OPENROUTER_API_KEY", "sk-or-hush"),
        ("FORMWORK_TASK__MODEL", "other"),
        ("FORMWORK_MODEL", "x"),
        ("TERM", "xterm\x1b"),
        ("LANG", "de_DE.UTF-8"),
        ("LC_ALL", "C"),
        ("TMUX", "/tmp/x"),
    ];
    let (exit, text) = doctor(false, user, &vars);
    assert_eq!(exit, Exit::Valid);
    let lines = [
        "read  ",
        "~/config.toml\n",
        "not there",
        "task.model",
        "set by FORMWORK_TASK__MODEL\n",
        "FORMWORK_MODEL is no setting of formwork and is ignored\n",
        "key: set, from OPENROUTER_API_KEY\n",
        "key: not set; looked at OPENAI_API_KEY\n",
        "key: from api_key_cmd, which was not run\n",
        "used        openrouter\n",
        "terminals  stdin\n",
        "80×24\n",
        "xterm␛\n",
        "not UTF-8: set LANG",
        "through    tmux\n",
        "~/sessions (1 session, 2 KiB)\n",
        "models.json: 2 B, ",
    ];
    for line in lines {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    for secret in ["hush", "pw", "\x1b"] {
        assert!(!text.contains(secret), "{secret:?} in\n{text}");
    }
}

#[test]
fn json_says_the_same() {
    let (exit, text) = doctor(true, "", &[("OPENROUTER_API_KEY", "sk-or-hush")]);
    assert_eq!(exit, Exit::Valid);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["chosen"], "openrouter");
    assert_eq!(report["terminal"]["stdin"], true);
    assert_eq!(report["folders"]["session_count"], 1);
    assert_eq!(report["files"][0]["found"], true);
    assert!(!text.contains("hush"));
}

#[test]
fn nothing_set_up_says_what_to_do() {
    let (_, text) = doctor(false, "", &[]);
    assert!(
        text.contains("set OPENROUTER_API_KEY, or name a server with --base-url"),
        "{text}"
    );
    let (_, text) = doctor(false, "default_provider = 'gone'", &[]);
    assert!(
        text.contains("none: the settings ask for `gone`, which is not set up\n"),
        "{text}"
    );
}

#[test]
fn broken_settings_do_not_stop_the_doctor() {
    let (exit, text) = doctor(false, "[task]\nmodle = 'x'", &[]);
    assert_eq!(exit, Exit::Usage);
    assert!(
        text.contains("~/config.toml:2: unknown key `modle` in [task]; did you mean `model`?\n"),
        "{text}"
    );
    assert!(text.contains("\nTerminal\n") && text.contains("\nFolders\n"), "{text}");
}
