//! What every recording in `sessions/` has to stand: printing, testing, and being cut off anywhere.

use crate::folder;
use formwork::event::Stamped;
use formwork::session::{Reader, Refusal, Tape, shipped};
use std::fs;

/// A recording of this size or less is cut at every byte; larger ones at every byte of their first and last lines, and round each line's end.
const EVERY: usize = 12_000;

/// What is in the program is what is in the folder.
#[test]
fn the_folder_is_in_the_program() {
    let mut files: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut names: Vec<String> = shipped::names().iter().map(|name| format!("{name}.jsonl")).collect();
    names.sort();
    assert_eq!(files, names);
    for name in shipped::names() {
        let text = fs::read_to_string(folder().join(format!("{name}.jsonl"))).unwrap();
        assert_eq!(shipped::text(name), Some(text.as_str()), "{name}");
    }
}

/// The events and the warnings.
fn open(bytes: &[u8]) -> Result<(Vec<Stamped>, Vec<String>), Refusal> {
    let tape = Reader::new(bytes).map(|reader| Tape::gather(reader).unwrap())?;
    Ok((tape.events().collect(), tape.warnings))
}

/// Every cut opens, has every whole line before it, and warns of nothing but the torn one.
#[test]
fn a_file_cut_at_any_byte_opens() {
    for name in shipped::names() {
        let text = shipped::text(name).unwrap().as_bytes();
        let (whole, warnings) = open(text).unwrap();
        assert!(warnings.is_empty(), "{name}: {warnings:?}");
        let ends: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b'\n').collect();
        let near = |at: usize| ends.iter().any(|end| end.abs_diff(at) <= 2);
        let last = ends[ends.len() - 2];
        for at in 0..=text.len() {
            if text.len() > EVERY && (ends[0] + 400..last).contains(&at) && !near(at) {
                continue;
            }
            let cut = open(&text[..at]);
            if at < ends[0] {
                assert!(matches!(cut, Err(Refusal::NotASession(_))), "{name} at {at}: {cut:?}");
                continue;
            }
            let (cut, warnings) = cut.unwrap();
            let whole_lines = ends.iter().filter(|end| **end < at).count().saturating_sub(1);
            // The last line counts even without its line feed.
            let unended = usize::from(ends.contains(&at) && at != ends[0]);
            assert_eq!(cut.len(), whole_lines + unended, "{name} at {at}");
            assert_eq!(cut[..], whole[..cut.len()], "{name} at {at}");
            assert!(warnings.len() <= 1, "{name} at {at}: {warnings:?}");
        }
    }
}
