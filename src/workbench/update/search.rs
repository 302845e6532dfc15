//! Searching the pane with the focus.
//!
//! Owns the words about what was found. What a match is belongs to the panes.

use super::super::action::Action;
use super::super::model::{EditorPane, Model, OutputTab};
use super::super::overlays::{Overlay, Prompt, Purpose};
use ratatui::layout::Size;

/// Opens the search of the pane.
pub fn open(model: &mut Model) {
    let before = model.search.clone().unwrap_or_default();
    model.overlay = Some(Overlay::Prompt(Prompt::new(Purpose::Search, &before)));
}

/// Searches the pane with the focus, and shows the first place from the cursor on; `None` ends every search. Returns how many
/// places there are, in words.
pub fn search_for(model: &mut Model, needle: Option<String>) -> Option<String> {
    let needle = needle.filter(|needle| !needle.is_empty());
    end_search(model);
    let text = needle.as_deref()?;
    let size = model
        .layout()
        .map_or_else(Size::default, |layout| layout.inner(model.focus).as_size());
    let found = if let Some(pane) = model.editor_pane() {
        let editor = model.editor_mut(pane);
        let found = editor.search(Some(text));
        if editor.is_large() {
            editor.act(Action::NextMatch, size.height);
        }
        found
    } else {
        let run = model.record.runs.last();
        match model.tab {
            OutputTab::Fields => model.fields.search(Some(text), run).map(Some),
            OutputTab::Raw => {
                let found = model.raw.search(Some(text), run);
                model.raw.act(Action::NextMatch, size, run);
                found
            }
            OutputTab::Attempts => Ok(places(model.attempts.search(text, run, size.height))),
            OutputTab::Wire => Ok(places(model.wire.search(text, size.height))),
        }
    };
    let found = match found {
        Ok(found) => found,
        Err(why) => return Some(why),
    };
    let words = match found {
        Some(0) => "nothing found".to_owned(),
        Some(1) => "1 place".to_owned(),
        Some(count) => format!("{count} places"),
        None => "found".to_owned(),
    };
    model.search = needle;
    Some(words)
}

/// Ends the search wherever there is one: no pane keeps marks that Esc does not take away.
pub fn end_search(model: &mut Model) {
    model.search = None;
    for pane in [EditorPane::Schema, EditorPane::Input, EditorPane::Instructions] {
        // Only a pattern can be wrong.
        drop(model.editor_mut(pane).search(None));
    }
    let run = model.record.runs.last();
    drop(model.fields.search(None, run));
    drop(model.raw.search(None, run));
    model.attempts.search("", run, 0);
    model.wire.search("", 0);
}

/// A list that only says whether there is a place.
fn places(any: bool) -> Option<usize> {
    if any { None } else { Some(0) }
}
