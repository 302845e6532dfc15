//! From scores to a token.
//!
//! Owns the choice: the likeliest, or with a temperature a lot drawn among all that are allowed.

use toktrie::SimpleVob;

/// Picks tokens.
#[derive(Debug)]
pub struct Sampler {
    temperature: f64,
    rng: fastrand::Rng,
}

impl Sampler {
    /// At a temperature of 0 the likeliest token is taken each time. Without a seed two draws differ.
    pub fn new(temperature: f64, seed: Option<u64>) -> Self {
        Self {
            temperature,
            rng: seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
        }
    }

    /// Picks one of the tokens that are allowed; `None` if none is.
    pub fn pick(&mut self, scores: &[f32], allowed: Option<&SimpleVob>) -> Option<u32> {
        let candidates = || {
            (0_u32..)
                .zip(scores.iter().map(|score| f64::from(*score)))
                .filter(|(token, score)| allowed.is_none_or(|allowed| allowed.is_allowed(*token)) && !score.is_nan())
        };
        // The first of equals, so that the choice is the same on every machine.
        let best = candidates().fold(None, |best: Option<(u32, f64)>, (token, score)| match best {
            Some((_, highest)) if score <= highest => best,
            _ => Some((token, score)),
        });
        let (best, highest) = best?;
        if self.temperature <= 0.0 {
            return Some(best);
        }
        let share = |score: f64| ((score - highest) / self.temperature).exp();
        let mut lot = self.rng.f64() * candidates().map(|(_, score)| share(score)).sum::<f64>();
        for (token, score) in candidates() {
            lot -= share(score);
            if lot < 0.0 {
                return Some(token);
            }
        }
        Some(best)
    }
}

#[cfg(test)]
mod tests {
    use super::Sampler;
    use toktrie::SimpleVob;

    #[test]
    fn without_a_temperature_the_likeliest_that_is_allowed_is_taken() {
        let mut sampler = Sampler::new(0.0, None);
        let scores = [0.5, 3.0, f32::NAN, 3.0, -1.0];
        assert_eq!(sampler.pick(&scores, None), Some(1));
        let mut allowed = SimpleVob::alloc(5);
        assert_eq!(sampler.pick(&scores, Some(&allowed)), None);
        allowed.allow_token(4);
        allowed.allow_token(0);
        assert_eq!(sampler.pick(&scores, Some(&allowed)), Some(0));
        assert_eq!(sampler.pick(&[], None), None);
    }

    #[test]
    fn a_seed_gives_the_same_again_and_a_temperature_variety() {
        let draw = |seed| {
            let mut sampler = Sampler::new(2.0, Some(seed));
            (0..50)
                .map(|_| sampler.pick(&[1.0, 1.5, 0.5], None))
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert!((0..3).all(|token| draw(7).contains(&Some(token))));
    }
}
