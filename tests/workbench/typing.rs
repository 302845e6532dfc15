//! Text into the editors: nothing of it is a command, and nothing of it is lost.

use crate::desk::{Desk, gated};
use crate::pty::find;
use crate::support::Script;

#[test]
fn what_is_typed_is_text() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    seat.press("2i", &["Input", "typing"]);
    // Every letter here is a command elsewhere.
    seat.press("qrmMxPfuUewo?:/nNyys ", &["qrmMxPfuUewo?:/nNyys Ivan"]);
    seat.press("\r\r", &["typing", "3:1"]);
    seat.press("\x1b", &["i type"]);
    assert!(!seat.shows(&["typing"]));
    // Every word is an edit.
    seat.press("uuuuuuuu", &["  1 Ivan is 28"]);
    seat.no_row(&["qrm"]);
    seat.press("UUUUUUUU", &["qrmMxPfuUewo"]);
    seat.quit();
    assert_eq!(desk.bench.server.chats().len(), 0);
}

#[test]
fn the_schema_is_checked_while_it_is_typed() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    seat.press("Gi\x1b[F, tall bol", &["did you"]);
    seat.row(&["`bool`?"]);
    seat.press("\x7fol", &["tall", "boolean"]);
    seat.no_row(&["did you"]);
    seat.quit();
}

/// A megabyte with everything in it that would do something if it were keys: one edit, taken back as one.
#[test]
fn a_large_paste_is_one_edit() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    seat.press("2", &["o load"]);
    let line = "q r m :quit \x03\x11 \x1b[A ZZ\r\n";
    let lines = 1_000_000 / line.len();
    let last = format!("{}", lines + 1);
    seat.send(["\x1b[200~", &line.repeat(lines), "\x1b[201~"].concat());
    seat.row(&["2 Input", &format!("{last}:1")]);
    assert_eq!(desk.bench.server.chats().len(), 0);
    seat.press("u", &["  1 Ivan is 28 years old"]);
    seat.press("U", &[&last]);
    seat.quit();
    assert_eq!(find(&seat.raw(), b" \x03"), None);
}

#[test]
fn a_paste_into_the_output_says_where_to_go() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    seat.send("3");
    seat.press("\x1b[200~qqq\x1b[201~", &["nothing was pasted"]);
    seat.quit();
}

/// A slow link cuts the keys of a terminal in two: three harmless keys, of which none destroys anything.
#[test]
fn a_split_escape_does_no_damage() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    seat.press("2iAda. ", &["Ada. Ivan"]);
    // Esc leaves typing; `[` and `A` are then keys of their own.
    seat.press("\x1b", &["i type"]);
    seat.press("[", &["Instructions", "1:1"]);
    seat.send("A");
    seat.press("]", &["Ada. Ivan is 28"]);
    seat.quit();
}

/// Not the text, not what was pressed before, not a run.
#[test]
fn esc_never_destroys_anything() {
    let (reply, gates) = gated(&["{\"name\": \"Ivan\",", " \"age\": 28}"]);
    let desk = Desk::new(Script::new([reply]));
    let mut seat = desk.task(&[]);
    // The plan that `x` shows is made.
    seat.row(&["structured (auto)"]);
    seat.send("2");
    for (keys, shown) in [
        ("i", "typing"),
        ("m", "Enter use"),
        ("x", "Enter use"),
        ("P", "Enter use"),
        ("?", "Esc close"),
        (":", "Enter do it"),
        ("s", "Save to"),
        ("o", "Load from"),
        ("y", "copy-value"),
    ] {
        seat.press(keys, &[shown]);
        seat.send("\x1b");
        seat.no_row(&[shown]);
    }
    seat.send("r");
    seat.row(&["name", "\"Ivan\""]);
    for _ in 0..3 {
        seat.send("\x1b");
    }
    gates[0].notify_one();
    seat.row(&["valid"]);
    for text in ["name, age int", "Ivan is 28 years old"] {
        seat.row(&[text]);
    }
    seat.quit();
}

#[test]
fn a_storm_of_sizes_ends_with_the_last_one() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    for step in 0..60_u16 {
        seat.resize(2 + step * 37 % 190, 2 + step * 23 % 60);
    }
    seat.resize(30, 8);
    seat.row(&["formwork needs 40x12"]);
    seat.row(&["this is 30x8"]);
    seat.resize(40, 12);
    seat.row(&["1 Schema"]);
    seat.row(&["3 Fields"]);
    seat.resize(120, 40);
    seat.wait("the whole width", |screen| {
        let rows: Vec<String> = screen.rows(0, 120).collect();
        rows[0].contains("1 Schema")
            && rows[0].contains("3 Fields")
            && rows[38].contains("ready")
            && rows[39].contains("help")
    });
    seat.quit();
}

/// Keys and a new size that come at the same moment: the terminal's end of the one must not lose the other.
#[test]
fn a_key_that_comes_with_a_resize_is_read() {
    let desk = Desk::ivan();
    let mut seat = desk.task(&[]);
    seat.press("2ix", &["xIvan"]);
    let mut typed = "x".to_owned();
    for round in 0..16 {
        seat.resize(60 + round, 20);
        seat.resize(100, 30);
        seat.send("x");
        typed.push('x');
        seat.row(&[&format!("{typed}Ivan")]);
    }
    seat.quit();
}
