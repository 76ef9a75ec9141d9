//! Who asked a moment ago. A page is followed by its parts, by the reads of its program and by the
//! next page, all of the same host and session.
//!
//! Kept only where this process makes all writes, and void after any of them: a session that was
//! ended here is ended at once. What a command of the `muster` binary writes beside the running
//! server is seen after [`MOMENT`].

use super::{Actor, Tenant};
use crate::{domain::time::Instant, server::db::Db};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant as Stopwatch},
};

/// How long an answer is good at most.
const MOMENT: Duration = Duration::from_secs(1);
/// Answers that are kept, at most.
const KEPT: usize = 10_000;

/// The answers of [`super::resolve_org`], by host and hash of the session's token.
#[derive(Debug, Default)]
pub struct Recent(Mutex<HashMap<(String, String), Answer>>);

#[derive(Clone, Debug)]
struct Answer {
    tenant: Tenant,
    actor: Actor,
    asked: Asked,
}

/// When the database was asked.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// [`Db::writes`] before.
    writes: u64,
    stopwatch: Stopwatch,
    /// By the clock of requests, which tests turn.
    clock: Instant,
}

impl Asked {
    fn now(writes: u64, clock: Instant) -> Self {
        Self {
            writes,
            stopwatch: Stopwatch::now(),
            clock,
        }
    }

    /// Is an answer of then good now?
    fn holds_at(self, now: Self) -> bool {
        let turned = now.clock.signed_duration_since(self.clock).abs();
        self.writes == now.writes
            && now.stopwatch.duration_since(self.stopwatch) < MOMENT
            && turned.to_std().is_ok_and(|turned| turned < MOMENT)
    }
}

impl Recent {
    pub(super) fn get(
        &self,
        db: &Db,
        key: &(String, String),
        clock: Instant,
    ) -> Option<(Tenant, Actor)> {
        let now = Asked::now(db.writes()?, clock);
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = kept.get(key).filter(|answer| answer.asked.holds_at(now))?;
        Some((answer.tenant.clone(), answer.actor.clone()))
    }

    /// Keeps an answer that was asked for when [`Db::writes`] was this.
    pub(super) fn put(
        &self,
        key: (String, String),
        (tenant, actor): (Tenant, Actor),
        writes: Option<u64>,
        clock: Instant,
    ) {
        let Some(writes) = writes else { return };
        let asked = Asked::now(writes, clock);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.retain(|_, answer| answer.asked.holds_at(asked));
        }
        if kept.len() < KEPT {
            let answer = Answer {
                tenant,
                actor,
                asked,
            };
            kept.insert(key, answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_good_for_a_moment_and_until_something_is_written() {
        let asked = Asked::now(7, Instant::UNIX_EPOCH);
        let soon = Asked {
            stopwatch: asked.stopwatch + MOMENT / 2,
            ..asked
        };
        assert!(asked.holds_at(soon));
        let written = Asked { writes: 8, ..soon };
        let later = Asked {
            stopwatch: asked.stopwatch + MOMENT,
            ..asked
        };
        let turned = Asked {
            clock: asked.clock + chrono::Duration::days(14),
            ..soon
        };
        let turned_back = Asked {
            clock: asked.clock - chrono::Duration::seconds(2),
            ..soon
        };
        for now in [written, later, turned, turned_back] {
            assert!(!asked.holds_at(now), "an old answer would count at {now:?}");
        }
    }
}
