//! Replays and the browser on whole screens.

use super::*;
use crate::term::depth::Depth;
use crate::workbench::overlays::{Preview, SessionList, SessionRow, Source};
use crate::workbench::stage::{look, theme};
use crate::workbench::styles::{Glyphs, Look};

fn replaying(size: (u16, u16), keys: &str) -> Stage {
    let mut stage = Stage::replaying(size, &fixtures::replayed());
    stage.press(keys);
    stage
}

#[test]
fn a_replay() {
    at_sizes("replay_opened", |size| replaying(size, ""));
    at_sizes("replay_fallback", |size| replaying(size, "W W ] ]"));
    at_sizes("replay_half", |size| replaying(size, "G B w"));
    at_sizes("replay_playing", |size| {
        let mut stage = replaying(size, "G B w > space");
        stage.pass(300);
        stage
    });
    at_sizes("replay_end", |size| replaying(size, "G"));
}

#[test]
fn what_if() {
    let tried = |size| {
        let mut stage = replaying(size, "G tab");
        let text = fixtures::SCHEMA
            .replace("\"minimum\":0", "\"minimum\":50")
            .replace("\"user\"]", "\"user\"],\"maxLength\":2");
        stage.model.schema.set_text(&text);
        stage.press("i");
        stage.types(" ");
        stage.press("esc 4");
        stage
    };
    at_sizes("what_if", tried);
    at_sizes("what_if_attempts", |size| {
        let mut stage = tried(size);
        stage.press("] ]");
        stage
    });
}

#[test]
fn the_browser() {
    at_sizes("sessions", |size| {
        let mut stage = Stage::new(size);
        stage.press("S");
        let row = |name: &str, outcome| SessionRow {
            source: Source::File(format!("{name}.jsonl").into()),
            title: name.into(),
            titled: true,
            when: "2 h ago".into(),
            model: "acme/quick".into(),
            mode: "tools".into(),
            outcome,
            cost: "$0.0012".into(),
            tokens: "853".into(),
            runs: 1,
            search: String::new(),
        };
        let rows = [row("A letter about Ada", "valid"), row("A bill", "invalid")];
        stage.answer(Answer::Sessions(SessionList {
            rows: rows.into(),
            ..SessionList::default()
        }));
        stage.pass(100);
        let preview = Preview {
            input: INPUT.into(),
            schema: "name, age int".into(),
            value: "{\"name\":\"Ada\",\"age\":36}".into(),
        };
        stage.answer(Answer::Preview(
            Source::File("A letter about Ada.jsonl".into()),
            Ok(preview),
        ));
        stage
    });
}

/// Everything of a timeline can be told without colours, and with ASCII alone.
#[test]
fn a_timeline_needs_no_colours() {
    let stage = replaying((120, 40), "G B w");
    let mono = Look {
        styles: theme("mono").styles(Depth::Ansi),
        glyphs: Glyphs::ASCII,
    };
    for (look, glyphs) in [(&look(Depth::Ansi), Glyphs::UNICODE), (&mono, Glyphs::ASCII)] {
        let buf = stage.buffer(look);
        let row = |y: u16| -> String { (0..120).map(|x| buf[(x, y)].symbol()).collect() };
        let (bar, marks) = (row(36), row(37));
        for glyph in [glyphs.played, glyphs.ahead, glyphs.paused] {
            assert!(bar.contains(glyph), "{glyph}: {bar}");
        }
        for glyph in [glyphs.arrow, glyphs.first_token, glyphs.field, glyphs.end] {
            assert!(marks.contains(glyph), "{glyph}: {marks}");
        }
    }
    // Where the focus is shows, too.
    let other = replaying((120, 40), "G B w tab");
    assert_ne!(stage.buffer(&mono), other.buffer(&mono));
}
