//! `muster migrate` and `muster check-config`.

use super::open;
use crate::server::{
    Failure, Result, config::Config, database_url::DatabaseUrl, db::Db, migrate as schema,
};
use std::path::PathBuf;

/// Brings the database up to date.
pub(super) async fn migrate(config: &Config) -> Result<()> {
    open::database(config).await?.close().await;
    open::say("The database is up to date.")?;
    Ok(())
}

/// Shows the settings in effect, secrets apart, then tries what they point to.
pub(super) async fn check_config(config: &Config, given: Option<PathBuf>) -> Result<()> {
    let url = DatabaseUrl::parse(&config.database_url);
    let list = |items: Vec<String>| {
        if items.is_empty() {
            "none".to_owned()
        } else {
            items.join(", ")
        }
    };
    let proxies = config
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    let lines = [
        ("settings file", Config::path(given).display().to_string()),
        ("address", config.leptos.site_addr.to_string()),
        ("apex", config.apex.url()),
        (
            "organisations",
            config.apex.url_of(&config.apex.slug_host("<slug>")),
        ),
        ("database", url.shown()),
        (
            "database connections",
            config.database_connections.to_string(),
        ),
        ("site", config.leptos.site_root.to_string()),
        ("hashed file names", yes(config.leptos.hash_files)),
        ("reserved names", list(config.reserved_names.clone())),
        ("trusted proxies", list(proxies)),
        ("log as JSON", yes(config.json_log)),
        ("development", yes(config.development)),
        ("mail server", mail_server(config)),
        ("mail from", config.mail.from.clone()),
        ("mail lease", format!("{} s", config.mail.lease.as_secs())),
    ];
    for (name, value) in lines {
        open::say(format_args!("{name:21} {value}"))?;
    }
    // Opening a file would create it, and looking must change nothing.
    if let DatabaseUrl::Sqlite(path) = &url
        && !path.exists()
    {
        return Err(Failure::setup(format!(
            "there is no database {} yet; `muster migrate` or `muster serve` creates it",
            path.display()
        )));
    }
    let db = Db::connect(&config.database_url, config.database_connections).await?;
    let missing = schema::pending(&db).await?;
    db.close().await;
    if !missing.is_empty() {
        return Err(Failure::setup(format!(
            "the database lacks {} migrations; `muster migrate` applies them",
            missing.len()
        )));
    }
    open::say("The database can be reached and is up to date.")?;
    // The site matters to `serve` only, which stops for it.
    if let Err(failure) = super::serve::check_site(config) {
        eprintln!("muster: warning: {}", open::line(failure));
    }
    Ok(())
}

fn mail_server(config: &Config) -> String {
    match &config.mail.smtp {
        Some(url) => url.shown(),
        None => "none, mails stay in the queue".to_owned(),
    }
}

fn yes(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}
