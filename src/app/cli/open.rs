//! What the commands share: the log, the database brought up to date, the process, and the one
//! line that says why something could not be done.

use crate::{
    domain::AppError,
    server::{
        Ctx, Failure, Result,
        config::{self, Config},
        db::Db,
        migrate,
        state::{Clock, State},
    },
    ui::words,
};
use std::{
    fmt::Display,
    io::{ErrorKind, IsTerminal, Write},
};
use tracing_subscriber::EnvFilter;

/// Starts the log on standard error. `RUST_LOG` chooses what is logged.
pub(super) fn start_log(config: &Config, default: &str) -> Result<()> {
    let wanted = config::env("RUST_LOG").unwrap_or_else(|| default.to_owned());
    // PostgreSQL remarks on each `rollback` with which connections go back to the pool.
    let filter = EnvFilter::try_new(format!("sqlx::postgres::notice=error,{wanted}"))
        .map_err(|error| Failure::setup(format!("RUST_LOG={wanted}: {error}")))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = if config.json_log {
        log.json().try_init()
    } else {
        log.try_init()
    };
    started.map_err(|error| Failure::setup(format!("cannot start the log: {error}")))
}

/// Connects and applies the missing migrations, and says so.
pub(super) async fn database(config: &Config) -> Result<Db> {
    let db = Db::connect(&config.database_url, config.database_connections).await?;
    let missing = migrate::pending(&db).await?;
    migrate::migrate(&db).await?;
    for name in missing {
        eprintln!("Migrated: {name}");
    }
    Ok(db)
}

/// The process, for a command that ends by itself.
pub(super) async fn state(config: Config) -> Result<State> {
    let db = database(&config).await?;
    Ok(crate::app::state(config, db, Clock::system()))
}

/// Prints a line of the command's result. Nobody reading it any more is no failure (`| head`);
/// a full disk is.
pub(super) fn say(line: impl Display) -> Result<()> {
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::setup(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// The context of the operator at the machine, who belongs to no Org and is nobody's guest.
pub(super) fn operator(state: &State) -> Ctx {
    Ctx::for_server(state, None)
}

/// The one line about a failure, in the words that pages use.
pub(super) fn line(failure: Failure) -> String {
    match failure {
        Failure::Setup(text) => text,
        Failure::Database(error) => format!("the database failed: {error}"),
        other => match other.into_app("command") {
            AppError::Invalid(errors) => {
                let fields = errors.0.iter().map(|(field, problem)| {
                    // Boxes of a form carry the mark of a list.
                    let field = field.trim_end_matches("[]");
                    format!("{field}: {}", words::problem(problem))
                });
                fields.collect::<Vec<_>>().join(" ")
            }
            error => words::error(&error),
        },
    }
}
