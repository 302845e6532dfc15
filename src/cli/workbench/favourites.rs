//! The favourite models, kept between two sittings.
//!
//! Owns one small file beside the settings: a list of ids as JSON.

use crate::config::paths::make_private_folder;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// The file.
const FILE: &str = "favourites.json";

/// The favourites, in order; none when there is no file, or a broken one.
pub fn load(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join(FILE)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Keeps these, whole or not at all.
///
/// # Errors
/// A sentence that names the file.
pub fn keep(folder: &Path, models: &[String]) -> Result<(), String> {
    let path = folder.join(FILE);
    let write = || {
        make_private_folder(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut file, models)?;
        file.flush()?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok::<(), std::io::Error>(())
    };
    write().map_err(|error| format!("the favourites cannot be kept in {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{keep, load};

    #[test]
    fn favourites_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("new");
        assert_eq!(load(&below), Vec::<String>::new());
        let models = ["a/b".to_owned(), "c".to_owned()];
        keep(&below, &models).unwrap();
        assert_eq!(load(&below), models);
        std::fs::write(below.join("favourites.json"), "[").unwrap();
        assert_eq!(load(&below), Vec::<String>::new());
    }
}
