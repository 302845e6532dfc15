//! The table of actions.
//!
//! Owns each action's name, description and default keys. Every action has a key that any terminal sends, over SSH and in tmux:
//! function keys are extras only, and nothing needs Ctrl-Enter or Shift-Enter.

use super::Context::{Editor, Global, List, Output, Typing};
use super::{Action, Context, Row};

const fn row(
    action: Action,
    name: &'static str,
    description: &'static str,
    keys: &'static [(Context, &'static [&'static str])],
) -> Row {
    Row {
        action,
        name,
        description,
        keys,
    }
}

/// The table. `S` and `F8` are kept for the sessions, and the keys of the timeline are its own while it has the focus.
pub const ACTIONS: &[Row] = &[
    row(
        Action::Run,
        "run",
        "run the task",
        &[
            (Global, &["r", "ctrl-r", "alt-enter", "f5"]),
            (Typing, &["ctrl-r", "alt-enter", "f5"]),
        ],
    ),
    row(
        Action::Cancel,
        "cancel",
        "cancel the run; without one, quit",
        &[(Global, &["ctrl-c"]), (Typing, &["ctrl-c"])],
    ),
    row(
        Action::Quit,
        "quit",
        "quit",
        &[(Global, &["q", "ctrl-q"]), (Typing, &["ctrl-q"])],
    ),
    row(
        Action::Suspend,
        "suspend",
        "go back to the shell; `fg` returns",
        &[(Global, &["ctrl-z"]), (Typing, &["ctrl-z"])],
    ),
    row(Action::NextPane, "next-pane", "the next pane", &[(Global, &["tab"])]),
    row(
        Action::PreviousPane,
        "previous-pane",
        "the previous pane",
        &[(Global, &["shift-tab"])],
    ),
    row(Action::PaneSchema, "schema", "the pane Schema", &[(Global, &["1"])]),
    row(Action::PaneInput, "input", "the pane Input", &[(Global, &["2"])]),
    row(Action::PaneOutput, "output", "the pane Output", &[(Global, &["3"])]),
    row(Action::Type, "type", "type into the pane", &[(Editor, &["i", "enter"])]),
    row(
        Action::Back,
        "back",
        "leave typing, a search, an overlay or full screen",
        &[(Global, &["esc"]), (Typing, &["esc"])],
    ),
    row(
        Action::Undo,
        "undo",
        "take back the last edit",
        &[(Editor, &["u"]), (Typing, &["alt-u"])],
    ),
    row(
        Action::Redo,
        "redo",
        "do it again",
        &[(Editor, &["U"]), (Typing, &["alt-shift-u"])],
    ),
    row(
        Action::OpenEditor,
        "editor",
        "open the text in $VISUAL or $EDITOR",
        &[(Editor, &["e"]), (Typing, &["alt-e"])],
    ),
    row(
        Action::WriteSchema,
        "write",
        "write the schema to its file",
        &[(Global, &["w"])],
    ),
    row(
        Action::LoadFile,
        "load",
        "load a file into the pane",
        &[(Editor, &["o"])],
    ),
    row(Action::PickModel, "model", "pick a model", &[(Global, &["m"])]),
    row(Action::NextMode, "next-mode", "take the next mode", &[(Global, &["M"])]),
    row(
        Action::PickMode,
        "mode",
        "pick a mode and see its plan",
        &[(Global, &["x"])],
    ),
    row(Action::PickProvider, "provider", "pick a provider", &[(Global, &["P"])]),
    row(Action::NextTab, "next-tab", "the next tab", &[(Global, &["]"])]),
    row(
        Action::PreviousTab,
        "previous-tab",
        "the previous tab",
        &[(Global, &["["])],
    ),
    row(
        Action::FullScreen,
        "full-screen",
        "the pane on the whole screen, and back",
        &[(Global, &["f"])],
    ),
    row(Action::Up, "up", "up", &[(List, &["up", "k"])]),
    row(Action::Down, "down", "down", &[(List, &["down", "j"])]),
    row(
        Action::Left,
        "left",
        "left; fold, or to the parent",
        &[(List, &["left", "h"])],
    ),
    row(
        Action::Right,
        "right",
        "right; unfold, or to the first child",
        &[(List, &["right", "l"])],
    ),
    row(Action::PageUp, "page-up", "a page up", &[(List, &["pageup"])]),
    row(Action::PageDown, "page-down", "a page down", &[(List, &["pagedown"])]),
    row(Action::HalfUp, "half-up", "half a page up", &[(List, &["ctrl-u"])]),
    row(
        Action::HalfDown,
        "half-down",
        "half a page down",
        &[(List, &["ctrl-d"])],
    ),
    row(Action::Top, "top", "to the first line", &[(List, &["g", "home"])]),
    row(Action::Bottom, "bottom", "to the last line", &[(List, &["G", "end"])]),
    row(
        Action::Open,
        "open",
        "open what is under the cursor",
        &[(Output, &["enter"])],
    ),
    row(
        Action::Fold,
        "fold",
        "fold or unfold what is under the cursor",
        &[(Output, &["space"])],
    ),
    row(Action::FoldAll, "fold-all", "fold everything", &[(Output, &["z m"])]),
    row(
        Action::UnfoldAll,
        "unfold-all",
        "unfold everything",
        &[(Output, &["z r"])],
    ),
    row(Action::Follow, "follow", "follow the stream again", &[(Output, &["F"])]),
    row(Action::Search, "search", "search in the pane", &[(List, &["/"])]),
    row(Action::NextMatch, "next-match", "to the next match", &[(List, &["n"])]),
    row(
        Action::PreviousMatch,
        "previous-match",
        "to the previous match",
        &[(List, &["N"])],
    ),
    row(
        Action::NextProblem,
        "next-problem",
        "to the next problem",
        &[(List, &["}"])],
    ),
    row(
        Action::PreviousProblem,
        "previous-problem",
        "to the previous problem",
        &[(List, &["{"])],
    ),
    row(
        Action::CopyValue,
        "copy-value",
        "copy the value under the cursor",
        &[(Global, &["y y"])],
    ),
    row(
        Action::CopyPointer,
        "copy-pointer",
        "copy its JSON Pointer",
        &[(Global, &["y p"])],
    ),
    row(Action::CopyAll, "copy-all", "copy the whole", &[(Global, &["y a"])]),
    row(
        Action::CopyCurl,
        "copy-curl",
        "copy the request as a curl command",
        &[(Global, &["y c"])],
    ),
    row(
        Action::Save,
        "save",
        "save what the pane shows to a file",
        &[(Global, &["s"])],
    ),
    row(
        Action::Help,
        "help",
        "what the keys do",
        &[(Global, &["?", "f1"]), (Typing, &["f1"])],
    ),
    row(
        Action::Palette,
        "palette",
        "every action, to be searched",
        &[(Global, &[":", "ctrl-p"]), (Typing, &["ctrl-p"])],
    ),
    row(
        Action::ToggleMouse,
        "mouse",
        "let the mouse scroll and choose panes, or leave it to the terminal",
        &[(Global, &["T", "alt-m"])],
    ),
];
