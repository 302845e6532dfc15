//! How the figures of a model read: prices, tokens, marks for its modes, and the age of the list they come from.
//!
//! Owns the words, shared by `formwork models` and the workbench. All of it is ASCII of our own making.

use super::ModelInfo;
use crate::task::Mode;
use std::time::Duration;

/// What is not said.
pub const UNKNOWN: &str = "?";

/// The modes that not every model serves, in the order of their marks.
pub fn marked() -> impl Iterator<Item = Mode> {
    Mode::ALL.into_iter().filter(|mode| mode.capability().is_some())
}

/// The marks of a model that serves all of them: `STJ`.
pub fn letters() -> String {
    marked().map(Mode::letter).collect()
}

/// The modes that a model serves, as one mark each: its letter, or `-`.
pub fn marks(model: &ModelInfo) -> String {
    let mark = |mode: Mode| {
        let serves = model.serves(mode)?;
        Some(if serves { mode.letter() } else { '-' })
    };
    let marks: Option<String> = marked().map(mark).collect();
    marks.unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Tokens, rounded down, so that no more is promised than there is.
pub fn tokens(count: Option<u64>) -> String {
    match count {
        None => UNKNOWN.to_owned(),
        Some(count @ 0..1_000) => count.to_string(),
        Some(count @ 1_000..1_000_000) => format!("{}k", count / 1_000),
        Some(count @ 1_000_000..) => {
            let hundredths = format!("{}.{:02}", count / 1_000_000, count / 10_000 % 100);
            format!("{}M", hundredths.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

/// Whether a model is known to cost nothing at all.
pub fn is_free(model: &ModelInfo) -> bool {
    let nothing = |price: Option<f64>| price == Some(0.0);
    nothing(model.prompt_price) && nothing(model.completion_price) && model.request_price.is_none()
}

/// Dollars per million tokens of a price per token: at least two places, at most four. A model that asks a price per request is
/// not free.
pub fn price(per_token: Option<f64>, per_request: Option<f64>) -> String {
    let Some(price) = per_token else {
        return UNKNOWN.to_owned();
    };
    if price == 0.0 && per_request.is_none() {
        return "free".to_owned();
    }
    let text = format!("{:.4}", price * 1e6);
    if price > 0.0 && text == "0.0000" {
        return "<0.0001".to_owned();
    }
    let text = text.strip_suffix('0').unwrap_or(&text);
    text.strip_suffix('0').unwrap_or(text).to_owned()
}

/// Prices with their points below each other: those with fewer places get spaces.
pub fn aligned(prices: Vec<String>) -> Vec<String> {
    let places = |price: &str| price.split_once('.').map(|(_, places)| places.len());
    let most = prices
        .iter()
        .filter_map(|price| places(price))
        .max()
        .unwrap_or_default();
    let pad = |price: String| match places(&price) {
        Some(own) => format!("{price}{:pad$}", "", pad = most - own),
        None => price,
    };
    prices.into_iter().map(pad).collect()
}

/// A span in its two largest units, none smaller than a minute.
pub fn age(span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, hours, _) => format!("1 day {hours} h"),
        (days, _, _) => format!("{days} days"),
    }
}

/// How long ago something was, in its largest unit.
pub fn ago(span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, 0) => "just now".to_owned(),
        (0, 0, minutes) => format!("{minutes} min ago"),
        (0, hours, _) => format!("{hours} h ago"),
        (1, _, _) => "1 day ago".to_owned(),
        (days, _, _) => format!("{days} days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::{age, ago, is_free};
    use crate::extract::model::ModelInfo;
    use std::time::Duration;

    #[test]
    fn spans() {
        let table = [
            (59, "less than a minute", "just now"),
            (60, "1 min", "1 min ago"),
            (3_600, "1 h 0 min", "1 h ago"),
            (86_399, "23 h 59 min", "23 h ago"),
            (90_000, "1 day 1 h", "1 day ago"),
            (864_000, "10 days", "10 days ago"),
        ];
        for (seconds, span, since) in table {
            assert_eq!(age(Duration::from_secs(seconds)), span);
            assert_eq!(ago(Duration::from_secs(seconds)), since);
        }
    }

    #[test]
    fn free_is_what_asks_for_nothing() {
        let table = [
            (Some(0.0), Some(0.0), None, true),
            (Some(0.0), Some(0.0), Some(0.01), false),
            (Some(0.0), Some(1e-6), None, false),
            (Some(0.0), None, None, false),
            (None, None, None, false),
        ];
        for (prompt_price, completion_price, request_price, expected) in table {
            let model = ModelInfo {
                prompt_price,
                completion_price,
                request_price,
                ..ModelInfo::default()
            };
            assert_eq!(is_free(&model), expected, "{model:?}");
        }
    }
}
