//! Colours, characters and settings that are wrong.

use crate::binary::TASK;
use crate::desk::{Desk, Seat};
use crate::pty::find;
use std::collections::BTreeSet;
use std::fs;

/// The numbers of all "select graphic rendition" sequences that were written.
fn renditions(raw: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(raw).into_owned();
    let pieces = text.split("\x1b[").skip(1);
    let sequences = pieces.filter_map(|piece| {
        let end = piece.find(|c: char| !(c.is_ascii_digit() || c == ';' || c == ':'))?;
        piece[end..].starts_with('m').then(|| piece[..end].to_owned())
    });
    sequences.collect()
}

/// Looks at everything that has colours.
fn tour(seat: &mut Seat) {
    seat.press("r", &["valid"]);
    seat.send("3]]]");
    seat.press("?", &["Moving about"]);
    seat.send("\x1b");
    seat.no_row(&["Moving about"]);
    seat.press("m", &["Enter use"]);
    seat.quit();
}

#[test]
fn no_color_means_no_colour_and_keeps_the_rest() {
    let desk = Desk::ivan();
    let mut formwork = desk.command(&TASK);
    formwork.env("NO_COLOR", "1");
    let mut seat = desk.start(formwork);
    tour(&mut seat);
    let said = renditions(&seat.raw());
    let colours: Vec<&String> = said
        .iter()
        .filter(|numbers| {
            let first: u32 = numbers.split([';', ':']).next().unwrap().parse().unwrap_or(0);
            // 39, 49 and 59 are the terminal's own.
            matches!(first, 30..=38 | 40..=48 | 58 | 90..=107)
        })
        .collect();
    assert_eq!(colours, Vec::<&String>::new());
    assert!(said.contains("1") && said.contains("7"), "{said:?}");

    // The same tour with colours has some, so the look above can fail.
    let mut seat = desk.task(&[]);
    tour(&mut seat);
    assert!(
        renditions(&seat.raw())
            .iter()
            .any(|numbers| numbers.starts_with("38;5;"))
    );
}

/// The characters that were written and are not ASCII.
fn beyond_ascii(seat: &Seat) -> String {
    let raw = seat.raw();
    let text = String::from_utf8_lossy(&raw);
    let found: BTreeSet<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    found.into_iter().collect()
}

#[test]
fn ascii_means_ascii() {
    let desk = Desk::ivan();
    let mut poor = desk.command(&TASK);
    poor.env("LC_ALL", "C");
    let mut seat = desk.start(poor);
    tour(&mut seat);
    assert_eq!(beyond_ascii(&seat), "");

    desk.set("[ui]\nascii = true");
    let mut seat = desk.task(&[]);
    tour(&mut seat);
    assert_eq!(beyond_ascii(&seat), "");

    desk.set("");
    let mut seat = desk.task(&[]);
    tour(&mut seat);
    assert!(beyond_ascii(&seat).contains('─'));
}

#[test]
fn wrong_themes_and_keys_are_told_and_the_rest_works() {
    let desk = Desk::ivan();
    let themes = desk.bench.home().join("themes");
    fs::create_dir(&themes).unwrap();
    fs::write(themes.join("mine.toml"), "[roles]\nvalid = \"greeen\"\n").unwrap();
    for (settings, said) in [
        ("[ui]\ntheme = \"lihgt\"", "`light`"),
        ("[ui]\ntheme = \"mine\"", "mine.toml"),
        ("[keys.global]\nrun = \"ctrl-shift-nothing\"", "config.toml"),
        ("[keys.global]\nrunn = \"r\"", "did you mean `run`"),
        ("[keys.nowhere]\nrun = \"r\"", "nowhere"),
    ] {
        desk.set(settings);
        let mut seat = desk.start_at(desk.command(&TASK), (140, 30));
        seat.row(&["warning: "]);
        seat.wait_text(said);
        seat.press("r", &["✓ valid"]);
        seat.quit();
    }
}

/// A key of one's own takes the place of the default, in the hints as well.
#[test]
fn own_keys_are_heard_and_shown() {
    let desk = Desk::ivan();
    desk.set("[keys.global]\nrun = \"f9\"\nhelp = []");
    let mut seat = desk.task(&[]);
    seat.row(&["F9 run"]);
    assert!(!seat.shows(&["? help"]));
    // Neither the old key nor the one taken away does anything.
    seat.send("r?");
    seat.press("\x1b[20~", &["✓ valid"]);
    assert!(!seat.shows(&["─ Keys ─"]));
    seat.quit();
    assert_eq!(desk.bench.server.chats().len(), 1);
}

#[test]
fn broken_settings_end_it_before_the_screen_is_taken() {
    let desk = Desk::ivan();
    desk.set("[ui]\ntheem = 1");
    let mut pty = crate::pty::Pty::spawn(desk.command(&TASK), 120, 10);
    assert_eq!(pty.exit().exit_code(), 2);
    assert!(
        pty.text().contains("config.toml") && pty.text().contains("theem"),
        "{}",
        pty.text()
    );
    assert_eq!(find(&pty.raw(), b"\x1b[?1049h"), None);
}
