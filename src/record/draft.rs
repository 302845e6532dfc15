//! The panes as drafted: what drafts add up to.
//!
//! Owns the members that a draft may have, and that the last one to name a member counts.

use crate::event::Draft;

const fn members(draft: &Draft) -> [&Option<String>; 6] {
    [
        &draft.schema,
        &draft.input,
        &draft.instructions,
        &draft.model,
        &draft.mode,
        &draft.provider,
    ]
}

const fn members_mut(draft: &mut Draft) -> [&mut Option<String>; 6] {
    [
        &mut draft.schema,
        &mut draft.input,
        &mut draft.instructions,
        &mut draft.model,
        &mut draft.mode,
        &mut draft.provider,
    ]
}

/// Adds a draft.
pub(super) fn change(old: &mut Draft, new: &Draft) {
    for (old, new) in members_mut(old).into_iter().zip(members(new)) {
        if new.is_some() {
            old.clone_from(new);
        }
    }
}

/// Goes to where nothing but these drafts had come; the last of them comes first.
pub(super) fn take<'d>(draft: &mut Draft, last_first: &(impl Iterator<Item = &'d Draft> + Clone)) {
    for (index, old) in members_mut(draft).into_iter().enumerate() {
        let new = last_first.clone().find_map(|one| members(one)[index].as_ref());
        if old.as_ref() != new {
            *old = new.cloned();
        }
    }
}
