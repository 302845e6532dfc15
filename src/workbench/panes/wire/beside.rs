//! Two schemas line by line: as written and as sent, with what stands in both in the same row.
//!
//! Owns which lines belong together. Why they differ is told by the changes.

use crate::workbench::flow::{self, Line, Tone, text};
use crate::workbench::styles::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;

/// The rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Beside {
    pairs: Vec<Pair>,
    /// The pairs with a line as written, and with one as sent.
    written: Vec<usize>,
    sent: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq)]
struct Pair {
    written: Option<Line>,
    sent: Option<Line>,
}

/// A value on one side, and how it is shown there.
#[derive(Clone, Copy)]
struct Side<'a> {
    value: &'a Value,
    depth: usize,
    key: Option<&'a str>,
    comma: bool,
}

/// Where in the schema as sent the value of a wrapper is found.
#[derive(Clone, Copy, PartialEq)]
enum Wrapper {
    Root,
    Properties,
    None,
}

impl Beside {
    /// The rows of a schema as written and as sent; `wrapped` when the latter has the former as its member `value`.
    pub(super) fn new(written: Option<&Value>, sent: Option<&Value>, wrapped: bool) -> Self {
        let root = |value| Side {
            value,
            depth: 0,
            key: None,
            comma: false,
        };
        let mut writer = Writer {
            pairs: Vec::new(),
            inner: written.filter(|_| wrapped),
        };
        match (written, sent) {
            (Some(_), Some(sent)) if wrapped => writer.alone(root(sent), false, Wrapper::Root),
            (written, sent) => writer.pair(written.map(root), sent.map(root)),
        }
        let pairs = writer.pairs;
        let having = |wanted: fn(&Pair) -> bool| (0..pairs.len()).filter(|at| wanted(&pairs[*at])).collect();
        let (written, sent) = (
            having(|pair| pair.written.is_some()),
            having(|pair| pair.sent.is_some()),
        );
        Self { pairs, written, sent }
    }

    pub(super) fn len(&self) -> usize {
        self.pairs.len()
    }

    pub(super) fn written(&self) -> usize {
        self.written.len()
    }

    pub(super) fn sent(&self) -> usize {
        self.sent.len()
    }

    /// Whether the sides of a row differ; never where there is only one schema.
    pub(super) fn differs(&self, at: usize) -> bool {
        self.compares() && self.pairs.get(at).is_some_and(Pair::differs)
    }

    pub(super) fn written_differs(&self, at: usize) -> bool {
        self.written.get(at).is_some_and(|pair| self.differs(*pair))
    }

    pub(super) fn sent_differs(&self, at: usize) -> bool {
        self.sent.get(at).is_some_and(|pair| self.differs(*pair))
    }

    pub(super) fn written_line(&self, at: usize) -> Line {
        let pair = self.written.get(at).and_then(|pair| self.pairs.get(*pair));
        pair.map(|pair| self.side(pair, true)).unwrap_or_default()
    }

    pub(super) fn sent_line(&self, at: usize) -> Line {
        let pair = self.sent.get(at).and_then(|pair| self.pairs.get(*pair));
        pair.map(|pair| self.side(pair, false)).unwrap_or_default()
    }

    /// Both sides as one line, for searching and copying.
    pub(super) fn both(&self, at: usize) -> Line {
        let Some(pair) = self.pairs.get(at) else {
            return Line::new();
        };
        let mut line = self.side(pair, true);
        line.push(text("  ", Tone::Text));
        line.extend(self.side(pair, false));
        line
    }

    /// Both sides beside each other.
    pub(super) fn draw(&self, buf: &mut Buffer, area: Rect, row: u16, at: usize, look: &Look, needle: &str) {
        let Some(pair) = self.pairs.get(at) else { return };
        let right = right(area);
        let left = Rect {
            width: (right.x - area.x).saturating_sub(1),
            ..area
        };
        flow::draw(buf, left, row, &self.side(pair, true), look, needle);
        flow::draw(buf, right, row, &self.side(pair, false), look, needle);
    }

    fn compares(&self) -> bool {
        !self.written.is_empty() && !self.sent.is_empty()
    }

    /// A side's line after its mark: `-` for what is not sent, `+` for what was not written, `~` for what was changed.
    fn side(&self, pair: &Pair, written: bool) -> Line {
        let (line, other, only) = if written {
            (&pair.written, &pair.sent, "- ")
        } else {
            (&pair.sent, &pair.written, "+ ")
        };
        let Some(line) = line else { return Line::new() };
        let sign = match other {
            _ if !self.compares() => "  ",
            Some(other) if other == line => "  ",
            Some(_) if !pair.differs() => "  ",
            Some(_) => "~ ",
            None => only,
        };
        let mut marked = vec![text(sign, Tone::Warning)];
        marked.extend(line.iter().cloned());
        marked
    }
}

/// The right half of a pane.
pub(super) fn right(area: Rect) -> Rect {
    let left = area.width / 2;
    Rect {
        x: area.x + left,
        width: area.width - left,
        ..area
    }
}

impl Pair {
    /// Whether the sides say different things; where they stand (an indent, a comma) does not count.
    fn differs(&self) -> bool {
        match (&self.written, &self.sent) {
            (Some(written), Some(sent)) => said(written) != said(sent),
            (Some(_), None) | (None, Some(_)) => true,
            (None, None) => false,
        }
    }
}

fn said(line: &Line) -> String {
    flow::plain(line).trim().trim_end_matches(',').to_owned()
}

struct Writer<'a> {
    pairs: Vec<Pair>,
    /// The schema as written, until the wrapper's value is reached.
    inner: Option<&'a Value>,
}

impl<'a> Writer<'a> {
    fn push(&mut self, written: Option<Line>, sent: Option<Line>) {
        self.pairs.push(Pair { written, sent });
    }

    /// A value that may stand on both sides. Both schemas come from parsers that bound their depth.
    fn pair(&mut self, written: Option<Side<'a>>, sent: Option<Side<'a>>) {
        match (written, sent) {
            (Some(left), Some(right)) => match (left.value, right.value) {
                (Value::Object(_), Value::Object(_)) | (Value::Array(_), Value::Array(_)) => self.merge(left, right),
                (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => {
                    self.alone(left, true, Wrapper::None);
                    self.alone(right, false, Wrapper::None);
                }
                _ => self.push(Some(leaf(left)), Some(leaf(right))),
            },
            (Some(left), None) => self.alone(left, true, Wrapper::None),
            (None, Some(right)) => self.alone(right, false, Wrapper::None),
            (None, None) => {}
        }
    }

    /// Two containers of a kind: their members in the order as written, then those that were added.
    fn merge(&mut self, left: Side<'a>, right: Side<'a>) {
        let children = matched(left.value, right.value);
        if children.is_empty() {
            return self.push(Some(leaf(left)), Some(leaf(right)));
        }
        let last_written = children.iter().rposition(|child| child.1.is_some());
        let last_sent = children.iter().rposition(|child| child.2.is_some());
        self.push(Some(opener(left)), Some(opener(right)));
        for (at, (key, written, sent)) in children.into_iter().enumerate() {
            let side = |value, parent: Side<'a>, last| Side {
                value,
                depth: parent.depth + 1,
                key,
                comma: last != Some(at),
            };
            self.pair(
                written.map(|value| side(value, left, last_written)),
                sent.map(|value| side(value, right, last_sent)),
            );
        }
        self.push(Some(closer(left)), Some(closer(right)));
    }

    /// A value that stands on one side only, except for what is inside a wrapper.
    fn alone(&mut self, side: Side<'a>, written: bool, wrapper: Wrapper) {
        let children = children(side.value);
        if children.is_empty() {
            return self.one(leaf(side), written);
        }
        self.one(opener(side), written);
        let last = children.len() - 1;
        for (at, (key, value)) in children.into_iter().enumerate() {
            let child = Side {
                value,
                depth: side.depth + 1,
                key,
                comma: at < last,
            };
            match (wrapper, key, self.inner) {
                (Wrapper::Properties, Some("value"), Some(inner)) => {
                    self.inner = None;
                    let root = Side {
                        value: inner,
                        depth: 0,
                        key: None,
                        comma: false,
                    };
                    self.pair(Some(root), Some(child));
                }
                (Wrapper::Root, Some("properties"), _) => self.alone(child, written, Wrapper::Properties),
                _ => self.alone(child, written, Wrapper::None),
            }
        }
        self.one(closer(side), written);
    }

    fn one(&mut self, line: Line, written: bool) {
        if written {
            self.push(Some(line), None);
        } else {
            self.push(None, Some(line));
        }
    }
}

fn children(value: &Value) -> Vec<(Option<&str>, &Value)> {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, member)| (Some(key.as_str()), member))
            .collect(),
        Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => Vec::new(),
    }
}

/// A member's name, its value as written, and as sent.
type Child<'a> = (Option<&'a str>, Option<&'a Value>, Option<&'a Value>);

/// The members of two objects, or the items of two arrays, brought together.
fn matched<'a>(written: &'a Value, sent: &'a Value) -> Vec<Child<'a>> {
    if let (Value::Array(written), Value::Array(sent)) = (written, sent) {
        let len = written.len().max(sent.len());
        return (0..len).map(|at| (None, written.get(at), sent.get(at))).collect();
    }
    let kept = children(written).into_iter().map(|(key, value)| {
        let other = key.and_then(|key| sent.get(key));
        (key, Some(value), other)
    });
    let added = children(sent)
        .into_iter()
        .filter(|(key, _)| key.is_some_and(|key| written.get(key).is_none()))
        .map(|(key, value)| (key, None, Some(value)));
    kept.chain(added).collect()
}

/// The beginning of a side's line: indent and key.
fn start(side: Side<'_>) -> Line {
    let mut line = vec![text("  ".repeat(side.depth), Tone::Text)];
    if let Some(key) = side.key {
        line.push(text(Value::from(key).to_string(), Tone::Key));
        line.push(text(": ", Tone::Punctuation));
    }
    line
}

fn leaf(side: Side<'_>) -> Line {
    let mut line = start(side);
    let (words, tone) = match side.value {
        Value::Object(_) => ("{}".to_owned(), Tone::Punctuation),
        Value::Array(_) => ("[]".to_owned(), Tone::Punctuation),
        Value::String(_) => (side.value.to_string(), Tone::Quoted),
        Value::Number(_) => (side.value.to_string(), Tone::Number),
        Value::Bool(_) | Value::Null => (side.value.to_string(), Tone::Literal),
    };
    line.push(text(words, tone));
    if side.comma {
        line.push(text(",", Tone::Punctuation));
    }
    line
}

fn opener(side: Side<'_>) -> Line {
    let mut line = start(side);
    let brace = if side.value.is_array() { "[" } else { "{" };
    line.push(text(brace, Tone::Punctuation));
    line
}

fn closer(side: Side<'_>) -> Line {
    let brace = if side.value.is_array() { "]" } else { "}" };
    let comma = if side.comma { "," } else { "" };
    vec![
        text("  ".repeat(side.depth), Tone::Text),
        text(format!("{brace}{comma}"), Tone::Punctuation),
    ]
}
