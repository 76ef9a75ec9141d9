//! Memberships of an import (§4.3, §4.4, §4.6): which rows are there already, which end an open
//! interval, which are new, and which contradict others.
//!
//! Rows are taken in the order of their intervals, not of their lines, so that shuffling a file
//! changes nothing: of two that overlap, the one that starts (then ends) earlier counts.

mod stock;

use super::super::parse::{FileKind, GroupRow, MembershipRow, Rows, normal_instant};
use super::super::report::{Counts, Place, ProblemCode, ProblemList, show};
use super::groups::{Found, GroupTable};
use super::players::PlayerTable;
use super::prune;
use super::roles::RoleTable;
use super::timeline::{Interval, Source};
use super::{Existing, MembershipClose, NewMembership, Options, Plan};
use crate::domain::time::Instant;
use stock::{Stock, Taken};
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
        roles: RoleTable::new(existing, options, &group_ids),
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
    let rest = judge.match_existing(&candidates, options, &mut stock);
    let mut taken = stock.taken(&judge);
    judge.place(rest, options, &mut taken);
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
        new_id: &mut impl FnMut() -> Uuid,
        plan: &mut Plan,
    ) {
        self.roles.finish(groups, new_id, plan);
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
        options: &Options,
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
            let old = stocked.membership;
            if options.protected.contains(&old.player_id) {
                let text = format!(
                    "{} founded the organisation or is a co-founder, so you cannot end their \
                     memberships. Leave until empty.",
                    show(&candidate.row.player)
                );
                let place = cell(candidate.row, "until");
                self.skip(place, ProblemCode::MemberProtected, text);
                return false;
            }
            stocked.until = Some(until);
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
    fn place(&mut self, rest: Vec<Candidate<'_>>, options: &Options, taken: &mut Taken) {
        for candidate in rest {
            let interval = self.interval(candidate.row);
            if interval.end() <= interval.since {
                self.skip_reversed(candidate.row);
                continue;
            }
            let lasts = interval.until.is_none_or(|until| until > self.now);
            let grants = self.roles.entries[candidate.key.1].grants;
            if lasts && !grants.without(options.may_give).is_empty() {
                let text = format!(
                    "{} in {} gives access that you do not have in the whole organisation, so you \
                     cannot give it. Ask somebody who has it, or take another role.",
                    show(&candidate.row.role),
                    show(&candidate.row.group)
                );
                let place = cell(candidate.row, "role");
                self.skip(place, ProblemCode::RoleNotGivable, text);
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
