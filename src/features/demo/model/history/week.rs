//! What a week brings: who joins, trains, rises, pauses and leaves, and which groups come and go.

use super::{ORDINARY, Slot, World};
use crate::{
    domain::{event::EventKind, time::Instant},
    features::demo::model::{
        Membership,
        structure::{IN_COMMAND, MEMBER},
    },
};
use chrono::Duration;

/// Whoever founds the Org brings so many people along.
const CADRE: usize = 46;
/// So many people there are in the end.
const STRENGTH: usize = 119;
/// The week in which that strength is reached.
const FULL_AFTER: i64 = 46;
/// At most so many recruits come in a week.
const INTAKE: usize = 6;
/// Basic training takes so many days.
const TRAINING_DAYS: i64 = 26;
const DEPARTMENT_REASONS: [&str; 3] = [
    "Rotated out",
    "Wants to concentrate on the squad",
    "Task done",
];

impl World {
    pub(super) fn found_groups(&mut self, monday: Instant) {
        for index in 0..self.plan.groups.len() {
            let founded = self.plan.groups[index].founded;
            if founded >= monday && founded < monday + Duration::days(1) {
                self.log(founded, EventKind::GroupCreated).group = Some(index);
            }
        }
    }

    pub(super) fn bring_cadre(&mut self) {
        for slot in self.vacant(|_| true).into_iter().take(CADRE) {
            let Some((person, at)) = self.join() else {
                return;
            };
            self.put(person, self.slots[slot].group, Some(slot), at);
        }
    }

    pub(super) fn retire_groups(&mut self, week: i64) {
        let due: Vec<usize> = self
            .structure
            .retirements
            .iter()
            .filter(|one| one.1 == week)
            .map(|one| one.0)
            .collect();
        for group in due {
            for index in 0..self.plan.memberships.len() {
                let Membership {
                    person,
                    group: of,
                    until,
                    ..
                } = self.plan.memberships[index];
                if of != group || until.is_some() {
                    continue;
                }
                let vacant = self.vacant(|slot| slot.tier == ORDINARY && slot.group != group);
                match self.chance.pick(&vacant) {
                    _ if !self.plan.groups[group].exclusive => {
                        let at = self.now();
                        self.remove(index, at, "The group is retired");
                    }
                    Some(slot) => self.put_into_slot(person, slot),
                    None => {
                        let at = self.now();
                        self.put(person, self.reserve, None, at);
                    }
                }
            }
            let at = self.now();
            self.plan.groups[group].retired = Some(at);
            self.log(at, EventKind::GroupRetired).group = Some(group);
        }
    }

    pub(super) fn let_some_leave(&mut self) {
        for person in self.active() {
            let often = if self.tier(person) < 6 { 4 } else { 10 };
            // The commander stays: somebody must greet the visitor.
            if person != 0 && self.chance.per_mille(often) {
                self.leave(person);
            }
        }
    }

    pub(super) fn pause_and_return(&mut self) {
        for person in self.active() {
            let Some((group, since)) = self.at(person) else {
                continue;
            };
            let rested = self.evenings.at - since > Duration::weeks(5);
            if group == self.reserve {
                let vacant = self.open_places();
                if rested
                    && self.chance.per_mille(220)
                    && let Some(slot) = self.chance.pick(&vacant)
                {
                    self.put_into_slot(person, slot);
                }
            } else if rested && self.tier(person) == ORDINARY && self.chance.per_mille(9) {
                let at = self.now();
                self.put(person, self.reserve, None, at);
            }
        }
    }

    /// Vacant commands go to the next below: of those nearest in tier, the one longest in place.
    pub(super) fn promote(&mut self) {
        let commands = self.vacant(|slot| slot.tier != ORDINARY && slot.group != self.training);
        for slot in commands {
            if self.chance.per_mille(450) {
                continue;
            }
            let Slot { group, tier, .. } = self.slots[slot];
            let up = self.plan.groups[group].parent.unwrap_or(group);
            let candidate = [group, up].into_iter().find_map(|top| {
                self.active()
                    .into_iter()
                    .filter(|person| *person != 0)
                    .filter_map(|person| Some((person, self.at(person)?)))
                    .filter(|(person, (at, _))| {
                        self.is_below(*at, top) && self.tier(*person) > tier
                    })
                    .min_by_key(|(person, (_, since))| (self.tier(*person), *since))
                    .map(|(person, _)| person)
            });
            if let Some(person) = candidate {
                self.put_into_slot(person, slot);
            }
        }
    }

    pub(super) fn graduate(&mut self) {
        for person in self.active() {
            let Some((group, since)) = self.at(person) else {
                continue;
            };
            let recruit = group == self.training && self.tier(person) == ORDINARY;
            if !recruit || self.evenings.at - since < Duration::days(TRAINING_DAYS) {
                continue;
            }
            let vacant = self.open_places();
            if let Some(slot) = self.chance.pick(&vacant) {
                self.put_into_slot(person, slot);
            }
        }
        // The drill instructor comes from the ranks, not from the recruits.
        let instructor = self.vacant(|slot| slot.group == self.training);
        if let Some(slot) = instructor.first().copied() {
            let veterans: Vec<usize> = self
                .active()
                .into_iter()
                .filter(|person| {
                    let at = self.at(*person);
                    self.tier(*person) == ORDINARY && at.is_some_and(|at| at.0 != self.training)
                })
                .collect();
            if let Some(person) = self.chance.pick(&veterans) {
                self.put_into_slot(person, slot);
            }
        }
    }

    pub(super) fn transfer_some(&mut self) {
        for _ in 0..2 {
            let settled: Vec<usize> = self
                .active()
                .into_iter()
                .filter(|person| {
                    self.tier(*person) == ORDINARY
                        && self.at(*person).is_some_and(|(group, since)| {
                            group != self.training
                                && group != self.reserve
                                && self.evenings.at - since > Duration::weeks(6)
                        })
                })
                .collect();
            let vacant = self.vacant(|slot| slot.tier == ORDINARY);
            if let (Some(person), Some(slot)) =
                (self.chance.pick(&settled), self.chance.pick(&vacant))
                && self.chance.per_mille(600)
            {
                self.put_into_slot(person, slot);
            }
        }
    }

    pub(super) fn recruit(&mut self, week: i64) {
        let grown = (STRENGTH - CADRE) * week.min(FULL_AFTER) as usize / FULL_AFTER as usize;
        let missing = (CADRE + grown).saturating_sub(self.active().len());
        for _ in 0..missing.min(INTAKE) {
            let Some((person, at)) = self.join() else {
                return;
            };
            self.put(person, self.training, None, at);
        }
    }

    pub(super) fn staff_departments(&mut self, week: i64) {
        for index in 0..self.structure.departments.len() {
            let department = &self.structure.departments[index];
            let (group, wants, leaders_only) =
                (department.group, department.wants, department.leaders_only);
            if week < 4 || !self.stands(group) {
                continue;
            }
            let members = self.members(group);
            if members.len() > 3 && self.chance.per_mille(70) {
                let reason = self.chance.pick(&DEPARTMENT_REASONS).unwrap_or_default();
                if let Some(membership) = self.chance.pick(&members) {
                    let at = self.now();
                    self.remove(membership, at, reason);
                }
            }
            let members = self.members(group);
            if members.len() < wants && self.chance.per_mille(500) {
                self.add_to_department(group, leaders_only);
            }
        }
    }

    /// Yesterday, so that the newest page of the log is fresh.
    pub(super) fn have_a_busy_evening(&mut self, day: Instant) {
        self.evenings.at = self.evenings.at.max(day + Duration::hours(17));
        self.promote();
        self.transfer_some();
        for _ in 0..2 {
            if let Some((person, at)) = self.join() {
                self.put(person, self.training, None, at);
            }
        }
    }

    fn members(&self, group: usize) -> Vec<usize> {
        (0..self.plan.memberships.len())
            .filter(|index| {
                let one = &self.plan.memberships[*index];
                one.group == group && one.until.is_none()
            })
            .collect()
    }

    /// The first one in leads.
    fn add_to_department(&mut self, group: usize, leaders_only: bool) {
        let members = self.members(group);
        let inside = |person: &usize| {
            members
                .iter()
                .any(|one| self.plan.memberships[*one].person == *person)
        };
        let fit: Vec<usize> = self
            .active()
            .into_iter()
            .filter(|person| !inside(person))
            .filter(|person| !leaders_only || self.tier(*person) <= 6)
            .filter(|person| {
                self.at(*person)
                    .is_some_and(|(at, _)| at != self.training && at != self.reserve)
            })
            .collect();
        let Some(person) = self.chance.pick(&fit) else {
            return;
        };
        let led = members
            .iter()
            .any(|one| self.plan.memberships[*one].role == IN_COMMAND);
        let role = if led { MEMBER } else { IN_COMMAND };
        let position = self.plan.groups[group]
            .positions
            .iter()
            .position(|position| position.role == role);
        let at = self.now();
        self.begin(person, group, role, position, at);
        let called = self.plan.groups[group].roles[role].name;
        let happening = self.log(at, EventKind::MemberAdded);
        happening.person = Some(person);
        happening.group = Some(group);
        happening.role = Some(called);
    }
}
