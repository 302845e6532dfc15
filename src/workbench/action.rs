//! Everything that a key can do, in one table.
//!
//! Owns the actions, their names, descriptions, contexts and default keys (design §6). The keymap, the hint line, the help, the
//! palette, `[keys]` in the settings and the README's table are made from it.

use std::fmt;

/// Where a key means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Everywhere but where text is typed.
    Global,
    /// While text is typed into an editor. Plain letters are text there.
    Typing,
    /// In the panes Schema and Input while nothing is typed.
    Editor,
    /// In the pane Output.
    Output,
    /// In every pane and list: moving about.
    List,
}

impl Context {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 5] = [Self::Global, Self::Editor, Self::Typing, Self::Output, Self::List];

    /// The word in `[keys.<context>]`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Typing => "typing",
            Self::Editor => "editor",
            Self::Output => "output",
            Self::List => "list",
        }
    }
}

/// What a key can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Start a run.
    Run,
    /// Cancel the run, or quit when there is none.
    Cancel,
    /// Quit.
    Quit,
    /// Stop the program and go back to the shell.
    Suspend,
    /// Focus the next pane.
    NextPane,
    /// Focus the previous pane.
    PreviousPane,
    /// Focus the schema.
    PaneSchema,
    /// Focus the input.
    PaneInput,
    /// Focus the output.
    PaneOutput,
    /// Type into the pane.
    Type,
    /// Leave typing, a search, full screen, an overlay: whatever is innermost.
    Back,
    /// Take back the last edit.
    Undo,
    /// Do it again.
    Redo,
    /// Open the pane's text in `$EDITOR`.
    OpenEditor,
    /// Write the schema to its file.
    WriteSchema,
    /// Load a text from a file into the pane.
    LoadFile,
    /// Pick a model.
    PickModel,
    /// Take the next mode.
    NextMode,
    /// Pick a mode, with the plan of each.
    PickMode,
    /// Pick a provider.
    PickProvider,
    /// Show the next tab.
    NextTab,
    /// Show the previous tab.
    PreviousTab,
    /// The pane on the whole screen, and back.
    FullScreen,
    /// One up.
    Up,
    /// One down.
    Down,
    /// Left, or fold, or to the parent.
    Left,
    /// Right, or unfold, or to the first child.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Half a page up.
    HalfUp,
    /// Half a page down.
    HalfDown,
    /// To the first.
    Top,
    /// To the last.
    Bottom,
    /// Open what is under the cursor.
    Open,
    /// Fold or unfold what is under the cursor.
    Fold,
    /// Fold everything.
    FoldAll,
    /// Unfold everything.
    UnfoldAll,
    /// Follow the stream again.
    Follow,
    /// Search in the pane.
    Search,
    /// To the next match.
    NextMatch,
    /// To the previous match.
    PreviousMatch,
    /// To the next problem.
    NextProblem,
    /// To the previous problem.
    PreviousProblem,
    /// Copy the value under the cursor.
    CopyValue,
    /// Copy its JSON Pointer.
    CopyPointer,
    /// Copy the whole.
    CopyAll,
    /// Copy the request as a curl command.
    CopyCurl,
    /// Save what the pane shows to a file.
    Save,
    /// What the keys do.
    Help,
    /// Every action, to be searched.
    Palette,
    /// Let the mouse scroll and choose panes, or leave it to the terminal.
    ToggleMouse,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The action.
    pub action: Action,
    /// Its name in the settings and the palette.
    pub name: &'static str,
    /// What it does, for the help.
    pub description: &'static str,
    /// Where its keys mean it, each with its default keys. A key is written as in the settings: `r`, `f5`, `alt-enter`, `ctrl-r`,
    /// and several keys one after the other with a space between them: `y p`.
    pub keys: &'static [(Context, &'static [&'static str])],
}

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

use Context::{Editor, Global, List, Output, Typing};

/// The table.
pub const ACTIONS: &[Row] = &[
    row(
        Action::Run,
        "run",
        "run the task",
        &[
            (Global, &["r", "f5", "alt-enter", "ctrl-r"]),
            (Typing, &["f5", "alt-enter", "ctrl-r"]),
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
        &[(Editor, &["U"]), (Typing, &["alt-U"])],
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
        &[(Global, &["alt-m"])],
    ),
];

impl Action {
    /// Its row.
    pub fn row(self) -> Option<&'static Row> {
        ACTIONS.iter().find(|row| row.action == self)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.row().map_or("", |row| row.name))
    }
}
