//! For each action: what to do first, what is to be seen when its key is pressed, and how to go back.

/// Something that can be waited for.
#[derive(Clone, Copy)]
pub(crate) enum Sign {
    /// A row of the screen has these, in this order.
    Shown(&'static [&'static str]),
    /// No row has them.
    Gone(&'static [&'static str]),
    /// The program has written this since.
    Written(&'static str),
}

use Sign::{Gone, Shown, Written};

/// One action in one place. Everything starts in the pane Schema, or typing at the beginning of the input.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    /// What to send before the key, and what shows that it has come.
    pub before: &'static str,
    pub ready: Sign,
    /// What the key does.
    pub sign: Sign,
    /// What to send after it, and what shows that it has come. What is open then is closed by Esc.
    pub after: &'static str,
    pub over: Sign,
}

/// Always so.
const ANYWAY: Sign = Shown(&["3 Fields"]);

/// A pasted word, and the way to it: no key of it can be mistaken.
const PASTE: &str = "\x1b[200~PASTED \x1b[201~";

const fn at_once(sign: Sign) -> Case {
    first("", ANYWAY, sign)
}

const fn first(before: &'static str, ready: Sign, sign: Sign) -> Case {
    then(before, ready, sign, "", ANYWAY)
}

const fn then(before: &'static str, ready: Sign, sign: Sign, after: &'static str, over: Sign) -> Case {
    Case {
        before,
        ready,
        sign,
        after,
        over,
    }
}

/// Where the cursor of the input is: at the beginning of its first line, and of its last.
const TOP: &[&str] = &["2 Input", " 1:1 "];
const SECOND: &[&str] = &["2 Input", " 2:1 "];
const LAST: &[&str] = &["2 Input", " 60:1 "];

/// The case of an action.
pub(crate) fn case(action: &str, typing: bool) -> Case {
    let running = Shown(&["answering"]);
    let idle = Gone(&["answering"]);
    match action {
        "run" => then("", ANYWAY, running, "\x03", idle),
        "cancel" if typing => first("\x12", running, Shown(&["! cancelled"])),
        "cancel" => first("r", running, Shown(&["! cancelled"])),
        "quit" => at_once(Shown(&["quit without a session?"])),
        "suspend" => at_once(Shown(&["no shell to go back to"])),
        "schema" => first("2", Shown(&["o load"]), Shown(&["w write"])),
        "input" | "next-pane" => at_once(Shown(&["o load"])),
        "output" | "previous-pane" => at_once(Shown(&["Space fold"])),
        "type" => at_once(Shown(&["typing"])),
        "back" if typing => at_once(Gone(&["typing"])),
        "back" => first("f", Gone(&["3 Fields"]), Shown(&["3 Fields"])),
        "undo" if typing => first(PASTE, Shown(&["PASTED"]), Gone(&["PASTED"])),
        "undo" => first("2\x1b[200~PASTED \x1b[201~", Shown(&["PASTED"]), Gone(&["PASTED"])),
        "redo" if typing => then(
            "\x1b[200~PASTED \x1b[201~\x1bu",
            Gone(&["PASTED"]),
            Shown(&["PASTED"]),
            "\x1bu",
            Gone(&["PASTED"]),
        ),
        "redo" => then(
            "2\x1b[200~PASTED \x1b[201~u",
            Gone(&["PASTED"]),
            Shown(&["PASTED"]),
            "u",
            Gone(&["PASTED"]),
        ),
        "editor" => then("", ANYWAY, Written("editing: "), "\r", Shown(&["exit status"])),
        "write" | "save" => at_once(Shown(&["─ Save to ─"])),
        "load" => at_once(Shown(&["─ Load from ─"])),
        "model" => at_once(Shown(&["─ Model ─"])),
        "next-mode" => at_once(Shown(&["mode structured"])),
        "mode" => at_once(Shown(&["─ Mode ─"])),
        "provider" => at_once(Shown(&["─ Provider ─"])),
        "sessions" => at_once(Shown(&["─ Sessions ─"])),
        "timeline" => at_once(Shown(&["only in a replay"])),
        "take-draft" => first("3", Shown(&["Space fold"]), Shown(&["only in a replay"])),
        "help" => at_once(Shown(&["─ Keys ─"])),
        "palette" => at_once(Shown(&["─ Actions ─"])),
        "mouse" => then(
            "",
            ANYWAY,
            Written("\x1b[?1006h"),
            "T",
            Shown(&["the mouse is the terminal's"]),
        ),
        _ => moving(action),
    }
}

/// The same on the timeline of a replay. Everything starts at its beginning, and pauses.
pub(crate) fn on_timeline(action: &str) -> Case {
    let (start, end) = (Shown(&["event 0 of 13"]), Shown(&["event 13 of 13"]));
    match action {
        // A frame back pauses, however far it has come.
        "play" => then("", start, Shown(&["replay playing"]), ",", Shown(&["replay paused"])),
        "previous-frame" => first("..", Shown(&["event 2 of"]), Shown(&["event 1 of"])),
        "next-frame" => first("", start, Shown(&["event 1 of"])),
        "previous-field" => first("G", end, Shown(&["(field closed)"])),
        "next-field" => first("", start, Shown(&["(field closed)"])),
        "previous-attempt" => first("G", end, Shown(&["(fallback)"])),
        "next-attempt" => first("", start, Shown(&["(first attempt)"])),
        "seek-back" => first("G", end, Shown(&["0.3 s of 1.3 s"])),
        "seek-forward" => first("", start, Shown(&["1.0 s of 1.3 s"])),
        "seek-tenth" => first("G,", Shown(&["event 12 of"]), Gone(&["event 12 of"])),
        "seek-start" => first("G", end, start),
        "seek-end" => first("", start, end),
        "slower" => then("", start, Shown(&["×½"]), "=", Gone(&["×"])),
        "faster" => then("", start, Shown(&["×2"]), "=", Gone(&["×"])),
        "normal-speed" => first(">", Shown(&["×2"]), Gone(&["×2"])),
        "take-draft" => first("", start, Shown(&["ready"])),
        _ => panic!("{action} has no case on the timeline: write one"),
    }
}

/// What moves, folds and copies.
fn moving(action: &str) -> Case {
    let fields = Shown(&["Space fold"]);
    match action {
        "next-tab" => then("3", fields, Shown(&["F follow"]), "[", fields),
        "previous-tab" => then("3", fields, Shown(&["y c curl", "s save"]), "]", fields),
        "full-screen" => then("", ANYWAY, Gone(&["3 Fields"]), "f", ANYWAY),
        "up" => first("2gj", Shown(SECOND), Shown(TOP)),
        "down" => first("2g", Shown(TOP), Shown(SECOND)),
        "left" => first("2gl", Shown(&["2 Input", " 1:2 "]), Shown(TOP)),
        "right" => first("2g", Shown(TOP), Shown(&["2 Input", " 1:2 "])),
        "page-up" | "half-up" => first("2gG", Shown(LAST), Gone(LAST)),
        "page-down" | "half-down" => first("2g", Shown(TOP), Gone(TOP)),
        "top" => first("2gG", Shown(LAST), Shown(TOP)),
        "bottom" => first("2g", Shown(TOP), Shown(LAST)),
        "open" => then("3]]gjj", Shown(&["▸ 1"]), Shown(&["▾ 1"]), "\r[[", fields),
        "fold" => then(
            "3g",
            Shown(&["▾ Answer"]),
            Shown(&["▸ Answer"]),
            " ",
            Shown(&["▾ Answer"]),
        ),
        "fold-all" => then("3g", Shown(&["▾", "addresses"]), Shown(&["▸"]), "zr", Gone(&["▸"])),
        "unfold-all" => first("3gzm", Shown(&["▸"]), Gone(&["▸"])),
        "follow" => then(
            "3rk",
            Shown(&["F follows"]),
            Shown(&[" following "]),
            "\x03",
            Gone(&["answering"]),
        ),
        "search" => first("2g", Shown(TOP), Written("\x1b[?25h")),
        "next-match" => first("2g/\x15line\r", Shown(TOP), Shown(SECOND)),
        "previous-match" => first("2g/\x15line\rn", Shown(SECOND), Shown(TOP)),
        "next-problem" | "previous-problem" => then(
            "1G\x1b[200~tall bol, \x1b[201~g",
            Shown(&["did you"]),
            Shown(&["1 Schema", " 2:6 "]),
            "u",
            Gone(&["did you"]),
        ),
        "copy-value" => at_once(Shown(&["line sent to the terminal's clipboard"])),
        "copy-pointer" => first("3g", fields, Shown(&["pointer sent to the terminal's clipboard"])),
        "copy-all" => at_once(Shown(&["text sent to the terminal's clipboard"])),
        "copy-curl" => at_once(Shown(&["curl command sent to the terminal's clipboard"])),
        _ => panic!("{action} has no case: write one"),
    }
}
