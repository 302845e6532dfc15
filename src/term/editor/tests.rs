//! The editor's command line, its file, and what comes back.

use super::*;

fn env<const N: usize>(vars: [(&str, &str); N]) -> Env {
    vars.into_iter().collect()
}

fn words(editor: &Editor) -> Vec<&str> {
    std::iter::once(&editor.program)
        .chain(&editor.arguments)
        .map(String::as_str)
        .collect()
}

#[test]
fn the_editor_is_the_users() {
    type Vars = [(&'static str, &'static str)];
    let table: [(&Vars, &[&str]); 8] = [
        (&[], &["vi"]),
        (&[("EDITOR", "nano")], &["nano"]),
        (&[("EDITOR", "nano"), ("VISUAL", "vim")], &["vim"]),
        (&[("EDITOR", "nano"), ("VISUAL", "")], &["nano"]),
        (&[("EDITOR", "nano"), ("VISUAL", "  ")], &["nano"]),
        (&[("VISUAL", "code --wait -n")], &["code", "--wait", "-n"]),
        (
            &[("EDITOR", "'/opt/my editor/e' -c \"a b\"")],
            &["/opt/my editor/e", "-c", "a b"],
        ),
        (&[("EDITOR", "   ")], &["vi"]),
    ];
    for (vars, expected) in table {
        let editor = Editor::find(&vars.iter().copied().collect()).unwrap();
        assert_eq!(words(&editor), expected, "{vars:?}");
    }
}

#[test]
fn a_command_line_with_an_open_quote_is_refused() {
    let error = Editor::find(&env([("VISUAL", "vim 'a")])).unwrap_err().to_string();
    assert!(error.starts_with("VISUAL is not a command line"), "{error}");
}

#[test]
fn the_file_is_private_named_and_removed() {
    let draft = Draft::new("{}", ".json", &Env::default()).unwrap();
    let path = draft.path().to_owned();
    assert_eq!(path.extension().unwrap(), "json");
    assert_eq!(fs::read_to_string(&path).unwrap(), "{}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(draft);
    assert!(!path.exists());
    let error = Draft::new("", "", &env([("TMPDIR", "/nowhere/at/all")])).unwrap_err();
    assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
}

#[test]
fn what_comes_back_is_compared_without_the_editors_last_line_end() {
    let changed = |text: &str| Edited::Changed(text.to_owned());
    let table = [
        ("a", "a", Edited::Unchanged),
        ("a", "a\n", Edited::Unchanged),
        ("a\n", "a\n", Edited::Unchanged),
        ("a\n", "a", changed("a")),
        ("a", "b\n", changed("b")),
        ("a\n", "b\n", changed("b\n")),
        ("a", "b\n\n", changed("b\n")),
        ("", "\n", Edited::Unchanged),
        ("a", "", changed("")),
    ];
    for (before, after, expected) in table {
        let draft = Draft::new(before, ".txt", &Env::default()).unwrap();
        // As editors do that write another file and rename it.
        let other = draft.path().with_extension("new");
        fs::write(&other, after).unwrap();
        fs::rename(&other, draft.path()).unwrap();
        assert_eq!(draft.read(before).unwrap(), expected, "{before:?} to {after:?}");
    }
}

#[test]
fn what_is_not_text_is_kept() {
    let draft = Draft::new("a", ".txt", &Env::default()).unwrap();
    let path = draft.path().to_owned();
    fs::write(&path, b"\xff\xfe").unwrap();
    let error = draft.read("a").unwrap_err().to_string();
    assert!(
        error.contains("not UTF-8") && error.contains(path.to_str().unwrap()),
        "{error}"
    );
    assert_eq!(fs::read(&path).unwrap(), b"\xff\xfe");
    fs::remove_file(path).unwrap();
}

#[cfg(unix)]
#[test]
fn an_editor_that_fails_or_is_not_there_says_so() {
    let run = |line: &str| Editor::find(&env([("EDITOR", line)])).unwrap().run(Path::new("x"));
    run("true").unwrap();
    let failed = run("sh -c 'exit 3'").unwrap_err().to_string();
    assert!(failed.contains("`sh` ended with exit status: 3"), "{failed}");
    let missing = run("no-such-editor-here").unwrap_err().to_string();
    assert!(missing.contains("`no-such-editor-here` cannot be started"), "{missing}");
}
