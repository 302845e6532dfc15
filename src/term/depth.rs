//! How many colours the terminal shows.

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
