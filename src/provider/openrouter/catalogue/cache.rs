//! The list of models on disk.
//!
//! Owns the file's name, mode and atomic replacement. A file that cannot be read is as good as none.

use super::Listing;
use crate::config::paths::make_private_folder;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

/// One server's file.
#[derive(Clone, Debug)]
pub struct Cache {
    dir: PathBuf,
    file: PathBuf,
    base_url: String,
}

impl Cache {
    /// The file for a base URL. Two addresses may share a name, so that the file also says whose it is.
    pub fn new(dir: &Path, base_url: &str) -> Self {
        let host = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
        let slug: String = host
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' })
            .take(100)
            .collect();
        Self {
            dir: dir.to_owned(),
            file: dir.join(format!("models-{slug}.json")),
            base_url: base_url.to_owned(),
        }
    }

    /// The list, if there is a readable one of this server. Blocks.
    pub fn read(&self) -> Option<Listing> {
        let file = std::fs::File::open(&self.file).ok()?;
        let listing: Listing = serde_json::from_reader(BufReader::new(file)).ok()?;
        (listing.base_url == self.base_url).then_some(listing)
    }

    /// Replaces the file in one step, readable by its owner only (the mode of temporary files). Blocks.
    ///
    /// # Errors
    /// When the folder cannot be made or written.
    pub fn write(&self, listing: &Listing) -> io::Result<()> {
        make_private_folder(&self.dir)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.dir)?;
        let mut writer = BufWriter::new(file.as_file_mut());
        serde_json::to_writer(&mut writer, listing)?;
        writer.flush()?;
        drop(writer);
        file.as_file().sync_all()?;
        file.persist(&self.file).map_err(|error| error.error)?;
        Ok(())
    }
}
