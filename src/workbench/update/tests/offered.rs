//! That no action is forgotten: what is possible in a place does something there.

use super::super::{actions, keys, opening};
use super::*;
use crate::term::depth::Depth;
use crate::workbench::action::{ACTIONS, Action, Context};
use crate::workbench::editor::Editor;
use crate::workbench::panes::fixtures;
use crate::workbench::stage::look;
use ratatui::buffer::Buffer;
use std::collections::BTreeSet;

/// A place, and keys that lead to it from a workbench with a run, and from a replay.
const PLACES: [(&[Context], &[&str], &[&str]); 4] = [
    (Context::EDITOR, &["1", "2", "2 ]"], &["> tab", "tab tab"]),
    (
        Context::TYPING,
        &["1 i", "1 G i", "1 i x", "1 i x alt-u", "2 i"],
        &["> tab i"],
    ),
    (Context::OUTPUT, &["3", "3 ]", "3 ] ]", "3 ] ] ]"], &["> shift-tab"]),
    (Context::TIMELINE, &[], &["", ". . . . >", "G"]),
];

/// Keys after which there is something to take back, to do again, to leave, to find, to fold or to go back to.
const BEFORE: [&str; 8] = ["", "f", "i x esc", "i x esc u", "/ a enter", "G", "j j j", "z m"];

/// The workbench after keys, on a screen so small that everything scrolls.
fn there(replays: bool, place: &str, before: &str) -> Stage {
    let size = (80, 18);
    let mut stage = if replays {
        Stage::replaying(size, &fixtures::invalid())
    } else {
        let mut stage = Stage::new(size);
        stage.lived(&fixtures::invalid());
        stage
    };
    stage.press(place);
    stage.press(before);
    stage.take();
    stage
}

/// What can be seen of a workbench, and where its cursors are.
fn seen(stage: &Stage) -> (Buffer, [(usize, usize); 3], Option<usize>) {
    let model = &stage.model;
    let cursors = [&model.schema, &model.input, &model.instructions].map(Editor::cursor);
    let position = model.replay.as_ref().map(|replay| replay.player.position());
    (stage.buffer(&look(Depth::Ansi)), cursors, position)
}

/// Whether an action has an effect or changes what is seen.
fn does(stage: &mut Stage, action: Action) -> bool {
    let before = seen(stage);
    let mut effects = Vec::new();
    actions::act(&mut stage.model, action, &mut effects);
    let (columns, rows) = stage.model.size;
    stage.send(Event::Resize(columns, rows));
    !effects.is_empty() || seen(stage) != before
}

#[test]
fn what_is_possible_in_a_place_does_something_there() {
    for (contexts, live, replayed) in PLACES {
        let starts = live.iter().map(|keys| (false, *keys));
        let starts = starts.chain(replayed.iter().map(|keys| (true, *keys)));
        let mut possible = BTreeSet::new();
        let mut idle: Vec<Action> = ACTIONS.iter().map(|row| row.action).collect();
        for ((replays, place), before) in starts.flat_map(|start| BEFORE.map(|before| (start, before))) {
            let mut stage = there(replays, place, before);
            if keys::contexts(&stage.model) != contexts {
                continue;
            }
            idle.retain(|action| {
                if opening::blocked(&stage.model, *action).is_some() {
                    return true;
                }
                possible.insert(*action);
                let done = does(&mut stage, *action);
                if done {
                    stage = there(replays, place, before);
                }
                !done
            });
        }
        idle.retain(|action| possible.contains(action));
        assert_eq!(idle, [], "possible in {contexts:?}, and nothing does it");
        for row in ACTIONS {
            let own = contexts.first().is_some_and(|own| row.action.is_of(&[*own]));
            assert!(!own || possible.contains(&row.action), "`{row:?}` is possible nowhere");
        }
    }
}
