//! The screen: panes with their titles, what lies over them, status and hints.
//!
//! Owns the order of drawing. It reads the model and changes nothing; only what is in sight is drawn.

mod differences;
mod said;
#[cfg(test)]
mod tests;

use super::action::{Action, Context};
use super::draw;
use super::hints::{self, Hint, HintState, Place};
use super::layout::{LEAST, Layout};
use super::model::{Model, OutputTab, Pane};
use super::status::StatusState;
use super::styles::Look;
use super::update;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

/// Draws everything.
pub fn view(model: &Model, look: &Look, frame: &mut Frame<'_>) {
    let area = frame.area();
    let cursor = paint(model, look, frame.buffer_mut(), area);
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

/// Draws into a buffer; where the terminal's cursor is to stand, if it is to be seen.
pub fn paint(model: &Model, look: &Look, buf: &mut Buffer, area: Rect) -> Option<Position> {
    buf.set_style(area, look.styles.text);
    let Some(layout) = model.layout() else {
        too_small(model, look, buf, area);
        return None;
    };
    let mut cursor = None;
    for pane in Pane::ALL {
        let area = layout.pane(pane);
        if area.is_empty() {
            continue;
        }
        title(model, look, buf, area, pane);
        let here = inside(model, look, buf, layout.inner(pane), pane);
        if pane == model.focus {
            cursor = here;
        }
    }
    divider(look, buf, &layout);
    if let Some(replay) = &model.replay {
        replay.timeline(model.now).view(buf, layout.timeline, look);
    }
    let status = StatusState::of(model.run(), &model.settings(), model.moment());
    status.view(buf, layout.status, look);
    let hints = hints_here(model);
    hints::view(buf, layout.hints, look, &hints, &model.pending);
    let over = Rect {
        height: area.height.saturating_sub(2),
        ..area
    };
    if let Some(overlay) = &model.overlay {
        let place = if overlay.is_in_pane() {
            layout.inner(model.focus)
        } else {
            over
        };
        cursor = overlay.view(buf, place, look);
    }
    model.toasts.view(buf, over, look);
    draw::mark_cuts(buf, look.glyphs.ellipsis);
    draw::cut_heaps(buf);
    cursor
}

/// The hints of the place. What lies above the panes has its own; below it only those hold that are heard everywhere.
fn hints_here(model: &Model) -> Vec<Hint> {
    let Some(overlay) = &model.overlay else {
        return hints::hints(&model.keymap, update::contexts(model), hint_state(model));
    };
    let cancel = model.keymap.key_for(Action::Cancel, Context::TYPING);
    let cancel = cancel.filter(|_| model.running.is_some()).map(|key| (key, "cancel"));
    let mut hints: Vec<Hint> = cancel.into_iter().collect();
    if overlay.is_in_pane() {
        hints.extend([("Enter".to_owned(), "keep"), ("Esc".to_owned(), "end the search")]);
    }
    hints
}

fn hint_state(model: &Model) -> HintState<'_> {
    let place = match (model.focus, model.tab) {
        _ if model.on_timeline() => Place::Timeline,
        (Pane::Schema, _) => Place::Schema,
        (Pane::Input, _) => Place::Input,
        (Pane::Output, OutputTab::Fields) => Place::Fields,
        (Pane::Output, OutputTab::Raw) => Place::Raw,
        (Pane::Output, OutputTab::Attempts) => Place::Attempts,
        (Pane::Output, OutputTab::Wire) => Place::Wire,
    };
    HintState {
        place,
        running: model.running.is_some(),
        replaying: model.replay.is_some(),
        pending: &model.pending,
    }
}

fn too_small(model: &Model, look: &Look, buf: &mut Buffer, area: Rect) {
    let words = [
        format!("formwork needs {}x{}", LEAST.0, LEAST.1),
        format!("this is {}x{}", model.size.0, model.size.1),
        if model.running.is_some() { "the run goes on" } else { "" }.to_owned(),
    ];
    for (row, words) in (0..area.height).zip(words) {
        draw::put(buf, area.x, area.y + row, area.width, &words, look.styles.warning);
    }
}

/// A pane's title: a rule with its number, name and tabs.
fn title(model: &Model, look: &Look, buf: &mut Buffer, area: Rect, pane: Pane) {
    let focused = model.focus == pane && !model.on_timeline();
    let (frame, name) = if focused {
        (look.styles.frame_focused, look.styles.title_focused)
    } else {
        (look.styles.frame, look.styles.title)
    };
    let rule = look.glyphs.border.horizontal_top.repeat(usize::from(area.width));
    draw::put(buf, area.x, area.y, area.width, &rule, frame);
    let mut pieces: Vec<(String, Style)> = vec![(" ".into(), frame)];
    let plain = |text: &str, style: Style| (text.to_owned(), style);
    match pane {
        Pane::Schema => pieces.push(plain("1 Schema", name)),
        Pane::Input => {
            let tabs = [
                ("2 Input", !model.shows_instructions),
                ("Instructions", model.shows_instructions),
            ];
            tabs_of(look, &mut pieces, &tabs, name, focused);
        }
        Pane::Output => {
            pieces.push(plain("3 ", name));
            let tabs = OutputTab::ALL.map(|tab| (tab.title(), tab == model.tab));
            tabs_of(look, &mut pieces, &tabs, name, focused);
        }
    }
    pieces.push(plain(" ", frame));
    let used = draw::pieces(buf, area, 0, pieces.iter().map(|(text, style)| (text.as_str(), *style)));
    let note = note(model, pane);
    let width = u16::try_from(unicode_width::UnicodeWidthStr::width(note.as_str())).unwrap_or(u16::MAX);
    if !note.is_empty() && used.saturating_add(width).saturating_add(3) < area.width {
        let x = area.right() - width - 2;
        let style = if model.typing && focused {
            look.styles.strong
        } else {
            look.styles.dim
        };
        draw::put(buf, x, area.y, width, &note, style);
    }
}

fn tabs_of(look: &Look, pieces: &mut Vec<(String, Style)>, tabs: &[(&str, bool)], name: Style, focused: bool) {
    for (at, (tab, open)) in tabs.iter().enumerate() {
        if at > 0 {
            pieces.push((" ".to_owned(), look.styles.frame));
        }
        let style = match (open, focused) {
            (true, true) => look.styles.tab_open,
            (true, false) => name,
            (false, _) => look.styles.tab,
        };
        pieces.push(((*tab).to_owned(), style));
    }
}

/// What is said at the right end of a title.
fn note(model: &Model, pane: Pane) -> String {
    if let Some(editor) = model.editor_pane().filter(|_| model.focus == pane) {
        let (line, column) = model.editor(editor).cursor();
        let place = format!(" {}:{} ", line + 1, column + 1);
        return if model.typing {
            format!(" typing {place}")
        } else {
            place
        };
    }
    match pane {
        Pane::Schema if model.schema_file.is_some() => model.schema_file.as_ref().map_or_else(String::new, |file| {
            let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned());
            format!(" {} ", crate::text::one_line(&name.unwrap_or_default(), 24))
        }),
        Pane::Output
            if model
                .replay
                .as_ref()
                .is_some_and(|replay| replay.what_if.differences.is_some()) =>
        {
            " what if ".to_owned()
        }
        Pane::Output if model.running.is_some() => {
            let following = match model.tab {
                OutputTab::Fields => model.fields.is_following(),
                OutputTab::Raw => model.raw.is_following(),
                OutputTab::Attempts | OutputTab::Wire => return String::new(),
            };
            if following { " following " } else { " F follows " }.to_owned()
        }
        Pane::Schema | Pane::Input | Pane::Output => String::new(),
    }
}

fn inside(model: &Model, look: &Look, buf: &mut Buffer, area: Rect, pane: Pane) -> Option<Position> {
    if area.is_empty() {
        return None;
    }
    let focused = model.focus == pane && !model.on_timeline();
    let typing = focused && model.typing;
    let area = said::below(model, look, buf, area, pane);
    let area = if pane == Pane::Output {
        differences::below(model, look, buf, area)
    } else {
        area
    };
    match pane {
        Pane::Schema => model.schema.view(buf, area, look, focused, typing),
        Pane::Input if model.shows_instructions => model.instructions.view(buf, area, look, focused, typing),
        Pane::Input => model.input.view(buf, area, look, focused, typing),
        Pane::Output => {
            output(model, look, buf, area, focused);
            None
        }
    }
}

fn output(model: &Model, look: &Look, buf: &mut Buffer, area: Rect, focused: bool) {
    let run = model.run();
    match model.tab {
        OutputTab::Fields if said::no_fields(model, look, buf, area) => {}
        OutputTab::Fields => {
            model.fields.view(buf, area, look, run, focused);
        }
        OutputTab::Raw => model.raw.view(buf, area, look, run),
        OutputTab::Attempts => model.attempts.view(buf, area, look, run, model.moment(), focused),
        OutputTab::Wire => {
            model.wire.view(buf, area, look, focused);
        }
    }
}

fn divider(look: &Look, buf: &mut Buffer, layout: &Layout) {
    let area = layout.divider;
    for row in 0..area.height {
        draw::put(
            buf,
            area.x,
            area.y + row,
            area.width,
            look.glyphs.border.vertical_left,
            look.styles.frame,
        );
    }
}
