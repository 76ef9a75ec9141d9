//! Judging people by the needs of billets (§9.4): facts from the roster, verdicts, words.
//!
//! The roster tells of levels, groups, roles, and days in the organisation and in the assignment.
//! Whatever else a rule may ask is not known here, and what is not known is never met.

use crate::{
    domain::{
        GroupId, PlayerId, RoleId,
        criteria::{
            Criterion, Explanation, Facts, Membership, Thing, TimeIn, Told, Verdict, Wants,
            evaluate,
        },
        time::Instant,
    },
    features::roster::read_model::{Member, Roster, Visible},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// Judges any player of the Org by any of the rules it was made for.
pub(super) struct Judge {
    roster: Arc<Roster>,
    now: Instant,
    wants: Wants,
    rules: HashMap<String, Criterion>,
    facts: HashMap<PlayerId, Facts>,
}

impl Judge {
    /// A judge for these stored rules. One that cannot be read is met by nobody.
    pub(super) fn new<'a>(
        roster: Arc<Roster>,
        now: Instant,
        rules: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut known = HashMap::new();
        for rule in rules {
            if !known.contains_key(rule) {
                known.insert(rule.to_owned(), read(rule));
            }
        }
        let wants = Wants::of(known.values());
        Self {
            roster,
            now,
            wants,
            rules: known,
            facts: HashMap::new(),
        }
    }

    /// The same judge, who judges by these rules as well.
    pub(super) fn and(mut self, wants: Wants) -> Self {
        self.wants.groups.extend(wants.groups);
        self.wants.roles.extend(wants.roles);
        self.wants.time_in.extend(wants.time_in);
        self.wants.rank_level |= wants.rank_level;
        self
    }

    /// What is known of a player.
    pub(super) fn facts(&mut self, player: PlayerId) -> &Facts {
        let (roster, wants, now) = (&self.roster, &self.wants, self.now);
        let known = self.facts.entry(player);
        known.or_insert_with(|| facts_of(roster, wants, player, now))
    }

    /// Does a player meet a rule, and why not?
    pub(super) fn judge(&mut self, rule: &str, player: PlayerId) -> Explanation {
        let criterion = match self.rules.get(rule) {
            Some(known) => known.clone(),
            None => read(rule),
        };
        evaluate(&criterion, self.facts(player))
    }

    /// Does a player meet a rule?
    pub(super) fn meets(&mut self, rule: &str, player: PlayerId) -> bool {
        rule.is_empty() || self.judge(rule, player).met()
    }

    /// The roster it judges by.
    pub(super) fn roster(&self) -> &Arc<Roster> {
        &self.roster
    }
}

/// A stored rule. What cannot be read is met by nobody: opening it to everybody would be worse.
fn read(rule: &str) -> Criterion {
    if rule.is_empty() {
        return Criterion::default();
    }
    let nobody = || Criterion::Not(Box::default());
    Criterion::parse(rule).unwrap_or_else(|_| nobody())
}

fn facts_of(roster: &Roster, wants: &Wants, player: PlayerId, now: Instant) -> Facts {
    let Some(known) = roster.player(player) else {
        return Facts::default();
    };
    let own = roster.groups_of(player);
    let membership = |group: &GroupId| {
        if own.contains(group) {
            Membership::Member
        } else if own.iter().any(|own| roster.path(*own).contains(group)) {
            Membership::Below
        } else {
            Membership::No
        }
    };
    let held = |role: &RoleId| {
        let members = own.iter().flat_map(|group| roster.members_of(*group));
        members
            .into_iter()
            .any(|m: &Member| m.player_id == player && m.role_id == *role)
    };
    let days = |since: Instant| u32::try_from((now - since).num_days()).unwrap_or_default();
    let mut time_in = BTreeMap::new();
    if wants.time_in.contains(&TimeIn::Service) {
        time_in.insert(TimeIn::Service, days(known.joined_at));
    }
    if wants.time_in.contains(&TimeIn::Assignment) {
        let assignment = roster.exclusive_of(player);
        let since = assignment.and_then(|(membership, group)| {
            let members = roster.members_of(group).iter();
            let mut own = members.filter(|member| member.membership_id == membership);
            own.next().map(|member| member.since)
        });
        time_in.insert(TimeIn::Assignment, since.map_or(0, days));
    }
    Facts {
        rank_level: Some(roster.ladder.facts(known.rank_id).level),
        groups: wants
            .groups
            .iter()
            .map(|id| (*id, membership(id)))
            .collect(),
        roles: wants.roles.iter().map(|id| (*id, held(id))).collect(),
        time_in,
        ..Facts::default()
    }
}

/// What a stored rule demands, in one line; empty for none.
pub(super) fn demand(rule: &str, roster: &Roster, visible: &Visible) -> String {
    if rule.is_empty() {
        return String::new();
    }
    read(rule).demand(&|thing| name_of(thing, roster, visible))
}

/// What is missing, in one line.
pub(super) fn lacks(explanation: &Explanation, roster: &Roster, visible: &Visible) -> String {
    let told = explanation.told(&|thing| name_of(thing, roster, visible));
    let mut missing = Vec::new();
    leaves(&told, &mut missing);
    missing.dedup();
    missing.join("; ")
}

/// The sentences without parts that are not met.
fn leaves(told: &Told, into: &mut Vec<String>) {
    if told.verdict == Verdict::Met.word() {
        return;
    }
    if told.parts.is_empty() {
        into.push(told.text.clone());
    }
    for part in &told.parts {
        leaves(part, into);
    }
}

/// The name of what a rule speaks of, as far as the viewer may know of it.
fn name_of(thing: Thing, roster: &Roster, visible: &Visible) -> Option<String> {
    match thing {
        Thing::Group(group) => {
            let group = roster.group(group).filter(|_| visible.has(group));
            group.map(|group| group.name.clone())
        }
        Thing::Role(role) => {
            let shown = roster
                .roles
                .iter()
                .filter(|(group, _)| visible.has(**group));
            let mut roles = shown.flat_map(|(_, roles)| roles);
            roles
                .find(|known| known.role_id == role)
                .map(|known| known.name.clone())
        }
        Thing::RankLevel(level) => {
            let rungs = roster.ladder.rungs();
            let enough = rungs.into_iter().filter(|rung| rung.level >= level);
            enough
                .min_by_key(|rung| rung.level)
                .map(|rung| rung.name.clone())
        }
        _ => None,
    }
}
