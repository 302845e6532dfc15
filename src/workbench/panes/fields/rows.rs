//! The rows on show: an ordered sequence of items, each some rows high, that finds the n-th row and the row of an item.
//!
//! Owns order and heights; what an item is belongs to `outline`. Items are numbers. The sequence is kept in chunks, so that an item
//! that comes in the middle of a hundred thousand costs no more than one at the end.

/// No item, no chunk.
const NONE: u32 = u32::MAX;

/// Items of a full chunk. Below it moving them is cheap, above it chunks are few.
const FULL: usize = 256;

/// A run of neighbours.
#[derive(Clone, Debug, Default)]
struct Chunk {
    items: Vec<u32>,
    /// The sum of their heights.
    rows: usize,
}

/// The sequence.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// In order of making; `order` says how they follow one another.
    chunks: Vec<Chunk>,
    order: Vec<u32>,
    /// Per chunk, its place in `order`.
    places: Vec<u32>,
    /// Per item, its chunk while it is on show.
    chunk: Vec<u32>,
    /// Per item, its height, shown or not.
    heights: Vec<u32>,
    total: usize,
}

impl Rows {
    /// Makes room for the item with the next number, one row high and not on show.
    pub fn grow(&mut self) {
        self.chunk.push(NONE);
        self.heights.push(1);
    }

    /// How many rows are on show.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Whether an item is on show.
    pub fn contains(&self, item: u32) -> bool {
        self.chunk.get(item as usize).is_some_and(|chunk| *chunk != NONE)
    }

    /// How many rows an item takes.
    pub fn height(&self, item: u32) -> usize {
        self.heights.get(item as usize).map_or(0, |height| *height as usize)
    }

    /// Says how many rows an item takes.
    pub fn set_height(&mut self, item: u32, height: usize) {
        let before = self.height(item);
        let Some(held) = self.heights.get_mut(item as usize) else {
            return;
        };
        *held = height as u32;
        let chunk = self.chunk[item as usize];
        if chunk != NONE {
            let chunk = &mut self.chunks[chunk as usize];
            chunk.rows = chunk.rows + height - before;
            self.total = self.total + height - before;
        }
    }

    /// Shows exactly `items`, in this order.
    pub fn rebuild(&mut self, items: impl Iterator<Item = u32>) {
        self.chunks.clear();
        self.order.clear();
        self.places.clear();
        self.chunk.fill(NONE);
        self.total = 0;
        for item in items {
            if self.chunks.last().is_none_or(|chunk| chunk.items.len() >= FULL) {
                self.add_chunk(self.order.len(), Chunk::default());
            }
            let last = self.chunks.len() - 1;
            self.enter(item, last, self.chunks[last].items.len());
        }
    }

    /// Shows `item` right after `before`. Does nothing when that is not on show, or `item` already is.
    pub fn insert_after(&mut self, before: u32, item: u32) {
        if !self.contains(before) || self.contains(item) {
            return;
        }
        let mut chunk = self.chunk[before as usize] as usize;
        let mut at = self.index_in(chunk, before) + 1;
        if self.chunks[chunk].items.len() >= FULL {
            (chunk, at) = self.split(chunk, at);
        }
        self.enter(item, chunk, at);
    }

    /// Takes an item off the show.
    pub fn remove(&mut self, item: u32) {
        if !self.contains(item) {
            return;
        }
        let chunk = self.chunk[item as usize] as usize;
        let at = self.index_in(chunk, item);
        let height = self.height(item);
        self.chunks[chunk].items.remove(at);
        self.chunks[chunk].rows -= height;
        self.total -= height;
        self.chunk[item as usize] = NONE;
    }

    /// The first row of an item that is on show.
    pub fn row_of(&self, item: u32) -> Option<usize> {
        if !self.contains(item) {
            return None;
        }
        let chunk = self.chunk[item as usize] as usize;
        let before: usize = self.order[..self.places[chunk] as usize]
            .iter()
            .map(|id| self.chunks[*id as usize].rows)
            .sum();
        let within = self.chunks[chunk].items.iter().take_while(|other| **other != item);
        Some(before + within.map(|other| self.height(*other)).sum::<usize>())
    }

    /// The item at a row, and which of its rows that is.
    pub fn at(&self, row: usize) -> Option<(u32, usize)> {
        self.window(row).next()
    }

    /// The rows from `row` on: each an item and which of its rows.
    pub fn window(&self, row: usize) -> impl Iterator<Item = (u32, usize)> + '_ {
        let mut left = row;
        let mut first = self.order.len();
        for (at, id) in self.order.iter().enumerate() {
            let rows = self.chunks[*id as usize].rows;
            if left < rows {
                first = at;
                break;
            }
            left -= rows;
        }
        self.order[first..]
            .iter()
            .flat_map(|id| &self.chunks[*id as usize].items)
            .flat_map(|item| (0..self.height(*item)).map(|sub| (*item, sub)))
            .skip(left)
    }

    fn index_in(&self, chunk: usize, item: u32) -> usize {
        let items = &self.chunks[chunk].items;
        // What grows, grows at the end.
        items.iter().rposition(|other| *other == item).unwrap_or(items.len())
    }

    fn enter(&mut self, item: u32, chunk: usize, at: usize) {
        let height = self.height(item);
        self.chunks[chunk].items.insert(at, item);
        self.chunks[chunk].rows += height;
        self.total += height;
        self.chunk[item as usize] = chunk as u32;
    }

    /// Makes room in a full chunk, and returns where index `at` of it has got to.
    fn split(&mut self, chunk: usize, at: usize) -> (usize, usize) {
        let place = self.places[chunk] as usize;
        // At the end a new chunk is begun, so that those before stay full.
        let half = if at == FULL { FULL } else { FULL / 2 };
        let items = self.chunks[chunk].items.split_off(half);
        let rows = items.iter().map(|item| self.height(*item)).sum();
        self.chunks[chunk].rows -= rows;
        let new = self.add_chunk(place + 1, Chunk { items, rows });
        for at in 0..self.chunks[new].items.len() {
            let item = self.chunks[new].items[at];
            self.chunk[item as usize] = new as u32;
        }
        if at < half || (at == half && half < FULL) {
            (chunk, at)
        } else {
            (new, at - half)
        }
    }

    fn add_chunk(&mut self, place: usize, chunk: Chunk) -> usize {
        let id = self.chunks.len();
        self.chunks.push(chunk);
        self.places.push(place as u32);
        self.order.insert(place, id as u32);
        for (at, later) in self.order.iter().enumerate().skip(place + 1) {
            self.places[*later as usize] = at as u32;
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;
    use proptest::prelude::*;

    fn shown(list: &[(u32, usize)]) -> Vec<(u32, usize)> {
        list.iter()
            .flat_map(|(item, height)| (0..*height).map(|sub| (*item, sub)))
            .collect()
    }

    proptest! {
        /// Whatever is done to the rows, they are those of a plain list to which the same is done.
        #[test]
        fn as_a_plain_list(steps in prop::collection::vec((0u8..8, any::<u32>(), 1usize..4), 1..1200)) {
            let mut rows = Rows::default();
            rows.grow();
            rows.rebuild(std::iter::once(0));
            let mut list = vec![(0, 1)];
            let mut next = 1;
            for (kind, pick, height) in steps {
                let at = pick as usize % list.len();
                match kind {
                    0 if list.len() > 1 && at > 0 => rows.remove(list.remove(at).0),
                    1 => {
                        list[at].1 = height;
                        rows.set_height(list[at].0, height);
                    }
                    2 if pick % 16 == 0 => rows.rebuild(list.iter().map(|(item, _)| *item)),
                    _ => {
                        let at = if pick % 3 == 0 { at } else { list.len() - 1 - (pick as usize % 2).min(list.len() - 1) };
                        rows.grow();
                        rows.set_height(next, height);
                        rows.insert_after(list[at].0, next);
                        list.insert(at + 1, (next, height));
                        next += 1;
                    }
                }
            }
            let expected = shown(&list);
            prop_assert_eq!(rows.total(), expected.len());
            prop_assert_eq!(rows.window(0).collect::<Vec<_>>(), expected.clone());
            for (row, (item, sub)) in expected.iter().enumerate() {
                prop_assert_eq!(rows.at(row), Some((*item, *sub)));
                prop_assert_eq!(rows.row_of(*item), Some(row - sub));
            }
            prop_assert_eq!(rows.at(expected.len()), None);
        }
    }
}
