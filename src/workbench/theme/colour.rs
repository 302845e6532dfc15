//! Colours as a theme names them, and the nearest of the xterm palette.
//!
//! Owns the names, the fixed part of the palette and the distance. Roles belong to `roles`.

use ratatui::style::Color;

/// A colour of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// The terminal's own foreground or background.
    Default,
    /// One of the terminal's own 16.
    Ansi(u8),
    /// One of the fixed colours of the xterm palette, 16 to 255.
    Indexed(u8),
    /// Red, green and blue.
    Rgb(u8, u8, u8),
}

/// The names of the 16, in their order, and what each is drawn with.
const NAMED: [(&str, Color); 16] = [
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright_black", Color::DarkGray),
    ("bright_red", Color::LightRed),
    ("bright_green", Color::LightGreen),
    ("bright_yellow", Color::LightYellow),
    ("bright_blue", Color::LightBlue),
    ("bright_magenta", Color::LightMagenta),
    ("bright_cyan", Color::LightCyan),
    ("bright_white", Color::White),
];

/// The steps of each channel in the palette's cube of 6×6×6 colours (xterm's `256colres.pl`).
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Colour {
    /// Reads `#rrggbb`, `default` or one of the 16 names.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(hex) = text.strip_prefix('#') {
            let whole = hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
            let [_, r, g, b] = u32::from_str_radix(hex, 16).ok().filter(|_| whole)?.to_be_bytes();
            return Some(Self::Rgb(r, g, b));
        }
        if text == "default" {
            return Some(Self::Default);
        }
        let index = NAMED.iter().position(|(name, _)| *name == text)?;
        u8::try_from(index).ok().map(Self::Ansi)
    }

    /// The colour of the xterm palette with this number.
    pub const fn numbered(index: u8) -> Self {
        if index < 16 {
            Self::Ansi(index)
        } else {
            Self::Indexed(index)
        }
    }

    /// The names that [`Colour::parse`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        std::iter::once("default").chain(NAMED.iter().map(|(name, _)| *name))
    }

    /// Whether a terminal of 16 colours has it.
    pub const fn is_ansi(self) -> bool {
        match self {
            Self::Default | Self::Ansi(_) => true,
            Self::Indexed(_) | Self::Rgb(..) => false,
        }
    }

    /// The nearest colour that a terminal of 256 has. RGB never becomes one of the first 16: how those look is the user's affair.
    #[must_use]
    pub fn indexed(self) -> Self {
        match self {
            Self::Rgb(r, g, b) => Self::Indexed(nearest(r, g, b)),
            Self::Default | Self::Ansi(_) | Self::Indexed(_) => self,
        }
    }

    /// What ratatui calls it.
    pub fn color(self) -> Color {
        match self {
            Self::Default => Color::Reset,
            Self::Ansi(index) => NAMED.get(usize::from(index)).map_or(Color::Reset, |(_, color)| *color),
            Self::Indexed(index) => Color::Indexed(index),
            Self::Rgb(r, g, b) => Color::Rgb(r, g, b),
        }
    }
}

/// The number, 16 to 255, of the fixed colour that looks nearest.
fn nearest(r: u8, g: u8, b: u8) -> u8 {
    let wanted = oklab(r, g, b);
    let distance = |index: &u8| {
        let (r, g, b) = fixed(*index);
        let found = oklab(r, g, b);
        wanted.iter().zip(found).map(|(a, b)| (a - b) * (a - b)).sum::<f32>()
    };
    (16..=255)
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .unwrap_or(16)
}

/// Red, green and blue of a fixed colour of the palette: the cube from 16, the greys from 232.
pub(super) fn fixed(index: u8) -> (u8, u8, u8) {
    if index >= 232 {
        let grey = 8 + 10 * (index - 232);
        return (grey, grey, grey);
    }
    let index = usize::from(index.saturating_sub(16));
    let step = |place: usize| CUBE[index / place % CUBE.len()];
    (step(36), step(6), step(1))
}

/// Lightness and two axes of hue, in which equal distances look about equal (Björn Ottosson, "A perceptual color space for image
/// processing", 2020).
fn oklab(r: u8, g: u8, b: u8) -> [f32; 3] {
    let linear = |channel: u8| {
        let channel = f32::from(channel) / 255.0;
        if channel <= 0.040_45 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    };
    let rgb = [linear(r), linear(g), linear(b)];
    let times = |row: [f32; 3], column: [f32; 3]| row.iter().zip(column).map(|(a, b)| a * b).sum::<f32>();
    let cones = [
        times([0.412_221_46, 0.536_332_55, 0.051_445_995], rgb).cbrt(),
        times([0.211_903_5, 0.680_699_5, 0.107_396_96], rgb).cbrt(),
        times([0.088_302_46, 0.281_718_85, 0.629_978_7], rgb).cbrt(),
    ];
    [
        times([0.210_454_26, 0.793_617_8, -0.004_072_047], cones),
        times([1.977_998_5, -2.428_592_2, 0.450_593_7], cones),
        times([0.025_904_037, 0.782_771_77, -0.808_675_77], cones),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Colour, fixed};

    #[test]
    fn colours_are_read() {
        let table = [
            ("#14171c", Some(Colour::Rgb(0x14, 0x17, 0x1c))),
            ("#FFF", None),
            ("#+12345", None),
            ("#12345é", None),
            ("default", Some(Colour::Default)),
            ("red", Some(Colour::Ansi(1))),
            ("bright_white", Some(Colour::Ansi(15))),
            ("crimson", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(Colour::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn rgb_goes_to_the_nearest_fixed_colour() {
        let table = [
            ((0, 0, 0), 16),
            ((255, 255, 255), 231),
            ((255, 0, 0), 196),
            ((8, 8, 8), 232),
            ((238, 238, 238), 255),
            ((95, 135, 175), 67),
            ((0x14, 0x17, 0x1c), 233),
        ];
        for ((r, g, b), index) in table {
            assert_eq!(Colour::Rgb(r, g, b).indexed(), Colour::Indexed(index), "{r} {g} {b}");
        }
    }

    #[test]
    fn every_fixed_colour_is_its_own_nearest() {
        for index in 16..=255 {
            let (r, g, b) = fixed(index);
            let Colour::Indexed(found) = Colour::Rgb(r, g, b).indexed() else {
                panic!("{index}")
            };
            assert_eq!(fixed(found), (r, g, b));
        }
    }
}
