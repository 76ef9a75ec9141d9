//! The mark that a server holds a SQLite file: an advisory lock on `FILE.lock`, which the system
//! takes away with the process however it ends. The lock of SQLite itself would not do: an idle
//! server may have no connection open, and opens the file again at the next request.

use super::{beside, cannot, folder_of};
use crate::server::{
    database_url::DatabaseUrl,
    error::{Failure, Result},
};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::Path,
};

/// Held by a server as long as it runs, and by a restore. Nothing to hold on PostgreSQL.
#[derive(Debug)]
pub struct LiveLock {
    _file: Option<File>,
}

impl LiveLock {
    /// Takes the lock for the database of this address. Only one server may serve a SQLite file:
    /// others would not hear of its events.
    ///
    /// # Errors
    /// When another process holds it.
    pub fn take(url: &str) -> Result<Self> {
        match DatabaseUrl::parse(url) {
            DatabaseUrl::Sqlite(path) => Self::of_file(&path),
            DatabaseUrl::Postgres { .. } => Ok(Self { _file: None }),
        }
    }

    /// Takes the lock of a SQLite file, which need not exist yet.
    pub(super) fn of_file(path: &Path) -> Result<Self> {
        let folder = folder_of(path);
        fs::create_dir_all(folder).map_err(|error| cannot("create", folder, error))?;
        let lock_path = beside(path, ".lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|error| cannot("open", &lock_path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(Failure::setup(format!(
                "another Muster server holds {}; stop it first",
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(cannot("lock", &lock_path, error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_holds_a_file_at_a_time() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("data/muster.db").display());
        let first = LiveLock::take(&url).expect("nobody holds it yet");
        let second = LiveLock::take(&url).expect_err("held already").to_string();
        assert!(second.contains("stop it first"), "{second}");
        drop(first);
        LiveLock::take(&url).expect("free again");
    }
}
