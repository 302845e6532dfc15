//! The places of the screen: panes, editors, tabs.
//!
//! Owns their names and their order. Where they are drawn is `layout`'s.

/// A pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The schema.
    #[default]
    Schema,
    /// The input and the instructions.
    Input,
    /// What comes of it.
    Output,
}

impl Pane {
    /// All of them, in the order of `Tab`.
    pub const ALL: [Self; 3] = [Self::Schema, Self::Input, Self::Output];
}

/// An editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorPane {
    /// The schema.
    Schema,
    /// The input.
    Input,
    /// The instructions.
    Instructions,
}

/// The tabs of the pane Output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputTab {
    /// The value as a tree.
    #[default]
    Fields,
    /// The answer as it came.
    Raw,
    /// The ledger.
    Attempts,
    /// The request.
    Wire,
}

impl OutputTab {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Fields, Self::Raw, Self::Attempts, Self::Wire];

    /// Its title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Fields => "Fields",
            Self::Raw => "Raw",
            Self::Attempts => "Attempts",
            Self::Wire => "Wire",
        }
    }
}
