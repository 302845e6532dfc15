//! The roles of a theme: every style of [`Styles`] by its name in a theme's file.
//!
//! Owns which roles there are and which role stands in for one that a theme leaves out.

use crate::workbench::styles::Styles;
use ratatui::style::Style;

/// A role.
#[derive(Clone, Copy, Debug)]
pub struct Role {
    /// Its name in a theme's file.
    pub name: &'static str,
    /// The role that stands in where it is left out; empty for `text`, where the chain ends.
    pub group: &'static str,
    /// Where its style is kept.
    pub slot: fn(&mut Styles) -> &mut Style,
}

const fn role(name: &'static str, group: &'static str, slot: fn(&mut Styles) -> &mut Style) -> Role {
    Role { name, group, slot }
}

/// All roles.
pub const ROLES: [Role; COUNT] = [
    role("text", "", |styles| &mut styles.text),
    role("dim", "text", |styles| &mut styles.dim),
    role("strong", "text", |styles| &mut styles.strong),
    role("frame", "text", |styles| &mut styles.frame),
    role("frame_focused", "frame", |styles| &mut styles.frame_focused),
    role("title", "frame", |styles| &mut styles.title),
    role("title_focused", "title", |styles| &mut styles.title_focused),
    role("tab", "title", |styles| &mut styles.tab),
    role("tab_open", "tab", |styles| &mut styles.tab_open),
    role("selected", "text", |styles| &mut styles.selected),
    role("selected_unfocused", "selected", |styles| {
        &mut styles.selected_unfocused
    }),
    role("key", "text", |styles| &mut styles.key),
    role("string", "text", |styles| &mut styles.string),
    role("number", "string", |styles| &mut styles.number),
    role("literal", "number", |styles| &mut styles.literal),
    role("punctuation", "dim", |styles| &mut styles.punctuation),
    role("waiting", "dim", |styles| &mut styles.waiting),
    role("growing", "text", |styles| &mut styles.growing),
    role("closed", "text", |styles| &mut styles.closed),
    role("valid", "closed", |styles| &mut styles.valid),
    role("invalid", "error", |styles| &mut styles.invalid),
    role("error", "text", |styles| &mut styles.error),
    role("warning", "text", |styles| &mut styles.warning),
    role("info", "text", |styles| &mut styles.info),
    role("repair", "warning", |styles| &mut styles.repair),
    role("matched", "text", |styles| &mut styles.matched),
    role("matched_current", "matched", |styles| &mut styles.matched_current),
    role("line_number", "dim", |styles| &mut styles.line_number),
    role("line_number_current", "line_number", |styles| {
        &mut styles.line_number_current
    }),
    role("line_current", "text", |styles| &mut styles.line_current),
    role("selection", "selected", |styles| &mut styles.selection),
    role("status", "text", |styles| &mut styles.status),
    role("status_strong", "status", |styles| &mut styles.status_strong),
    role("hint_key", "strong", |styles| &mut styles.hint_key),
    role("hint", "dim", |styles| &mut styles.hint),
    role("overlay", "text", |styles| &mut styles.overlay),
    role("overlay_frame", "frame_focused", |styles| &mut styles.overlay_frame),
    role("prompt", "text", |styles| &mut styles.prompt),
    role("scrollbar", "frame", |styles| &mut styles.scrollbar),
];

/// How many there are.
pub const COUNT: usize = 39;

/// The place of a role in [`ROLES`].
pub fn place(name: &str) -> Option<usize> {
    ROLES.iter().position(|role| role.name == name)
}

#[cfg(test)]
mod tests {
    use super::{COUNT, ROLES, place};
    use crate::workbench::styles::Styles;
    use ratatui::style::{Color, Style};

    #[test]
    fn each_style_has_its_role() {
        let mut styles = Styles::default();
        for (index, role) in ROLES.iter().enumerate() {
            *(role.slot)(&mut styles) = Style::new().fg(Color::Indexed(u8::try_from(index).unwrap()));
        }
        // Taken apart by name, so that a style without a role does not compile.
        let Styles {
            text,
            dim,
            strong,
            frame,
            frame_focused,
            title,
            title_focused,
            tab,
            tab_open,
            selected,
            selected_unfocused,
            key,
            string,
            number,
            literal,
            punctuation,
            waiting,
            growing,
            closed,
            valid,
            invalid,
            error,
            warning,
            info,
            repair,
            matched,
            matched_current,
            line_number,
            line_number_current,
            line_current,
            selection,
            status,
            status_strong,
            hint_key,
            hint,
            overlay,
            overlay_frame,
            prompt,
            scrollbar,
        } = styles;
        let all = [
            ("text", text),
            ("dim", dim),
            ("strong", strong),
            ("frame", frame),
            ("frame_focused", frame_focused),
            ("title", title),
            ("title_focused", title_focused),
            ("tab", tab),
            ("tab_open", tab_open),
            ("selected", selected),
            ("selected_unfocused", selected_unfocused),
            ("key", key),
            ("string", string),
            ("number", number),
            ("literal", literal),
            ("punctuation", punctuation),
            ("waiting", waiting),
            ("growing", growing),
            ("closed", closed),
            ("valid", valid),
            ("invalid", invalid),
            ("error", error),
            ("warning", warning),
            ("info", info),
            ("repair", repair),
            ("matched", matched),
            ("matched_current", matched_current),
            ("line_number", line_number),
            ("line_number_current", line_number_current),
            ("line_current", line_current),
            ("selection", selection),
            ("status", status),
            ("status_strong", status_strong),
            ("hint_key", hint_key),
            ("hint", hint),
            ("overlay", overlay),
            ("overlay_frame", overlay_frame),
            ("prompt", prompt),
            ("scrollbar", scrollbar),
        ];
        assert_eq!(all.len(), COUNT);
        for (name, style) in all {
            let index = u8::try_from(place(name).unwrap()).unwrap();
            assert_eq!(style.fg, Some(Color::Indexed(index)), "{name}");
        }
    }

    #[test]
    fn every_chain_ends_at_text() {
        for role in ROLES {
            let mut name = role.name;
            for _ in 0..COUNT {
                name = match place(name) {
                    Some(at) if !ROLES[at].group.is_empty() => ROLES[at].group,
                    Some(_) | None => break,
                };
            }
            assert_eq!(name, "text", "{}", role.name);
        }
    }
}
