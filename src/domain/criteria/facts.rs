//! What a rule wants to know, and what is known about one player.

use super::{Criterion, Fact, TimeIn, Window};
use crate::domain::ids::{AwardId, GroupId, KeyId, PoolId, QualificationId, RoleId};
use std::collections::{BTreeMap, BTreeSet};

/// Which facts rules read, each once: the list of what to load, for one player or for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Attendance in these windows.
    pub attendance: BTreeSet<Window>,
    /// Time spent in these.
    pub time_in: BTreeSet<TimeIn>,
    /// The level of the rank.
    pub rank_level: bool,
    /// Which of these qualifications are held.
    pub qualifications: BTreeSet<QualificationId>,
    /// Which of these awards are held.
    pub awards: BTreeSet<AwardId>,
    /// The totals of these keys.
    pub keys: BTreeSet<KeyId>,
    /// Membership of these groups or below them.
    pub groups: BTreeSet<GroupId>,
    /// Which of these roles are held.
    pub roles: BTreeSet<RoleId>,
    /// The balances in these pools.
    pub pools: BTreeSet<PoolId>,
    /// Leave of absence.
    pub on_leave: bool,
    /// When the last reprimand was.
    pub last_reprimand: bool,
}

impl Wants {
    /// What several rules read together, so that all of them are judged after loading once.
    #[must_use]
    pub fn of<'a>(rules: impl IntoIterator<Item = &'a Criterion>) -> Self {
        let mut wants = Self::default();
        for rule in rules {
            rule.visit(&mut |fact| wants.add(fact));
        }
        wants
    }

    pub(super) fn add(&mut self, fact: Fact) {
        match fact {
            Fact::AttendedPercent { window, .. }
            | Fact::AccountablePercent { window, .. }
            | Fact::AttendedCount { window, .. } => {
                self.attendance.insert(window);
            }
            Fact::TimeIn { what, .. } => {
                self.time_in.insert(what);
            }
            Fact::RankLevel(_) => self.rank_level = true,
            Fact::Qualification(id) => {
                self.qualifications.insert(id);
            }
            Fact::Award(id) => {
                self.awards.insert(id);
            }
            Fact::KeyTotal { key, .. } => {
                self.keys.insert(key);
            }
            Fact::MemberOf { group, .. } => {
                self.groups.insert(group);
            }
            Fact::Role(id) => {
                self.roles.insert(id);
            }
            Fact::Points { pool, .. } => {
                self.pools.insert(pool);
            }
            Fact::OnLeave => self.on_leave = true,
            Fact::NoReprimand { .. } => self.last_reprimand = true,
        }
    }
}

/// Sums over the operations of one window. `features::operations` makes them from its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attendance {
    /// Operations that count.
    pub operations: u32,
    /// Of these, attended wholly or in part.
    pub attended: u32,
    /// Credits added up, a whole operation being 100.
    pub credit: u32,
    /// The same with 100 for each excused one.
    pub accountable: u32,
}

impl Attendance {
    /// Percent attended in hundredths: 6667 is 66.67 %. No operations: 0 (§9.7).
    #[must_use]
    pub fn attended_percent(self) -> u32 {
        percent(self.credit, self.operations)
    }

    /// Percent attended or excused in hundredths. No operations: 0 (§9.7).
    #[must_use]
    pub fn accountable_percent(self) -> u32 {
        percent(self.accountable, self.operations)
    }

    /// Is there anything to judge by? Without operations nobody is eligible (§9.7).
    #[must_use]
    pub fn eligible(self) -> bool {
        self.operations > 0
    }
}

/// `credit / operations` in hundredths of a percent, half up.
fn percent(credit: u32, operations: u32) -> u32 {
    if operations == 0 {
        return 0;
    }
    let (credit, operations) = (u64::from(credit), u64::from(operations));
    let hundredths = (200 * credit + operations) / (2 * operations);
    u32::try_from(hundredths).unwrap_or(u32::MAX)
}

/// How somebody belongs to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// Not at all.
    No,
    /// A member of a group below it only.
    Below,
    /// A member.
    Member,
}

/// When somebody was last reprimanded; one that has expired or was withdrawn does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastReprimand {
    /// Never.
    Never,
    /// So many days ago.
    DaysAgo(u32),
}

/// What is known about one player as of an instant. What is not in here is unknown, which never
/// opens a gate: whoever loads puts "no" in as well as "yes" ([`Facts::blank`] does that first).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Attendance by window.
    pub attendance: BTreeMap<Window, Attendance>,
    /// Whole days spent in something.
    pub time_in: BTreeMap<TimeIn, u32>,
    /// The level of the rank.
    pub rank_level: Option<i64>,
    /// Is the qualification held?
    pub qualifications: BTreeMap<QualificationId, bool>,
    /// Is the award held?
    pub awards: BTreeMap<AwardId, bool>,
    /// Totals of keys.
    pub keys: BTreeMap<KeyId, i64>,
    /// How the player belongs to groups.
    pub groups: BTreeMap<GroupId, Membership>,
    /// Is the role held?
    pub roles: BTreeMap<RoleId, bool>,
    /// Balances of points.
    pub pools: BTreeMap<PoolId, i64>,
    /// On leave of absence?
    pub on_leave: Option<bool>,
    /// The last reprimand.
    pub last_reprimand: Option<LastReprimand>,
}

impl Facts {
    /// What is known of somebody of whom the rows say nothing: no operation, nothing held, member of
    /// nothing, no points, no leave, no reprimand. A loader starts every player with it *after* its
    /// statements succeeded, and then puts in what the rows say. Time in rank and service and the
    /// level stay unknown, because everybody has those and a missing one is a mistake.
    #[must_use]
    pub fn blank(wants: &Wants) -> Self {
        let mut facts = Self {
            attendance: each(&wants.attendance, Attendance::default()),
            qualifications: each(&wants.qualifications, false),
            awards: each(&wants.awards, false),
            keys: each(&wants.keys, 0),
            groups: each(&wants.groups, Membership::No),
            roles: each(&wants.roles, false),
            pools: each(&wants.pools, 0),
            on_leave: wants.on_leave.then_some(false),
            last_reprimand: wants.last_reprimand.then_some(LastReprimand::Never),
            ..Self::default()
        };
        if wants.time_in.contains(&TimeIn::Assignment) {
            facts.time_in.insert(TimeIn::Assignment, 0);
        }
        facts
    }

    /// What is known of this one.
    #[must_use]
    pub fn about(&self, fact: Fact) -> Known {
        let held = |held: Option<&bool>| held.copied().map(Known::Held);
        let number = |number: Option<&i64>| number.copied().map(Known::Number);
        let known = match fact {
            Fact::AttendedPercent { window, .. }
            | Fact::AccountablePercent { window, .. }
            | Fact::AttendedCount { window, .. } => {
                let sums = self.attendance.get(&window);
                sums.copied().map(Known::Attendance)
            }
            Fact::TimeIn { what, .. } => {
                let days = self.time_in.get(&what);
                days.map(|days| Known::Number(i64::from(*days)))
            }
            Fact::RankLevel(_) => number(self.rank_level.as_ref()),
            Fact::Qualification(id) => held(self.qualifications.get(&id)),
            Fact::Award(id) => held(self.awards.get(&id)),
            Fact::KeyTotal { key, .. } => number(self.keys.get(&key)),
            Fact::MemberOf { group, .. } => {
                let membership = self.groups.get(&group);
                membership.copied().map(Known::Membership)
            }
            Fact::Role(id) => held(self.roles.get(&id)),
            Fact::Points { pool, .. } => number(self.pools.get(&pool)),
            Fact::OnLeave => held(self.on_leave.as_ref()),
            Fact::NoReprimand { .. } => self.last_reprimand.map(Known::LastReprimand),
        };
        known.unwrap_or(Known::Nothing)
    }
}

fn each<K: Copy + Ord, V: Copy>(keys: &BTreeSet<K>, value: V) -> BTreeMap<K, V> {
    keys.iter().map(|key| (*key, value)).collect()
}

/// What is known of one fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    Nothing,
    /// Sums of attendance.
    Attendance(Attendance),
    /// Days, a level, a total, a balance.
    Number(i64),
    /// Held, or on leave, or not.
    Held(bool),
    /// Belonging to a group.
    Membership(Membership),
    /// The last reprimand.
    LastReprimand(LastReprimand),
}
