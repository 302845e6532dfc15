//! What is copied and saved from where.
//!
//! Owns the choice of the text; the clipboard is the terminal's.

use super::super::action::Action;
use super::super::effect::Effect;
use super::super::model::{Model, OutputTab, Pane};
use super::super::toasts::ToastKind;
use crate::extract::curl::curl;
use crate::verdict::Channel;
use serde_json::Value;

/// Copies what an action names.
pub fn copy(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    let found = match action {
        Action::CopyPointer => pointer(model),
        Action::CopyAll => whole(model),
        Action::CopyCurl => as_curl(model),
        _ => value(model),
    };
    match found {
        Ok((what, text)) => effects.push(Effect::Copy { text, what }),
        Err(why) => model.toasts.push(why, ToastKind::Info, model.now),
    }
}

type Found = Result<(&'static str, String), &'static str>;

fn value(model: &Model) -> Found {
    let Some(pane) = model.editor_pane() else {
        return match model.tab {
            OutputTab::Fields => {
                let selected = model.fields.selected(model.run());
                let value = selected.and_then(|selected| selected.value);
                value
                    .map(|value| ("value", as_text(&value)))
                    .ok_or("nothing has come here yet")
            }
            OutputTab::Wire => {
                let selected = model.wire.selected();
                selected
                    .map(|(_, value)| ("value", as_text(value)))
                    .ok_or("no value under the cursor")
            }
            OutputTab::Raw | OutputTab::Attempts => whole(model),
        };
    };
    let editor = model.editor(pane);
    Ok(match editor.selected_text() {
        Some(text) => ("selection", text),
        None => ("line", editor.current_line()),
    })
}

/// A string as it is, everything else as JSON.
fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => pretty(other),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

fn pointer(model: &Model) -> Found {
    if model.focus == Pane::Output && model.tab == OutputTab::Wire {
        let selected = model.wire.selected();
        return selected
            .map(|(pointer, _)| ("pointer", pointer))
            .ok_or("no value under the cursor");
    }
    if model.focus == Pane::Output && model.tab == OutputTab::Fields {
        let selected = model.fields.selected(model.run());
        return selected
            .map(|selected| ("pointer", selected.pointer))
            .ok_or("no field under the cursor");
    }
    Err("pointers are copied from the tabs Fields and Wire")
}

/// All of what the place shows.
pub fn whole(model: &Model) -> Found {
    if let Some(pane) = model.editor_pane() {
        return Ok(("text", model.editor(pane).text()));
    }
    let run = model.run();
    match model.tab {
        OutputTab::Fields | OutputTab::Attempts => {
            let value = run.and_then(crate::record::RunRecord::value);
            value
                .map(|value| ("JSON", pretty(&value)))
                .ok_or("there is no value yet")
        }
        OutputTab::Raw => {
            let answer = run.and_then(|run| run.attempt()).map(|attempt| &attempt.answer);
            let text = answer.and_then(|answer| {
                let primary = answer.primary().map(|stream| stream.text.clone());
                primary.or_else(|| Some(answer.text(Channel::Content).to_owned()))
            });
            text.filter(|text| !text.is_empty())
                .map(|text| ("answer", text))
                .ok_or("no answer has come yet")
        }
        OutputTab::Wire => body(model).map(|body| ("request", pretty(body))),
    }
}

fn body(model: &Model) -> Result<&Value, &'static str> {
    let sent = model
        .run()
        .and_then(|run| run.attempt())
        .map(|attempt| attempt.body.as_ref());
    sent.or(model.planned.body.as_deref())
        .ok_or("there is no request yet: the schema is not ready")
}

fn as_curl(model: &Model) -> Found {
    let info = model.provider_info().ok_or("no provider can be used")?;
    if info.endpoint.url.is_empty() {
        return Err("the model is inside formwork: there is nothing to send");
    }
    Ok(("curl command", curl(&info.endpoint, body(model)?)))
}
