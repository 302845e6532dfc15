//! Moments of a reader: going back to one, and on to one from a reader that has read further.
//!
//! Owns the state of reading apart from the tree, whose moments are `tree`'s.

use super::Reader;
use super::closed::Cursor;
use super::machine::Machine;
use super::utf8::Decoder;
use crate::json::tree::{self, NodeId};
use crate::verdict::Repair;
use std::sync::Arc;

/// A moment of a reader.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// Without its tree and its repairs.
    machine: Machine,
    tree: tree::Mark,
    /// Few as a rule, and shared between moments while none is added.
    repairs: Arc<[Repair]>,
    decoder: Decoder,
    closed: Cursor,
    len: u64,
    finished: bool,
    weight: usize,
}

impl Mark {
    /// About how many bytes it takes up.
    pub const fn weight(&self) -> usize {
        self.weight
    }
}

impl Reader {
    /// The moment that it is at. `before` is an earlier one, with which it shares what is the same.
    pub(crate) fn mark(&self, before: Option<&Mark>) -> Mark {
        let repairs = &self.machine.repairs;
        let shared = before.filter(|before| *before.repairs == **repairs);
        let tree = self.machine.tree.mark(self.machine.open_path());
        let machine = self.machine.emptied();
        let own = if shared.is_none() {
            size_of_val(repairs.as_slice())
        } else {
            0
        };
        Mark {
            weight: size_of::<Mark>() + machine.weight() + tree.weight() + own,
            machine,
            tree,
            repairs: shared.map_or_else(|| repairs.as_slice().into(), |before| Arc::clone(&before.repairs)),
            decoder: self.decoder,
            closed: self.closed,
            len: self.len,
            finished: self.finished,
        }
    }

    /// Goes to a moment, taking what is missing from `whole`: a reader of the same answer that has read at least as far.
    pub(crate) fn take(&mut self, whole: &Self, mark: &Mark) {
        let mut tree = std::mem::take(&mut self.machine.tree);
        let mut repairs = std::mem::take(&mut self.machine.repairs);
        tree.take(whole.tree(), &mark.tree, self.open_path(), mark.machine.open_path());
        if *repairs != *mark.repairs {
            repairs.clear();
            repairs.extend_from_slice(&mark.repairs);
        }
        self.machine = mark.machine.clone();
        self.machine.tree = tree;
        self.machine.repairs = repairs;
        self.decoder = mark.decoder;
        self.closed = mark.closed;
        self.len = mark.len;
        self.finished = mark.finished;
    }

    /// The open nodes, kept while the reader changes.
    pub(crate) fn open_nodes(&self) -> Vec<NodeId> {
        self.open_path().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, Reader};
    use crate::json::reader::{Limits, Tolerance};

    const ANSWERS: [&str; 9] = [
        r#"{"a":[1,-2.5e3,{"b":"c\u00e9\n"},true,null],"k":{"x":[]},"z":"end"} "#,
        "see [1] and {'a': 007, b: 1_000, \"n\": Infinity, c: .5,} ```json\n{\"d\": \"“q\" quoted\" }``` tail",
        "<think>{\"draft\": 1}</think>[{\"a\":1}{\"a\":2}] {\"b\": [1,2",
        "{\"draft\": [1, 2]}</think>\n{\"a\": \"x\" \"b\": 'y', …}",
        "\"one \\\"string\\\" alone\"",
        "-12.5e3",
        "{{\"a\": 1}} [1, 2, {\"b\": tru",
        "{\"a\": 0x1F, \"b\": -Infinity, \"c\": [[[1,2],[3]],4]} // and more\n[5]",
        "[1] [2] {\"a\": 1, [3] and df[\"x\"] ```\n{\"é\": \"😀\\ud83d\\ude00\"}\n```",
    ];

    /// The reader at each byte, and its mark there; last after its end.
    fn read(answer: &str) -> (Vec<Reader>, Vec<Mark>) {
        let mut reader = Reader::new(Tolerance::Lenient, Limits::default());
        let (mut readers, mut marks) = (vec![reader.clone()], vec![reader.mark(None)]);
        let bytes = answer.bytes().map(Some).chain([None]);
        for byte in bytes {
            match byte {
                Some(byte) => reader.push(&[byte]),
                None => reader.finish(),
            }
            reader.take_closed();
            marks.push(reader.mark(marks.last()));
            readers.push(reader.clone());
        }
        (readers, marks)
    }

    #[test]
    fn every_moment_is_reached_from_every_other() {
        for answer in ANSWERS {
            let (readers, marks) = read(answer);
            let whole = readers.last().unwrap();
            for from in &readers {
                for (then, mark) in readers.iter().zip(&marks) {
                    let mut reader = from.clone();
                    reader.take(whole, mark);
                    assert!(reader == *then, "{answer}: {} to {}", from.len(), then.len());
                    // It goes on alike.
                    let rest = answer.as_bytes().get(then.len() as usize..).unwrap_or_default();
                    reader.push(rest);
                    reader.finish();
                    reader.take_closed();
                    assert!(reader == *whole, "{answer}: {} to {} and on", from.len(), then.len());
                }
            }
        }
    }

    #[test]
    fn moments_share_their_repairs() {
        let (_, marks) = read("{'a': 1}");
        let shared = marks
            .windows(2)
            .filter(|pair| std::sync::Arc::ptr_eq(&pair[0].repairs, &pair[1].repairs));
        assert!(shared.count() > 5);
    }
}
