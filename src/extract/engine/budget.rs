//! What a run may still spend: attempts, tokens, money, and how long an answer may be.
//!
//! Owns the limits' arithmetic. Wall time is the worker's: it alone has a clock.

use super::{Run, Setup};
use crate::event::Budget;
use crate::verdict::Usage;
use serde_json::Value;

/// The `max_tokens` of a first attempt when neither the task nor the catalogue says less (design §3).
const MAX_TOKENS: u32 = 4096;
/// An answer shorter than this is not worth paying for.
const LEAST_TOKENS: u32 = 64;
/// Bytes per token, to estimate a prompt from below.
const BYTES_PER_TOKEN: f64 = 6.0;

/// The first attempt's `max_tokens`: the task's, else the smaller of 4096 and the model's cap.
pub(super) fn first_max_tokens(setup: &Setup) -> u32 {
    let cap = cap(setup);
    setup.task.limits.max_tokens.unwrap_or(MAX_TOKENS).min(cap)
}

/// The most the model can answer; `u32::MAX` when unknown.
pub(super) fn cap(setup: &Setup) -> u32 {
    let cap = setup.known.model().and_then(|info| info.max_completion_tokens);
    cap.and_then(|cap| u32::try_from(cap).ok())
        .filter(|cap| *cap > 0)
        .unwrap_or(u32::MAX)
}

/// The cap on the answer's tokens in a body, under whichever name it goes.
pub(super) fn max_tokens_of(body: &Value) -> Option<u64> {
    ["max_tokens", "max_completion_tokens"]
        .iter()
        .find_map(|name| body.get(*name)?.as_u64())
}

impl Run {
    /// The budget that forbids another attempt, with a sentence.
    pub(super) fn spent(&self) -> Option<(Budget, String)> {
        let limits = &self.setup.task.limits;
        if let Some(limit) = limits.attempts.filter(|limit| self.attempts >= *limit) {
            return Some((
                Budget::Attempts,
                format!("stopped after {limit} attempts, as many as this run may make"),
            ));
        }
        let tokens = self.totals.usage.prompt.saturating_add(self.totals.usage.completion);
        if let Some(limit) = limits.tokens.filter(|limit| tokens >= *limit) {
            let reason = format!("stopped after {tokens} tokens: this run may use {limit} (--max-total-tokens)");
            return Some((Budget::Tokens, reason));
        }
        let limit = limits.max_cost?;
        let cost = self.totals.usage.cost.unwrap_or(0.0);
        if cost >= limit {
            let reason = format!("stopped after ${cost:.6}: this run may cost ${limit} (--max-cost)");
            return Some((Budget::Cost, reason));
        }
        if self.affordable(LEAST_TOKENS) < LEAST_TOKENS {
            let reason = format!(
                "not sent: ${:.6} of this run's ${limit} (--max-cost) are left, and this prompt with a short answer would cost more",
                limit - cost
            );
            return Some((Budget::Cost, reason));
        }
        None
    }

    /// The most tokens one answer can have: the model's cap, or less where the server said so.
    pub(super) fn longest(&self) -> u32 {
        cap(&self.setup).min(self.ceiling)
    }

    /// Usage whose cost the server did not name gets the catalogue's price, marked as computed, so that `--max-cost` holds all the
    /// same.
    pub(super) fn priced(&self, usage: Usage) -> Usage {
        let prices = self
            .setup
            .known
            .model()
            .and_then(|info| Some((info.prompt_price?, info.completion_price?, info.request_price)));
        match (usage.cost, prices) {
            (None, Some((prompt, completion, request))) => Usage {
                cost: Some(
                    usage.prompt as f64 * prompt + usage.completion as f64 * completion + request.unwrap_or(0.0),
                ),
                computed: true,
                ..usage
            },
            (Some(_), _) | (None, None) => usage,
        }
    }

    /// `max_tokens` cut to what the money left pays for, where prices are known.
    pub(super) fn affordable(&self, max_tokens: u32) -> u32 {
        let (Some(limit), Some(info)) = (self.setup.task.limits.max_cost, self.setup.known.model()) else {
            return max_tokens;
        };
        let (Some(prompt_price), Some(price)) = (info.prompt_price, info.completion_price) else {
            return max_tokens;
        };
        if price <= 0.0 {
            return max_tokens;
        }
        let task = &self.setup.task;
        let bytes = task.input.len() + task.schema.len() + task.instructions.as_ref().map_or(0, String::len);
        let prompt = bytes as f64 / BYTES_PER_TOKEN * prompt_price + info.request_price.unwrap_or(0.0);
        let left = limit - self.totals.usage.cost.unwrap_or(0.0) - prompt;
        max_tokens.min((left / price).max(0.0) as u32)
    }
}
