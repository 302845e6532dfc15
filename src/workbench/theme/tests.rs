//! The themes that ship at every depth, and what is said about themes that do not.

use super::colour::{Colour, fixed};
use super::{Theme, built_in_names, load, parse, roles};
use crate::term::depth::Depth;
use crate::workbench::styles::Styles;
use ratatui::style::{Color, Style};
use std::fs;

const DEPTHS: [Depth; 4] = [Depth::TrueColor, Depth::Indexed, Depth::Ansi, Depth::None];

fn every_look() -> impl Iterator<Item = (String, Depth, Styles)> {
    built_in_names().flat_map(|name| {
        let theme = parse(super::built_in(name).unwrap(), name).unwrap();
        DEPTHS.map(|depth| (format!("{name} at {depth:?}"), depth, theme.styles(depth)))
    })
}

/// As the screen shows it: over `text`.
fn over(text: Style, style: Style) -> Style {
    text.patch(style)
}

#[test]
fn states_are_told_apart_in_every_theme_at_every_depth() {
    for (name, _, styles) in every_look() {
        let text = styles.text;
        let shown = |style: Style| over(text, style);
        let marked = [
            ("selected", styles.selected),
            ("selected_unfocused", styles.selected_unfocused),
            ("growing", styles.growing),
            ("invalid", styles.invalid),
            ("matched", styles.matched),
            ("selection", styles.selection),
            ("hint_key", styles.hint_key),
        ];
        for (role, style) in marked {
            assert_ne!(shown(style), shown(text), "{name}: {role} looks like text");
        }
        let apart = [
            ("valid and invalid", styles.valid, styles.invalid),
            ("growing and valid", styles.growing, styles.valid),
            ("growing and invalid", styles.growing, styles.invalid),
            ("growing and waiting", styles.growing, styles.waiting),
            ("invalid and selected", styles.invalid, styles.selected),
            ("selected and unfocused", styles.selected, styles.selected_unfocused),
            ("matches", styles.matched, styles.matched_current),
            ("tabs", styles.tab, styles.tab_open),
            ("titles", styles.title, styles.title_focused),
            ("frames", styles.frame, styles.frame_focused),
            ("hints", styles.hint, styles.hint_key),
            ("status and text", styles.status, styles.text),
        ];
        for (pair, one, other) in apart {
            assert_ne!(shown(one), shown(other), "{name}: {pair} look the same");
        }
    }
}

#[test]
fn no_depth_is_given_colours_that_it_lacks() {
    for (name, depth, mut styles) in every_look() {
        for role in roles::ROLES {
            let style = *(role.slot)(&mut styles);
            for color in [style.fg, style.bg].into_iter().flatten() {
                let fits = match depth {
                    Depth::TrueColor => true,
                    Depth::Indexed => !matches!(color, Color::Rgb(..) | Color::Indexed(..=15)),
                    Depth::Ansi => !matches!(color, Color::Rgb(..) | Color::Indexed(_)),
                    Depth::None => false,
                };
                assert!(fits, "{name}: {} is {color}", role.name);
            }
        }
    }
}

#[test]
fn mono_and_a_depth_of_none_have_no_colour_at_all() {
    let mono = Theme::shipped("mono");
    assert_eq!(mono.styles(Depth::TrueColor), mono.styles(Depth::None));
    let plain = Theme::shipped("dark").styles(Depth::None);
    assert_eq!(plain.selected, Style::new().bold().reversed());
    assert_eq!(plain.status, Style::new().reversed());
}

/// Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
fn contrast(one: Color, other: Color) -> f64 {
    let light = |color: Color| {
        let (r, g, b) = match color {
            Color::Rgb(r, g, b) => (r, g, b),
            Color::Indexed(index @ 16..) => fixed(index),
            other => panic!("nobody knows how {other} looks"),
        };
        let linear = |channel: u8| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    };
    let (one, other) = (light(one), light(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn themes_with_a_background_can_be_read() {
    let mut backgrounds = 0;
    for (name, depth, mut styles) in every_look() {
        let text = styles.text;
        if text.bg.is_none() || matches!(depth, Depth::Ansi | Depth::None) {
            continue;
        }
        backgrounds += 1;
        let least = if name.starts_with("high-contrast") { 7.0 } else { 4.5 };
        for role in roles::ROLES {
            let style = over(text, *(role.slot)(&mut styles));
            // A line is no letter: WCAG asks for 3:1.
            let lines = ["frame", "scrollbar", "line_number"].contains(&role.name);
            let least = if lines && least < 7.0 { 3.0 } else { least };
            let ratio = contrast(style.fg.unwrap(), style.bg.unwrap());
            assert!(ratio >= least, "{name}: {} has {ratio:.2}", role.name);
            // A selected row keeps the colours of what is in it.
            for ground in [styles.selected_unfocused, styles.line_current] {
                let ratio = contrast(style.fg.unwrap(), over(style, ground).bg.unwrap());
                let own = style.bg != text.bg;
                assert!(
                    own || ratio >= least - 1.0,
                    "{name}: {} on a raised row has {ratio:.2}",
                    role.name
                );
            }
        }
    }
    assert!(backgrounds > 0);
}

#[test]
fn the_readme_names_the_themes_that_ship() {
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme.split_once("`ui.theme` is ").unwrap();
    let (listed, _) = rest.split_once(", or a file of your own").unwrap();
    let named: Vec<&str> = listed.split('`').skip(1).step_by(2).collect();
    assert_eq!(named, built_in_names().collect::<Vec<_>>());
}

#[test]
fn the_file_says_each_roles_group() {
    let text = super::built_in("ansi").unwrap();
    for role in roles::ROLES {
        let line = text
            .lines()
            .find(|line| line.split(" = ").next() == Some(role.name))
            .unwrap();
        let group = if role.name == "text" { "text = {}" } else { role.group };
        assert!(line.ends_with(group), "{line}: {group}");
    }
}

#[test]
fn what_is_left_out_falls_back_along_its_group() {
    let text = "[palette]\nsea = '#0000ff'\n[roles]\ntext = { fg = 'sea' }\nframe = { fg = 1, bold = true }\nerror = { dim = false }";
    let styles = parse(text, "t").unwrap().styles(Depth::TrueColor);
    let sea = Style::new().fg(Color::Rgb(0, 0, 255));
    let frame = Style::new().fg(Color::Red).bold();
    assert_eq!((styles.text, styles.prompt, styles.number), (sea, sea, sea));
    assert_eq!(
        (styles.frame, styles.frame_focused, styles.overlay_frame),
        (frame, frame, frame)
    );
    assert_eq!((styles.error, styles.invalid), (Style::new(), Style::new()));
}

#[test]
fn an_inherited_palette_can_be_changed() {
    let theme = parse(
        "inherits = 'dark'\n[palette]\nground = 'black'\n[roles]\nkey = { fg = 200 }",
        "t",
    )
    .unwrap();
    let styles = theme.styles(Depth::TrueColor);
    assert_eq!(styles.text.bg, Some(Color::Black));
    assert_eq!(styles.key, Style::new().fg(Color::Indexed(200)));
    assert_eq!(styles.error, Theme::shipped("dark").styles(Depth::TrueColor).error);
}

#[test]
fn mistakes_have_a_line_and_advice() {
    let names: Vec<&str> = built_in_names().collect();
    let no_name = format!("t:1: unknown theme ``; known are {}", names.join(", "));
    let table = [
        (
            "[roles]\n\nfram = {}",
            "t:3: unknown role `fram`; did you mean `frame`?",
        ),
        ("[role]", "t:1: unknown key `role`; did you mean `roles`?"),
        ("inherits = 'drak'", "t:1: unknown theme `drak`; did you mean `dark`?"),
        ("sixteen = 'dark'", "t:1: unknown theme `dark`; known are ansi, mono"),
        ("inherits = 3", &no_name),
        (
            "[roles]\nkey = { fg = 'cian' }",
            "t:2: unknown colour `cian`; did you mean `cyan`?",
        ),
        (
            "[palette]\nseaside = 1\n[roles]\nkey = { bg = 'seasid' }",
            "t:4: unknown colour `seasid`; did you mean `seaside` of the palette?",
        ),
        (
            "[roles]\nkey = { fg = '#12' }",
            "t:2: `#12` is no colour: write # and six digits of 0-9 and a-f",
        ),
        (
            "[palette]\na = 256",
            "t:2: a colour is \"#rrggbb\", a name, or a number from 0 to 255",
        ),
        (
            "[roles]\nkey = { blod = true }",
            "t:2: unknown key `blod`; did you mean `bold`?",
        ),
        ("[roles]\nkey = { bold = 1 }", "t:2: `bold` is true or false"),
        (
            "[roles]\nkey = 'red'",
            "t:2: a role is a table: write { fg = \"red\", bold = true }",
        ),
        ("roles = 1", "t:1: `roles` is a table: write [roles]"),
    ];
    for (text, expected) in table {
        assert_eq!(parse(text, "t").unwrap_err().to_string(), expected, "{text}");
    }
    assert_eq!(parse("[roles]\nkey = {", "t").unwrap_err().line, 2);
}

#[test]
fn a_theme_is_found_or_missed() {
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("themes");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("mine.toml"), "[roles]\ntext = { fg = 'red' }").unwrap();
    fs::write(folder.join("torn.toml"), "[roles]\ntxt = {}").unwrap();
    fs::write(temp.path().join("out.toml"), "[roles]").unwrap();
    let ansi = Theme::shipped("ansi");
    for name in ["ansi", "default"] {
        assert_eq!(load(name, &folder), (ansi.clone(), None), "{name}");
    }
    let (mine, none) = load("mine", &folder);
    assert_eq!((mine.styles(Depth::Ansi).text.fg, none), (Some(Color::Red), None));
    let mut names: Vec<&str> = built_in_names().chain(["mine", "torn"]).collect();
    names.sort_unstable();
    let outside = format!("no theme `../out`; known are {} (using", names.join(", "));
    let table = [
        (
            "torn",
            "torn.toml:2: unknown role `txt`; did you mean `text`? (using the theme `ansi`)",
        ),
        (
            "minne",
            "no theme `minne`; did you mean `mine`? (using the theme `ansi`)",
        ),
        ("../out", &outside),
        ("", "no theme ``; known are"),
    ];
    for (name, expected) in table {
        let (theme, wrong) = load(name, &folder);
        let wrong = wrong.unwrap();
        assert!(wrong.contains(expected), "{wrong}");
        assert_eq!(theme, ansi);
    }
    assert_eq!(load("dark", &temp.path().join("none")).1, None);
}

#[test]
fn colours_of_other_depths_make_a_theme_fall_back() {
    let named = parse("[roles]\ntext = { fg = 'blue' }\nkey = { fg = 9 }", "t").unwrap();
    assert_eq!(named.styles(Depth::Ansi).key.fg, Some(Color::LightRed));
    assert_eq!(
        Theme::shipped("dark").styles(Depth::Ansi),
        Theme::shipped("ansi").styles(Depth::Ansi)
    );
    assert_eq!(
        Theme::shipped("high-contrast").styles(Depth::Ansi),
        Theme::shipped("mono").styles(Depth::Ansi)
    );
    assert!(Colour::Ansi(3).is_ansi() && !Colour::Rgb(0, 0, 0).is_ansi());
}
