//! When to draw.
//!
//! Owns the cap on frames: at once after a pause, never more often than the settings say, and sooner after a key than after a stream's
//! piece, so that typing feels direct while an answer pours in.

use std::time::{Duration, Instant};

/// The least time between two frames when a key was pressed.
const HURRY: Duration = Duration::from_millis(8);

/// Decides when to draw.
#[derive(Debug)]
pub struct Frames {
    every: Duration,
    last: Option<Instant>,
    wanted: bool,
    hurried: bool,
}

impl Frames {
    /// At most `fps` frames a second; the first is due at once.
    pub fn new(fps: u16) -> Self {
        Self {
            every: Duration::from_secs(1) / u32::from(fps.clamp(1, 240)),
            last: None,
            wanted: true,
            hurried: true,
        }
    }

    /// Something has changed.
    pub const fn want(&mut self) {
        self.wanted = true;
    }

    /// A key was pressed: what it changed is to be seen soon.
    pub const fn hurry(&mut self) {
        self.hurried = true;
    }

    /// The screen is to be drawn at once.
    pub const fn now(&mut self) {
        self.wanted = true;
        self.last = None;
    }

    /// A frame was drawn.
    pub fn drawn(&mut self) {
        self.last = Some(Instant::now());
        self.wanted = false;
        self.hurried = false;
    }

    /// Whether a frame is to be drawn now.
    pub fn is_due(&self) -> bool {
        self.wait().is_some_and(|wait| wait.is_zero())
    }

    /// How long until a frame is to be drawn; `None` when nothing has changed.
    pub fn wait(&self) -> Option<Duration> {
        if !self.wanted {
            return None;
        }
        let least = if self.hurried {
            HURRY.min(self.every)
        } else {
            self.every
        };
        Some(
            self.last
                .map_or(Duration::ZERO, |last| least.saturating_sub(last.elapsed())),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Frames;
    use std::time::Duration;

    #[test]
    fn frames_are_drawn_when_wanted_and_not_too_often() {
        let mut frames = Frames::new(1);
        assert!(frames.is_due());
        frames.drawn();
        assert_eq!(frames.wait(), None);
        frames.want();
        assert!(!frames.is_due());
        assert!(frames.wait().is_some_and(|wait| wait > Duration::from_millis(100)));
        frames.hurry();
        assert!(frames.wait().is_some_and(|wait| wait <= Duration::from_millis(8)));
        frames.now();
        assert!(frames.is_due());
    }
}
