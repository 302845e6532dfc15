//! A cursor in a list of rows: moving, scrolling, following the end, and looking for the next row of a kind.
//!
//! Owns positions only. What the rows are is the pane's.

use crate::workbench::action::Action;

/// Where the cursor stands and what is at the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    cursor: usize,
    top: usize,
    following: bool,
}

impl Default for Rows {
    /// Follows the end.
    fn default() -> Self {
        Self {
            cursor: 0,
            top: 0,
            following: true,
        }
    }
}

impl Rows {
    /// At the first row, which is where it stays.
    pub const fn at_top() -> Self {
        Self {
            cursor: 0,
            top: 0,
            following: false,
        }
    }

    /// The cursor's row among `len`.
    pub fn cursor(&self, len: usize) -> usize {
        let last = len.saturating_sub(1);
        if self.following { last } else { self.cursor.min(last) }
    }

    /// The first visible row, such that the cursor's is visible.
    pub fn top(&self, len: usize, height: u16) -> usize {
        let height = usize::from(height).max(1);
        let cursor = self.cursor(len);
        let lowest = len.saturating_sub(height);
        let top = self.top.min(lowest).min(cursor);
        top.max((cursor + 1).saturating_sub(height))
    }

    /// Whether it stays at the end while rows are added.
    pub const fn is_following(&self) -> bool {
        self.following
    }

    /// Puts the cursor on a row.
    pub fn go(&mut self, row: usize, len: usize, height: u16) {
        self.top = self.top(len, height);
        self.cursor = row.min(len.saturating_sub(1));
        self.following = false;
        self.top = self.top(len, height);
    }

    /// Moves; `false` when the action is no movement.
    pub fn act(&mut self, action: Action, len: usize, height: u16) -> bool {
        let cursor = self.cursor(len);
        let page = usize::from(height).saturating_sub(1).max(1);
        let half = usize::from(height / 2).max(1);
        let target = match action {
            Action::Up => cursor.saturating_sub(1),
            Action::Down => cursor.saturating_add(1),
            Action::PageUp => cursor.saturating_sub(page),
            Action::PageDown => cursor.saturating_add(page),
            Action::HalfUp => cursor.saturating_sub(half),
            Action::HalfDown => cursor.saturating_add(half),
            Action::Top => 0,
            Action::Bottom | Action::Follow => usize::MAX,
            _ => return false,
        };
        self.go(target, len, height);
        self.following = matches!(action, Action::Bottom | Action::Follow);
        true
    }
}

/// The next row after `from` (or before it) that is wanted, round the end.
pub fn next(len: usize, from: usize, forward: bool, wanted: impl Fn(usize) -> bool) -> Option<usize> {
    if len == 0 {
        return None;
    }
    let step = if forward { 1 } else { len - 1 };
    let mut row = from.min(len - 1);
    for _ in 0..len {
        row = (row + step) % len;
        if wanted(row) {
            return Some(row);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn follows_until_moved() {
        let mut rows = Rows::default();
        assert_eq!((rows.cursor(10), rows.top(10, 4)), (9, 6));
        assert_eq!((rows.cursor(12), rows.top(12, 4)), (11, 8));
        assert!(rows.act(Action::Up, 12, 4));
        assert_eq!((rows.cursor(20), rows.top(20, 4)), (10, 8));
        assert!(rows.act(Action::Follow, 20, 4));
        assert_eq!((rows.cursor(21), rows.top(21, 4)), (20, 17));
        assert!(!rows.act(Action::Run, 21, 4));
    }

    #[test]
    fn next_goes_round() {
        let wanted = |row: usize| row == 1 || row == 4;
        assert_eq!(next(6, 1, true, wanted), Some(4));
        assert_eq!(next(6, 4, true, wanted), Some(1));
        assert_eq!(next(6, 1, false, wanted), Some(4));
        assert_eq!(next(6, 2, true, |_| false), None);
        assert_eq!(next(0, 0, true, |_| true), None);
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_visible(moves in prop::collection::vec((0_usize..8, 0_usize..40, 0_u16..9), 0..40)) {
            let actions = [Action::Up, Action::Down, Action::PageUp, Action::PageDown, Action::HalfUp, Action::HalfDown, Action::Top, Action::Bottom];
            let mut rows = Rows::default();
            for (action, len, height) in moves {
                rows.act(actions[action], len, height);
                let (cursor, top) = (rows.cursor(len), rows.top(len, height));
                prop_assert!(top <= cursor && cursor < top + usize::from(height).max(1));
                prop_assert!(cursor < len.max(1));
            }
        }
    }
}
