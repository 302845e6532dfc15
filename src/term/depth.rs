//! How many colours the terminal shows, and whether it shows more than ASCII.
//!
//! Owns both guesses. They are made from the environment alone: answers of the terminal come late over a slow link.

use crate::config::Env;
use crate::config::settings::Color;

/// The colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// 24 bits.
    TrueColor,
    /// The xterm palette of 256.
    Indexed,
    /// The terminal's own 16, by name.
    Ansi,
    /// None: bold, dim, underline and reverse only.
    None,
}

/// What the names of terminals that show 24 bits begin with. OpenSSH passes the name on, `COLORTERM` it does not.
const TRUE_COLOR_TERMS: [&str; 8] = [
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "rio",
    "wezterm",
    "xterm-ghostty",
    "xterm-kitty",
];

impl Depth {
    /// The depth that is set; where that is left open, none under `NO_COLOR` (no-color.org), else what `COLORTERM` and `TERM` tell.
    pub fn find(setting: Color, env: &Env) -> Self {
        match setting {
            Color::Auto => Self::guess(env),
            Color::TrueColor => Self::TrueColor,
            Color::Indexed => Self::Indexed,
            Color::Ansi => Self::Ansi,
            Color::None => Self::None,
        }
    }

    fn guess(env: &Env) -> Self {
        let term = env.get("TERM").unwrap_or_default();
        if env.get("NO_COLOR").is_some() || term == "dumb" {
            return Self::None;
        }
        let indexed = if term.contains("256color") {
            Self::Indexed
        } else {
            Self::Ansi
        };
        // GNU screen inherits its terminal's COLORTERM but does not pass 24 bits on; tmux calls itself screen at times and does.
        if term.starts_with("screen") && env.get("TMUX").is_none() {
            return indexed;
        }
        let said = matches!(env.get("COLORTERM"), Some("truecolor" | "24bit"));
        let known = term.ends_with("-direct") || TRUE_COLOR_TERMS.iter().any(|name| term.starts_with(name));
        if said || known || env.get("WT_SESSION").is_some() {
            return Self::TrueColor;
        }
        indexed
    }
}

/// Whether the locale's characters are UTF-8: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set decides (POSIX, 8.2); with
/// none the locale is `C`.
pub fn is_utf8(env: &Env) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env.get(name));
    let locale = locale.unwrap_or_default();
    // language_TERRITORY.codeset@modifier; macOS says just `UTF-8`.
    let codeset = locale.split_once('.').map_or(locale, |(_, codeset)| codeset);
    let codeset = codeset.split('@').next().unwrap_or_default();
    codeset.eq_ignore_ascii_case("utf-8") || codeset.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_tells_the_depth() {
        let table: [(&[(&str, &str)], Depth); 19] = [
            (&[], Depth::Ansi),
            (&[("TERM", "xterm")], Depth::Ansi),
            (&[("TERM", "linux")], Depth::Ansi),
            (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], Depth::None),
            (&[("TERM", "xterm-256color")], Depth::Indexed),
            (&[("TERM", "tmux-256color")], Depth::Indexed),
            (
                &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")],
                Depth::TrueColor,
            ),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "24bit")], Depth::TrueColor),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "1")], Depth::Indexed),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "")], Depth::Indexed),
            (&[("TERM", "xterm-kitty")], Depth::TrueColor),
            (&[("TERM", "foot-extra")], Depth::TrueColor),
            (&[("TERM", "xterm-direct")], Depth::TrueColor),
            (&[("TERM", "xterm-256color"), ("WT_SESSION", "x")], Depth::TrueColor),
            (
                &[("TERM", "screen-256color"), ("COLORTERM", "truecolor")],
                Depth::Indexed,
            ),
            (&[("TERM", "screen"), ("COLORTERM", "truecolor")], Depth::Ansi),
            (
                &[("TERM", "screen-256color"), ("COLORTERM", "truecolor"), ("TMUX", "x")],
                Depth::TrueColor,
            ),
            (&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")], Depth::None),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "")], Depth::Indexed),
        ];
        for (vars, expected) in table {
            let env = vars.iter().copied().collect();
            assert_eq!(Depth::find(Color::Auto, &env), expected, "{vars:?}");
        }
    }

    #[test]
    fn a_setting_counts_more_than_the_environment() {
        let env = [("NO_COLOR", "1"), ("TERM", "dumb")].into_iter().collect();
        let table = [
            (Color::Auto, Depth::None),
            (Color::TrueColor, Depth::TrueColor),
            (Color::Indexed, Depth::Indexed),
            (Color::Ansi, Depth::Ansi),
            (Color::None, Depth::None),
        ];
        for (setting, expected) in table {
            assert_eq!(Depth::find(setting, &env), expected, "{setting:?}");
        }
    }

    #[test]
    fn the_locale_tells_utf8() {
        let table: [(&[(&str, &str)], bool); 12] = [
            (&[], false),
            (&[("LANG", "C")], false),
            (&[("LANG", "POSIX")], false),
            (&[("LANG", "C.UTF-8")], true),
            (&[("LANG", "en_US.utf8")], true),
            (&[("LANG", "de_DE.UTF-8@euro")], true),
            (&[("LANG", "de_DE@euro")], false),
            (&[("LANG", "en_US.ISO-8859-1")], false),
            (&[("LC_CTYPE", "UTF-8")], true),
            (&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], false),
            (&[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8"), ("LANG", "C")], true),
            (&[("LC_CTYPE", "C"), ("LANG", "en_US.UTF-8")], false),
        ];
        for (vars, expected) in table {
            assert_eq!(is_utf8(&vars.iter().copied().collect()), expected, "{vars:?}");
        }
    }
}
