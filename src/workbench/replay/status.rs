//! What the status line says of a replay.
//!
//! Owns the words, longer and shorter. Which of them there is room for is the line's.

use crate::words;

/// Where a replay stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplayStatus {
    /// How many events have happened.
    pub event: usize,
    /// How many there are.
    pub events: usize,
    /// Playing time that has passed, in milliseconds.
    pub elapsed: u64,
    /// Playing time in all, in milliseconds.
    pub length: u64,
    /// How fast it is played.
    pub speed: f64,
    /// Whether it is played now.
    pub playing: bool,
    /// What has just happened, if that is marked.
    pub here: Option<&'static str>,
    /// How many differences the schema makes that is tried; `None` while what was recorded is shown.
    pub differences: Option<usize>,
}

impl ReplayStatus {
    /// In so many words: 0 for all, 3 for the fewest.
    pub fn words(&self, fewer: u8) -> String {
        let doing = if self.playing { "playing" } else { "paused" };
        let times = format!("{} of {}", words::running(self.elapsed), words::running(self.length));
        let speed = self.speed_words();
        let place = format!("event {} of {}", self.event, self.events);
        let few = format!("{}/{}", self.event, self.events);
        let fast = if self.playing || (self.speed - 1.0).abs() > f64::EPSILON {
            format!(" {speed}")
        } else {
            String::new()
        };
        match fewer {
            0 => {
                let here = self.here.map(|here| format!(" ({here})")).unwrap_or_default();
                format!("replay {doing}{fast}, {times}, {place}{here}")
            }
            1 => format!("replay {doing}{fast}, {place}"),
            2 => format!("{doing}{fast} {few}"),
            _ => format!("{doing} {few}"),
        }
    }

    /// What a tried schema has come to.
    pub fn what_if(&self) -> Option<String> {
        self.differences.map(|number| match number {
            0 => "what if: no difference".to_owned(),
            number => format!("what if: {}", words::count(number, "difference")),
        })
    }

    fn speed_words(&self) -> String {
        if self.speed < 0.5 {
            "×¼".to_owned()
        } else if self.speed < 1.0 {
            "×½".to_owned()
        } else {
            format!("×{:.0}", self.speed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ReplayStatus;

    #[test]
    fn words() {
        let status = ReplayStatus {
            event: 12,
            events: 80,
            elapsed: 3_200,
            length: 12_000,
            speed: 1.0,
            here: Some("fallback"),
            ..ReplayStatus::default()
        };
        let all = [0, 1, 2, 3].map(|fewer| status.words(fewer));
        assert_eq!(
            all,
            [
                "replay paused, 3.2 s of 12 s, event 12 of 80 (fallback)",
                "replay paused, event 12 of 80",
                "paused 12/80",
                "paused 12/80"
            ]
        );
        let playing = |speed| ReplayStatus {
            speed,
            playing: true,
            ..status.clone()
        };
        let speeds = [0.25, 0.5, 1.0, 64.0].map(|speed| playing(speed).words(2));
        assert_eq!(
            speeds,
            [
                "playing ×¼ 12/80",
                "playing ×½ 12/80",
                "playing ×1 12/80",
                "playing ×64 12/80"
            ]
        );
        assert_eq!(playing(2.0).words(3), "playing 12/80");
        let what_if = |differences| {
            ReplayStatus {
                differences,
                ..status.clone()
            }
            .what_if()
        };
        assert_eq!(what_if(None), None);
        assert_eq!(what_if(Some(0)).as_deref(), Some("what if: no difference"));
        assert_eq!(what_if(Some(1)).as_deref(), Some("what if: 1 difference"));
    }
}
