//! Bringing the schema up to date: the common migrations, then those of the database at hand.

use super::{
    db::Db,
    error::{Failure, Result},
};
use sqlx::migrate::Migrator;

fn common() -> Migrator {
    sqlx::migrate!("./migrations")
}

fn sqlite() -> Migrator {
    sqlx::migrate!("./migrations/sqlite")
}

fn postgres() -> Migrator {
    sqlx::migrate!("./migrations/postgres")
}

/// Applies what is missing. Safe to run at every start and from several nodes at once. Both sets are
/// noted in one table, so each overlooks the other's.
///
/// # Errors
/// When a migration fails or an applied one was changed afterwards.
pub async fn migrate(db: &Db) -> Result<()> {
    let failed = |error| Failure::setup(format!("migration failed: {error}"));
    if let Some(pool) = db.sqlite_writer() {
        for mut set in [common(), sqlite()] {
            set.set_ignore_missing(true);
            set.run(pool).await.map_err(failed)?;
        }
    }
    if let Some(pool) = db.postgres_pool() {
        for mut set in [common(), postgres()] {
            set.set_ignore_missing(true);
            set.run(pool).await.map_err(failed)?;
        }
    }
    Ok(())
}

/// Names of the migrations that a database still lacks, in order. None: it is up to date.
///
/// # Errors
/// When the database cannot be asked.
pub async fn pending(db: &Db) -> Result<Vec<String>> {
    let mut known: Vec<(i64, String)> = common()
        .iter()
        .map(|one| (one.version, one.description.to_string()))
        .collect();
    let own = if db.postgres_pool().is_some() {
        postgres()
    } else {
        sqlite()
    };
    known.extend(
        own.iter()
            .map(|one| (one.version, one.description.to_string())),
    );
    known.sort();
    let mut tx = db.system_read().await?;
    // A database that never saw a migration has no such table.
    let noted = tx.all("select version from _sqlx_migrations", ()).await;
    let applied: Vec<(i64,)> = noted.unwrap_or_default();
    known.retain(|(version, _)| !applied.contains(&(*version,)));
    Ok(known.into_iter().map(|(_, name)| name).collect())
}
