//! Every style and glyph that the workbench draws with, by meaning.
//!
//! Owns the names. A theme (`theme`) fills them in for the colours that the terminal has; panes read them and know no colour.

use ratatui::style::Style;

/// The resolved styles of a theme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Styles {
    /// Plain text.
    pub text: Style,
    /// What matters less.
    pub dim: Style,
    /// What matters more.
    pub strong: Style,
    /// A pane's frame and title.
    pub frame: Style,
    /// The same for the pane that has the focus.
    pub frame_focused: Style,
    /// The title of a pane.
    pub title: Style,
    /// The title of the pane that has the focus.
    pub title_focused: Style,
    /// A tab, and the one that is open.
    pub tab: Style,
    /// The tab that is open.
    pub tab_open: Style,
    /// The row under the cursor, where the focus is.
    pub selected: Style,
    /// The row under the cursor, where it is not.
    pub selected_unfocused: Style,
    /// A JSON key, or a field's name.
    pub key: Style,
    /// A JSON string.
    pub string: Style,
    /// A JSON number.
    pub number: Style,
    /// `true`, `false`, `null`.
    pub literal: Style,
    /// Braces, brackets, commas, colons.
    pub punctuation: Style,
    /// A field nothing of which has come.
    pub waiting: Style,
    /// A field that is being written.
    pub growing: Style,
    /// A field that is whole and not judged by itself.
    pub closed: Style,
    /// A field that fits.
    pub valid: Style,
    /// A field that does not.
    pub invalid: Style,
    /// What went wrong.
    pub error: Style,
    /// What deserves a look.
    pub warning: Style,
    /// What is good to know.
    pub info: Style,
    /// A repaired place.
    pub repair: Style,
    /// A match of the search.
    pub matched: Style,
    /// The match that the search stands on.
    pub matched_current: Style,
    /// A line's number.
    pub line_number: Style,
    /// The number of the cursor's line.
    pub line_number_current: Style,
    /// The line of the cursor.
    pub line_current: Style,
    /// Text that is selected.
    pub selection: Style,
    /// The status line.
    pub status: Style,
    /// A word of the status line that matters more: model, state.
    pub status_strong: Style,
    /// A key in the hint line and in the help.
    pub hint_key: Style,
    /// What a key does.
    pub hint: Style,
    /// The inside of an overlay.
    pub overlay: Style,
    /// The frame of an overlay.
    pub overlay_frame: Style,
    /// Text that is typed into a prompt.
    pub prompt: Style,
    /// What stands where the scroll position is shown.
    pub scrollbar: Style,
}

/// The characters that are drawn for a meaning, each one column wide unless it says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Nothing of it has come.
    pub waiting: &'static str,
    /// It is being written.
    pub growing: &'static str,
    /// It is whole and not judged by itself.
    pub closed: &'static str,
    /// It fits.
    pub valid: &'static str,
    /// It does not.
    pub invalid: &'static str,
    /// What is below is hidden.
    pub folded: &'static str,
    /// What is below is shown.
    pub unfolded: &'static str,
    /// The cursor at the end of what is being written.
    pub cursor: &'static str,
    /// A cut.
    pub ellipsis: &'static str,
    /// Something to look at.
    pub warning: &'static str,
    /// Between two words of the status line.
    pub separator: &'static str,
    /// Chosen, in a list.
    pub marked: &'static str,
    /// A favourite.
    pub favourite: &'static str,
    /// From, to.
    pub arrow: &'static str,
    /// A repaired place.
    pub repair: &'static str,
    /// Yes and no, in tables.
    pub yes: &'static str,
    /// No, in tables.
    pub no: &'static str,
    /// The border's characters.
    pub border: ratatui::symbols::border::Set<'static>,
    /// Part and whole of a scroll position.
    pub thumb: &'static str,
    /// What the thumb moves on.
    pub track: &'static str,
    /// On the timeline: what has been played, and what is to come.
    pub played: &'static str,
    /// What is to come.
    pub ahead: &'static str,
    /// Where a replay stands while it pauses.
    pub paused: &'static str,
    /// The same while it plays.
    pub playing: &'static str,
    /// On the timeline: a run's first attempt.
    pub first: &'static str,
    /// On the timeline: the first piece of an answer.
    pub first_token: &'static str,
    /// On the timeline: a field that closed.
    pub field: &'static str,
    /// On the timeline: an attempt that shows the model its answer.
    pub reask: &'static str,
    /// On the timeline: the same request again, or nearly the same.
    pub retry: &'static str,
    /// On the timeline: the end of a run.
    pub end: &'static str,
}

impl Glyphs {
    /// For terminals that show Unicode.
    pub const UNICODE: Self = Self {
        waiting: "·",
        growing: "~",
        closed: "○",
        valid: "✓",
        invalid: "✗",
        folded: "▸",
        unfolded: "▾",
        cursor: "▏",
        ellipsis: "…",
        warning: "!",
        separator: "│",
        marked: "●",
        favourite: "★",
        arrow: "→",
        repair: "≈",
        yes: "✓",
        no: "–",
        border: ratatui::symbols::border::PLAIN,
        thumb: "┃",
        track: "│",
        played: "━",
        ahead: "─",
        paused: "●",
        playing: "▸",
        first: "╷",
        first_token: "▴",
        field: "·",
        reask: "↻",
        retry: "~",
        end: "■",
    };

    /// For terminals that show ASCII only.
    pub const ASCII: Self = Self {
        waiting: ".",
        growing: "~",
        closed: "o",
        valid: "+",
        invalid: "x",
        folded: ">",
        unfolded: "v",
        cursor: "_",
        ellipsis: "~",
        warning: "!",
        separator: "|",
        marked: "*",
        favourite: "^",
        arrow: ">",
        repair: "%",
        yes: "+",
        no: "-",
        border: ratatui::symbols::border::Set {
            top_left: "+",
            top_right: "+",
            bottom_left: "+",
            bottom_right: "+",
            vertical_left: "|",
            vertical_right: "|",
            horizontal_top: "-",
            horizontal_bottom: "-",
        },
        thumb: "#",
        track: "|",
        played: "=",
        ahead: "-",
        paused: "O",
        playing: ">",
        first: "|",
        first_token: "^",
        field: ".",
        reask: "?",
        retry: "~",
        end: "#",
    };
}

/// What everything is drawn with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The styles.
    pub styles: Styles,
    /// The glyphs.
    pub glyphs: Glyphs,
}
