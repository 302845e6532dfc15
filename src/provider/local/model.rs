//! The model: a Llama-architecture transformer over 8-bit weights, fed with tokens, giving the scores of the next one.
//!
//! Owns the forward pass and what the model remembers of the tokens it was fed. Reading a file into it is `load`'s, picking a token
//! `sample`'s.

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the instructions that were found"
)]

use super::crew::Crew;
use super::matrix::Matrix;

/// Tokens that are fed at once: few enough that a cancel is heard soon.
pub const PIECE: usize = 32;

/// The sizes of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Layers.
    pub layers: usize,
    /// Floats of a token's state.
    pub width: usize,
    /// Attention heads.
    pub heads: usize,
    /// Heads of keys and values; several query heads share one.
    pub pairs: usize,
    /// Floats of a head.
    pub head: usize,
    /// Floats inside the feed-forward part.
    pub inner: usize,
    /// Tokens of context.
    pub context: usize,
    /// The smallest divisor of a norm.
    pub epsilon: f32,
}

/// The weights of a layer.
#[derive(Debug)]
pub struct Layer {
    /// Scales before attention.
    pub attention_norm: Vec<f32>,
    /// To queries, keys and values.
    pub queries: Matrix,
    /// To keys.
    pub keys: Matrix,
    /// To values.
    pub values: Matrix,
    /// From attention back to the state.
    pub attention_out: Matrix,
    /// Scales before the feed-forward part.
    pub inner_norm: Vec<f32>,
    /// The gate of the feed-forward part.
    pub gate: Matrix,
    /// Up into it.
    pub up: Matrix,
    /// Down from it.
    pub down: Matrix,
}

/// All weights.
#[derive(Debug)]
pub struct Weights {
    /// A row for each token.
    pub embedding: Matrix,
    /// The layers, first to last.
    pub layers: Vec<Layer>,
    /// Scales before the scores.
    pub norm: Vec<f32>,
    /// From a state to scores; `None` when the embedding serves.
    pub output: Option<Matrix>,
    /// Radians by which each pair of floats in a head turns at a step.
    pub turns: Vec<f32>,
}

/// What a layer remembers: keys and values of every token so far, head by head.
#[derive(Debug, Default)]
struct Memory {
    keys: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
}

/// A loaded model.
#[derive(Debug)]
pub struct Model {
    shape: Shape,
    weights: Weights,
    memory: Vec<Memory>,
    /// The tokens that are remembered.
    fed: Vec<u32>,
    crew: Crew,
}

impl Model {
    /// A model that remembers nothing. The weights must fit the shape, which `load` sees to.
    pub fn new(shape: Shape, weights: Weights, crew: Crew) -> Self {
        let memory = (0..shape.layers).map(|_| Memory {
            keys: vec![Vec::new(); shape.pairs],
            values: vec![Vec::new(); shape.pairs],
        });
        Self {
            memory: memory.collect(),
            shape,
            weights,
            fed: Vec::new(),
            crew,
        }
    }

    /// Forgets what does not begin like `tokens`, and gives how many tokens of theirs are still known. The last one is never among
    /// them: its scores are needed.
    pub fn rewind(&mut self, tokens: &[u32]) -> usize {
        let same = self
            .fed
            .iter()
            .zip(tokens)
            .take_while(|(fed, token)| fed == token)
            .count();
        let kept = same.min(tokens.len().saturating_sub(1));
        self.fed.truncate(kept);
        for memory in &mut self.memory {
            for floats in memory.keys.iter_mut().chain(&mut memory.values) {
                floats.truncate(kept * self.shape.head);
            }
        }
        kept
    }

    /// Feeds up to [`PIECE`] tokens and gives the scores of the token after the last, one for each token there is. `None` when
    /// `stop` says so between two layers; then the tokens were not fed.
    pub fn feed(&mut self, tokens: &[u32], stop: &(dyn Fn() -> bool + Sync)) -> Option<Vec<f32>> {
        let Self {
            shape,
            weights,
            memory,
            fed,
            crew,
        } = self;
        let first = fed.len();
        let pass = Pass {
            shape: *shape,
            turns: &weights.turns,
            first,
            count: tokens.len(),
            crew,
        };
        let scores = crew.work(|| {
            let mut states = Vec::with_capacity(tokens.len() * shape.width);
            for token in tokens {
                weights.embedding.unpack(*token as usize, &mut states);
            }
            for (layer, memory) in weights.layers.iter().zip(memory.iter_mut()) {
                if stop() {
                    return None;
                }
                pass.attention(layer, memory, &mut states);
                pass.inner(layer, &mut states);
            }
            let last = states
                .get(states.len().saturating_sub(shape.width)..)
                .unwrap_or_default();
            let last = Matrix::round(1, &norm(last, &weights.norm, shape.epsilon));
            Some(weights.output.as_ref().unwrap_or(&weights.embedding).times(&last, crew))
        });
        if scores.is_some() {
            fed.extend_from_slice(tokens);
        } else {
            // Some layers have seen them already.
            let known = fed.clone();
            self.rewind(&[known.as_slice(), &[0]].concat());
        }
        scores
    }
}

/// One pass of some tokens through the layers.
struct Pass<'a> {
    shape: Shape,
    turns: &'a [f32],
    /// The place of the first token in the context.
    first: usize,
    count: usize,
    crew: &'a Crew,
}

impl Pass<'_> {
    fn rounded(&self, states: &[f32], scales: &[f32]) -> Matrix {
        let normed: Vec<f32> = states
            .chunks_exact(self.shape.width)
            .flat_map(|state| norm(state, scales, self.shape.epsilon))
            .collect();
        Matrix::round(self.count, &normed)
    }

    /// Adds what each token learns from those before it.
    fn attention(&self, layer: &Layer, memory: &mut Memory, states: &mut [f32]) {
        let (head, pairs) = (self.shape.head, self.shape.pairs);
        let input = self.rounded(states, &layer.attention_norm);
        let mut queries = layer.queries.times(&input, self.crew);
        let mut keys = layer.keys.times(&input, self.crew);
        let values = layer.values.times(&input, self.crew);
        self.turn(&mut queries, self.shape.heads);
        self.turn(&mut keys, pairs);
        for (new, remembered) in [(&keys, &mut memory.keys), (&values, &mut memory.values)] {
            for (place, part) in new.chunks_exact(head).enumerate() {
                remembered[place % pairs].extend_from_slice(part);
            }
        }
        let mut seen = vec![0.0; queries.len()];
        self.crew.share(
            &mut seen,
            head,
            #[inline(always)]
            |first, part| {
                for (place, out) in part.chunks_exact_mut(head).enumerate() {
                    self.look(first + place, &queries, memory, out);
                }
            },
        );
        let seen = Matrix::round(self.count, &seen);
        add(states, &layer.attention_out.times(&seen, self.crew));
    }

    /// What one head of one token sees. `place` counts heads over all tokens.
    #[inline(always)]
    fn look(&self, place: usize, queries: &[f32], memory: &Memory, out: &mut [f32]) {
        let (head, heads) = (self.shape.head, self.shape.heads);
        let pair = place % heads / (heads / self.shape.pairs);
        // A token sees itself and what comes before it.
        let seen = (self.first + place / heads + 1) * head;
        let query = &queries[place * head..(place + 1) * head];
        let scale = 1.0 / (head as f32).sqrt();
        let mut weights: Vec<f32> = memory.keys[pair][..seen]
            .chunks_exact(head)
            .map(|key| dot(query, key) * scale)
            .collect();
        soften(&mut weights);
        for (value, weight) in memory.values[pair][..seen].chunks_exact(head).zip(&weights) {
            for (out, value) in out.iter_mut().zip(value) {
                *out += weight * value;
            }
        }
    }

    /// Turns neighbouring pairs of floats by the token's place (rotary embedding, the interleaved kind that GGUF's `llama` stores).
    fn turn(&self, vectors: &mut [f32], heads: usize) {
        for (place, vector) in vectors.chunks_exact_mut(self.shape.head).enumerate() {
            let at = (self.first + place / heads) as f32;
            for (pair, turn) in vector.chunks_exact_mut(2).zip(self.turns) {
                let (sin, cos) = (at * turn).sin_cos();
                let (left, right) = (pair[0], pair[1]);
                pair[0] = left * cos - right * sin;
                pair[1] = left * sin + right * cos;
            }
        }
    }

    /// Adds the feed-forward part, token by token.
    fn inner(&self, layer: &Layer, states: &mut [f32]) {
        let input = self.rounded(states, &layer.inner_norm);
        let mut gate = layer.gate.times(&input, self.crew);
        let up = layer.up.times(&input, self.crew);
        self.crew.share(
            &mut gate,
            1,
            #[inline(always)]
            |first, part| {
                for (gate, up) in part.iter_mut().zip(&up[first..]) {
                    *gate = *gate / (1.0 + (-*gate).exp()) * up;
                }
            },
        );
        let inner = Matrix::round(self.count, &gate);
        add(states, &layer.down.times(&inner, self.crew));
    }
}

/// The root mean square norm.
fn norm(state: &[f32], scales: &[f32], epsilon: f32) -> Vec<f32> {
    let mean = state.iter().map(|value| value * value).sum::<f32>() / state.len() as f32;
    let factor = 1.0 / (mean + epsilon).sqrt();
    state
        .iter()
        .zip(scales)
        .map(|(value, scale)| value * factor * scale)
        .collect()
}

/// In eight lanes, since the compiler does not reorder a sum of floats by itself.
#[inline(always)]
fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    for (left, right) in left.chunks_exact(8).zip(right.chunks_exact(8)) {
        for at in 0..8 {
            lanes[at] += left[at] * right[at];
        }
    }
    lanes.iter().sum()
}

/// Scores into shares that add up to one (softmax).
#[inline(always)]
fn soften(scores: &mut [f32]) {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - largest).exp();
        total += *score;
    }
    for score in scores {
        *score /= total;
    }
}

fn add(states: &mut [f32], more: &[f32]) {
    for (state, more) in states.iter_mut().zip(more) {
        *state += more;
    }
}
