//! How fast a replay plays.
//!
//! Owns the steps from ×¼ to ×64, each twice the one before, and exact arithmetic with them.

/// A speed, in quarters of life's: a power of two from 1 to 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Speed(u16);

impl Default for Speed {
    fn default() -> Self {
        Self(4)
    }
}

impl Speed {
    const MOST: u16 = 256;

    /// The step next to so many times as fast as life.
    pub fn next_to(times: f64) -> Self {
        let steps = std::iter::successors(Some(1), |step| Some(step * 2)).take_while(|step| *step <= Self::MOST);
        // As far as the ratio goes: 3 lies between 2 and 4, and is nearer to 4.
        let distance = |step: u16| (f64::from(step) / (times.clamp(0.25, 64.0) * 4.0)).ln().abs();
        let nearest = steps.min_by(|one, other| distance(*one).total_cmp(&distance(*other)));
        nearest.map_or_else(Self::default, Self)
    }

    pub fn faster(self) -> Self {
        Self((self.0 * 2).min(Self::MOST))
    }

    pub fn slower(self) -> Self {
        Self((self.0 / 2).max(1))
    }

    pub fn times(self) -> f64 {
        f64::from(self.0) / 4.0
    }

    /// The playing time of so much wall time, rounded down.
    pub fn played(self, wall: u64) -> u64 {
        u64::try_from(u128::from(wall) * u128::from(self.0) / 4).unwrap_or(u64::MAX)
    }

    /// The wall time that is enough for so much playing time.
    pub fn lasts(self, played: u64) -> u64 {
        u64::try_from((u128::from(played) * 4).div_ceil(u128::from(self.0))).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Speed;

    #[test]
    fn steps_and_their_neighbours() {
        let table = [
            (1.0, 1.0),
            (0.25, 0.25),
            (0.0, 0.25),
            (-1.0, 0.25),
            (f64::NAN, 0.25),
            (0.7, 0.5),
            (3.0, 4.0),
            (64.0, 64.0),
            (1e9, 64.0),
            (f64::INFINITY, 64.0),
        ];
        for (asked, times) in table {
            assert!((Speed::next_to(asked).times() - times).abs() < 1e-9, "{asked}");
        }
    }
}
