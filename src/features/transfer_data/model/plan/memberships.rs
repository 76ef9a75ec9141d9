//! Memberships of an import (§4.3, §4.4, §4.6): which rows are there already, which end an open
//! interval, which are new, and which contradict others.
//!
//! Rows are taken in the order of their intervals, not of their lines, so that shuffling a file
//! changes nothing: of two that overlap, the one that starts (then ends) earlier counts.

use super::super::parse::{FileKind, GroupRow, MembershipRow, Rows, normal_instant};
use super::super::report::{Counts, Place, ProblemCode, ProblemList, show};
use super::groups::{Found, GroupTable};
use super::players::PlayerTable;
use super::prune;
use super::roles::RoleTable;
use super::timeline::{Interval, Source, Timeline};
use super::{Existing, ExistingMembership, MembershipClose, NewMembership, Options, Plan};
use crate::domain::time::Instant;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A player and a role (and by it a group), by index.
type Key = (usize, usize);

/// A row that stands for itself: only other memberships can still contradict it.
#[derive(Clone, Copy, Debug)]
struct Candidate<'a> {
    row: &'a MembershipRow,
    key: Key,
    group: usize,
}

/// What becomes of the rows.
pub(super) struct Outcome {
    roles: RoleTable,
    counts: Counts,
    /// Line, key, interval.
    new: Vec<(u32, Key, Interval)>,
    /// Line, operation.
    closed: Vec<(u32, MembershipClose)>,
    /// Ended because no row names them.
    ended: Vec<MembershipClose>,
}

/// Judges all rows.
pub(super) fn decide(
    rows: &Rows<MembershipRow>,
    group_rows: &Rows<GroupRow>,
    existing: &Existing,
    options: &Options,
    groups: &mut GroupTable,
    players: &mut PlayerTable,
    problems: &mut ProblemList,
) -> Outcome {
    let group_ids = groups.existing_by_id();
    let mut judge = Judge {
        roles: RoleTable::new(existing, &group_ids),
        now: normal_instant(options.now),
        default_since: options.default_since(),
        counts: Counts {
            skipped: rows.nameless,
            ..Counts::default()
        },
        groups,
        players,
        problems,
        new: Vec::new(),
        closed: Vec::new(),
    };
    let ended = prune::unnamed(&rows.rows, existing, options, judge.groups, judge.players);
    let candidates = judge.candidates(&rows.rows);
    let mut stock = Stock::new(existing, &prune::ids(&ended), &judge);
    let rest = judge.match_existing(&candidates, &mut stock);
    let mut taken = stock.taken(&judge);
    judge.place(rest, &mut taken);
    judge.warn_left_open(&group_rows.rows, &stock);
    Outcome {
        roles: judge.roles,
        counts: judge.counts,
        new: judge.new,
        closed: judge.closed,
        ended,
    }
}

impl Outcome {
    /// Writes the operations and counts. People and groups have their ids by now.
    pub(super) fn finish(
        mut self,
        groups: &GroupTable,
        players: &PlayerTable,
        options: &Options,
        new_id: &mut impl FnMut() -> Uuid,
        plan: &mut Plan,
    ) {
        self.roles.finish(groups, options, new_id, plan);
        self.closed.sort_by_key(|(line, _)| *line);
        plan.memberships_to_close = self.closed.into_iter().map(|(_, close)| close).collect();
        plan.memberships_to_end = self.ended;
        self.new.sort_by_key(|(line, ..)| *line);
        for (_, (player, role), interval) in self.new {
            let role = &self.roles.entries[role];
            let (Some(player_id), Some(role_id)) = (players.entries[player].id, role.id) else {
                continue;
            };
            plan.memberships_to_create.push(NewMembership {
                id: new_id(),
                player_id,
                group_id: groups.nodes[role.group].id,
                role_id,
                since: interval.since,
                until: interval.until,
            });
        }
        plan.memberships = self.counts;
    }
}

/// An existing membership of somebody in the file.
struct Stocked<'a> {
    membership: &'a ExistingMembership,
    key: Key,
    /// The end after the import.
    until: Option<Instant>,
    /// The line of the row that says the same.
    line: Option<u32>,
}

/// The existing memberships of the people in the file, findable without searching.
struct Stock<'a> {
    all: Vec<Stocked<'a>>,
    by_start: HashMap<(Key, Instant), usize>,
    by_end: HashMap<(Key, Option<Instant>), usize>,
    /// Open memberships per group, of everybody.
    open: HashMap<usize, u32>,
    /// Memberships of others in singular roles, by role.
    others: Vec<(usize, Interval)>,
}

impl<'a> Stock<'a> {
    /// Those that no row names end now.
    fn new(existing: &'a Existing, ended: &HashSet<Uuid>, judge: &Judge<'_>) -> Self {
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
    fn same(&self, candidate: &Candidate<'_>) -> Option<usize> {
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
    fn ended_by(&self, candidate: &Candidate<'_>) -> Option<(usize, Instant)> {
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
    fn taken(&self, judge: &Judge<'_>) -> Taken {
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
struct Taken {
    by_key: HashMap<Key, Timeline>,
    exclusive: HashMap<usize, Timeline>,
    by_role: HashMap<usize, Timeline>,
}

impl Taken {
    fn take(&mut self, judge: &Judge<'_>, key: Key, interval: &Interval, source: Source) {
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

    fn clash(
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

/// The state while rows are judged.
struct Judge<'j> {
    roles: RoleTable,
    now: Instant,
    default_since: Instant,
    counts: Counts,
    groups: &'j mut GroupTable,
    players: &'j mut PlayerTable,
    problems: &'j mut ProblemList,
    new: Vec<(u32, Key, Interval)>,
    closed: Vec<(u32, MembershipClose)>,
}

impl Judge<'_> {
    fn skip(&mut self, place: Place, code: ProblemCode, text: String) {
        self.counts.skipped += 1;
        self.problems.error(place, code, text);
    }

    /// The rows that are right in themselves, in the order in which they count; of identical ones
    /// the first.
    fn candidates<'a>(&mut self, rows: &'a [MembershipRow]) -> Vec<Candidate<'a>> {
        let mut candidates: Vec<Candidate<'a>> =
            rows.iter().filter_map(|row| self.candidate(row)).collect();
        let content = |c: &Candidate<'_>| (c.key, c.row.since, c.row.until);
        candidates.sort_by_key(|c| (content(c), c.row.line));
        candidates.dedup_by(|next, first| {
            let same = content(next) == content(first);
            if same {
                self.warn_duplicate(next.row, first.row.line);
            }
            same
        });
        candidates.sort_by_cached_key(|candidate| self.rank(candidate));
        candidates
    }

    /// The order in which rows count. Names, not indexes, decide between equals: indexes follow
    /// the lines.
    fn rank(&self, candidate: &Candidate<'_>) -> impl Ord + use<> {
        let role = &self.roles.entries[candidate.key.1];
        let interval = self.interval(candidate.row);
        (
            interval.since,
            interval.end(),
            self.groups.nodes[candidate.group].key.clone(),
            role.key.clone(),
            self.players.entries[candidate.key.0].name.clone(),
            candidate.row.since,
            candidate.row.line,
        )
    }

    fn interval(&self, row: &MembershipRow) -> Interval {
        Interval {
            since: row.since.unwrap_or(self.default_since),
            until: row.until,
        }
    }

    fn warn_duplicate(&mut self, row: &MembershipRow, first: u32) {
        self.counts.unchanged += 1;
        let text = format!("This row says the same as line {first}. Remove one of them.");
        let place = Place::row(FileKind::Memberships, row.line);
        self.problems.warn(place, ProblemCode::DuplicateRow, text);
    }

    /// Checks what can be said of a row without looking at other memberships.
    fn candidate<'a>(&mut self, row: &'a MembershipRow) -> Option<Candidate<'a>> {
        if row.flawed {
            self.counts.skipped += 1;
            return None;
        }
        let player = self.players.find(&row.player)?;
        if self.players.entries[player].failed {
            let text = format!(
                "The row was skipped because the row of {} in the players file was. Correct that \
                 row first.",
                show(&row.player)
            );
            self.skip(cell(row, "player"), ProblemCode::PlayerSkipped, text);
            return None;
        }
        let group = self.group(row)?;
        self.check_times(row, group)?;
        let role = self.roles.of_row(group, &row.role);
        Some(Candidate {
            row,
            key: (player, role),
            group,
        })
    }

    fn group(&mut self, row: &MembershipRow) -> Option<usize> {
        match self.groups.find(&row.group) {
            Found::Group(index) => return Some(index),
            Found::Skipped => {
                let text = format!(
                    "The row was skipped because the group {} was. Correct the groups file first.",
                    show(&row.group)
                );
                self.skip(cell(row, "group"), ProblemCode::GroupSkipped, text);
            }
            Found::Unknown => {
                let text = format!(
                    "The group {} is neither in the groups file nor in the organisation. Add it \
                     or correct the name.",
                    show(&row.group)
                );
                self.skip(cell(row, "group"), ProblemCode::UnknownGroup, text);
            }
        }
        None
    }

    fn check_times(&mut self, row: &MembershipRow, group: usize) -> Option<()> {
        if row.since.is_some_and(|since| since > self.now) {
            let text = format!(
                "The membership of {} starts in the future. Import it when it has started.",
                show(&row.player)
            );
            self.skip(cell(row, "since"), ProblemCode::StartsInFuture, text);
            return None;
        }
        if let (Some(since), Some(until)) = (row.since, row.until)
            && until <= since
        {
            self.skip_reversed(row);
            return None;
        }
        if row.until.is_none() && self.groups.nodes[group].retired.is_some() {
            let text = format!(
                "The membership of {} has no end, but the group {} is retired. Fill in until.",
                show(&row.player),
                show(&row.group)
            );
            self.skip(cell(row, "until"), ProblemCode::OpenInRetired, text);
            return None;
        }
        Some(())
    }

    fn skip_reversed(&mut self, row: &MembershipRow) {
        let text = format!(
            "The membership of {} ends before or when it starts. Correct since or until.",
            show(&row.player)
        );
        self.skip(cell(row, "until"), ProblemCode::ReversedInterval, text);
    }

    /// Settles the rows that repeat or end an existing membership; gives back the others.
    fn match_existing<'a>(
        &mut self,
        candidates: &[Candidate<'a>],
        stock: &mut Stock<'_>,
    ) -> Vec<Candidate<'a>> {
        let mut rest = Vec::new();
        for candidate in candidates {
            match stock.same(candidate) {
                Some(index) => {
                    stock.all[index].line = Some(candidate.row.line);
                    self.counts.unchanged += 1;
                    self.accept(candidate, stock.all[index].membership.since);
                }
                None => rest.push(*candidate),
            }
        }
        rest.retain(|candidate| {
            let Some((index, until)) = stock.ended_by(candidate) else {
                return true;
            };
            let stocked = &mut stock.all[index];
            stocked.line = Some(candidate.row.line);
            stocked.until = Some(until);
            let old = stocked.membership;
            let close = MembershipClose {
                id: old.id,
                player_id: old.player_id,
                group_id: old.group_id,
                until,
            };
            if let Some(open) = stock.open.get_mut(&candidate.group) {
                *open = open.saturating_sub(1);
            }
            self.closed.push((candidate.row.line, close));
            self.counts.updated += 1;
            self.accept(candidate, old.since);
            false
        });
        rest
    }

    /// Settles the other rows: each becomes a new membership unless its time is taken.
    fn place(&mut self, rest: Vec<Candidate<'_>>, taken: &mut Taken) {
        for candidate in rest {
            let interval = self.interval(candidate.row);
            if interval.end() <= interval.since {
                self.skip_reversed(candidate.row);
                continue;
            }
            if let Some((code, source)) = taken.clash(self, candidate.key, &interval) {
                let text = clash_text(candidate.row, code, source);
                self.skip(
                    Place::row(FileKind::Memberships, candidate.row.line),
                    code,
                    text,
                );
                continue;
            }
            taken.take(
                self,
                candidate.key,
                &interval,
                Source::Line(candidate.row.line),
            );
            self.new.push((candidate.row.line, candidate.key, interval));
            self.counts.created += 1;
            self.accept(&candidate, interval.since);
        }
    }

    /// Notes who and what an imported row needs, and what deserves a look.
    fn accept(&mut self, candidate: &Candidate<'_>, since: Instant) {
        let (player, role) = candidate.key;
        self.roles.entries[role].used = true;
        let earliest = &mut self.players.entries[player].earliest;
        *earliest = Some(earliest.map_or(since, |at| at.min(since)));
        let group = &mut self.groups.nodes[candidate.group];
        group.earliest = Some(group.earliest.map_or(since, |at| at.min(since)));
        let before = group.founded.is_some_and(|founded| since < founded);
        let until = candidate.row.until;
        let after = group
            .retired
            .is_some_and(|retired| until.is_some_and(|at| at > retired));
        let who = show(&candidate.row.player);
        if before || after {
            let text = format!(
                "The membership of {who} {} the group {}. It was kept; check the dates.",
                if before {
                    "starts before the founding of"
                } else {
                    "ends after the end of"
                },
                show(&candidate.row.group)
            );
            let place = cell(candidate.row, if before { "since" } else { "until" });
            self.problems
                .warn(place, ProblemCode::OutsideGroupLife, text);
        }
        if until.is_some_and(|until| until > self.now) {
            let text =
                format!("The membership of {who} ends in the future. It was kept; check the date.");
            let place = cell(candidate.row, "until");
            self.problems.warn(place, ProblemCode::EndsInFuture, text);
        }
    }

    /// Tells of retired groups of the file in which existing memberships stay open.
    fn warn_left_open(&mut self, group_rows: &[GroupRow], stock: &Stock<'_>) {
        for (group, line) in self.groups.retired_in_file(group_rows) {
            let open = stock.open.get(&group).copied().unwrap_or_default();
            if open > 0 {
                let text = format!(
                    "The group {} is retired, but {open} of its memberships in the organisation \
                     have no end. End them.",
                    show(&self.groups.nodes[group].name)
                );
                let place = Place::cell(FileKind::Groups, line, "retired");
                self.problems.warn(place, ProblemCode::OpenInRetired, text);
            }
        }
    }
}

fn cell(row: &MembershipRow, column: &'static str) -> Place {
    Place::cell(FileKind::Memberships, row.line, column)
}

fn clash_text(row: &MembershipRow, code: ProblemCode, source: Source) -> String {
    let (player, group, role) = (show(&row.player), show(&row.group), show(&row.role));
    let other = match source {
        Source::Line(line) => format!("the row on line {line}"),
        Source::Existing => "a membership in the organisation".to_owned(),
    };
    match code {
        ProblemCode::ExclusiveOverlap => format!(
            "{player} would be in the exclusive group {group} at the same time as in {other}. \
             A player is in one exclusive group at a time: end one before the other starts."
        ),
        ProblemCode::RoleTaken => format!(
            "{player} cannot be {role} in {group}: one player at a time holds that role, and \
             {other} has it then. Correct the dates or the role."
        ),
        _ => format!(
            "{player} as {role} in {group} overlaps {other}. Correct since or until of one of them."
        ),
    }
}
