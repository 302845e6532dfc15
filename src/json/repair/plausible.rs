//! Whether a brace or bracket opens JSON at all.
//!
//! Owns the looks at the first few bytes that tell data from `use {name}`, `see [1]` and `f(x[i])`.

use super::look::{Family, Look, is_json_space};
use crate::json::literal::is_common;
use crate::json::tree::{Kind, Tree};

/// How many openers in a row are looked through.
const NESTED: usize = 4;

/// Whether the container that opens at `at` looks like JSON. `expected` says that JSON is expected there, so that little suffices.
pub(super) fn plausible(look: Look<'_>, at: usize, expected: bool, depth: usize) -> bool {
    let next = look.blank(at + 1);
    let Some(c) = look.char(next) else { return true };
    if look.byte(at) == Some(b'{') {
        object(look, next, c, expected, depth)
    } else {
        array(look, next, c, expected, depth)
    }
}

fn object(look: Look<'_>, next: usize, c: char, expected: bool, depth: usize) -> bool {
    match c {
        '}' => true,
        '{' => depth < NESTED && plausible(look, next, expected, depth + 1),
        '`' | '~' if look.frame(next) => false,
        '\'' | '"' | '“' | '”' | '‘' | '„' | '`' => {
            expected || look.quoted_key(next, true) || doubled_key(look, next)
        }
        _ if expected => true,
        _ => look.bare_key(next) && !look.starts(next, "http"),
    }
}

/// `""key""`: quotes twice at both ends.
fn doubled_key(look: Look<'_>, at: usize) -> bool {
    look.starts(at, "\"\"") && look.rest(at + 2).bytes().take(80).any(|b| b == b':')
}

fn array(look: Look<'_>, next: usize, c: char, expected: bool, depth: usize) -> bool {
    match c {
        ']' => true,
        '{' | '[' => depth >= NESTED || plausible(look, next, expected, depth + 1),
        '`' | '~' if look.frame(next) => false,
        _ if expected => true,
        '"' | '“' => true,
        '\'' => look
            .next_mark(next + 1, Family::Single)
            .is_ok_and(|(_, after)| item_ends(look, after)),
        '0'..='9' | '-' | 't' | 'f' | 'n' | 'T' | 'F' | 'N' => {
            let word = look
                .rest(next)
                .find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
            let end = word.map_or(look.end, |length| next + length);
            let token = &look.text[next..end];
            (is_common(token) || super::numbers::is_number(token)) && item_ends(look, end)
        }
        _ => false,
    }
}

fn item_ends(look: Look<'_>, at: usize) -> bool {
    matches!(look.byte(look.space(at)), None | Some(b',' | b']'))
}

/// Whether a container opens at `at` whose quotes are escaped.
pub(super) fn escaped(look: Look<'_>, at: usize) -> bool {
    let mut next = at + 1;
    for _ in 0..64 {
        if look.byte(next).is_some_and(is_json_space) || matches!(look.byte(next), Some(b'{' | b'[')) {
            next += 1;
        } else if look.starts(next, "\\n") || look.starts(next, "\\t") || look.starts(next, "\\r") {
            next += 2;
        } else {
            return look.starts(next, "\\\"");
        }
    }
    false
}

/// Whether a value is so small that sentences may hold it by chance: an empty container, or an array of one number.
pub(super) fn slight(tree: &Tree) -> bool {
    let Some(root) = tree.root() else { return true };
    let mut children = tree.children(root);
    match (tree.node(root).kind, children.next(), children.next()) {
        (Kind::Object | Kind::Array, None, _) => true,
        (Kind::Array, Some(only), None) => tree.node(only).kind == Kind::Number,
        _ => false,
    }
}
