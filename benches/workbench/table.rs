//! The table of a benchmark: what was measured, what came out, and whether that is good enough.
//!
//! Owns rounds and percentiles. Each row is measured in several rounds: the best round is what the program takes, the middle one what
//! it took on a machine that others use as well.

use std::fmt::Write as _;

/// What a row's last number is to stay below.
#[derive(Clone, Copy)]
pub enum Target {
    /// Below this.
    Below(f64),
    /// Only told.
    None,
}

/// Prints the head of the table.
pub fn head() {
    println!("{:<56}{:>34}{:>34}{:>12}", "", "best round", "middle round", "target");
}

/// Prints a row: in each round of `rounds` the same numbers under `names`, the last of which has the target. `unit` follows each.
pub fn row(what: &str, names: &[&str], rounds: &[Vec<f64>], unit: &str, target: Target) {
    let mut rounds = rounds.to_vec();
    let last = |round: &Vec<f64>| round.last().copied().unwrap_or(f64::NAN);
    rounds.sort_by(|one, other| last(one).total_cmp(&last(other)));
    let (Some(best), Some(middle)) = (rounds.first(), rounds.get(rounds.len() / 2)) else {
        return;
    };
    let text = |round: &[f64]| {
        let mut text = String::new();
        for (name, value) in names.iter().zip(round) {
            let number = if *value >= 100.0 {
                format!("{value:.0}")
            } else {
                format!("{value:.2}")
            };
            write!(text, " {name} {number}").unwrap();
        }
        format!("{text} {unit}")
    };
    let (bound, verdict) = match target {
        Target::Below(bound) if last(best) < bound => (format!("< {bound}"), ""),
        Target::Below(bound) => (format!("< {bound}"), "  MISSED"),
        Target::None => (String::new(), ""),
    };
    println!("{what:<56}{:>34}{:>34}{bound:>12}{verdict}", text(best), text(middle));
}

/// Middle, 99th percentile and largest of some numbers, in this order: what `row` calls `p50`, `p99` and `max`.
pub fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let at = |part: usize| {
        let place = (values.len() * part).div_ceil(100).saturating_sub(1);
        values.get(place).copied().unwrap_or(f64::NAN)
    };
    [at(50), at(99), at(100)]
}
