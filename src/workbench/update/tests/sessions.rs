//! The browser of sessions: listing, choosing, changing, and what must not happen while something is under way.

use super::*;
use crate::session::store::Discarded;
use crate::workbench::effect::Answer;
use crate::workbench::overlays::{Preview, SessionList, SessionRow, Source};
use std::path::PathBuf;

fn row(name: &str, outcome: &'static str) -> SessionRow {
    SessionRow {
        source: Source::File(PathBuf::from(format!("{name}.jsonl"))),
        title: name.to_owned(),
        titled: true,
        when: "2 h ago".into(),
        model: "acme/quick".into(),
        mode: "tools".into(),
        outcome,
        cost: "$0.0012".into(),
        tokens: "853".into(),
        runs: 1,
        search: format!("text of {name}"),
    }
}

fn list() -> SessionList {
    let ships = SessionRow {
        source: Source::Ships("user".into()),
        when: "ships".into(),
        ..row("user", "valid")
    };
    SessionList {
        rows: [row("letter", "valid"), row("bill", "invalid"), ships].into(),
        ..SessionList::default()
    }
}

fn browsing(mut stage: Stage) -> Stage {
    assert_eq!(stage.press("S"), "list sessions");
    stage.answer(Answer::Sessions(list()));
    stage
}

fn is_open(stage: &Stage) -> bool {
    matches!(stage.model.overlay, Some(Overlay::Sessions(_)))
}

#[test]
fn it_opens_at_once_and_the_list_comes_into_it() {
    let mut stage = ready();
    assert_eq!(stage.press("f8"), "list sessions");
    assert!(stage.screen().contains("listing"));
    stage.answer(Answer::Sessions(list()));
    assert!(stage.screen().contains("3 of 3"), "{}", stage.screen());
    // What was listed is there the next time, while the new list is made.
    stage.press("esc S");
    assert!(stage.screen().contains("3 of 3"));
}

#[test]
fn what_the_cursor_rests_on_is_looked_into_once() {
    let mut stage = browsing(ready());
    assert_eq!(stage.wait(100), "preview File(\"letter.jsonl\")");
    assert_eq!(stage.wait(1_000), "");
    let preview = Preview {
        input: "Dear Ada".into(),
        schema: "name, age int".into(),
        value: "{\"name\":\"Ada\"}".into(),
    };
    stage.answer(Answer::Preview(Source::File("letter.jsonl".into()), Ok(preview)));
    let screen = stage.screen();
    for words in ["Dear Ada", "name, age int", "{\"name\":\"Ada\"}"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    // A late one for another session changes nothing.
    stage.press("down");
    stage.answer(Answer::Preview(Source::File("letter.jsonl".into()), Err("gone".into())));
    assert!(!stage.screen().contains("gone"));
    assert_eq!(stage.wait(100), "preview File(\"bill.jsonl\")");
}

#[test]
fn keys_do_what_the_border_says() {
    let table = [
        ("enter", "go to Replay(File(\"letter.jsonl\"))"),
        ("down enter", "go to Replay(File(\"bill.jsonl\"))"),
        ("end enter", "go to Replay(Ships(\"user\"))"),
        ("ctrl-o", "go to Session(\"letter.jsonl\")"),
        ("ctrl-f", "fork File(\"letter.jsonl\")"),
        ("end ctrl-f", "fork Ships(\"user\")"),
        ("ctrl-x", "delete letter.jsonl"),
        ("end ctrl-x", ""),
        ("end ctrl-o", ""),
        ("alt-u", ""),
        ("ctrl-t x enter", "rename letter.jsonl to letterx"),
        ("ctrl-t ctrl-u enter", "rename letter.jsonl to "),
        ("ctrl-t x esc", ""),
        ("b i l l enter", "go to Replay(File(\"bill.jsonl\"))"),
        ("alt-i enter", "go to Replay(File(\"bill.jsonl\"))"),
        ("alt-c", ""),
    ];
    for (keys, expected) in table {
        assert_eq!(browsing(ready()).press(keys), expected, "{keys}");
    }
}

#[test]
fn what_was_deleted_comes_back() {
    let mut stage = browsing(ready());
    stage.press("ctrl-x");
    let gone = |name: &str| Discarded {
        path: format!("{name}.jsonl").into(),
        kept: "kept".into(),
    };
    stage.answer(Answer::Discarded(gone("letter")));
    assert!(toasts(&stage.model).contains("Alt-U"), "{}", toasts(&stage.model));
    assert_eq!(stage.told(), "list sessions");
    assert_eq!(stage.press("alt-u"), "restore");
    assert_eq!(stage.press("alt-u"), "");
    stage.answer(Answer::SessionChanged(Err("the disk is full".into())));
    assert!(toasts(&stage.model).contains("the disk is full"));
}

#[test]
fn what_is_under_way_is_not_ended_and_what_is_written_nowhere_is_asked_for() {
    let mut running = ready();
    running.lived(&crate::workbench::panes::fixtures::streaming());
    let mut running = browsing(running);
    for keys in ["enter", "ctrl-o"] {
        assert_eq!(running.press(keys), "", "{keys}");
        assert!(is_open(&running));
        assert!(toasts(&running.model).contains("a run is under way"));
    }
    let mut unsaved = ready();
    unsaved.model.recording = Recording::Off;
    unsaved.press("2 i a esc");
    let mut unsaved = browsing(unsaved);
    assert_eq!(unsaved.press("ctrl-o"), "journal draft");
    assert_eq!(unsaved.press("o"), "go to Session(\"letter.jsonl\")");
    // The one that is open is neither opened nor deleted.
    let mut open = ready();
    open.model.recording = Recording::Into("letter.jsonl".into());
    let mut open = browsing(open);
    assert_eq!(open.press("ctrl-x"), "");
    assert_eq!(open.press("ctrl-o"), "");
    assert!(!is_open(&open));
}

#[test]
fn a_replay_looks_and_changes_nothing() {
    let stage = || {
        browsing(Stage::replaying(
            (120, 40),
            &crate::workbench::panes::fixtures::replayed(),
        ))
    };
    for keys in ["ctrl-x", "ctrl-f", "alt-u", "ctrl-t x enter"] {
        let told = stage().press(keys);
        assert!(
            !told.contains("delete") && !told.contains("fork") && !told.contains("rename"),
            "{keys}: {told}"
        );
    }
    assert_eq!(stage().press("down enter"), "go to Replay(File(\"bill.jsonl\"))");
}
