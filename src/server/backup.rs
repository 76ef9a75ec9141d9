//! Backing the database up while the server runs, and putting a backup back (README: "Back up and
//! restore").
//!
//! - A backup is one file and, beside it, `FILE.sha256` in the form of `sha256sum`. Both appear
//!   complete or not at all, readable by their owner only: they hold password hashes and people.
//! - A restore checks the sum and the content first, refuses while a server holds the database,
//!   and keeps what was there.
//!
//! These are commands of an operator at the machine: they block their thread. `sqlite` and
//! `postgres` do the two kinds; `live` is the mark that a server holds a SQLite file.

mod live;
mod postgres;
mod sqlite;

pub use live::LiveLock;

use super::{
    database_url::DatabaseUrl,
    error::{Failure, Result},
};
use sha2::{Digest, Sha256};
use std::{
    fmt::Display,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// What a backup tells its operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What a restore tells its operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Where the former content is; `None` when there was none.
    pub kept: Option<PathBuf>,
}

/// Writes a backup of the database of this address.
///
/// # Errors
/// One line for the operator; then there is no new file.
pub async fn backup(url: &str, file: &Path) -> Result<Backup> {
    let partial = beside(file, ".partial");
    let made = match DatabaseUrl::parse(url) {
        DatabaseUrl::Sqlite(path) => sqlite::backup(&path, &partial).await,
        DatabaseUrl::Postgres { url, password } => {
            postgres::backup(&url, password.as_deref(), &partial).await
        }
    };
    let finished = made.and_then(|()| publish(&partial, file));
    if finished.is_err() {
        // Nothing half-made stays behind; that it may never have existed is fine.
        let _ = fs::remove_file(&partial);
    }
    finished
}

/// Puts a backup in the place of the database of this address.
///
/// # Errors
/// One line for the operator; then the database is as it was.
pub async fn restore(url: &str, file: &Path) -> Result<Restored> {
    let expected = expected_sum(file)?;
    match DatabaseUrl::parse(url) {
        DatabaseUrl::Sqlite(path) => sqlite::restore(&path, file, &expected).await,
        DatabaseUrl::Postgres { url, password } => {
            if sum_of(file, &mut io::sink())?.sha256 != expected {
                return Err(wrong_sum(file));
            }
            postgres::restore(&url, password.as_deref(), file).await
        }
    }
}

/// Gives a finished file its name, its sum first being known.
fn publish(partial: &Path, file: &Path) -> Result<Backup> {
    let made = sum_of(partial, &mut io::sink())?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let sum_file = beside(file, ".sha256");
    let sum_partial = beside(&sum_file, ".partial");
    let mut sum = create_private(&sum_partial)?;
    writeln!(sum, "{}  {name}", made.sha256)
        .and_then(|()| sum.sync_all())
        .and_then(|()| File::open(partial)?.sync_all())
        .and_then(|()| fs::rename(partial, file))
        .and_then(|()| fs::rename(&sum_partial, &sum_file))
        .and_then(|()| File::open(folder_of(file))?.sync_all())
        .map_err(|error| cannot("write", file, error))?;
    Ok(made)
}

/// The sum that stands beside a backup.
fn expected_sum(file: &Path) -> Result<String> {
    if !file.is_file() {
        return Err(Failure::setup(format!(
            "there is no file {}",
            file.display()
        )));
    }
    let sum_file = beside(file, ".sha256");
    let text = fs::read_to_string(&sum_file).map_err(|error| {
        Failure::setup(format!(
            "cannot check {}: {}: {error} (if you trust the file, make the sum: \
             sha256sum {0} > {1})",
            file.display(),
            sum_file.display()
        ))
    })?;
    match text.split_whitespace().next() {
        Some(sum) if sum.len() == 64 => Ok(sum.to_ascii_lowercase()),
        _ => Err(Failure::setup(format!(
            "{} holds no SHA-256 sum",
            sum_file.display()
        ))),
    }
}

/// Reads a file through, copies it, and answers its size and sum.
fn sum_of(file: &Path, copy: &mut impl Write) -> Result<Backup> {
    let mut reader = File::open(file).map_err(|error| cannot("read", file, error))?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = reader
            .read(&mut buffer)
            .map_err(|error| cannot("read", file, error))?;
        if read == 0 {
            break;
        }
        digest.update(&buffer[..read]);
        copy.write_all(&buffer[..read])
            .map_err(|error| cannot("copy", file, error))?;
        bytes += read as u64;
    }
    let sha256 = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Backup { bytes, sha256 })
}

fn wrong_sum(file: &Path) -> Failure {
    Failure::setup(format!(
        "{} is not what was backed up: its SHA-256 sum differs from the one beside it",
        file.display()
    ))
}

/// A new empty file that only its owner reads. A left-over of an earlier try goes.
fn create_private(path: &Path) -> Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(cannot("replace", path, error));
        }
        _ => {}
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| cannot("create", path, error))
}

/// The same path with something added to its name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The first name of this kind that nothing has yet: `….before-restore`, `….before-restore-2`, …
fn unused(path: &Path, suffix: &str) -> PathBuf {
    let first = beside(path, suffix);
    let others = (2..).map(|number| beside(path, &format!("{suffix}-{number}")));
    std::iter::once(first)
        .chain(others)
        .find(|path| !path.exists())
        .unwrap_or_default()
}

fn folder_of(file: &Path) -> &Path {
    file.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn cannot(what: &str, path: &Path, error: impl Display) -> Failure {
    Failure::setup(format!("cannot {what} {}: {error}", path.display()))
}
