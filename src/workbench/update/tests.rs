//! Events in, state and effects out.

mod acts;
mod answers;
mod keeping;
mod offered;
mod overlays;
mod properties;
mod replay;
mod runs;
mod sessions;

use super::super::model::{EditorPane, Model, OutputTab, Pane, ProviderState, Recording, SchemaFile};
use super::super::overlays::Overlay;
use super::super::stage::{self, INPUT, MODEL, Stage};
use super::{Event, due};

/// What is told to the user, newest first.
fn toasts(model: &Model) -> String {
    model.toasts.texts().collect::<Vec<_>>().join(" / ")
}

/// A workbench on a screen of 120 by 40 with everything that a run needs.
fn ready() -> Stage {
    Stage::new((120, 40))
}
