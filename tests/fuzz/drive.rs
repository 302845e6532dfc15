//! Drives a target: kept crashes first, then mutations of a pool that grows by every input that behaves in a new way.
//!
//! Owns the pool, the clock, the bound on time and the report. What counts as behaving in a new way is said by the check: it returns a
//! number for the shape of what happened, such as which repairs were made or which sentence was said.

use crate::mutate::Mutator;
use fastrand::Rng;
use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Cases of an ordinary test run.
const CASES: u64 = 400;

/// Inputs do not grow beyond this many bytes.
const MOST: usize = 16 << 10;

/// Inputs in the pool at most.
const POOL: usize = 2048;

/// Computing time that any input may take, and what each of its bytes may take on top: a hundred times what is usual, and far below
/// what anything quadratic or exponential needs.
const FREE: Duration = Duration::from_secs(2);
const EACH_BYTE: Duration = Duration::from_micros(50);

/// Something that takes bytes.
pub struct Target {
    /// Its name, as that of its test.
    pub name: &'static str,
    /// What mutations begin with.
    pub seeds: &'static [&'static str],
    /// What mutations put in.
    pub tokens: &'static [&'static str],
    /// Ends the test if something that must hold does not; else a number for how the input behaved.
    pub check: fn(&[u8], &mut Rng) -> u64,
}

/// A number for anything that can be hashed.
pub fn shape(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// A sentence without what is different each time: digits, and whatever it quotes.
pub fn gist(sentence: &str) -> String {
    let mut quoted = false;
    let mut gist = String::new();
    for c in sentence.chars() {
        if matches!(c, '`' | '"') {
            quoted = !quoted;
        } else if !quoted && !c.is_ascii_digit() {
            gist.push(c);
        }
    }
    gist.truncate(gist.char_indices().nth(60).map_or(gist.len(), |(at, _)| at));
    gist
}

/// Runs a target for [`CASES`], or for as long as the environment says.
pub fn run(target: &Target) {
    let seconds = variable("FORMWORK_FUZZ_SECONDS").map(Duration::from_secs);
    let seed = variable("FORMWORK_FUZZ_SEED").unwrap_or_else(|| seconds.map_or(1, |_| fastrand::u64(..)));
    say(&format!("fuzz {}: seed {seed}", target.name));
    let mut run = Run::new(target, seed);
    for input in kept(target.name)
        .into_iter()
        .chain(target.seeds.iter().map(|seed| seed.as_bytes().to_vec()))
    {
        run.case(input);
    }
    let start = Instant::now();
    let mut next = start + Duration::from_secs(60);
    while seconds.map_or(run.cases < CASES, |seconds| start.elapsed() < seconds) {
        run.mutated();
        if Instant::now() >= next {
            next += Duration::from_secs(60);
            say(&run.report());
        }
    }
    say(&run.report());
}

struct Run<'t> {
    target: &'t Target,
    mutator: Mutator<'t>,
    rng: Rng,
    pool: Vec<Vec<u8>>,
    shapes: HashSet<u64>,
    cases: u64,
    slowest: (Duration, usize),
    /// Where the input under way is to be found should the process die of it.
    current: PathBuf,
    open: File,
}

impl<'t> Run<'t> {
    fn new(target: &'t Target, seed: u64) -> Self {
        let current = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{}", target.name));
        Self {
            target,
            mutator: Mutator::new(target.tokens, seed),
            rng: Rng::with_seed(seed ^ 1),
            pool: Vec::new(),
            shapes: HashSet::new(),
            cases: 0,
            slowest: (Duration::ZERO, 0),
            open: File::create(&current).unwrap(),
            current,
        }
    }

    fn mutated(&mut self) {
        let at = self.rng.usize(..self.pool.len());
        let other = self.rng.usize(..self.pool.len());
        let mut input = self.mutator.mutate(&self.pool[at], &self.pool[other]);
        input.truncate(MOST);
        self.case(input);
    }

    fn case(&mut self, input: Vec<u8>) {
        self.note(&input);
        self.cases += 1;
        let begun = computed();
        let result = catch_unwind(AssertUnwindSafe(|| (self.target.check)(&input, &mut self.rng)));
        let taken = computed().saturating_sub(begun);
        let shape = match result {
            Ok(shape) => shape,
            Err(panic) => {
                say(&self.blame(&input, "does not hold"));
                resume_unwind(panic);
            }
        };
        let bound = FREE + EACH_BYTE * u32::try_from(input.len()).unwrap();
        assert!(taken < bound, "{}", self.blame(&input, &format!("took {taken:?}")));
        if taken > self.slowest.0 {
            self.slowest = (taken, input.len());
        }
        let new = self.shapes.insert(shape);
        if new || self.pool.len() < self.target.seeds.len() {
            if self.pool.len() >= POOL {
                let at = self.rng.usize(..POOL);
                self.pool.swap_remove(at);
            }
            self.pool.push(input);
        }
    }

    /// Written into a file that stays open: one made anew each time would cost more than the case.
    fn note(&mut self, input: &[u8]) {
        self.open.seek(SeekFrom::Start(0)).unwrap();
        self.open.write_all(input).unwrap();
        self.open.set_len(input.len() as u64).unwrap();
    }

    fn blame(&self, input: &[u8], what: &str) -> String {
        format!(
            "fuzz {}: case {} {what}; the input is in {}: {}",
            self.target.name,
            self.cases,
            self.current.display(),
            input[..input.len().min(2000)].escape_ascii()
        )
    }

    fn report(&self) -> String {
        let (time, bytes) = self.slowest;
        format!(
            "fuzz {}: {} cases, {} shapes, slowest {time:?} for {bytes} bytes",
            self.target.name,
            self.cases,
            self.shapes.len()
        )
    }
}

/// A folder for a case, in memory where the system has such a place.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.unwrap()
}

/// The inputs that once failed, by name.
fn kept(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/crashes")
        .join(target);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).map_or_else(
        |_| Vec::new(),
        |entries| entries.map(|entry| entry.unwrap().path()).collect(),
    );
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// What this thread has computed so far. The clock on the wall also shows what others do, so it is asked only where the system does not
/// say.
fn computed() -> Duration {
    let seen = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = seen.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(
        || std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default(),
        Duration::from_nanos,
    )
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap())
}

/// Prints a line, which the harness shows with `--nocapture`.
fn say(line: &str) {
    let mut stderr = std::io::stderr().lock();
    stderr.write_all(format!("{line}\n").as_bytes()).unwrap();
}
