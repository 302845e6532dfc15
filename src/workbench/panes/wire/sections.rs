//! The parts that the tab Wire is made of, and the rows of the small ones: the address and the changes.
//!
//! Owns their order and wording. Folding and the cursor are the pane's.

use crate::extract::endpoint::Endpoint;
use crate::record::RunRecord;
use crate::verdict::Change;
use crate::words;
use crate::workbench::flow::{self, Line, Mark, Tone, mark, text};
use serde_json::Value;
use std::sync::Arc;

/// Bytes of a change's reason.
const REASON: usize = 300;

/// A request to show: an attempt's, or the one that the draft would send.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The attempt's number; `None` for the draft.
    pub attempt: Option<u32>,
    /// The body. The same `Arc` is taken for the same body.
    pub body: &'a Arc<Value>,
    /// What was changed in the schema.
    pub changes: &'a [Change],
    /// The schema as written.
    pub schema: Option<&'a Value>,
}

impl<'a> Request<'a> {
    /// The request of an attempt by its number, else of the last one.
    pub fn of(run: &'a RunRecord, attempt: Option<u32>) -> Option<Self> {
        let chosen = run.attempts.iter().find(|known| Some(known.number) == attempt);
        let attempt = chosen.or(run.attempts.last())?;
        Some(Self {
            attempt: Some(attempt.number),
            body: &attempt.body,
            changes: &attempt.changes,
            schema: run.schema.as_ref().map(crate::schema::Schema::value),
        })
    }
}

/// A part of the list of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// The address and the headers.
    Head,
    /// The title of the body.
    BodyTitle,
    /// Its rows.
    Body,
    /// The title of the changes.
    ChangesTitle,
    /// Their rows.
    Changes,
    /// The title of both schemas, or of the one as written.
    SchemaTitle,
    /// The rows of both, or of the one as written.
    Schema,
    /// The title of the schema as sent, where it stands below.
    SentTitle,
    /// Its rows.
    Sent,
}

impl Section {
    /// From the top to the bottom.
    pub(super) const ALL: [Self; 9] = [
        Self::Head,
        Self::BodyTitle,
        Self::Body,
        Self::ChangesTitle,
        Self::Changes,
        Self::SchemaTitle,
        Self::Schema,
        Self::SentTitle,
        Self::Sent,
    ];

    /// The title above a section's rows.
    pub(super) const fn title(self) -> Option<Self> {
        match self {
            Self::Head => None,
            Self::BodyTitle | Self::Body => Some(Self::BodyTitle),
            Self::ChangesTitle | Self::Changes => Some(Self::ChangesTitle),
            Self::SchemaTitle | Self::Schema => Some(Self::SchemaTitle),
            Self::SentTitle | Self::Sent => Some(Self::SentTitle),
        }
    }
}

/// Address and headers.
pub(super) fn head(endpoint: Option<&Endpoint>, attempt: Option<u32>, width: u16) -> Vec<Line> {
    let which = match attempt {
        Some(number) => format!("attempt {number}"),
        None => "draft: this is what a run would send".to_owned(),
    };
    let mut lines = vec![vec![text(format!(" {which}"), Tone::Dim)]];
    let Some(endpoint) = endpoint else {
        lines.push(vec![text(" in this program: nothing is sent", Tone::Info)]);
        return lines;
    };
    let address = [
        text(format!("{} ", endpoint.method), Tone::Strong),
        text(endpoint.url.clone(), Tone::Text),
    ];
    lines.extend(flow::flow(address, width, 1, 3));
    for header in endpoint.shown_headers() {
        lines.extend(flow::flow([text(header, Tone::Dim)], width, 1, 3));
    }
    lines
}

/// A change: where, what, why, and who enforces it now.
pub(super) fn change_lines(change: &Change, width: u16) -> Vec<Line> {
    let place = if change.pointer.is_empty() {
        "the whole"
    } else {
        &change.pointer
    };
    let pieces = [
        mark(Mark::Warning, Tone::Warning),
        text(" ", Tone::Text),
        text(place, Tone::Key),
        text(format!(" {}", change.keyword), Tone::Strong),
        text(
            format!(": {} ", crate::extract::prompt::cut(&change.reason, REASON)),
            Tone::Text,
        ),
        text(format!("({})", words::enforcer(change.enforcer)), Tone::Dim),
    ];
    flow::flow(pieces, width, 2, 4)
}
