//! Everything that a key can do, in one table.
//!
//! Owns the actions and where they mean something; `table` has their names, descriptions and default keys (design §6). The keymap,
//! the hint line, the help, the palette, `[keys]` in the settings and the README's table are made from it.

mod readme;
mod table;

pub use readme::markdown_table;
pub use table::ACTIONS;

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
    /// On the timeline of a replay.
    Timeline,
    /// In every pane and list: moving about.
    List,
}

impl Context {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 6] = [
        Self::Global,
        Self::Editor,
        Self::Typing,
        Self::Output,
        Self::List,
        Self::Timeline,
    ];

    /// Where a key is looked up while text is typed, most particular first.
    pub const TYPING: &[Self] = &[Self::Typing];
    /// The same for the panes Schema and Input while nothing is typed.
    pub const EDITOR: &[Self] = &[Self::Editor, Self::List, Self::Global];
    /// The same for the pane Output.
    pub const OUTPUT: &[Self] = &[Self::Output, Self::List, Self::Global];
    /// The same for the timeline: what it leaves is the pane Output's above it.
    pub const TIMELINE: &[Self] = &[Self::Timeline, Self::Output, Self::List, Self::Global];

    /// Whether both can be looked up for one key, and neither is there to go before the other: the timeline's keys are.
    pub fn overlaps(self, other: Self) -> bool {
        let together = [Self::TYPING, Self::EDITOR, Self::OUTPUT];
        self == other || together.iter().any(|all| all.contains(&self) && all.contains(&other))
    }

    /// The word in `[keys.<context>]`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Typing => "typing",
            Self::Editor => "editor",
            Self::Output => "output",
            Self::Timeline => "timeline",
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
    /// The recorded sessions.
    Sessions,
    /// Focus the timeline.
    PaneTimeline,
    /// Play or pause.
    Play,
    /// An event back.
    PreviousFrame,
    /// An event on.
    NextFrame,
    /// Back to where a field had closed.
    PreviousField,
    /// On to where a field closes.
    NextField,
    /// Back to where an attempt began.
    PreviousAttempt,
    /// On to where an attempt begins.
    NextAttempt,
    /// Some time back.
    SeekBack,
    /// Some time on.
    SeekForward,
    /// To a tenth of the whole: the key says which.
    SeekTenth,
    /// To the beginning.
    SeekStart,
    /// To the end.
    SeekEnd,
    /// Half as fast.
    Slower,
    /// Twice as fast.
    Faster,
    /// As fast as it was.
    NormalSpeed,
    /// Make the replayed moment a draft that can be changed and run.
    TakeDraft,
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
    /// Where its keys mean it, each with its default keys, the one for the hints first. It is possible there alone, as far as these
    /// are the editors, the output or the timeline. A key is written as in the settings: `r`,
    /// `U`, `f5`, `alt-enter`, `ctrl-r`, and several keys one after the other with a space between them: `y p`.
    pub keys: &'static [(Context, &'static [&'static str])],
}

impl Action {
    /// Its row.
    pub fn row(self) -> Option<&'static Row> {
        ACTIONS.iter().find(|row| row.action == self)
    }

    /// Whether it belongs to these places alone: its keys mean it nowhere else.
    pub fn is_only_of(self, contexts: &[Context]) -> bool {
        let row = self.row();
        row.is_some_and(|row| row.keys.iter().all(|(context, _)| contexts.contains(context)))
    }

    /// Whether a key of a place means it.
    pub fn is_of(self, contexts: &[Context]) -> bool {
        let row = self.row();
        row.is_some_and(|row| row.keys.iter().any(|(context, _)| contexts.contains(context)))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.row().map_or("", |row| row.name))
    }
}

#[cfg(test)]
mod tests;
