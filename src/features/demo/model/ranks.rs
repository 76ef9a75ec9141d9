//! Who holds which rank (§3.2): a post asks for one, recruits become privates when they graduate,
//! and privates rise once they have been there for a while. Nobody falls.

use super::{Group, Happening, Membership, Plan, structure};
use crate::domain::{event::EventKind, time::Instant};
use chrono::Duration;

/// Names of the rungs that a unit starts with, the lowest first.
pub(in crate::features::demo) const RUNGS: [&str; 10] = [
    "Recruit",
    "Private",
    "Private First Class",
    "Corporal",
    "Sergeant",
    "Staff Sergeant",
    "Sergeant First Class",
    "Lieutenant",
    "Captain",
    "Major",
];
const RECRUIT: usize = 0;
const PRIVATE: usize = 1;
const FIRST_CLASS: usize = 2;
const CORPORAL: usize = 3;
const SERGEANT: usize = 4;
const STAFF_SERGEANT: usize = 5;
const SERGEANT_FIRST_CLASS: usize = 6;
const LIEUTENANT: usize = 7;
const CAPTAIN: usize = 8;

/// A private who stays so long becomes a private first class.
const WEEKS_AS_PRIVATE: i64 = 16;

/// The other names of the flying part of the company.
pub(in crate::features::demo) const AIRCREW: &str = "Aircrew";
/// What the rungs are called there: name and short form.
pub(in crate::features::demo) const AIRCREW_TITLES: [(&str, &str); 10] = [
    ("Aircraftman", "AC"),
    ("Leading Aircraftman", "LAC"),
    ("Senior Aircraftman", "SAC"),
    ("Air Corporal", "ACpl"),
    ("Air Sergeant", "ASgt"),
    ("Flight Sergeant", "FSgt"),
    ("Master Aircrew", "MAcr"),
    ("Flight Lieutenant", "FltLt"),
    ("Squadron Leader", "SqnLdr"),
    ("Wing Commander", "WgCdr"),
];

/// A rank over an interval.
#[derive(Debug)]
pub(in crate::features::demo) struct Holding {
    pub(in crate::features::demo) person: usize,
    /// Its place among the rungs, the lowest is 0.
    pub(in crate::features::demo) rung: usize,
    pub(in crate::features::demo) since: Instant,
    pub(in crate::features::demo) until: Option<Instant>,
}

/// The rank that somebody in this place should at least have.
fn asked_by(group: &Group, one: &Membership) -> usize {
    let post = one
        .position
        .map(|position| group.positions[position].name)
        .unwrap_or_default();
    match post {
        "Company Commander" => CAPTAIN,
        "Executive Officer" | "Platoon Leader" | "Flight Lead" => LIEUTENANT,
        "First Sergeant" | "Platoon Sergeant" => SERGEANT_FIRST_CLASS,
        "Chief Medic" | "Operations Sergeant" => STAFF_SERGEANT,
        "Squad Leader" | "Section Leader" | "Drill Instructor" | "Pilot" => SERGEANT,
        "Team Leader" | "Platoon Medic" | "Surgeon" | "Crew Chief" => CORPORAL,
        _ if group.name == structure::TRAINING => RECRUIT,
        _ => PRIVATE,
    }
}

/// Gives everybody their ranks, with the promotions in the log; nothing happens from `end` on.
pub(super) fn give(plan: &mut Plan, end: Instant) {
    for person in 0..plan.people.len() {
        let (joined, left) = (plan.people[person].joined, plan.people[person].left);
        let end = left.unwrap_or(end).min(end);
        let posts = plan
            .memberships
            .iter()
            .filter(|one| one.person == person && plan.groups[one.group].exclusive);
        let mut steps: Vec<(Instant, usize)> = posts
            .map(|one| (one.since, asked_by(&plan.groups[one.group], one)))
            .collect();
        steps.push((joined + Duration::weeks(WEEKS_AS_PRIVATE), FIRST_CLASS));
        steps.sort_by_key(|step| step.0);
        let mut now = Holding {
            person,
            rung: steps[0].1,
            since: joined,
            until: left,
        };
        for (at, rung) in steps.into_iter().filter(|step| step.0 < end) {
            // Time alone makes only privates rise.
            if rung <= now.rung || (rung == FIRST_CLASS && now.rung != PRIVATE) {
                continue;
            }
            plan.happenings.push(Happening {
                person: Some(person),
                after: Some(RUNGS[rung]),
                ..Happening::new(at, EventKind::Promoted)
            });
            let next = Holding {
                person,
                rung,
                since: at,
                until: left,
            };
            now.until = Some(at);
            plan.holdings.push(std::mem::replace(&mut now, next));
        }
        plan.holdings.push(now);
    }
}
