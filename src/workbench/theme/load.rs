//! Finds a theme by its name: a file of the user's, or one that ships.
//!
//! Owns the folder's reading and what is said when there is no such theme. The runtime calls it once, before anything is drawn.

use super::{ANSI, DEFAULT, Theme, built_in_names, parse};
use crate::config::nearest;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A theme's file is a page of text; more is not read.
const MAX_BYTES: u64 = 256 * 1024;

/// The theme of this name: `NAME.toml` in the user's folder, or else the one that ships. If it cannot be had, `ansi` and a
/// sentence that says why, with the file and the line of a mistake. Reads the file system.
pub fn load(name: &str, themes_folder: &Path) -> (Theme, Option<String>) {
    match find(name, themes_folder) {
        Ok(theme) => (theme, None),
        Err(why) => (Theme::shipped(ANSI), Some(format!("{why} (using the theme `{ANSI}`)"))),
    }
}

fn find(name: &str, folder: &Path) -> Result<Theme, String> {
    // The name may come from a stranger's project file, so it must not lead out of the folder.
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.starts_with('.') || !name.chars().all(plain) || name.is_empty() {
        return Err(missing(name, folder));
    }
    if name != DEFAULT {
        let path = folder.join(format!("{name}.toml"));
        let shown = path.display();
        match read(&path) {
            Ok(text) => return parse(&text, &shown.to_string()).map_err(|error| error.to_string()),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(format!("cannot read the theme in {shown}: {error}")),
        }
    }
    if name == DEFAULT || built_in_names().any(|known| known == name) {
        Ok(Theme::shipped(name))
    } else {
        Err(missing(name, folder))
    }
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

fn missing(name: &str, folder: &Path) -> String {
    let mut known: Vec<String> = built_in_names().map(str::to_owned).collect();
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let stems = files.filter_map(|file| file.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned));
    known.extend(stems);
    known.sort();
    known.dedup();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let advice = nearest(name, &known).map_or_else(
        || format!("known are {}", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    format!("ui.theme: there is no theme `{name}`; {advice}")
}
