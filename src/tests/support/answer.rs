//! What the router answered.

use axum::http::{HeaderMap, StatusCode, header};
use muster::domain::{AppError, event::Outcome};
use serde::de::DeserializeOwned;

/// An answer with its whole body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error}; status {}, body {}", self.status, self.body))
    }

    /// The outcome of a command that must have been carried out.
    #[track_caller]
    pub(crate) fn outcome(&self) -> Outcome {
        assert_eq!(
            self.status,
            StatusCode::OK,
            "the command was refused: {}",
            self.body
        );
        self.json()
    }

    /// The error of a command that must have been refused.
    #[track_caller]
    pub(crate) fn error(&self) -> AppError {
        assert_ne!(
            self.status,
            StatusCode::OK,
            "the command was carried out: {}",
            self.body
        );
        self.json()
    }

    /// The number of the event that a command wrote.
    #[track_caller]
    pub(crate) fn seq(&self) -> i64 {
        self.outcome()
            .event
            .expect("every command writes an event")
            .seq
    }

    /// Where it sends the browser.
    pub(crate) fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
    }

    /// The `name=value` part of a cookie it sets.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .filter_map(|value| value.split(';').next())
            .find(|pair| pair.split('=').next() == Some(name))
            .map(ToOwned::to_owned)
    }
}
