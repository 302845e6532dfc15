//! Folders of sessions: what is listed, what is read again, and what a name means.

use super::{Entry, FindError, Listing, Store};
use crate::verdict::Outcome;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// A folder of sessions and one for the cache.
struct Home {
    temp: TempDir,
    store: Store,
}

impl Home {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let store = Store::new(temp.path().join("sessions"), &temp.path().join("cache"));
        fs::create_dir(store.folder()).unwrap();
        Self { temp, store }
    }

    /// Writes a session of one run, last written at `second`.
    fn add(&self, name: &str, title: &str, second: u64) -> PathBuf {
        let text = format!(
            "{{\"formwork\":1,\"id\":\"id-{name}\",\"created\":\"2026-11-22T17:42:59Z\",\"title\":\"{title}\"}}\n\
             {{\"at\":1,\"event\":\"started\",\"run\":1,\"task\":{{\"model\":\"m\"}}}}\n\
             {{\"at\":2,\"event\":\"attempt\",\"run\":1,\"mode\":\"json\"}}\n\
             {{\"at\":3,\"event\":\"ended\",\"run\":1,\"outcome\":\"valid\",\"totals\":{{\"usage\":{{\"prompt\":3,\"completion\":4,\"cost\":0.5}}}}}}\n"
        );
        let path = self.store.folder().join(format!("{name}.jsonl"));
        self.write(&path, &text, second);
        path
    }

    fn write(&self, path: &Path, text: &str, second: u64) {
        assert!(path.starts_with(self.temp.path()));
        fs::write(path, text).unwrap();
        let file = File::options().append(true).open(path).unwrap();
        file.set_modified(at(second)).unwrap();
    }

    fn cache(&self) -> PathBuf {
        self.temp.path().join("cache/sessions.json")
    }

    fn names(&self) -> Vec<String> {
        self.store.list().unwrap().entries.iter().map(Entry::name).collect()
    }
}

fn at(second: u64) -> SystemTime {
    UNIX_EPOCH + Duration::new(second, 123_456_789)
}

#[test]
fn an_entry_says_what_the_file_says() {
    let home = Home::new();
    let path = home.add("a", "persons", 7);
    let expected = Entry {
        path: path.clone(),
        id: "id-a".into(),
        title: "persons".into(),
        created: "2026-11-22T17:42:59Z".into(),
        modified: at(7),
        size: fs::metadata(&path).unwrap().len(),
        runs: 1,
        outcome: Some(Outcome::Valid),
        model: "m".into(),
        mode: "json".into(),
        cost: Some(0.5),
        tokens: 7,
        duration: 0,
        search: String::new(),
    };
    for _ in 0..2 {
        assert_eq!(home.store.list().unwrap().entries, std::slice::from_ref(&expected));
    }
    assert_eq!((expected.name().as_str(), expected.outcome_word()), ("a", "valid"));
    let word = |runs, outcome| {
        Entry {
            runs,
            outcome,
            ..expected.clone()
        }
        .outcome_word()
    };
    assert_eq!([word(0, None), word(2, None)], ["draft", "interrupted"]);
}

#[test]
fn the_last_written_is_first_and_what_is_no_session_is_told_apart() {
    let home = Home::new();
    assert_eq!(home.store.last().unwrap(), None);
    for (name, second) in [("b", 5), ("a", 9), ("c", 5)] {
        home.add(name, "", second);
    }
    let other = home.store.folder().join("z.jsonl");
    home.write(&other, "{\"a\":1}\n", 99);
    fs::write(home.store.folder().join("notes.txt"), "x").unwrap();
    fs::create_dir(home.store.folder().join("d.jsonl")).unwrap();
    assert_eq!(home.names(), ["a", "c", "b"]);
    assert_eq!(home.store.list().unwrap().others, [other]);
    assert_eq!(home.store.last().unwrap(), Some(home.store.folder().join("a.jsonl")));
}

#[test]
fn only_changed_files_are_read_again() {
    let home = Home::new();
    let path = home.add("a", "before", 7);
    home.add("b", "stays", 6);
    let titles = || {
        let entries = home.store.list().unwrap().entries;
        entries.into_iter().map(|entry| entry.title).collect::<Vec<_>>()
    };
    assert_eq!(titles(), ["before", "stays"]);
    // The same size and time: not looked into, which shows that the list is believed.
    let text = fs::read_to_string(&path).unwrap();
    let changed = text.replace("before", "behind");
    home.write(&path, &changed, 7);
    assert_eq!(titles(), ["before", "stays"]);
    home.write(&path, &changed, 8);
    assert_eq!(titles(), ["behind", "stays"]);
    home.write(&path, &text.replace("before", "longer title"), 8);
    assert_eq!(titles(), ["longer title", "stays"]);
    fs::remove_file(&path).unwrap();
    assert_eq!(titles(), ["stays"]);
    assert!(!fs::read_to_string(home.cache()).unwrap().contains("longer"));
}

#[test]
fn a_broken_list_is_made_anew() {
    let home = Home::new();
    home.add("a", "t", 7);
    let listing = home.store.list().unwrap();
    let good = fs::read_to_string(home.cache()).unwrap();
    for bad in [
        "",
        "{",
        "[]",
        "\0",
        "{\"version\":1,\"entries\":[{}]}",
        &good.replace("\"version\":1", "\"version\":0"),
    ] {
        fs::write(home.cache(), bad).unwrap();
        assert_eq!(home.store.list().unwrap(), listing, "{bad}");
        assert_eq!(fs::read_to_string(home.cache()).unwrap(), good, "{bad}");
    }
    // A cache folder that cannot be made costs time only.
    let store = Store::new(home.store.folder(), &home.cache());
    assert_eq!(store.list().unwrap(), listing);
}

#[test]
fn folders_that_are_missing_or_none() {
    let home = Home::new();
    let missing = Store::new(home.temp.path().join("missing"), home.temp.path());
    assert_eq!(missing.list().unwrap(), Listing::default());
    let file = home.add("a", "t", 7);
    assert!(Store::new(&file, home.temp.path()).list().is_err());
    let error = Store::new(&file, home.temp.path())
        .find("x", home.temp.path())
        .unwrap_err();
    assert!(
        error.to_string().starts_with("cannot read the folder of sessions"),
        "{error}"
    );
}

#[test]
fn what_a_name_means() {
    let home = Home::new();
    home.add("20260101T000000-aaaaaa", "person: Ada is 36", 1);
    home.add("20260101T000000-bbbbbb", "invoice: No. 7", 2);
    home.add("20260202T000000-aaaaab", "Person: Ivan", 3);
    home.add("x", "aaaaaa", 4);
    home.add("xy", "", 5);
    let cwd = home.temp.path().join("work");
    fs::create_dir(&cwd).unwrap();
    fs::write(cwd.join("invoice"), "any file").unwrap();
    let found = |name: &str| match home.store.find(name, &cwd) {
        Ok(path) => Ok(path.file_stem().unwrap().to_str().unwrap().to_owned()),
        Err(error) => Err(error),
    };
    let table = [
        ("invoice", "invoice"),
        ("./invoice", "invoice"),
        ("x", "x"),
        ("X.jsonl", "x"),
        ("id-x", "x"),
        ("xy", "xy"),
        ("20260202", "20260202T000000-aaaaab"),
        ("id-20260202", "20260202T000000-aaaaab"),
        ("bbbb", "20260101T000000-bbbbbb"),
        ("No. 7", "20260101T000000-bbbbbb"),
        ("IVAN", "20260202T000000-aaaaab"),
    ];
    for (name, expected) in table {
        assert_eq!(found(name).unwrap(), expected, "{name}");
    }
    let several = found("person").unwrap_err().to_string();
    let expected = "2 sessions fit `person`: say more of 20260202T000000-aaaaab (Person: Ivan), 20260101T000000-aaaaaa (person: Ada is 36)";
    assert_eq!(several, expected);
    assert!(matches!(found("20260101"), Err(FindError::Several { count: 2, .. })));
    assert!(matches!(found("aaaaaa"), Err(FindError::Several { count: 2, .. })));
    let near = found("Ivna").unwrap_err().to_string();
    assert!(
        near.ends_with("near are 20260202T000000-aaaaab (Person: Ivan)"),
        "{near}"
    );
    for name in ["", " ", "nothing like it"] {
        let none = found(name).unwrap_err().to_string();
        assert!(none.ends_with("`formwork sessions` lists them"), "{none}");
    }
}

#[test]
fn what_is_no_session_is_named_and_left() {
    let home = Home::new();
    let texts = [
        "",
        "\0\0\0",
        "{\"a\":1}\n{\"b\":2}\n",
        "{\"formwork\":9}\n",
        "\u{feff}{}",
        "notes",
    ];
    let paths: Vec<PathBuf> = (0..)
        .map(|number| home.store.folder().join(format!("{number}.jsonl")))
        .take(texts.len())
        .collect();
    for (path, text) in paths.iter().zip(texts) {
        home.write(path, text, 5);
    }
    let listing = home.store.list().unwrap();
    assert_eq!((listing.entries.len(), &listing.others), (0, &paths));
    for (path, text) in paths.iter().zip(texts) {
        assert!(super::rename(path, "x").is_err() && super::fork(path).is_err() && home.store.discard(path).is_err());
        assert_eq!(fs::read_to_string(path).unwrap(), text);
    }
    assert_eq!(fs::read_dir(home.store.folder()).unwrap().count(), texts.len());
}

#[test]
fn a_title_and_what_is_searched() {
    let home = Home::new();
    let path = home.add("a", "before", 7);
    super::rename(&path, "Behind").unwrap();
    let entry = &home.store.list().unwrap().entries[0];
    assert_eq!((entry.title.as_str(), entry.modified), ("Behind", at(7)));
    let text = fs::read_to_string(&path).unwrap();
    let task = "\"task\":{\"model\":\"m\",\"input\":\"Ada IS here\",\"schema\":\"name\"}";
    let judged = "{\"at\":4,\"event\":\"judged\",\"value\":{\"name\":\"Lovelace\"}}\n";
    home.write(&path, &(text.replace("\"task\":{\"model\":\"m\"}", task) + judged), 8);
    let entry = &home.store.list().unwrap().entries[0];
    assert_eq!(entry.search, "ada is here\nname\nlovelace");
    for word in ["behind", "ada is", "lovelace", "name", "id-a", "2026-11", "m"] {
        assert!(entry.has(word), "{word}");
    }
    assert!(!entry.has("before"));
}

/// What the list keeps of a session is bounded, whatever its texts.
#[test]
fn an_entry_is_small() {
    let home = Home::new();
    let path = home.add(
        "20260101T000000-abcdef",
        "a title as long as they are made, of some sixty characters",
        7,
    );
    let text = fs::read_to_string(&path).unwrap();
    let long = "word after word ".repeat(9_999);
    let task = format!("\"task\":{{\"model\":\"m\",\"input\":\"{long}\",\"schema\":\"{long}\"}}");
    let judged = format!("{{\"at\":4,\"event\":\"judged\",\"value\":\"{long}\"}}\n");
    home.write(&path, &(text.replace("\"task\":{\"model\":\"m\"}", &task) + &judged), 8);
    let entry = home.store.list().unwrap().entries.remove(0);
    let place = path.to_string_lossy().len();
    let size = serde_json::to_string(&entry).unwrap().len() - place;
    assert!(size < 640, "{size}: {entry:?}");
}
