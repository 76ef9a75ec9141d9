//! What pages show of an account.

use crate::domain::{SessionId, time::Instant};
use serde::{Deserialize, Serialize};

/// The themes a user can choose from.
pub const THEMES: [&str; 3] = ["system", "light", "dark"];

/// The signed-in user's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Call sign.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// IANA name of the time zone.
    pub time_zone: String,
    /// Raised by every change.
    pub version: i64,
}

/// One session of the signed-in user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// Its id.
    pub id: SessionId,
    /// The host it is valid on.
    pub host: String,
    /// Browser and system, as far as the browser says.
    pub device: String,
    /// Address it began from.
    pub address: String,
    /// When it began.
    pub created_at: Instant,
    /// When it was last used, to a few minutes.
    pub last_seen_at: Instant,
    /// It is the one that asks.
    pub current: bool,
}

/// Browser and system from a user agent: `Firefox on Linux`.
#[must_use]
pub fn device(agent: &str) -> String {
    let first = |known: &[(&'static str, &'static str)]| {
        known
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn devices_are_named_by_browser_and_system() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(device(firefox), "Firefox on Linux");
        assert_eq!(device(edge), "Edge on Windows");
        assert_eq!(device(""), "Unknown browser");
    }
}
