//! Short messages above the status line that leave by themselves.
//!
//! Owns how long each stays and how they are stacked. What is worth one is for `update` to say.

use crate::workbench::draw::{paint_row, pieces, put};
use crate::workbench::flow::{Tone, flow, plain, text};
use crate::workbench::styles::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};
use std::collections::VecDeque;

/// How many are kept: more than are shown would be old before they are seen.
const KEPT: usize = 8;
/// How many are shown at once.
const SHOWN: usize = 3;
/// The widest a message's text may be.
const WIDEST: u16 = 60;
/// The most lines of one message.
const LINES: usize = 4;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    /// Good to know.
    Info,
    /// Deserves a look.
    Warning,
    /// Went wrong.
    Error,
}

impl ToastKind {
    /// How long it stays, in milliseconds.
    const fn lifetime(self) -> u64 {
        match self {
            Self::Info | Self::Warning => 4_000,
            Self::Error => 10_000,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Info => "",
            Self::Warning => "warning: ",
            Self::Error => "error: ",
        }
    }

    const fn tone(self) -> Tone {
        match self {
            Self::Info => Tone::Info,
            Self::Warning => Tone::Warning,
            Self::Error => Tone::Error,
        }
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Toast {
    text: String,
    kind: ToastKind,
    /// When it leaves.
    until: u64,
}

/// The messages, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toasts {
    held: VecDeque<Toast>,
}

impl Toasts {
    /// Shows a message from `now` on. One that is shown already is shown anew instead of twice.
    pub fn push(&mut self, text: impl Into<String>, kind: ToastKind, now: u64) {
        let text = text.into();
        self.held.retain(|toast| toast.text != text);
        let until = now.saturating_add(kind.lifetime());
        self.held.push_front(Toast { text, kind, until });
        self.held.truncate(KEPT);
    }

    /// Takes away what has had its time; whether anything was.
    pub fn expire(&mut self, now: u64) -> bool {
        let before = self.held.len();
        self.held.retain(|toast| toast.until > now);
        self.held.len() != before
    }

    /// When the next one leaves.
    pub fn next_expiry(&self) -> Option<u64> {
        self.held.iter().map(|toast| toast.until).min()
    }

    /// Takes all away (Esc); whether there were any.
    pub fn dismiss(&mut self) -> bool {
        let any = !self.held.is_empty();
        self.held.clear();
        any
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// What they say, newest first.
    #[cfg(test)]
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.held.iter().map(|toast| toast.text.as_str())
    }

    /// Draws the newest messages at the bottom right of `area`, the newest on top; what has no room is left out.
    pub fn view(&self, buf: &mut Buffer, area: Rect, look: &Look) {
        let area = area.intersection(buf.area);
        let widest = WIDEST.min(area.width.saturating_sub(4));
        if widest < 8 {
            return;
        }
        let mut room = area.height;
        let boxes: Vec<_> = self
            .held
            .iter()
            .take(SHOWN)
            .map(|toast| (toast.kind, lines(toast, widest)))
            .take_while(|(_, lines)| {
                let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
                let fits = height <= room;
                room = room.saturating_sub(height);
                fits
            })
            .collect();
        let width = boxes
            .iter()
            .flat_map(|(_, lines)| lines)
            .map(|line| columns(line))
            .max();
        let Some(width) = width.map(|width| width.min(widest) + 4) else {
            return;
        };
        let mut y = area.y + room.min(area.height);
        for (kind, lines) in boxes {
            for line in lines {
                let row = Rect::new(area.right() - width, y, width, 1);
                Clear.render(row, buf);
                paint_row(buf, row, 0, look.styles.overlay);
                let style = look.styles.overlay.patch(kind.tone().style(&look.styles));
                let bar = [(look.glyphs.separator, style), (" ", style)];
                let used = pieces(buf, row, 0, bar);
                put(buf, row.x + used, y, width - used, &line, style);
                y += 1;
            }
        }
    }
}

/// A message in lines of at most `width` columns.
fn lines(toast: &Toast, width: u16) -> Vec<String> {
    let words = format!("{}{}", toast.kind.word(), toast.text);
    let head = crate::extract::prompt::cut(&words, 4 * usize::from(width) * LINES);
    let mut lines: Vec<String> = flow([text(head, Tone::Text)], width, 0, 0)
        .iter()
        .map(|line| plain(line))
        .collect();
    if lines.len() > LINES {
        let rest = lines.split_off(LINES - 1).join(" ");
        lines.push(crate::text::one_line(&rest, usize::from(width)).into_owned());
    }
    lines
}

fn columns(line: &str) -> u16 {
    u16::try_from(unicode_width::UnicodeWidthStr::width(line)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::panes::fixtures::{look, screen};

    #[test]
    fn messages_leave_after_their_time() {
        let mut toasts = Toasts::default();
        toasts.push("saved", ToastKind::Info, 0);
        toasts.push("lost", ToastKind::Error, 1_000);
        assert_eq!(toasts.next_expiry(), Some(4_000));
        assert!(!toasts.expire(3_999));
        assert!(toasts.expire(4_000));
        assert_eq!(toasts.next_expiry(), Some(11_000));
        toasts.push("lost", ToastKind::Error, 2_000);
        assert_eq!((toasts.held.len(), toasts.next_expiry()), (1, Some(12_000)));
        assert!(toasts.dismiss());
        assert!(!toasts.dismiss());
        assert_eq!(toasts.next_expiry(), None);
        for number in 0..100 {
            toasts.push(number.to_string(), ToastKind::Info, 0);
        }
        assert_eq!(toasts.held.len(), KEPT);
    }

    #[test]
    fn look_of_them() {
        let mut toasts = Toasts::default();
        toasts.push("left out: the fourth is not shown", ToastKind::Info, 0);
        toasts.push("sent to the terminal's clipboard", ToastKind::Info, 0);
        toasts.push(
            "the schema's file was changed by another program; press w again to overwrite it",
            ToastKind::Warning,
            0,
        );
        toasts.push("not recording any more: disk full\u{1b}[2J", ToastKind::Error, 0);
        insta::assert_snapshot!(screen(70, 7, |buf, area| toasts.view(buf, area, &look())), @r#"



        │ error: not recording any more: disk full␛[2J
        │ warning: the schema's file was changed by another program;
        │ press w again to overwrite it
        │ sent to the terminal's clipboard
        "#);
        insta::assert_snapshot!(screen(36, 4, |buf, area| toasts.view(buf, area, &look())), @r#"
        │ error: not recording any more:
        │ disk full␛[2J
        "#);
    }

    #[test]
    fn any_area_will_do() {
        let mut toasts = Toasts::default();
        toasts.push("one two three", ToastKind::Error, 0);
        for (width, height) in [(0, 0), (1, 1), (11, 1), (12, 1), (13, 9)] {
            screen(width, height, |buf, area| toasts.view(buf, area, &look()));
        }
    }
}
