//! What is there already: the memberships of the organisation, and the time that they take.

use super::super::timeline::{Interval, Source, Timeline};
use super::super::{Existing, ExistingMembership};
use super::{Candidate, Judge, Key, ProblemCode};
use crate::domain::time::Instant;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// An existing membership of somebody in the file.
pub(super) struct Stocked<'a> {
    pub(super) membership: &'a ExistingMembership,
    key: Key,
    /// The end after the import.
    pub(super) until: Option<Instant>,
    /// The line of the row that says the same.
    pub(super) line: Option<u32>,
}

/// The existing memberships of the people in the file, findable without searching.
pub(super) struct Stock<'a> {
    pub(super) all: Vec<Stocked<'a>>,
    by_start: HashMap<(Key, Instant), usize>,
    by_end: HashMap<(Key, Option<Instant>), usize>,
    /// Open memberships per group, of everybody.
    pub(super) open: HashMap<usize, u32>,
    /// Memberships of others in singular roles, by role.
    others: Vec<(usize, Interval)>,
}

impl<'a> Stock<'a> {
    /// Those that no row names end now.
    pub(super) fn new(existing: &'a Existing, ended: &HashSet<Uuid>, judge: &Judge<'_>) -> Self {
        let player_ids = judge.players.existing_by_id(existing);
        let role_ids = judge.roles.existing_by_id();
        let mut stock = Self {
            all: Vec::new(),
            by_start: HashMap::new(),
            by_end: HashMap::new(),
            open: HashMap::new(),
            others: Vec::new(),
        };
        for membership in &existing.memberships {
            let Some(role) = role_ids.get(&membership.role_id) else {
                continue;
            };
            let until = membership
                .until
                .or_else(|| ended.contains(&membership.id).then_some(judge.now));
            if until.is_none() {
                *stock
                    .open
                    .entry(judge.roles.entries[*role].group)
                    .or_default() += 1;
            }
            let Some(player) = player_ids.get(&membership.player_id) else {
                if judge.roles.entries[*role].singular {
                    let since = membership.since;
                    stock.others.push((*role, Interval { since, until }));
                }
                continue;
            };
            let (key, index) = ((*player, *role), stock.all.len());
            // One of no length was undone at once and stands for nothing.
            if until.is_none_or(|until| until > membership.since) {
                stock.by_start.insert((key, membership.since), index);
                stock.by_end.insert((key, until), index);
            }
            stock.all.push(Stocked {
                membership,
                key,
                until,
                line: None,
            });
        }
        stock
    }

    /// The existing membership that says what the row says.
    pub(super) fn same(&self, candidate: &Candidate<'_>) -> Option<usize> {
        let (key, row) = (candidate.key, candidate.row);
        let found = match row.since {
            Some(since) => self.by_start.get(&(key, since)),
            None => self.by_end.get(&(key, row.until)),
        };
        found.copied().filter(|index| {
            let stocked = &self.all[*index];
            stocked.line.is_none() && stocked.until == row.until
        })
    }

    /// The open existing membership that the row ends.
    pub(super) fn ended_by(&self, candidate: &Candidate<'_>) -> Option<(usize, Instant)> {
        let (key, until) = (candidate.key, candidate.row.until?);
        let found = match candidate.row.since {
            Some(since) => self.by_start.get(&(key, since)),
            None => self.by_end.get(&(key, None)),
        };
        let index = *found?;
        let stocked = &self.all[index];
        let open = stocked.until.is_none() && stocked.line.is_none();
        (open && until > stocked.membership.since).then_some((index, until))
    }

    /// What is taken once the matched rows are applied.
    pub(super) fn taken(&self, judge: &Judge<'_>) -> Taken {
        let mut taken = Taken::default();
        for stocked in &self.all {
            let interval = Interval {
                since: stocked.membership.since,
                until: stocked.until,
            };
            let source = stocked.line.map_or(Source::Existing, Source::Line);
            taken.take(judge, stocked.key, &interval, source);
        }
        for (role, interval) in &self.others {
            taken
                .by_role
                .entry(*role)
                .or_default()
                .take(interval, Source::Existing);
        }
        taken
    }
}

/// The time that is taken: per player and role, per player over all exclusive groups (§4.3), and
/// per singular role (§4.4).
#[derive(Default)]
pub(super) struct Taken {
    by_key: HashMap<Key, Timeline>,
    exclusive: HashMap<usize, Timeline>,
    by_role: HashMap<usize, Timeline>,
}

impl Taken {
    pub(super) fn take(
        &mut self,
        judge: &Judge<'_>,
        key: Key,
        interval: &Interval,
        source: Source,
    ) {
        let role = &judge.roles.entries[key.1];
        self.by_key.entry(key).or_default().take(interval, source);
        if judge.groups.nodes[role.group].exclusive {
            self.exclusive
                .entry(key.0)
                .or_default()
                .take(interval, source);
        }
        if role.singular {
            self.by_role
                .entry(key.1)
                .or_default()
                .take(interval, source);
        }
    }

    pub(super) fn clash(
        &self,
        judge: &Judge<'_>,
        key: Key,
        interval: &Interval,
    ) -> Option<(ProblemCode, Source)> {
        let role = &judge.roles.entries[key.1];
        if let Some(source) = self.by_key.get(&key).and_then(|line| line.clash(interval)) {
            let code = match source {
                Source::Line(_) => ProblemCode::OverlappingIntervals,
                Source::Existing => ProblemCode::OverlapsExisting,
            };
            return Some((code, source));
        }
        let exclusive = self
            .exclusive
            .get(&key.0)
            .filter(|_| judge.groups.nodes[role.group].exclusive);
        if let Some(source) = exclusive.and_then(|line| line.clash(interval)) {
            return Some((ProblemCode::ExclusiveOverlap, source));
        }
        let singular = self.by_role.get(&key.1).filter(|_| role.singular);
        let source = singular.and_then(|line| line.clash(interval))?;
        Some((ProblemCode::RoleTaken, source))
    }
}
