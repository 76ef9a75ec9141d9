//! Connections to an SQLite file: one that writes, several that read (WAL), a few for look-ups.

use super::{Failure, Row};
use sqlx::{
    ConnectOptions, Connection, Sqlite, SqliteConnection,
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
        SqliteSynchronous,
    },
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;

/// Oldest SQLite that may touch a live file: earlier ones can corrupt it when the WAL is reset.
const OLDEST: (u32, u32, u32) = (3, 51, 3);
/// Connections for look-ups, at most. Each answers in microseconds.
const LOOKUPS: u32 = 4;

/// The connections to a file.
#[derive(Clone, Debug)]
pub(super) struct SqlitePools {
    pub(super) read: SqlitePool,
    /// A single connection.
    pub(super) write: SqlitePool,
    /// For single statements outside the pool, which would test each connection that comes back:
    /// one more trip to the connection's thread, as dear as the look-up itself.
    lookups: Arc<Vec<Mutex<Option<SqliteConnection>>>>,
    turn: Arc<AtomicUsize>,
}

impl SqlitePools {
    /// One row of a single statement that reads.
    pub(super) async fn row<T: Row>(
        &self,
        sql: &'static str,
        args: SqliteArguments,
    ) -> Result<Option<T>, Failure> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let mut connection = self.lookups[turn % self.lookups.len()].lock().await;
        let connection = connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        let query = sqlx::query_as_with::<Sqlite, T, _>(sql, args);
        Ok(query.fetch_optional(connection).await?)
    }

    /// Closes all connections after the work in flight.
    pub(super) async fn close(&self) {
        for lookup in self.lookups.iter() {
            if let Some(connection) = lookup.lock().await.take()
                && let Err(error) = connection.close().await
            {
                tracing::warn!(%error, "a connection was not closed well");
            }
        }
        self.read.close().await;
        self.write.close().await;
    }
}

/// Opens a file, or makes it.
///
/// # Errors
/// When it cannot be opened, or SQLite is too old to be safe.
pub(super) async fn connect(path: &Path, connections: u32) -> Result<SqlitePools, Failure> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::setup(format!("cannot create {}: {error}", folder.display()))
        })?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .row_buffer_size(1024)
        .statement_cache_capacity(256)
        .disable_statement_logging();
    // A file does not hang up, and each test is a trip to the connection's thread and back.
    let pool = || SqlitePoolOptions::new().test_before_acquire(false);
    let write = pool()
        .max_connections(1)
        .connect_with(options.clone())
        .await
        .map_err(|error| Failure::setup(format!("cannot open {}: {error}", path.display())))?;
    let (version,): (String,) = sqlx::query_as("select sqlite_version()")
        .fetch_one(&write)
        .await?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let found = (
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
    );
    if found < OLDEST {
        return Err(Failure::setup(format!(
            "SQLite {version} is too old: versions before 3.51.3 can corrupt the file"
        )));
    }
    let read = pool()
        .max_connections(connections.max(1))
        .connect_with(options.clone())
        .await?;
    let mut lookups = Vec::new();
    for _ in 0..connections.clamp(1, LOOKUPS) {
        lookups.push(Mutex::new(Some(options.connect().await?)));
    }
    Ok(SqlitePools {
        read,
        write,
        lookups: Arc::new(lookups),
        turn: Arc::default(),
    })
}
