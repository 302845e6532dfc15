//! Who computes: how many threads, and with which instructions.
//!
//! Owns the thread pool and the choice of the kernel. The engine's own thread is one of the crew.

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the instructions that were found"
)]

use super::matrix::{self, Row};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::num::NonZero;

/// The parts that a piece of work is cut into for each thread, so that one that was held up is not waited for too long.
const PARTS: usize = 4;

/// Less than this many floats are not worth sharing.
const WORTH: usize = 256;

/// The threads that compute, and their instructions.
#[derive(Debug)]
pub struct Crew {
    pool: Option<ThreadPool>,
    threads: usize,
    arch: pulp::Arch,
    #[cfg(target_arch = "x86_64")]
    avx2: Option<pulp::x86::V3>,
}

impl Crew {
    /// The machine's cores but one, so that a terminal stays lively; at least one.
    pub fn threads() -> usize {
        std::thread::available_parallelism()
            .map_or(1, NonZero::get)
            .saturating_sub(1)
            .max(1)
    }

    /// A crew of so many threads. One means the caller alone.
    ///
    /// # Errors
    /// A sentence, when the system gives no threads.
    pub fn new(threads: usize) -> Result<Self, String> {
        let pool = (threads > 1).then(|| {
            ThreadPoolBuilder::new()
                .num_threads(threads)
                .thread_name(|number| format!("formwork-model-{number}"))
                .build()
        });
        Ok(Self {
            pool: pool
                .transpose()
                .map_err(|error| format!("the threads that compute could not be started: {error}"))?,
            threads,
            arch: pulp::Arch::new(),
            #[cfg(target_arch = "x86_64")]
            avx2: pulp::x86::V3::try_new(),
        })
    }

    /// Does some work within the crew: what is shared in it costs less than from outside.
    pub fn work<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// Shares a slice of rows of `length` floats. `work` gets a run of rows and the number of its first, compiled for the best
    /// instructions there are.
    pub fn share(&self, all: &mut [f32], length: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
        if length == 0 {
            return;
        }
        if self.pool.is_none() || all.len() < WORTH {
            self.vectorise(
                #[inline(always)]
                || work(0, all),
            );
            return;
        }
        let rows = all.len() / length;
        let run = rows.div_ceil(self.threads * PARTS).max(1);
        all.par_chunks_mut(run * length).enumerate().for_each(|(place, part)| {
            self.vectorise(
                #[inline(always)]
                || work(place * run, part),
            );
        });
    }

    #[inline(always)]
    fn vectorise(&self, work: impl FnOnce()) {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.avx2 {
            simd.vectorize(work);
            return;
        }
        self.arch.dispatch(work);
    }

    /// The product of two rows.
    #[inline(always)]
    pub fn product(&self, left: Row<'_>, right: Row<'_>) -> f32 {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.avx2 {
            return matrix::avx2(simd, left, right);
        }
        matrix::plain(left, right)
    }
}
