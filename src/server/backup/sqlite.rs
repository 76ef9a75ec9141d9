//! SQLite: `vacuum into` reads one consistent picture beside running writers.

use super::{
    LiveLock, Restored, beside, cannot, create_private, folder_of, sum_of, unused, wrong_sum,
};
use crate::server::error::{Failure, Result};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs::{self, File},
    path::Path,
    time::Duration,
};

async fn open(path: &Path) -> std::result::Result<SqliteConnection, sqlx::Error> {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(Duration::from_secs(5))
        .connect()
        .await
}

pub(super) async fn backup(live: &Path, partial: &Path) -> Result<()> {
    if !live.is_file() {
        return Err(Failure::setup(format!(
            "there is no database {}",
            live.display()
        )));
    }
    let mut connection = open(live)
        .await
        .map_err(|error| cannot("open", live, error))?;
    drop(create_private(partial)?);
    sqlx::query("vacuum into $1")
        .bind(partial.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await
        .map_err(|error| cannot("write", partial, error))?;
    connection
        .close()
        .await
        .map_err(|error| cannot("close", live, error))?;
    check(partial, partial).await
}

/// Refuses a file that is damaged or not Muster's. `called` is the name the operator knows.
async fn check(path: &Path, called: &Path) -> Result<()> {
    let damaged = |error: String| {
        Failure::setup(format!(
            "{} is not a sound database: {error}",
            called.display()
        ))
    };
    let wrong = |error: sqlx::Error| damaged(error.to_string());
    let mut connection = open(path).await.map_err(wrong)?;
    // One file without companions, however the original kept its journal.
    sqlx::query("pragma journal_mode = delete")
        .execute(&mut connection)
        .await
        .map_err(wrong)?;
    let (verdict,): (String,) = sqlx::query_as("pragma integrity_check")
        .fetch_one(&mut connection)
        .await
        .map_err(wrong)?;
    if verdict != "ok" {
        return Err(damaged(verdict));
    }
    let dangling = sqlx::query("pragma foreign_key_check")
        .fetch_all(&mut connection)
        .await
        .map_err(wrong)?;
    if !dangling.is_empty() {
        return Err(damaged(format!("{} rows point to nothing", dangling.len())));
    }
    let tables: Vec<(String,)> = sqlx::query_as(
        "select name from sqlite_master where type = 'table' and name in ('_sqlx_migrations', 'org')",
    )
    .fetch_all(&mut connection)
    .await
    .map_err(wrong)?;
    if tables.len() != 2 {
        return Err(damaged("it is no database of Muster".to_owned()));
    }
    connection.close().await.map_err(wrong)
}

pub(super) async fn restore(live: &Path, file: &Path, expected: &str) -> Result<Restored> {
    let _lock = LiveLock::of_file(live)?;
    let incoming = beside(live, ".restoring");
    let placed = place(live, file, expected, &incoming).await;
    if placed.is_err() {
        // The copy is of no use then, and it may never have been made.
        let _ = fs::remove_file(&incoming);
    }
    placed
}

async fn place(live: &Path, file: &Path, expected: &str, incoming: &Path) -> Result<Restored> {
    let mut copy = create_private(incoming)?;
    if sum_of(file, &mut copy)?.sha256 != expected {
        return Err(wrong_sum(file));
    }
    copy.sync_all()
        .map_err(|error| cannot("write", incoming, error))?;
    drop(copy);
    check(incoming, file).await?;

    let exists = live.exists();
    if exists {
        settle(live).await?;
    }
    let kept = exists.then(|| unused(live, ".before-restore"));
    if let Some(kept) = &kept {
        fs::rename(live, kept).map_err(|error| cannot("keep", live, error))?;
        // Left only beside a damaged file; then they belong to what is kept.
        for suffix in ["-wal", "-shm"] {
            let companion = beside(live, suffix);
            if companion.exists() {
                fs::rename(&companion, beside(kept, suffix))
                    .map_err(|error| cannot("keep", &companion, error))?;
            }
        }
    }
    fs::rename(incoming, live)
        .and_then(|()| File::open(folder_of(live))?.sync_all())
        .map_err(|error| cannot("put back", live, error))?;
    Ok(Restored { kept })
}

/// Brings everything of the old database into its one file, which also shows whether any other
/// program has it open. A file too damaged for that is kept as it is.
async fn settle(live: &Path) -> Result<()> {
    let settled = async {
        let mut connection = open(live).await?;
        let (mode,): (String,) = sqlx::query_as("pragma journal_mode = delete")
            .fetch_one(&mut connection)
            .await?;
        connection.close().await?;
        Ok::<_, sqlx::Error>(mode)
    };
    let busy = match settled.await {
        Ok(mode) => mode != "delete",
        Err(sqlx::Error::Database(error)) => {
            // SQLITE_BUSY and SQLITE_LOCKED; extended codes repeat them in the low byte.
            let code = error
                .code()
                .and_then(|code| code.parse::<u32>().ok())
                .unwrap_or(0);
            matches!(code & 0xff, 5 | 6)
        }
        Err(error) => return Err(cannot("open", live, error)),
    };
    if busy {
        return Err(Failure::setup(format!(
            "another program is using {}; stop it first",
            live.display()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::server::{backup, db::Db, migrate};
    use std::{
        fs,
        os::unix::fs::PermissionsExt,
        path::{Path, PathBuf},
    };
    use uuid::Uuid;

    struct Site {
        folder: tempfile::TempDir,
        url: String,
    }

    impl Site {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let url = format!("sqlite:{}", folder.path().join("muster.db").display());
            Self { folder, url }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        async fn open(&self) -> Db {
            let db = Db::connect(&self.url, 2).await.expect("a fresh database");
            migrate::migrate(&db).await.expect("the migrations apply");
            db
        }

        async fn restore(&self, file: &Path) -> Result<Option<PathBuf>, String> {
            let restored = backup::restore(&self.url, file).await;
            restored
                .map(|restored| restored.kept)
                .map_err(|failure| failure.to_string())
        }
    }

    async fn add_mail(db: &Db, to: &str) {
        let mut tx = db.system().await.expect("a transaction");
        tx.run(
            "insert into outbox_mail (mail_id, to_address, subject, body, created_at)
             values ($1, $2, 's', 'b', $3)",
            (Uuid::now_v7(), to.to_owned(), chrono::DateTime::UNIX_EPOCH),
        )
        .await
        .expect("a row");
        tx.commit().await.expect("a commit");
    }

    async fn mails(db: &Db) -> Vec<String> {
        let mut tx = db.system_read().await.expect("a transaction");
        let rows: Vec<(String,)> = tx
            .all("select to_address from outbox_mail order by to_address", ())
            .await
            .expect("rows");
        rows.into_iter().map(|(to,)| to).collect()
    }

    #[tokio::test]
    async fn a_backup_taken_beside_a_server_comes_back_whole() {
        let site = Site::new();
        let file = site.path("copy.db");
        let db = site.open().await;
        add_mail(&db, "before").await;
        let made = backup::backup(&site.url, &file)
            .await
            .expect("a backup while connected");
        add_mail(&db, "after").await;

        let sum = fs::read_to_string(site.path("copy.db.sha256")).expect("the sum");
        assert_eq!(sum, format!("{}  copy.db\n", made.sha256));
        let mode = fs::metadata(&file)
            .expect("the backup")
            .permissions()
            .mode()
            & 0o777;
        assert_eq!(mode, 0o600, "a backup holds secrets");

        let refused = site.restore(&file).await.expect_err("the database is open");
        assert!(refused.contains("stop it first"), "{refused}");
        assert_eq!(
            mails(&db).await,
            ["after", "before"],
            "a refused restore changes nothing"
        );
        db.close().await;

        let kept = site
            .restore(&file)
            .await
            .expect("nobody has it open")
            .expect("the old one");
        assert_eq!(kept, site.path("muster.db.before-restore"));
        let db = site.open().await;
        assert_eq!(mails(&db).await, ["before"]);
        db.close().await;

        let kept = site
            .restore(&kept)
            .await
            .expect_err("there is no sum beside it");
        assert!(kept.contains("sha256sum"), "{kept}");
        let again = site
            .restore(&file)
            .await
            .expect("a second time")
            .expect("the old one");
        assert_eq!(
            again,
            site.path("muster.db.before-restore-2"),
            "nothing kept is overwritten"
        );
    }

    #[tokio::test]
    async fn a_changed_backup_is_refused() {
        let site = Site::new();
        let file = site.path("copy.db");
        site.open().await.close().await;
        backup::backup(&site.url, &file).await.expect("a backup");
        let mut bytes = fs::read(&file).expect("the backup");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&file, bytes).expect("a changed backup");
        let refused = site.restore(&file).await.expect_err("one bit is another");
        assert!(refused.contains("SHA-256"), "{refused}");
        assert!(
            !site.path("muster.db.restoring").exists(),
            "no half-made copy stays"
        );
    }

    #[tokio::test]
    async fn what_is_no_database_is_refused_even_with_its_sum() {
        let site = Site::new();
        let file = site.path("junk");
        fs::write(&file, "junk\n".repeat(1000)).expect("junk");
        let sum = backup::sum_of(&file, &mut std::io::sink())
            .expect("a sum")
            .sha256;
        fs::write(site.path("junk.sha256"), sum).expect("its sum");
        let refused = site.restore(&file).await.expect_err("junk");
        assert!(refused.contains("not a sound database"), "{refused}");
    }

    #[tokio::test]
    async fn a_damaged_database_can_be_replaced() {
        let site = Site::new();
        let file = site.path("copy.db");
        site.open().await.close().await;
        backup::backup(&site.url, &file).await.expect("a backup");
        fs::write(site.path("muster.db"), "ruined").expect("a ruined database");
        site.restore(&file)
            .await
            .expect("a restore is for such days");
        assert_eq!(
            fs::read(site.path("muster.db.before-restore")).expect("kept"),
            b"ruined"
        );
        site.open().await.close().await;
    }

    #[tokio::test]
    async fn a_missing_database_is_not_backed_up() {
        let site = Site::new();
        let refused = backup::backup(&site.url, &site.path("copy.db")).await;
        assert!(refused.is_err());
        assert!(
            !site.path("muster.db").exists(),
            "looking must not create it"
        );
        assert!(!site.path("copy.db").exists());
    }
}
