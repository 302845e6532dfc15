//! Matrices of 8-bit numbers and their product with vectors: all the arithmetic of the model that takes time.
//!
//! Owns the format (blocks of 32 with one scale, as in GGUF's `Q8_0`) and the kernels. What is multiplied when is `model`'s.

#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the instructions that were found"
)]

use super::crew::Crew;

/// Numbers that share a scale.
pub const BLOCK: usize = 32;

/// So many numbers in 8 bits.
pub type Block = [i8; BLOCK];

/// Bytes of a block in a file: a half-precision scale, then the numbers (`block_q8_0` of the GGUF specification).
const STORED: usize = 2 + BLOCK;

/// Rows of blocks, a scale each: a weight matrix, or some vectors to multiply with it.
#[derive(Debug, Default)]
pub struct Matrix {
    rows: usize,
    /// Blocks in a row.
    width: usize,
    numbers: Vec<Block>,
    scales: Vec<f32>,
}

impl Matrix {
    /// Rounds `rows` rows of floats. `values` holds a multiple of 32 for each row; what is over is left out.
    pub fn round(rows: usize, values: &[f32]) -> Self {
        let width = (values.len() / BLOCK).checked_div(rows).unwrap_or_default();
        let (blocks, _) = values.as_chunks::<BLOCK>();
        let mut matrix = Self {
            rows,
            width,
            numbers: Vec::with_capacity(rows * width),
            scales: Vec::with_capacity(rows * width),
        };
        for block in blocks.iter().take(rows * width) {
            let (numbers, scale) = round(block);
            matrix.numbers.push(numbers);
            matrix.scales.push(scale);
        }
        matrix
    }

    /// Takes over what a file stores as `Q8_0`, row by row.
    pub fn stored(rows: usize, bytes: &[u8]) -> Self {
        let (blocks, _) = bytes.as_chunks::<STORED>();
        Self {
            rows,
            width: blocks.len().checked_div(rows).unwrap_or_default(),
            scales: blocks.iter().map(|block| half(block[0], block[1])).collect(),
            numbers: blocks
                .iter()
                .map(|block| std::array::from_fn(|at| block[2 + at].cast_signed()))
                .collect(),
        }
    }

    /// Its rows.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Appends a row as floats; nothing if there is no such row.
    pub fn unpack(&self, row: usize, out: &mut Vec<f32>) {
        let (numbers, scales) = self.row(row);
        for (block, scale) in numbers.iter().zip(scales) {
            out.extend(block.iter().map(|number| f32::from(*number) * scale));
        }
    }

    fn row(&self, row: usize) -> (&[Block], &[f32]) {
        let range = row * self.width..(row + 1) * self.width;
        let numbers = self.numbers.get(range.clone()).unwrap_or_default();
        (numbers, self.scales.get(range).unwrap_or_default())
    }

    /// Multiplies each row of `vectors` with this matrix: gives, for each of them, as many floats as this has rows.
    pub fn times(&self, vectors: &Self, crew: &Crew) -> Vec<f32> {
        let count = vectors.rows;
        if count == 0 {
            return Vec::new();
        }
        // One row of the matrix after the other, since each is read once for all vectors; turned round afterwards.
        let mut turned = vec![0.0; self.rows * count];
        crew.share(
            &mut turned,
            count,
            #[inline(always)]
            |first, part| {
                for (place, out) in part.chunks_exact_mut(count).enumerate() {
                    products(self.row(first + place), vectors, crew, out);
                }
            },
        );
        if count == 1 {
            return turned;
        }
        let mut straight = vec![0.0; self.rows * count];
        for (row, values) in turned.chunks_exact(count).enumerate() {
            for (vector, value) in values.iter().enumerate() {
                straight[vector * self.rows + row] = *value;
            }
        }
        straight
    }
}

/// The products of one row with each vector.
#[inline(always)]
fn products(row: (&[Block], &[f32]), vectors: &Matrix, crew: &Crew, out: &mut [f32]) {
    for (place, out) in out.iter_mut().enumerate() {
        *out = crew.product(row, vectors.row(place));
    }
}

/// A row of blocks and their scales.
pub type Row<'a> = (&'a [Block], &'a [f32]);

/// The product of two rows, for any machine: plain enough for the compiler to use whatever instructions it is told of.
#[inline(always)]
pub fn plain((left, left_scales): Row<'_>, (right, right_scales): Row<'_>) -> f32 {
    let mut total = 0.0;
    for (((left, left_scale), right), right_scale) in left.iter().zip(left_scales).zip(right).zip(right_scales) {
        let mut sum = 0_i32;
        for at in 0..BLOCK {
            sum += i32::from(left[at]) * i32::from(right[at]);
        }
        total += sum as f32 * (left_scale * right_scale);
    }
    total
}

/// The product of two rows with AVX2: 32 numbers an instruction.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn avx2(simd: pulp::x86::V3, (left, left_scales): Row<'_>, (right, right_scales): Row<'_>) -> f32 {
    use std::arch::x86_64::__m256i;
    let ones = simd.avx._mm256_set1_epi16(1);
    let mut total = simd.avx._mm256_setzero_ps();
    for (((left, left_scale), right), right_scale) in left.iter().zip(left_scales).zip(right).zip(right_scales) {
        let left: __m256i = pulp::cast(*left);
        let right: __m256i = pulp::cast(*right);
        // The instruction wants one side without signs: they are moved to the other.
        let bare = simd.avx2._mm256_abs_epi8(left);
        let signed = simd.avx2._mm256_sign_epi8(right, left);
        let sums = simd
            .avx2
            ._mm256_madd_epi16(simd.avx2._mm256_maddubs_epi16(bare, signed), ones);
        let scale = simd.avx._mm256_set1_ps(left_scale * right_scale);
        total = simd
            .fma
            ._mm256_fmadd_ps(simd.avx._mm256_cvtepi32_ps(sums), scale, total);
    }
    let lanes: [f32; 8] = pulp::cast(total);
    lanes.iter().sum()
}

/// The nearest numbers from -127 to 127, and their scale.
fn round(block: &[f32; BLOCK]) -> (Block, f32) {
    let largest = block.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    let scale = largest / 127.0;
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    // A float that is out of range saturates.
    (block.map(|value| (value * inverse).round_ties_even() as i8), scale)
}

/// A half-precision number (IEEE 754 binary16), low byte first.
fn half(low: u8, high: u8) -> f32 {
    let bits = u32::from(u16::from_le_bytes([low, high]));
    let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 0x1f, bits & 0x3ff);
    let magnitude = match exponent {
        0 => fraction as f32 * 2.0_f32.powi(-24),
        31 => f32::from_bits(0x7f80_0000 | fraction << 13),
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    if sign == 1 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Matrix, half, plain, round};
    use crate::provider::local::crew::Crew;
    use proptest::prelude::*;

    #[test]
    fn halves_are_read_as_ieee_754_says() {
        let table = [
            (0x0000_u16, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x3555, 0.333_251_95),
            (0xfc00, f32::NEG_INFINITY),
        ];
        for (bits, expected) in table {
            let [low, high] = bits.to_le_bytes();
            assert_eq!(half(low, high).to_bits(), f32::to_bits(expected), "{bits:04x}");
        }
    }

    #[test]
    fn a_block_keeps_its_largest_number_and_nothing_is_lost_on_zeros() {
        let mut block = [0.5_f32; BLOCK];
        block[3] = -2.0;
        let (numbers, scale) = round(&block);
        assert_eq!((numbers[3], numbers[0]), (-127, 32));
        assert!((f32::from(numbers[3]) * scale + 2.0).abs() < 1e-6);
        assert_eq!(round(&[0.0; BLOCK]), ([0; BLOCK], 0.0));
    }

    #[test]
    fn stored_blocks_are_read_as_they_are() {
        let mut bytes = vec![0x00, 0x3c];
        bytes.extend((0_u8..32).map(|n| n.wrapping_sub(16)));
        let matrix = Matrix::stored(1, &bytes);
        let mut row = Vec::new();
        matrix.unpack(0, &mut row);
        assert_eq!((row[0], row[31]), (-16.0, 15.0));
        matrix.unpack(1, &mut row);
        assert_eq!(row.len(), 32);
    }

    proptest! {
        #[test]
        fn every_kernel_and_any_number_of_threads_gives_the_product(
            values in proptest::collection::vec(-3.0_f32..3.0, 64 * 9),
            vectors in proptest::collection::vec(-3.0_f32..3.0, 64 * 3),
        ) {
            let matrix = Matrix::round(9, &values);
            let rounded = Matrix::round(3, &vectors);
            for threads in [1, 2] {
                let crew = Crew::new(threads).unwrap();
                let products = crew.work(|| matrix.times(&rounded, &crew));
                prop_assert_eq!(products.len(), 27);
                for vector in 0..3 {
                    for row in 0..9 {
                        let got = products[vector * 9 + row];
                        let simple = plain(matrix.row(row), rounded.row(vector));
                        let exact: f32 = (0..64).map(|at| values[row * 64 + at] * vectors[vector * 64 + at]).sum();
                        prop_assert!((got - simple).abs() < 1e-3, "{} {}", got, simple);
                        prop_assert!((got - exact).abs() < 3.0, "{} {}", got, exact);
                    }
                }
            }
        }
    }
}
