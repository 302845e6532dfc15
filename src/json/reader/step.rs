//! Where reading can stand: the steps, the open containers, and how much a root promises.
//!
//! Owns these words only; what happens in a step is in the file of its grammar.

use crate::json::tree::NodeId;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    /// Outside JSON.
    Seek,
    /// Counting back-ticks or tildes.
    Ticks,
    /// The word after a fence.
    Info,
    /// In `<…>`.
    Tag,
    /// In a think block.
    Think,
    /// In `<…>` within a think block.
    ThinkTag,
    /// After a `{` or `[` that may open JSON.
    Opener,
    /// In a word after it.
    OpenerWord,
    /// After that word.
    OpenerGap,
    /// In a text that so far is one scalar.
    Bare,
    /// A value must come.
    Value,
    /// After `[`.
    FirstItem,
    /// After a comma in an array.
    Item,
    /// After `{`.
    FirstKey,
    /// After a comma in an object.
    Key,
    /// After a key.
    Colon,
    /// After a member or item.
    Comma,
    /// After the `}` of doubled braces.
    SecondBrace,
    /// In a string.
    Text,
    /// After a backslash.
    Escape,
    /// In the digits of `\u`.
    Hex,
    /// After a high surrogate: `\` must come.
    LowSlash,
    /// After that: `u` must come.
    LowU,
    /// After a quote that may close its string.
    Quote,
    /// After such a quote and a `/`.
    QuoteSlash,
    /// After such a quote, in what may be the next key.
    NextKey,
    /// After that key's quote.
    NextColon,
    /// In a number.
    Number,
    /// In a literal, a bare key or an ellipsis.
    Word,
    /// After a bare key.
    WordGap,
    /// After a `/` that may start a comment.
    Slash,
    /// In a comment up to the line's end.
    LineComment,
    /// In a comment up to `*/`.
    BlockComment,
    /// After a `*` in it.
    BlockStar,
    /// After a strict document.
    Done,
}

impl Step {
    /// Whether text is held back in this step.
    pub const fn holds(self) -> bool {
        matches!(
            self,
            Self::Opener
                | Self::OpenerWord
                | Self::OpenerGap
                | Self::Bare
                | Self::Quote
                | Self::QuoteSlash
                | Self::NextKey
                | Self::NextColon
                | Self::Word
                | Self::WordGap
        )
    }
}

/// An open container.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    pub id: NodeId,
    pub object: bool,
    /// It opened with `{{`.
    pub doubled: bool,
    /// Where its opener stands.
    pub at: u32,
}

/// How much a root looks like an answer: prose holds `[1]` and `df["name"]`, hardly objects with members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Promise {
    Little,
    Some,
    Much,
}
