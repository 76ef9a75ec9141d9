//! Configuration: `Leptos.toml` at run time, environment over it. The only reader of the environment.
//!
//! The file's first header is `[package.metadata.leptos]` (that is what Leptos looks for); our own
//! values stand in `[muster]` below it. See `architecture.md` §3 and the README's table.

use super::{
    error::{Failure, Result},
    mail::MailConfig,
};
use leptos::config::LeptosOptions;
use serde::Deserialize;
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

/// Everything the server is told from outside.
#[derive(Clone, Debug)]
pub struct Config {
    /// Leptos's own options: address, site folder, hashed names.
    pub leptos: LeptosOptions,
    /// `sqlite:path` or `postgres://…`.
    pub database_url: String,
    /// Connections for reading (SQLite) or in all (PostgreSQL).
    pub database_connections: u32,
    /// Public address of the apex: scheme, host and port.
    pub apex: Apex,
    /// Names that no Org may take, ignoring case (§1.4).
    pub reserved_names: Vec<String>,
    /// Addresses of proxies whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Log lines as JSON.
    pub json_log: bool,
    /// Development: mails are logged too.
    pub development: bool,
    /// How mails leave.
    pub mail: MailConfig,
}

/// The public address of the installation (§1.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apex {
    /// `https` in production.
    pub https: bool,
    /// Lower-case hostname without port.
    pub host: String,
    /// Port, when it is not the scheme's own.
    pub port: Option<u16>,
}

impl Apex {
    /// Reads `http://localhost:3000`.
    ///
    /// # Errors
    /// When it is not an http or https address of a host alone.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || {
            Failure::setup(format!(
                "apex-url {text:?} must look like https://muster.example"
            ))
        };
        let (scheme, rest) = text
            .trim()
            .trim_end_matches('/')
            .split_once("://")
            .ok_or_else(bad)?;
        let https = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(bad()),
        };
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| bad())?)),
            None => (rest, None),
        };
        if host.is_empty() || host.contains(['/', '?', '#', '@']) {
            return Err(bad());
        }
        Ok(Self {
            https,
            host: host.to_ascii_lowercase(),
            port,
        })
    }

    /// Address of a host of this installation, without a slash at the end.
    #[must_use]
    pub fn url_of(&self, host: &str) -> String {
        let scheme = if self.https { "https" } else { "http" };
        match self.port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }
    }

    /// Address of the apex itself.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of(&self.host)
    }

    /// The host of an Org without a domain of its own.
    #[must_use]
    pub fn slug_host(&self, slug: &str) -> String {
        format!("{slug}.{}", self.host)
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
struct FileValues {
    apex_url: Option<String>,
    database_url: Option<String>,
    database_connections: Option<u32>,
    reserved_names: Option<Vec<String>>,
    trusted_proxies: Option<Vec<IpAddr>>,
    json_log: Option<bool>,
    mail_from: Option<String>,
    mail_lease_seconds: Option<u64>,
}

/// A variable of the environment, if set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one module that reads the environment"
)]
#[must_use]
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Config {
    /// Reads the file named by `MUSTER_CONFIG` (default `Leptos.toml`) and the environment.
    ///
    /// # Errors
    /// One line that says what is wrong and where.
    pub fn load() -> Result<Self> {
        Self::load_from(&Self::path(None))
    }

    /// The file to read: the one given, else the one named by `MUSTER_CONFIG`, else `Leptos.toml`.
    #[must_use]
    pub fn path(given: Option<PathBuf>) -> PathBuf {
        given.unwrap_or_else(|| {
            env("MUSTER_CONFIG")
                .unwrap_or_else(|| "Leptos.toml".into())
                .into()
        })
    }

    /// Reads this file and the environment.
    ///
    /// # Errors
    /// One line that says what is wrong and where.
    pub fn load_from(path: &Path) -> Result<Self> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::setup(format!("cannot read {shown}: {error}")))?;
        let leptos = leptos::config::get_configuration(path.to_str())
            .map_err(|error| Failure::setup(format!("{shown}: {error}")))?
            .leptos_options;
        let table: toml::Table = text
            .parse()
            .map_err(|error| Failure::setup(format!("{shown}: {error}")))?;
        let values: FileValues = match table.get("muster").cloned() {
            Some(section) => section
                .try_into()
                .map_err(|error| Failure::setup(format!("{shown}, [muster]: {error}")))?,
            None => FileValues::default(),
        };
        let apex = env("MUSTER_APEX_URL")
            .or(values.apex_url)
            .unwrap_or_else(|| format!("http://localhost:{}", leptos.site_addr.port()));
        let reserved = values
            .reserved_names
            .unwrap_or_else(|| ["BZFlag", "Developers", "Local"].map(String::from).to_vec());
        let apex = Apex::parse(&apex)?;
        let mail = MailConfig::new(
            env("MUSTER_SMTP_URL"),
            env("MUSTER_MAIL_FROM").or(values.mail_from),
            values.mail_lease_seconds,
            &apex,
        )?;
        Ok(Self {
            database_url: env("MUSTER_DATABASE_URL")
                .or(values.database_url)
                .unwrap_or_else(|| "sqlite:data/muster.db".into()),
            database_connections: values.database_connections.unwrap_or(8),
            apex,
            reserved_names: reserved,
            trusted_proxies: values.trusted_proxies.unwrap_or_default(),
            json_log: values.json_log.unwrap_or(false),
            development: matches!(leptos.env, leptos::config::Env::DEV),
            mail,
            leptos,
        })
    }

    /// Name of the session cookie. The `__Host-` prefix needs HTTPS, which only development lacks.
    #[must_use]
    pub fn cookie(&self, name: &str) -> String {
        if self.apex.https {
            format!("__Host-{name}")
        } else {
            format!("muster-{name}")
        }
    }

    /// A `Set-Cookie` value: host-only, not readable by scripts, sent on links from other sites.
    #[must_use]
    pub fn set_cookie(&self, name: &str, value: &str, seconds: i64) -> String {
        let secure = if self.apex.https { "; Secure" } else { "" };
        format!(
            "{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}",
            self.cookie(name)
        )
    }
}
