//! What happens to the state: one event in, effects out.
//!
//! Owns the dispatch and the deadlines. `keys` finds out what a key means, `actions` does it, `runs` takes in a run's events,
//! `answers` what effects came to, `overlays`, `opening` and `questions` what lies over the panes, `sessions` and `replay` what was recorded,
//! `drafts` what is to be kept. No clock, no channel, no file: `now` is handed in.

mod actions;
mod answers;
mod copies;
mod drafts;
mod keys;
mod opening;
mod overlays;
mod questions;
mod replay;
mod runs;
mod search;
mod sessions;
#[cfg(test)]
mod tests;

use super::effect::{Answer, Effect};
use super::model::{Model, OutputTab, Pane, ProviderState};
use super::panes::wire::Request;
use super::status;
use crate::event::RunEvent;
use crate::schema::Schema;
use crossterm::event::{KeyEvent, MouseEvent};

pub use answers::{begin, resume};
pub use keys::contexts;
pub use replay::begin_replay;
pub use sessions::is_unsaved;

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted; its line ends are `\n`.
    Paste(String),
    /// The mouse, while it is ours.
    Mouse(MouseEvent),
    /// The screen has so many columns and rows.
    Resize(u16, u16),
    /// A fact about a run.
    Run(Box<RunEvent>),
    /// What an effect came to.
    Answer(Box<Answer>),
    /// A second has passed.
    Tick,
    /// A moment that [`due`] named has come.
    Due,
    /// The program ends.
    Leaving,
}

/// Takes in an event that happened `now` milliseconds after the session was created. Returns what is to be done, and whether the
/// screen has to be drawn again.
pub fn update(model: &mut Model, event: Event, now: u64) -> (Vec<Effect>, bool) {
    model.now = now;
    let mut effects = Vec::new();
    let dirty = match event {
        Event::Key(key) => {
            keys::key(model, key, &mut effects);
            true
        }
        Event::Paste(text) => {
            keys::paste(model, &text, &mut effects);
            true
        }
        Event::Mouse(mouse) => keys::mouse(model, mouse, &mut effects),
        Event::Resize(columns, rows) => {
            model.size = (columns, rows);
            true
        }
        Event::Run(event) => {
            runs::take(model, *event, &mut effects);
            true
        }
        Event::Answer(answer) => {
            answers::take(model, *answer, &mut effects);
            true
        }
        Event::Tick => {
            answers::look_at_file(model, &mut effects);
            false
        }
        Event::Due => passed(model, &mut effects),
        Event::Leaving => {
            drafts::write(model, &mut effects);
            false
        }
    };
    if dirty {
        sync(model);
    }
    if model.replay.is_some() {
        // The one place: whatever was meant, a replay asks nobody and writes nowhere.
        effects.retain(Effect::is_harmless);
    }
    (effects, dirty)
}

/// The next moment at which something changes by itself: a toast goes, a countdown counts, the draft is written.
pub fn due(model: &Model, now: u64) -> Option<u64> {
    let clock = model
        .running
        .and_then(|_| status::needs_clock(model.run(), now))
        .map(|wait| now.saturating_add(wait));
    [
        clock,
        model.toasts.next_expiry(),
        model.drafted.due,
        model.rest_due,
        model.planned.due,
        replay::due(model, now),
    ]
    .into_iter()
    .flatten()
    .min()
}

/// Does what a passed moment asks for; whether the screen shows it.
fn passed(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    if model.drafted.due.is_some_and(|due| due <= model.now) {
        drafts::write(model, effects);
    }
    if model.planned.due.is_some_and(|due| due <= model.now) {
        answers::plan(model, effects);
    }
    let rested = model.rest_due.is_some_and(|due| due <= model.now);
    if rested {
        overlays::rested(model, effects);
    }
    let toasts = model.toasts.expire(model.now);
    let played = replay::passed(model, effects);
    toasts || rested || played || (model.running.is_some() && model.run().is_some_and(|run| run.ended.is_none()))
}

/// Lets the panes take in what has come and how large they are, so that `view` only reads.
fn sync(model: &mut Model) {
    let Some(layout) = model.layout() else { return };
    model.schema.resize(layout.inner(Pane::Schema).as_size());
    model.input.resize(layout.inner(Pane::Input).as_size());
    model.instructions.resize(layout.inner(Pane::Input).as_size());
    let inner = layout.inner(Pane::Output);
    if let Some(replay) = &mut model.replay {
        replay.sync(layout.timeline.width);
    }
    let run = model.record.runs.last();
    match model.tab {
        OutputTab::Fields => model
            .fields
            .sync(run, model.check.schema.as_ref(), inner.height, inner.width),
        OutputTab::Raw => model.raw.sync(run),
        OutputTab::Attempts => model.attempts.sync(run, inner.width),
        OutputTab::Wire => {
            let selected = run.and_then(|run| model.attempts.selected_attempt(run));
            let sent = run.and_then(|run| Request::of(run, selected));
            let planned = model.planned.body.as_ref().map(|body| Request {
                attempt: None,
                body,
                changes: &model.planned.changes,
                schema: model.check.schema.as_ref().map(Schema::value),
            });
            let endpoint = match &model.provider {
                ProviderState::Ready(info) => Some(&info.endpoint).filter(|endpoint| !endpoint.url.is_empty()),
                ProviderState::Opening(_) | ProviderState::Unusable(_) => None,
            };
            model.wire.sync(sent.or(planned), endpoint, inner.width);
        }
    }
}
