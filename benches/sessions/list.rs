//! Ten thousand sessions: listed without a cache, with one, and searched as somebody types.

use crate::table::{Target, row};
use formwork::session::Store;
use formwork::session::store::Listing;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

/// Sessions in the folder.
const SESSIONS: usize = 10_000;

/// Pieces of each answer.
const PIECES: usize = 40;

/// Measures the list.
pub fn list() {
    let temp = tempfile::tempdir().unwrap();
    let (folder, cache) = (temp.path().join("sessions"), temp.path().join("cache"));
    fs::create_dir(&folder).unwrap();
    (0..SESSIONS).for_each(|number| fill(&folder, number));
    let store = Store::new(&folder, &cache);
    let mut listing = Listing::default();
    let timed = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        vec![start.elapsed().as_secs_f64() * 1000.0]
    };
    let cold: Vec<_> = (0..3)
        .map(|_| {
            drop(fs::remove_dir_all(&cache));
            timed(&mut || listing = store.list().unwrap())
        })
        .collect();
    assert_eq!(listing.entries.len(), SESSIONS);
    row(
        "list 10,000 sessions, every file read",
        &["all"],
        &cold,
        "ms",
        Target::None,
    );
    let warm: Vec<_> = (0..9).map(|_| timed(&mut || listing = store.list().unwrap())).collect();
    row(
        "list 10,000 sessions, none changed",
        &["all"],
        &warm,
        "ms",
        Target::Below(300.0),
    );
    let file = fs::File::options()
        .append(true)
        .open(folder.join("20260101T000000-000007.jsonl"));
    let file = file.unwrap();
    let one: Vec<_> = (0..9)
        .map(|round| {
            file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(round))
                .unwrap();
            timed(&mut || listing = store.list().unwrap())
        })
        .collect();
    row(
        "list 10,000 sessions, one changed",
        &["all"],
        &one,
        "ms",
        Target::Below(300.0),
    );
    let words = "name of somebody 777";
    let typed: Vec<_> = (1..=words.len())
        .map(|end| {
            let words: Vec<&str> = words[..end].split_whitespace().collect();
            timed(&mut || {
                let found = listing
                    .entries
                    .iter()
                    .filter(|entry| words.iter().all(|word| entry.has(word)));
                black_box(found.count());
            })
        })
        .collect();
    row(
        "search 10,000 sessions, a letter more each time",
        &["all"],
        &typed,
        "ms",
        Target::Below(10.0),
    );
    let bytes = fs::metadata(cache.join("sessions.json")).unwrap().len() as f64 / SESSIONS as f64;
    row(
        "the list on disk, a session",
        &["size"],
        &[vec![bytes]],
        "B",
        Target::Below(640.0),
    );
}

/// A session of one run, as long as they mostly are.
fn fill(folder: &Path, number: usize) {
    let input =
        format!("This is letter {number}: somebody of some name lives at {number} Main Street, and so on. ").repeat(12);
    let mut text = format!(
        "{{\"formwork\":1,\"id\":\"{number:016x}\",\"created\":\"2026-11-22T17:42:59.250Z\",\"title\":\"person: This is letter {number}\"}}\n\
         {{\"at\":1,\"event\":\"started\",\"run\":1,\"version\":\"0.1.0\",\"task\":{{\"schema\":\"name, age int, street, city\",\"input\":\"{input}\",\"model\":\"acme/quick\",\"mode\":\"auto\"}},\"provider\":\"openrouter\",\"plan\":[]}}\n\
         {{\"at\":2,\"event\":\"attempt\",\"run\":1,\"attempt\":1,\"mode\":\"json\",\"why\":\"first\",\"reason\":\"\",\"changes\":[],\"body\":{{\"messages\":[{{\"role\":\"user\",\"content\":\"{input}\"}}]}}}}\n"
    );
    for piece in 0..PIECES {
        let at = 3 + piece;
        writeln!(
            text,
            "{{\"at\":{at},\"event\":\"delta\",\"run\":1,\"attempt\":1,\"channel\":\"content\",\"text\":\"a piece\"}}"
        )
        .unwrap();
    }
    write!(
        text,
        "{{\"at\":98,\"event\":\"judged\",\"run\":1,\"attempt\":1,\"source\":{{\"channel\":\"content\",\"start\":0,\"end\":9}},\"value\":{{\"name\":\"Name {number}\",\"age\":36,\"street\":\"{number} Main Street\"}},\"errors\":[],\"repairs\":[]}}\n\
         {{\"at\":99,\"event\":\"ended\",\"run\":1,\"outcome\":\"valid\",\"reason\":\"valid\",\"totals\":{{\"attempts\":1,\"usage\":{{\"prompt\":300,\"completion\":40,\"cost\":0.0001}},\"ms\":98}}}}\n"
    )
    .unwrap();
    fs::write(folder.join(format!("20260101T000000-{number:06}.jsonl")), text).unwrap();
}
