//! PostgreSQL: its own `pg_dump` and `pg_restore`, which must be on the PATH and at least as new
//! as the server. The password goes through the environment, never on a command line.
//!
//! The role sees rows only under row-level security, so both programs declare their session
//! cross-tenant (`muster.system`), as every cross-tenant transaction of the program does.

use super::{Restored, cannot, create_private, publish, unused};
use crate::server::error::{Failure, Result};
use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};
use std::{path::Path, str::FromStr};
use tokio::process::Command;

fn program(name: &str, password: Option<&str>) -> Command {
    let mut command = Command::new(name);
    command.env("PGOPTIONS", "-c muster.system=on");
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

/// Runs a program to its end; what it complained of becomes the one line of the operator.
async fn run(command: &mut Command) -> Result<()> {
    let name = command
        .as_std()
        .get_program()
        .to_string_lossy()
        .into_owned();
    let output = command.output().await.map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            Failure::setup(format!(
                "{name} is not on the PATH; it comes with PostgreSQL's client programs \
                 (Debian: apt install postgresql-client)"
            ))
        } else {
            Failure::setup(format!("cannot run {name}: {error}"))
        }
    })?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text
        .lines()
        .find(|line| line.contains("error"))
        .or_else(|| text.lines().next());
    let line = line
        .unwrap_or("no reason given")
        .trim_start_matches(&format!("{name}: "))
        .trim();
    Err(Failure::setup(format!("{name} failed: {line}")))
}

pub(super) async fn backup(url: &str, password: Option<&str>, partial: &Path) -> Result<()> {
    drop(create_private(partial)?);
    run(program("pg_dump", password)
        .args([
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--enable-row-security",
        ])
        .arg("--file")
        .arg(partial)
        .arg("--dbname")
        .arg(url))
    .await?;
    run(program("pg_restore", None).arg("--list").arg(partial)).await
}

pub(super) async fn restore(url: &str, password: Option<&str>, file: &Path) -> Result<Restored> {
    run(program("pg_restore", None).arg("--list").arg(file)).await?;
    let empty = refuse_while_used(url, password).await?;
    let mut kept = None;
    if !empty {
        let place = unused(file, ".before-restore");
        let partial = super::beside(&place, ".partial");
        backup(url, password, &partial).await?;
        publish(&partial, &place)?;
        kept = Some(place);
    }
    run(program("pg_restore", password)
        .args(["--clean", "--if-exists", "--no-owner", "--no-privileges"])
        .args(["--single-transaction", "--exit-on-error"])
        .arg("--dbname")
        .arg(url)
        .arg(file))
    .await?;
    Ok(Restored { kept })
}

/// Refuses when another session is on the database: a server always has one, to hear of the other
/// nodes' events. Answers whether the database has no tables of Muster yet.
async fn refuse_while_used(url: &str, password: Option<&str>) -> Result<bool> {
    let asked = async {
        let mut options = PgConnectOptions::from_str(url)?;
        if let Some(password) = password {
            options = options.password(password);
        }
        let mut connection = options.connect().await?;
        let (others, tables): (i64, i64) = sqlx::query_as(
            "select (select count(*) from pg_stat_activity
                      where datname = current_database() and pid <> pg_backend_pid()
                        and usename = current_user),
                    (select count(*) from pg_tables
                      where tablename in ('_sqlx_migrations', 'org')
                        and schemaname = current_schema())",
        )
        .fetch_one(&mut connection)
        .await?;
        connection.close().await?;
        Ok::<_, sqlx::Error>((others, tables))
    };
    let (others, tables) = asked
        .await
        .map_err(|error| cannot("ask", Path::new("PostgreSQL"), error))?;
    if others > 0 {
        return Err(Failure::setup(format!(
            "{others} other connections use the database; stop every Muster server first"
        )));
    }
    Ok(tables == 0)
}
