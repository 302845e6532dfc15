//! Questions that are asked before something is lost.
//!
//! Owns their words. What an answer sets off is `overlays`'.

use super::super::model::{Asked, Model};
use super::super::overlays::{Answer, Choice, Confirm, Overlay};
use super::super::toasts::ToastKind;
use std::path::PathBuf;

/// Asks whether a file that is there may be replaced.
pub fn confirm_replace(model: &mut Model, path: PathBuf) {
    if !matches!(model.asked, Some(Asked::Write { .. })) {
        // Something else has been asked since; the text that was to be written is not known any more.
        let words = format!("not written: {} is there already", path.display());
        return model.toasts.push(words, ToastKind::Warning, model.now);
    }
    let question = format!("{} is there already", path.display());
    let lost = vec!["what is in the file now".to_owned()];
    let replace = choice('r', "replace it", Answer::Overwrite(path));
    confirm(model, Confirm::new(question, lost, ('k', "keep it"), vec![replace]));
}

/// Asks whether the schema's file, which somebody has changed, is to be read again over what was typed here.
pub fn confirm_reload(model: &mut Model, text: String) {
    let path = model
        .schema_file
        .as_ref()
        .map(|file| file.path.clone())
        .unwrap_or_default();
    model.asked = Some(Asked::Reload(text));
    let lost = vec!["what you have typed into the schema since (undo brings it back)".to_owned()];
    let reload = choice('r', "read the file", Answer::Load(path));
    let question = "the schema's file was changed by somebody else";
    confirm(model, Confirm::new(question, lost, ('k', "keep mine"), vec![reload]));
}

/// Asks before quitting when nothing is recorded.
pub fn confirm_quit(model: &mut Model) {
    model.asked = Some(Asked::Quit);
    let lost = vec!["schema, input and runs would be lost: nothing is recorded".to_owned()];
    let leave = choice('q', "quit", Answer::Quit);
    confirm(
        model,
        Confirm::new("quit without a session?", lost, ('s', "stay"), vec![leave]),
    );
}

/// Asks before another session takes the place of what is in none.
pub fn confirm_open(model: &mut Model, path: PathBuf) {
    let lost = vec!["what has been typed since would be lost: nothing is recorded".to_owned()];
    let open = choice('o', "open it", Answer::Open(path));
    confirm(
        model,
        Confirm::new("open another session?", lost, ('s', "stay"), vec![open]),
    );
}

/// Asks before a draft takes the place of what is in no session, behind the replay.
pub fn confirm_draft(model: &mut Model) {
    let lost = vec!["what is in the workbench behind the replay would be lost: nothing is recorded".to_owned()];
    let draft = choice('d', "make the draft", Answer::Draft);
    confirm(
        model,
        Confirm::new("make a draft of this moment?", lost, ('s', "stay"), vec![draft]),
    );
}

/// Asks before a schema that was typed in a replay is lost.
pub fn confirm_leave(model: &mut Model) {
    let lost = vec!["the schema that you have typed would be lost; a draft takes it along".to_owned()];
    let leave = choice('q', "leave", Answer::Leave);
    confirm(
        model,
        Confirm::new("leave the replay?", lost, ('s', "stay"), vec![leave]),
    );
}

fn choice(letter: char, words: &str, answer: Answer) -> Choice {
    Choice {
        letter,
        words: words.to_owned(),
        answer,
    }
}

fn confirm(model: &mut Model, confirm: Confirm) {
    model.overlay = Some(Overlay::Confirm(confirm));
}
