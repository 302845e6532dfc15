//! Searching the pane with the focus.
//!
//! Owns the words about what was found. What a match is belongs to the panes.

use super::super::model::{Model, OutputTab};
use super::super::overlays::{Overlay, Prompt, Purpose};

/// Opens the search of the pane.
pub fn open(model: &mut Model) {
    let before = model.search.clone().unwrap_or_default();
    model.overlay = Some(Overlay::Prompt(Prompt::new(Purpose::Search, &before)));
}

/// Searches the pane with the focus; `None` ends it. Returns how many places there are, in words.
pub fn search_for(model: &mut Model, needle: Option<String>) -> Option<String> {
    let needle = needle.filter(|needle| !needle.is_empty());
    let text = needle.as_deref();
    let height = model.layout().map_or(0, |layout| layout.inner(model.focus).height);
    let found = if let Some(pane) = model.editor_pane() {
        model.editor_mut(pane).search(text)
    } else {
        let run = model.record.runs.last();
        match model.tab {
            OutputTab::Fields => Ok(Some(model.fields.search(text, run))),
            OutputTab::Raw => model.raw.search(text, run),
            OutputTab::Attempts => Ok(places(model.attempts.search(text.unwrap_or_default(), run, height))),
            OutputTab::Wire => Ok(places(model.wire.search(text.unwrap_or_default(), height))),
        }
    };
    let found = match found {
        Ok(found) => found,
        Err(why) => return Some(why),
    };
    let words = match (&needle, found) {
        (None, _) => None,
        (Some(_), Some(0)) => Some("nothing found".to_owned()),
        (Some(_), Some(1)) => Some("1 place".to_owned()),
        (Some(_), Some(count)) => Some(format!("{count} places")),
        (Some(_), None) => Some("found".to_owned()),
    };
    model.search = needle;
    words
}

/// A list that only says whether there is a place.
fn places(any: bool) -> Option<usize> {
    if any { None } else { Some(0) }
}
