//! What one server process holds for all requests: configuration, database, hub, clock. No tenant
//! data lives here but in caches keyed by Org.

use super::{config::Config, db::Db, events::Hub, tenancy::Recent};
use crate::domain::time::{Instant, to_micros};
use std::{any::Any, sync::Arc};
use tokio::sync::watch;

/// Where the time comes from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// The machine's clock, cut to microseconds.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the clock"
    )]
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(|| to_micros(chrono::Utc::now())))
    }

    /// A clock that tests turn.
    #[must_use]
    pub fn from_fn(now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Instant {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// The process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct State(Arc<Inner>);

/// The parts of a [`State`].
#[derive(Debug)]
pub struct Inner {
    /// What the server was told.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Wakes followers of event logs.
    pub hub: Hub,
    /// Who asked a moment ago.
    pub(super) recent: Recent,
    /// The time.
    pub clock: Clock,
    /// Turns true when the server stops: long answers end then.
    closing: watch::Sender<bool>,
    /// Caches of features, by type; each is keyed by Org inside.
    caches: Vec<Arc<dyn Any + Send + Sync>>,
}

impl State {
    /// Puts a process together.
    #[must_use]
    pub fn new(
        config: Config,
        db: Db,
        clock: Clock,
        caches: Vec<Arc<dyn Any + Send + Sync>>,
    ) -> Self {
        Self(Arc::new(Inner {
            config,
            db,
            hub: Hub::default(),
            recent: Recent::default(),
            clock,
            closing: watch::Sender::new(false),
            caches,
        }))
    }

    /// Turns true when the server stops.
    #[must_use]
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }

    /// Tells long answers to end.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// The cache of this type.
    ///
    /// # Panics
    /// When the process was put together without it: a mistake of the program.
    #[must_use]
    pub fn cache<T: Send + Sync + 'static>(&self) -> &T {
        self.0
            .caches
            .iter()
            .find_map(|cache| cache.downcast_ref())
            .expect("every cache is given to State::new")
    }
}

impl std::ops::Deref for State {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}
