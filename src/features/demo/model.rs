//! The demo as plain data, made without clock, chance or database.
//!
//! What must stay true, and is tested here: nobody is in two exclusive groups at once, nor in none
//! between joining and leaving; a singular role and a position have one holder at a time; nothing
//! happens before its group exists or after it is retired; everything lies in the past; the log
//! is in order of time; everybody holds one rank at a time, and it fits the post.
//!
//! `structure` says which groups there are, `names` who people are, `history` lets a year pass.

mod chance;
mod history;
mod names;
pub(super) mod ranks;
mod structure;

use crate::{
    domain::{event::EventKind, time::Instant},
    features::roster::model::{Policy, Visibility},
};

/// Name of the demo's Org.
pub(super) const ORG_NAME: &str = "Task Force Demo";
/// Its slug.
pub(super) const ORG_SLUG: &str = "demo";
/// Its type (§1.6).
pub(super) const ORG_TYPE: &str = "muster.unit";

/// The whole demo. Groups, people, roles and positions are known by their place in these lists.
#[derive(Debug)]
pub(super) struct Plan {
    /// When the Org was founded.
    pub(super) founded: Instant,
    /// Parents before children.
    pub(super) groups: Vec<Group>,
    /// In the order in which they joined; the first one commands.
    pub(super) people: Vec<Person>,
    /// In the order in which they began.
    pub(super) memberships: Vec<Membership>,
    /// Everybody's ranks over time (§3.2).
    pub(super) holdings: Vec<ranks::Holding>,
    /// The group whose ranks are called otherwise.
    pub(super) flyers: usize,
    /// Groups and those who manage them without being in them (§3.4).
    pub(super) managers: Vec<(usize, usize)>,
    /// What the event log tells, in order of time.
    pub(super) happenings: Vec<Happening>,
}

/// A group (§4.1).
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) acronym: String,
    pub(super) kind: &'static str,
    pub(super) description: String,
    /// `None`: below the Org itself.
    pub(super) parent: Option<usize>,
    pub(super) exclusive: bool,
    pub(super) visibility: Visibility,
    pub(super) policy: Policy,
    pub(super) founded: Instant,
    pub(super) retired: Option<Instant>,
    /// The first two are those every group starts with (§4.4).
    pub(super) roles: Vec<Role>,
    pub(super) positions: Vec<Position>,
}

/// A role of a group (§4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) name: &'static str,
    pub(super) acronym: &'static str,
    pub(super) leadership: bool,
    pub(super) singular: bool,
}

/// An established place in a group (§4.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) name: &'static str,
    pub(super) wants: &'static str,
    /// Place of its role in the group's roles.
    pub(super) role: usize,
}

/// A player (§2.2).
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) joined: Instant,
    pub(super) left: Option<Instant>,
}

/// One interval (§4.6).
#[derive(Debug)]
pub(super) struct Membership {
    pub(super) person: usize,
    pub(super) group: usize,
    pub(super) role: usize,
    pub(super) position: Option<usize>,
    pub(super) since: Instant,
    pub(super) until: Option<Instant>,
    /// Why it ended, when somebody said so.
    pub(super) reason: Option<&'static str>,
}

/// Something for the event log (§20).
#[derive(Debug)]
pub(super) struct Happening {
    pub(super) at: Instant,
    pub(super) kind: EventKind,
    pub(super) person: Option<usize>,
    pub(super) group: Option<usize>,
    pub(super) from: Option<usize>,
    /// The position or role.
    pub(super) role: Option<&'static str>,
    /// The rank or rank set.
    pub(super) after: Option<&'static str>,
    pub(super) reason: Option<&'static str>,
}

impl Happening {
    fn new(at: Instant, kind: EventKind) -> Self {
        Self {
            at,
            kind,
            person: None,
            group: None,
            from: None,
            role: None,
            after: None,
            reason: None,
        }
    }
}

/// The people whose log-ins are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cast {
    /// Commands the company and founded the Org.
    pub(super) founder: usize,
    /// Leads a squad.
    pub(super) leader: usize,
    /// Serves in one of that squad's fire teams.
    pub(super) member: usize,
}

/// Makes the demo as it looks at this moment.
pub(super) fn plan(now: Instant) -> Plan {
    history::play(now)
}

impl Plan {
    /// Chooses whose log-ins are printed: the first squad that has a leader and an ordinary
    /// member gives two of them.
    pub(super) fn cast(&self) -> Option<Cast> {
        let open = || self.memberships.iter().filter(|one| one.until.is_none());
        let kind = |one: &&Membership| self.groups[one.group].kind;
        let founder =
            open().find(|one| self.groups[one.group].kind == "Company" && one.role == 0)?;
        open()
            .filter(|one| kind(one) == "Squad" && one.role == 0)
            .find_map(|leader| {
                let member = open().find(|one| {
                    self.groups[one.group].parent == Some(leader.group) && one.role != 0
                })?;
                Some(Cast {
                    founder: founder.person,
                    leader: leader.person,
                    member: member.person,
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, TimeZone, Utc};
    use std::collections::{BTreeMap, BTreeSet};

    fn now() -> Instant {
        Utc.with_ymd_and_hms(2026, 6, 6, 12, 30, 0)
            .single()
            .expect("a real time")
    }

    /// Fails when two intervals of one key overlap.
    fn one_at_a_time<K: Ord + std::fmt::Debug>(
        plan: &Plan,
        key: impl Fn(&Membership) -> Option<K>,
        rule: &str,
    ) {
        let mut by_key: BTreeMap<K, Vec<&Membership>> = BTreeMap::new();
        for one in &plan.memberships {
            if let Some(key) = key(one) {
                by_key.entry(key).or_default().push(one);
            }
        }
        for (key, mut intervals) in by_key {
            intervals.sort_by_key(|one| one.since);
            for pair in intervals.windows(2) {
                let ended = pair[0].until.is_some_and(|until| until <= pair[1].since);
                assert!(
                    ended,
                    "{rule}: {key:?} has two at once: {:?} and {:?}",
                    pair[0], pair[1]
                );
            }
        }
    }

    #[test]
    fn intervals_keep_the_rules_of_the_roster() {
        let plan = plan(now());
        let exclusive = |one: &Membership| plan.groups[one.group].exclusive;
        one_at_a_time(
            &plan,
            |one| exclusive(one).then_some(one.person),
            "§4.3 exclusive",
        );
        one_at_a_time(
            &plan,
            |one| {
                plan.groups[one.group].roles[one.role]
                    .singular
                    .then_some((one.group, one.role))
            },
            "§4.4 singular",
        );
        one_at_a_time(
            &plan,
            |one| Some((one.group, one.position?)),
            "§4.5 position",
        );
        one_at_a_time(
            &plan,
            |one| Some((one.person, one.group)),
            "§4.6 once in a group",
        );
        for one in &plan.memberships {
            let group = &plan.groups[one.group];
            assert!(
                one.since >= group.founded && one.since < now(),
                "{one:?} in {}",
                group.name
            );
            assert!(
                one.until
                    .is_none_or(|until| until > one.since && until < now()),
                "{one:?}"
            );
            if let Some(retired) = group.retired {
                assert!(
                    one.until.is_some_and(|until| until <= retired),
                    "{one:?} outlives its group"
                );
            }
            if let Some(position) = one.position {
                assert_eq!(
                    group.positions[position].role, one.role,
                    "a position gives its role"
                );
            }
        }
    }

    #[test]
    fn everybody_is_somewhere_from_joining_to_leaving() {
        let plan = plan(now());
        for (index, person) in plan.people.iter().enumerate() {
            let mut at = Some(person.joined);
            for one in plan
                .memberships
                .iter()
                .filter(|one| one.person == index && plan.groups[one.group].exclusive)
            {
                assert_eq!(
                    at,
                    Some(one.since),
                    "{} is nowhere for a while",
                    person.name
                );
                at = one.until;
            }
            assert_eq!(
                at, person.left,
                "{} must be somewhere until leaving",
                person.name
            );
        }
    }

    #[test]
    fn the_company_is_believable() {
        let plan = plan(now());
        let active = plan
            .people
            .iter()
            .filter(|person| person.left.is_none())
            .count();
        assert!(
            (115..=125).contains(&active),
            "{active} people; about 120 are promised"
        );
        let names: BTreeSet<_> = plan.people.iter().map(|person| person.name).collect();
        assert_eq!(names.len(), plan.people.len(), "names must be unique");
        let mut depth = vec![1; plan.groups.len()];
        let mut group_names = BTreeSet::new();
        for (index, group) in plan.groups.iter().enumerate() {
            if let Some(parent) = group.parent {
                assert!(parent < index, "parents come first");
                depth[index] = depth[parent] + 1;
            }
            assert!(
                group_names.insert(group.name.to_lowercase()),
                "two groups {}",
                group.name
            );
            assert!(
                !group.description.is_empty(),
                "{} has no description (§4.1)",
                group.name
            );
            assert!(
                group
                    .retired
                    .is_none_or(|at| at > group.founded && at < now())
            );
        }
        assert_eq!(
            depth.iter().max(),
            Some(&4),
            "Org, company, platoon, squad, fire team"
        );
        let retired = plan
            .groups
            .iter()
            .filter(|group| group.retired.is_some())
            .count();
        assert!(retired >= 2, "some groups are history");
        let held = plan
            .memberships
            .iter()
            .filter(|one| one.until.is_none() && one.position.is_some())
            .count();
        let places: usize = plan
            .groups
            .iter()
            .filter(|group| group.retired.is_none())
            .map(|group| group.positions.len())
            .sum();
        let vacant = places - held;
        assert!(
            (5..=20).contains(&vacant),
            "{vacant} of {places} positions are vacant"
        );
        for group in plan
            .groups
            .iter()
            .filter(|group| !group.exclusive && group.retired.is_none())
        {
            let members = plan
                .memberships
                .iter()
                .filter(|one| plan.groups[one.group].name == group.name && one.until.is_none())
                .count();
            assert!(members >= 3, "{} has {members} members", group.name);
        }
        assert_eq!(
            plan.managers.len(),
            2,
            "the First Sergeant manages two groups"
        );
        assert!(plan.cast().is_some(), "somebody must be there to log in");
    }

    #[test]
    fn ranks_fit_the_posts_and_rise_over_the_year() {
        let plan = plan(now());
        for (index, person) in plan.people.iter().enumerate() {
            let held: Vec<_> = plan
                .holdings
                .iter()
                .filter(|one| one.person == index)
                .collect();
            assert_eq!(held.first().map(|one| one.since), Some(person.joined));
            assert_eq!(held.last().map(|one| one.until), Some(person.left));
            for pair in held.windows(2) {
                assert_eq!(pair[0].until, Some(pair[1].since), "{}", person.name);
                assert!(pair[0].rung < pair[1].rung, "{} falls", person.name);
            }
        }
        let rung = |person: usize| {
            let mut held = plan.holdings.iter().filter(|one| one.person == person);
            held.find(|one| one.until.is_none()).map(|one| one.rung)
        };
        for one in plan.memberships.iter().filter(|one| one.until.is_none()) {
            let group = &plan.groups[one.group];
            let least = match group.kind {
                "Company" | "Platoon" if one.role == 0 => 7,
                "Squad" if one.role == 0 => 4,
                "Fire team" if one.role == 0 => 3,
                _ => 0,
            };
            assert!(rung(one.person) >= Some(least), "{one:?} in {}", group.name);
        }
        let promotions = plan
            .happenings
            .iter()
            .filter(|one| one.kind == EventKind::Promoted)
            .count();
        assert!(promotions > 60, "{promotions} promotions in a year");
        let flyers = &plan.groups[plan.flyers];
        assert!(flyers.retired.is_none() && flyers.name.starts_with("Aviation"));
    }

    #[test]
    fn a_year_has_happened_up_to_yesterday() {
        let plan = plan(now());
        assert!(plan.happenings.is_sorted_by_key(|one| one.at));
        let newest = plan.happenings.last().expect("something happened").at;
        let midnight = now()
            .date_naive()
            .and_time(chrono::NaiveTime::MIN)
            .and_utc();
        assert!(
            newest < midnight,
            "whatever the time, nothing may lie in the future"
        );
        assert!(now() - newest < Duration::days(3), "{newest} is long ago");
        assert!(now() - plan.founded > Duration::days(365));
        let count = |kind| {
            plan.happenings
                .iter()
                .filter(|one| one.kind == kind)
                .count()
        };
        assert_eq!(count(EventKind::GroupCreated), plan.groups.len());
        assert_eq!(count(EventKind::PlayerCreated), plan.people.len());
        assert!(count(EventKind::MemberTransferred) > 50);
        assert!(
            count(EventKind::MemberPosted) > 10,
            "people rise within their group"
        );
        assert!(count(EventKind::MemberRemoved) > 30);
        assert!(count(EventKind::GroupRetired) >= 2);
        assert!(
            (400..1500).contains(&plan.happenings.len()),
            "{} events",
            plan.happenings.len()
        );
    }

    #[test]
    fn only_the_dates_depend_on_the_day() {
        let early = plan(now());
        let late = plan(now() + Duration::days(100) + Duration::hours(9));
        let shape = |plan: &Plan| -> Vec<_> {
            plan.memberships
                .iter()
                .map(|one| (one.person, one.group, one.role))
                .collect()
        };
        assert_eq!(shape(&early), shape(&late));
        assert_eq!(early.cast(), late.cast());
    }
}
