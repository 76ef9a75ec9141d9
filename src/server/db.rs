//! One face over SQLite and PostgreSQL: pools, transactions, statements.
//!
//! - One SQL text for both: `$1` placeholders, portable subset (see `architecture.md` §3).
//! - [`Read`] and [`Write`] are the transactions of one tenant and can only be made from a
//!   [`Tenant`]; [`System`] is the cross-tenant one, for identity and tenancy itself.
//! - A [`Write`] takes the Org's row first, so commands of one Org run one after the other on both
//!   databases: tree moves, "at most one" and the event sequence need no further locks. The indexes
//!   hold even so.
//! - Every statement is counted ([`Db::statements`]); tests assert on it.
//!
//! Neighbours: `server::migrate` makes the schema, features' `store.rs` hold the SQL.

mod sqlite;
mod value;

pub use value::{Args, Row, Value};

use super::{database_url, error::Failure, events::Part, tenancy::Tenant};
use crate::domain::OrgId;
use sqlite::SqlitePools;
use sqlx::{
    ConnectOptions, Executor,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions, Postgres},
    sqlite::{Sqlite, SqlitePool},
};
use std::{
    ops::{Deref, DerefMut},
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Handle on the database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Pools,
    statements: Arc<AtomicU64>,
    writes: Arc<AtomicU64>,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite(SqlitePools),
    Postgres(PgPool),
}

/// Which database is behind a [`Db`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Db {
    /// Opens the database named by a URL: `sqlite:path`, a bare path, or `postgres://…`.
    ///
    /// # Errors
    /// When it cannot be reached or opened, or is too old to be safe.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, Failure> {
        let pools = if database_url::is_postgres(url) {
            connect_postgres(url, connections).await?
        } else {
            Pools::Sqlite(sqlite::connect(database_url::sqlite_path(url), connections).await?)
        };
        Ok(Self {
            pools,
            statements: Arc::default(),
            writes: Arc::default(),
        })
    }

    /// Which database this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.pools {
            Pools::Sqlite(_) => Dialect::Sqlite,
            Pools::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Statements executed so far through this handle and its clones, `begin` and `commit` apart.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Number of transactions that may have written so far, when all of them are this process's; on
    /// a database server other nodes write too, which nobody tells.
    #[must_use]
    pub fn writes(&self) -> Option<u64> {
        match self.pools {
            Pools::Sqlite(_) => Some(self.writes.load(Ordering::Acquire)),
            Pools::Postgres(_) => None,
        }
    }

    /// A read transaction of one tenant: one consistent picture.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read(&self, tenant: &Tenant) -> Result<Read, Failure> {
        let mut tx = self.begin(false).await?;
        tx.enter_tenant(tenant.id()).await?;
        Ok(Read {
            tx,
            org: tenant.id(),
        })
    }

    /// A write transaction of one tenant. Waits for other commands of the same Org.
    ///
    /// # Errors
    /// When the database cannot be reached, or the Org is gone.
    pub async fn write(&self, tenant: &Tenant) -> Result<Write, Failure> {
        let mut tx = self.begin(true).await?;
        tx.enter_tenant(tenant.id()).await?;
        // Also the lock: see the module's documentation.
        let (seq,): (i64,) = tx
            .optional(
                "update org set event_seq = event_seq where org_id = $1 returning event_seq",
                (tenant.id(),),
            )
            .await?
            .ok_or(Failure::App(crate::domain::AppError::NotFound))?;
        Ok(Write {
            tx: Read {
                tx,
                org: tenant.id(),
            },
            seq,
            parts: None,
        })
    }

    /// A transaction of one tenant that writes without taking its turn among commands: for rows that
    /// no command decides by, such as notices.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn write_beside(&self, tenant: &Tenant) -> Result<Read, Failure> {
        let mut tx = self.begin(true).await?;
        tx.enter_tenant(tenant.id()).await?;
        Ok(Read {
            tx,
            org: tenant.id(),
        })
    }

    /// A transaction over all tenants, for identity, tenancy and site work.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn system(&self) -> Result<System, Failure> {
        let mut tx = self.begin(true).await?;
        tx.enter_system().await?;
        Ok(System { tx })
    }

    /// Like [`Db::system`], for reading only: does not wait for the writer.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn system_read(&self) -> Result<System, Failure> {
        let mut tx = self.begin(false).await?;
        tx.enter_system().await?;
        Ok(System { tx })
    }

    /// One cross-tenant statement that reads, without a transaction where the database allows it.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn system_row<T: Row>(
        &self,
        sql: &'static str,
        args: impl Args,
    ) -> Result<Option<T>, Failure> {
        match &self.pools {
            Pools::Sqlite(pools) => {
                self.statements.fetch_add(1, Ordering::Relaxed);
                pools.row(sql, args.sqlite()?).await
            }
            Pools::Postgres(_) => {
                let mut tx = self.system_read().await?;
                let row = tx.optional(sql, args).await?;
                tx.commit().await?;
                Ok(row)
            }
        }
    }

    /// The pool for migrations and backups.
    pub(super) fn sqlite_writer(&self) -> Option<&SqlitePool> {
        match &self.pools {
            Pools::Sqlite(pools) => Some(&pools.write),
            Pools::Postgres(_) => None,
        }
    }

    /// The pool for migrations and notifications.
    pub(super) fn postgres_pool(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Postgres(pool) => Some(pool),
            Pools::Sqlite(_) => None,
        }
    }

    /// Closes all connections after the work in flight.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite(pools) => pools.close().await,
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    async fn begin(&self, write: bool) -> Result<Tx, Failure> {
        let inner = match &self.pools {
            Pools::Sqlite(pools) if write => {
                Inner::Sqlite(pools.write.begin_with("begin immediate").await?)
            }
            Pools::Sqlite(pools) => Inner::Sqlite(pools.read.begin().await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx {
            inner,
            statements: self.statements.clone(),
            written: write.then(|| Written(self.writes.clone())),
        })
    }
}

async fn connect_postgres(url: &str, connections: u32) -> Result<Pools, Failure> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| Failure::setup("MUSTER_DATABASE_URL is not a PostgreSQL address".into()))?
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(connections.max(2))
        // sqlx 0.9.0 can put a connection back with a cancelled `begin` still open; the next
        // borrower's writes would then vanish. `discard all` would break the statement cache.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.execute("rollback; reset all").await?;
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .map_err(|error| Failure::setup(format!("cannot reach PostgreSQL: {error}")))?;
    let (superuser, bypass): (bool, bool) =
        sqlx::query_as("select rolsuper, rolbypassrls from pg_roles where rolname = current_user")
            .fetch_one(&pool)
            .await?;
    if superuser || bypass {
        return Err(Failure::setup(
            "the PostgreSQL role is a superuser or bypasses row-level security, which would remove \
             the second wall between organisations; make a plain one: \
             create role muster login password '…'; create database muster owner muster"
                .into(),
        ));
    }
    Ok(Pools::Postgres(pool))
}

/// An open transaction. Dropping it without [`Tx::commit`] rolls back.
pub struct Tx {
    inner: Inner,
    statements: Arc<AtomicU64>,
    written: Option<Written>,
}

/// Counts a transaction that may have written, when it is over.
struct Written(Arc<AtomicU64>);

impl Drop for Written {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Release);
    }
}

enum Inner {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Tx {
    /// Names the tenant to PostgreSQL's policies, for this transaction only.
    async fn enter_tenant(&mut self, org: OrgId) -> Result<(), Failure> {
        if matches!(self.inner, Inner::Postgres(_)) {
            self.run(
                "select set_config('muster.org', $1, true)",
                (org.to_string(),),
            )
            .await?;
        }
        Ok(())
    }

    async fn enter_system(&mut self) -> Result<(), Failure> {
        if matches!(self.inner, Inner::Postgres(_)) {
            self.run("select set_config('muster.system', 'on', true)", ())
                .await?;
        }
        Ok(())
    }

    /// Which database this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Sqlite(_) => Dialect::Sqlite,
            Inner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// All rows.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn all<T: Row>(
        &mut self,
        sql: &'static str,
        args: impl Args,
    ) -> Result<Vec<T>, Failure> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => {
                sqlx::query_as_with::<Sqlite, T, _>(sql, args.sqlite()?)
                    .fetch_all(&mut **tx)
                    .await?
            }
            Inner::Postgres(tx) => {
                sqlx::query_as_with::<Postgres, T, _>(sql, args.postgres()?)
                    .fetch_all(&mut **tx)
                    .await?
            }
        })
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn optional<T: Row>(
        &mut self,
        sql: &'static str,
        args: impl Args,
    ) -> Result<Option<T>, Failure> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => {
                sqlx::query_as_with::<Sqlite, T, _>(sql, args.sqlite()?)
                    .fetch_optional(&mut **tx)
                    .await?
            }
            Inner::Postgres(tx) => {
                sqlx::query_as_with::<Postgres, T, _>(sql, args.postgres()?)
                    .fetch_optional(&mut **tx)
                    .await?
            }
        })
    }

    /// The row that must exist.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn one<T: Row>(&mut self, sql: &'static str, args: impl Args) -> Result<T, Failure> {
        self.optional(sql, args)
            .await?
            .ok_or(Failure::App(crate::domain::AppError::NotFound))
    }

    /// Executes and answers how many rows it touched.
    ///
    /// # Errors
    /// When the statement fails; a broken constraint is [`Failure::Constraint`].
    pub async fn run(&mut self, sql: &'static str, args: impl Args) -> Result<u64, Failure> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => sqlx::query_with::<Sqlite, _>(sql, args.sqlite()?)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
            Inner::Postgres(tx) => sqlx::query_with::<Postgres, _>(sql, args.postgres()?)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
        })
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// When the database could not commit; then nothing was written.
    pub async fn commit(self) -> Result<(), Failure> {
        let Self { inner, written, .. } = self;
        match inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        drop(written);
        Ok(())
    }
}

/// A transaction of one tenant, for reading unless [`Db::write_beside`] made it.
pub struct Read {
    tx: Tx,
    org: OrgId,
}

/// A write transaction of one tenant; reads too.
pub struct Write {
    tx: Read,
    seq: i64,
    parts: Option<Vec<Part>>,
}

/// A cross-tenant transaction.
pub struct System {
    tx: Tx,
}

impl Read {
    /// The tenant, first argument of every statement.
    #[must_use]
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// Ends the transaction.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn done(self) -> Result<(), Failure> {
        self.tx.commit().await
    }
}

impl Write {
    /// The next number of the Org's event sequence; `server::events` stores it.
    pub(super) fn next_seq(&mut self) -> i64 {
        self.seq += 1;
        self.seq
    }

    /// Where the events of a bundle leave the commands that take them back; see `server::events`.
    pub(super) fn parts(&mut self) -> &mut Option<Vec<Part>> {
        &mut self.parts
    }

    /// The number of the newest event, those of this transaction included.
    pub(super) fn newest_seq(&self) -> i64 {
        self.seq
    }

    /// Makes everything durable and answers the number of the newest event. Commands go through
    /// `events::commit`, which also wakes followers.
    ///
    /// # Errors
    /// When the database could not commit; then nothing was written.
    pub(super) async fn commit(self) -> Result<i64, Failure> {
        let seq = self.seq;
        self.tx.tx.commit().await?;
        Ok(seq)
    }
}

impl System {
    /// Makes everything durable.
    ///
    /// # Errors
    /// When the database could not commit; then nothing was written.
    pub async fn commit(self) -> Result<(), Failure> {
        self.tx.commit().await
    }

    /// Turns a cross-tenant transaction into the tenant's own, for a command that makes the Org.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn into_write(mut self, org: OrgId) -> Result<Write, Failure> {
        self.tx.enter_tenant(org).await?;
        Ok(Write {
            tx: Read { tx: self.tx, org },
            seq: 0,
            parts: None,
        })
    }
}

impl Deref for Read {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.tx
    }
}
impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}
impl Deref for Write {
    type Target = Read;
    fn deref(&self) -> &Read {
        &self.tx
    }
}
impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.tx
    }
}
impl Deref for System {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.tx
    }
}
impl DerefMut for System {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}
