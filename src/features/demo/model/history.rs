//! Lets a year pass over the demo: people join, train, get a place, rise, change places, pause,
//! come back and leave; groups are founded and retired. Week by week, each thing at its own minute
//! of some evening.

mod week;

use super::{
    Group, Happening, Membership, Person, Plan,
    chance::Chance,
    names, ranks,
    structure::{
        self, AVIATION, COMPANY, FIRST_SERGEANT, IN_COMMAND, MEMBER, RESERVE, Structure, TRAINING,
    },
};
use crate::domain::{event::EventKind, time::Instant};
use chrono::{Duration, NaiveTime, Timelike};

/// How long the demo's Org has existed: somewhat more than a year.
const WEEKS: i64 = 56;
/// So many ordinary places stay vacant.
const VACANT: usize = 7;
const SEED: u64 = 0x4d75_7374_6572;

/// Tier of a place without command; commands have lower ones, the company's the lowest.
const ORDINARY: usize = 100;

const LEAVE_REASONS: [&str; 6] = [
    "No time any more; left in good standing",
    "Moved on to another unit",
    "Not seen for three months",
    "New job, new hours",
    "Retired with thanks",
    "Asked to be discharged",
];

/// The minutes of the evenings, strictly one after the other.
struct Evenings {
    at: Instant,
    week_ends: Instant,
}

impl Evenings {
    fn begin_week(&mut self, monday: Instant) {
        self.at = self.at.max(monday + Duration::hours(17));
        self.week_ends = monday + Duration::days(6) + Duration::hours(23);
    }

    fn next(&mut self, chance: &mut Chance) -> Instant {
        let late = self.at.hour() >= 23 || self.at.hour() < 17;
        if late || chance.per_mille(400) {
            let next_day = self.at.date_naive().and_time(NaiveTime::MIN).and_utc()
                + Duration::hours(if self.at.hour() < 17 { 17 } else { 24 + 17 });
            if next_day < self.week_ends {
                self.at = next_day;
            }
        }
        self.at += Duration::minutes(3 + chance.below(19) as i64);
        self.at
    }
}

/// A place that somebody can hold.
struct Slot {
    group: usize,
    position: usize,
    role: usize,
    /// Lower commands more.
    tier: usize,
    /// The membership of whoever holds it.
    held: Option<usize>,
}

struct World {
    plan: Plan,
    structure: Structure,
    chance: Chance,
    evenings: Evenings,
    names: Vec<&'static str>,
    /// Exclusive places, the highest first.
    slots: Vec<Slot>,
    /// Each person's open exclusive membership.
    place_of: Vec<Option<usize>>,
    training: usize,
    reserve: usize,
}

/// Plays the year that ends yesterday.
pub(super) fn play(now: Instant) -> Plan {
    let today = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    let start = today - Duration::weeks(WEEKS);
    let mut world = World::new(start);
    for week in 0..WEEKS {
        let monday = start + Duration::weeks(week);
        world.evenings.begin_week(monday);
        world.found_groups(monday);
        if week == 0 {
            world.bring_cadre();
            continue;
        }
        world.retire_groups(week);
        world.let_some_leave();
        world.pause_and_return();
        world.promote();
        world.graduate();
        world.transfer_some();
        world.recruit(week);
        world.staff_departments(week);
    }
    world.have_a_busy_evening(today - Duration::days(1));
    world.finish(today)
}

impl World {
    fn new(start: Instant) -> Self {
        let mut structure = structure::build(start);
        let groups = std::mem::take(&mut structure.groups);
        let mut chance = Chance::new(SEED);
        let mut names = names::mixed(&mut chance);
        names.reverse();
        let mut slots = exclusive_slots(&groups);
        slots.sort_by_key(|slot| slot.tier);
        let find = |name: &str| {
            groups
                .iter()
                .position(|group| group.name == name)
                .unwrap_or(0)
        };
        Self {
            training: find(TRAINING),
            reserve: find(RESERVE),
            plan: Plan {
                flyers: find(AVIATION),
                founded: start + Duration::hours(15),
                groups,
                people: Vec::new(),
                memberships: Vec::new(),
                holdings: Vec::new(),
                managers: Vec::new(),
                happenings: Vec::new(),
            },
            structure,
            chance,
            evenings: Evenings {
                at: start,
                week_ends: start,
            },
            names,
            slots,
            place_of: Vec::new(),
        }
    }

    fn finish(mut self, today: Instant) -> Plan {
        ranks::give(&mut self.plan, today);
        let flyers = self.plan.flyers;
        let founded = self.plan.groups[flyers].founded;
        self.plan.happenings.push(Happening {
            group: Some(flyers),
            after: Some(ranks::AIRCREW),
            ..Happening::new(founded, EventKind::RankSetChosen)
        });
        // Groups are founded in the afternoon before the evening's events of the same day.
        self.plan.happenings.sort_by_key(|one| one.at);
        // The First Sergeant keeps the lists of recruits and reservists without being one.
        let open = |one: &&Membership| one.until.is_none() && one.group == COMPANY;
        let sergeant = self
            .plan
            .memberships
            .iter()
            .filter(open)
            .find(|one| one.role == FIRST_SERGEANT);
        if let Some(sergeant) = sergeant.map(|one| one.person) {
            self.plan.managers = vec![(self.training, sergeant), (self.reserve, sergeant)];
        }
        self.plan
    }

    fn now(&mut self) -> Instant {
        self.evenings.next(&mut self.chance)
    }

    fn log(&mut self, at: Instant, kind: EventKind) -> &mut Happening {
        let index = self.plan.happenings.len();
        self.plan.happenings.push(Happening::new(at, kind));
        &mut self.plan.happenings[index]
    }

    fn stands(&self, group: usize) -> bool {
        let group = &self.plan.groups[group];
        group.founded < self.evenings.at && group.retired.is_none()
    }

    /// People who have not left, in the order in which they joined.
    fn active(&self) -> Vec<usize> {
        (0..self.plan.people.len())
            .filter(|one| self.place_of[*one].is_some())
            .collect()
    }

    /// The group of a person's exclusive membership, and since when.
    fn at(&self, person: usize) -> Option<(usize, Instant)> {
        let place = &self.plan.memberships[self.place_of[person]?];
        Some((place.group, place.since))
    }

    fn tier(&self, person: usize) -> usize {
        let place = self.place_of[person];
        self.slots
            .iter()
            .find(|slot| slot.held == place && place.is_some())
            .map_or(ORDINARY, |slot| slot.tier)
    }

    fn is_below(&self, group: usize, top: usize) -> bool {
        group == top
            || self.plan.groups[group]
                .parent
                .is_some_and(|up| self.is_below(up, top))
    }

    fn vacant(&self, wanted: impl Fn(&Slot) -> bool) -> Vec<usize> {
        (0..self.slots.len())
            .filter(|index| {
                let slot = &self.slots[*index];
                slot.held.is_none() && self.stands(slot.group) && wanted(slot)
            })
            .collect()
    }

    /// Ordinary places to fill. The company is never at full strength: some stay vacant.
    fn open_places(&self) -> Vec<usize> {
        let vacant = self.vacant(|slot| slot.tier == ORDINARY);
        if vacant.len() > VACANT {
            vacant
        } else {
            Vec::new()
        }
    }

    fn end(&mut self, membership: usize, at: Instant, reason: Option<&'static str>) {
        let ended = &mut self.plan.memberships[membership];
        ended.until = Some(at);
        ended.reason = reason;
        for slot in &mut self.slots {
            if slot.held == Some(membership) {
                slot.held = None;
            }
        }
    }

    fn begin(
        &mut self,
        person: usize,
        group: usize,
        role: usize,
        position: Option<usize>,
        at: Instant,
    ) -> usize {
        self.plan.memberships.push(Membership {
            person,
            group,
            role,
            position,
            since: at,
            until: None,
            reason: None,
        });
        self.plan.memberships.len() - 1
    }

    /// Puts somebody into an exclusive group, out of the one they are in.
    fn put(&mut self, person: usize, group: usize, slot: Option<usize>, at: Instant) {
        let before = self.place_of[person];
        let from = before.map(|one| self.plan.memberships[one].group);
        if let Some(before) = before {
            self.end(before, at, None);
        }
        let (role, position) = slot.map_or((MEMBER, None), |index| {
            (self.slots[index].role, Some(self.slots[index].position))
        });
        let membership = self.begin(person, group, role, position, at);
        self.place_of[person] = Some(membership);
        if let Some(slot) = slot {
            self.slots[slot].held = Some(membership);
        }
        let called = match position {
            Some(position) => self.plan.groups[group].positions[position].name,
            None => self.plan.groups[group].roles[role].name,
        };
        let kind = match from {
            None => EventKind::MemberAdded,
            Some(from) if from == group => EventKind::MemberPosted,
            Some(_) => EventKind::MemberTransferred,
        };
        let happening = self.log(at, kind);
        happening.person = Some(person);
        happening.group = Some(group);
        happening.from = from.filter(|from| *from != group);
        happening.role = Some(called);
    }

    fn put_into_slot(&mut self, person: usize, slot: usize) {
        let at = self.now();
        self.put(person, self.slots[slot].group, Some(slot), at);
    }

    fn join(&mut self) -> Option<(usize, Instant)> {
        let name = self.names.pop()?;
        let at = self.now();
        let person = self.plan.people.len();
        self.plan.people.push(Person {
            name,
            joined: at,
            left: None,
        });
        self.place_of.push(None);
        self.log(at, EventKind::PlayerCreated).person = Some(person);
        Some((person, at))
    }

    fn remove(&mut self, membership: usize, at: Instant, reason: &'static str) {
        self.end(membership, at, Some(reason));
        let Membership { person, group, .. } = self.plan.memberships[membership];
        let happening = self.log(at, EventKind::MemberRemoved);
        happening.person = Some(person);
        happening.group = Some(group);
        happening.reason = Some(reason);
    }

    fn leave(&mut self, person: usize) {
        let at = self.now();
        let reason = self.chance.pick(&LEAVE_REASONS).unwrap_or(LEAVE_REASONS[0]);
        for index in 0..self.plan.memberships.len() {
            let one = &self.plan.memberships[index];
            if one.person == person && one.until.is_none() {
                self.remove(index, at, reason);
            }
        }
        self.place_of[person] = None;
        self.plan.people[person].left = Some(at);
    }
}

/// All positions of exclusive groups with their tiers: twice the depth for whoever is in command,
/// one more for a deputy.
fn exclusive_slots(groups: &[Group]) -> Vec<Slot> {
    let mut depth = vec![1; groups.len()];
    let mut slots = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        if let Some(parent) = group.parent {
            depth[index] = depth[parent] + 1;
        }
        if !group.exclusive {
            continue;
        }
        for (position, place) in group.positions.iter().enumerate() {
            let leads = group.roles[place.role].leadership;
            let tier = match place.role {
                IN_COMMAND => 2 * depth[index],
                _ if leads => 2 * depth[index] + 1,
                _ => ORDINARY,
            };
            slots.push(Slot {
                group: index,
                position,
                role: place.role,
                tier,
                held: None,
            });
        }
    }
    slots
}
