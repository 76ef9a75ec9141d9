//! `muster backup` and `muster restore`; the work is done in `server::backup`.

use super::open;
use crate::server::{Failure, Result, backup, config::Config, database_url::DatabaseUrl};
use std::{
    io::{IsTerminal, Write},
    path::Path,
};

/// Writes a backup and says where and what.
pub(super) async fn backup(config: &Config, file: &Path) -> Result<()> {
    let made = backup::backup(&config.database_url, file).await?;
    open::say(format_args!(
        "Backed up to {} ({} bytes, SHA-256 {})",
        file.display(),
        made.bytes,
        made.sha256
    ))?;
    Ok(())
}

/// Puts a backup back, brings it up to date, and says where the former content is.
pub(super) async fn restore(config: &Config, file: &Path, yes: bool) -> Result<()> {
    let database = DatabaseUrl::parse(&config.database_url).shown();
    if !yes {
        confirm(&format!("Replace {database} by {}?", file.display()))?;
    }
    let restored = backup::restore(&config.database_url, file).await?;
    open::say(format_args!("Restored {database} from {}", file.display()))?;
    if let Some(kept) = restored.kept {
        open::say(format_args!("The former content is in {}", kept.display()))?;
    }
    // A backup of an earlier version lacks what came since.
    open::database(config).await?.close().await;
    Ok(())
}

/// Asks at the terminal. Without one nobody can answer, so `--yes` must have been given.
fn confirm(question: &str) -> Result<()> {
    let refused = |why: &str| Err(Failure::setup(why.to_owned()));
    if !std::io::stdin().is_terminal() {
        return refused("say --yes to replace the database without being asked");
    }
    eprint!("{question} [y/N] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin()
        .read_line(&mut answer)
        .map_err(|error| Failure::setup(format!("cannot read the answer: {error}")))?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => refused("nothing was changed"),
    }
}
