//! Reading the database's address: which database it names, and how to show it without its
//! password. `server::db` connects to it, `server::backup` hands it to other programs.

use std::path::{Path, PathBuf};

/// What a database address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server; the password is kept apart, so that it never stands on a command line or in a log.
    Postgres {
        /// The address without any password.
        url: String,
        /// The password, decoded.
        password: Option<String>,
    },
}

/// The path of a SQLite address: `sqlite:path`, `sqlite://path` or a bare path.
#[must_use]
pub fn sqlite_path(url: &str) -> &Path {
    Path::new(
        url.strip_prefix("sqlite:")
            .unwrap_or(url)
            .trim_start_matches("//"),
    )
}

/// Does the address name a PostgreSQL server?
#[must_use]
pub fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

impl DatabaseUrl {
    /// Reads an address. Anything that is not PostgreSQL's is a file, as for `Db::connect`.
    #[must_use]
    pub fn parse(url: &str) -> Self {
        if is_postgres(url) {
            let (url, password) = split_password(url);
            Self::Postgres { url, password }
        } else {
            Self::Sqlite(sqlite_path(url).to_owned())
        }
    }

    /// The address as an operator may see it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres {
                url,
                password: None,
            } => url.clone(),
            Self::Postgres {
                url,
                password: Some(_),
            } => format!("{url} (password hidden)"),
        }
    }
}

/// Takes the password out of `scheme://user:password@host/…?password=…`.
fn split_password(url: &str) -> (String, Option<String>) {
    let (base, query) = url
        .split_once('?')
        .map_or((url, None), |(base, query)| (base, Some(query)));
    let (scheme, rest) = base.split_once("://").unwrap_or((base, ""));
    // A password may hold an unescaped slash or @ by mistake: the last @ ends it, so nothing leaks.
    let (user, place) = rest
        .rsplit_once('@')
        .map_or((None, rest), |(user, place)| (Some(user), place));
    let mut password = None;
    let user = user.map(|user| match user.split_once(':') {
        Some((name, secret)) => {
            password = Some(decoded(secret));
            format!("{name}@")
        }
        None => format!("{user}@"),
    });
    let mut kept = Vec::new();
    for pair in query.into_iter().flat_map(|query| query.split('&')) {
        match pair.split_once('=') {
            Some(("password", secret)) => password = Some(decoded(secret)),
            _ => kept.push(pair),
        }
    }
    let query = if kept.is_empty() {
        String::new()
    } else {
        format!("?{}", kept.join("&"))
    };
    (
        format!("{scheme}://{}{place}{query}", user.unwrap_or_default()),
        password,
    )
}

/// Decodes `%41` (RFC 3986 §2.1). What is no such triple stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let triple = (first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(triple.unwrap_or(first));
        rest = if triple.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn postgres(url: &str) -> (String, Option<String>) {
        match DatabaseUrl::parse(url) {
            DatabaseUrl::Postgres { url, password } => (url, password),
            other => panic!("{url} was read as {other:?}"),
        }
    }

    #[test]
    fn files_are_named_in_three_ways() {
        for url in [
            "data/muster.db",
            "sqlite:data/muster.db",
            "sqlite://data/muster.db",
        ] {
            assert_eq!(
                DatabaseUrl::parse(url),
                DatabaseUrl::Sqlite("data/muster.db".into())
            );
        }
        assert_eq!(
            sqlite_path("sqlite:///srv/muster.db"),
            Path::new("/srv/muster.db")
        );
    }

    #[test]
    fn passwords_are_kept_apart() {
        let plain = "postgres://muster@localhost:5432/muster";
        assert_eq!(postgres(plain), (plain.to_owned(), None));
        assert_eq!(
            postgres("postgres://muster:p%40ss@localhost:5432/muster"),
            (plain.to_owned(), Some("p@ss".to_owned()))
        );
        assert_eq!(
            postgres("postgresql://h/db?sslmode=require&password=x%2Fy"),
            (
                "postgresql://h/db?sslmode=require".to_owned(),
                Some("x/y".to_owned())
            )
        );
    }

    #[test]
    fn no_password_is_ever_shown() {
        for url in [
            "postgres://muster:secret@localhost/muster",
            "postgres://muster:sec@secret@localhost/muster",
            "postgres://muster:secret/secret@localhost/muster",
            "postgres://localhost/muster?user=a&password=secret",
            "postgres:///muster?password=secret&host=/run",
        ] {
            let shown = DatabaseUrl::parse(url).shown();
            assert!(
                !shown.contains("secret"),
                "{url} is shown as {shown}, password and all"
            );
            assert!(
                shown.ends_with("(password hidden)"),
                "{shown} should say it hides something"
            );
        }
    }
}
