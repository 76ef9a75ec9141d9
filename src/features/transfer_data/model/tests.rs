//! Tests of the import's rules on small files. The helpers apply a plan to an [`Existing`] in
//! memory the way the service does, and check at each step what the database would refuse.

mod codes;
mod properties;
mod rules;

use super::*;
use crate::{domain::access::AccessSet, features::roster::input::granted_by};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// An instant in RFC 3339, or a date.
fn at(text: &str) -> DateTime<Utc> {
    let text = if text.len() == 10 {
        format!("{text}T00:00:00Z")
    } else {
        text.to_owned()
    };
    DateTime::parse_from_rfc3339(&text)
        .expect("a date in a test")
        .with_timezone(&Utc)
}

fn options() -> Options {
    Options::at(at("2026-06-06"))
}

fn files<'a>(groups: &'a str, memberships: &'a str, players: Option<&'a str>) -> Files<'a> {
    let file = |name, text: &'a str| InputFile {
        name,
        bytes: text.as_bytes(),
    };
    Files {
        groups: file("g.csv", groups),
        memberships: file("m.csv", memberships),
        players: players.map(|text| file("p.csv", text)),
    }
}

/// An organisation in memory that takes imports.
#[derive(Default)]
struct World {
    existing: Existing,
    ids: u128,
}

impl World {
    fn plan(&mut self, files: &Files<'_>, options: &Options) -> Plan {
        let ids = &mut self.ids;
        plan(files, &self.existing, options, || {
            *ids += 1;
            Uuid::from_u128(*ids)
        })
    }

    fn import(&mut self, files: &Files<'_>, options: &Options) -> Plan {
        let plan = self.plan(files, options);
        self.apply(&plan);
        plan
    }

    fn group(&mut self, id: Uuid) -> &mut ExistingGroup {
        self.existing
            .groups
            .iter_mut()
            .find(|group| group.id == id)
            .expect("a known group")
    }

    fn group_named(&self, name: &str) -> &ExistingGroup {
        self.existing
            .groups
            .iter()
            .find(|group| group.name == name)
            .expect("a known group")
    }

    fn apply(&mut self, plan: &Plan) {
        for new in plan.groups_to_create.iter().cloned() {
            self.existing.groups.push(ExistingGroup {
                id: new.id,
                acronym: new.acronym.unwrap_or_else(|| "made".to_owned()),
                name: new.name,
                parent: new.parent,
                kind: new.kind,
                description: new.description,
                exclusive: new.exclusive,
                visibility: new.visibility,
                policy: new.policy,
                founded: new.founded,
                retired: new.retired,
                hidden: false,
            });
            self.check_tree();
        }
        for update in plan.groups_to_update.iter().cloned() {
            let (group, new) = (self.group(update.id), update.changes);
            group.parent = new.moved.map_or(group.parent, |place| place.to);
            group.acronym = new.acronym.unwrap_or(group.acronym.clone());
            group.kind = new.kind.unwrap_or(group.kind.clone());
            group.description = new.description.unwrap_or(group.description.clone());
            group.visibility = new.visibility.unwrap_or(group.visibility.clone());
            group.policy = new.policy.unwrap_or(group.policy.clone());
            group.founded = new.founded.unwrap_or(group.founded);
            group.retired = new.retired.or(group.retired);
            self.check_tree();
        }
        for new in plan.players_to_create.iter().cloned() {
            let standing = new.standing.unwrap_or_else(|| "active".to_owned());
            let (id, name, joined) = (new.id, new.name, new.joined);
            self.existing.players.push(ExistingPlayer {
                id,
                name,
                standing,
                joined,
                held: false,
            });
        }
        for update in plan.players_to_update.iter().cloned() {
            let player = self
                .existing
                .players
                .iter_mut()
                .find(|player| player.id == update.id);
            let player = player.expect("a known player");
            player.standing = update.standing.unwrap_or(player.standing.clone());
            player.joined = update.joined.unwrap_or(player.joined);
        }
        for new in plan.roles_to_create.iter().cloned() {
            let (id, group_id, name, leadership) = (new.id, new.group_id, new.name, new.leadership);
            let role = ExistingRole {
                id,
                group_id,
                name,
                leadership,
                singular: false,
                grants: granted_by(leadership, AccessSet::default()),
            };
            self.existing.roles.push(role);
        }
        for close in &plan.memberships_to_close {
            let old = self
                .existing
                .memberships
                .iter_mut()
                .find(|old| old.id == close.id);
            let old = old
                .filter(|old| old.until.is_none())
                .expect("a known open membership");
            assert_eq!(
                (old.player_id, old.group_id),
                (close.player_id, close.group_id)
            );
            old.until = Some(close.until);
        }
        for new in &plan.memberships_to_create {
            self.existing.memberships.push(ExistingMembership {
                id: new.id,
                player_id: new.player_id,
                group_id: new.group_id,
                role_id: new.role_id,
                since: new.since,
                until: new.until,
            });
        }
        self.check_rows();
    }

    /// Every parent exists and the way up ends.
    fn check_tree(&self) {
        let parents: HashMap<Uuid, Option<Uuid>> = self
            .existing
            .groups
            .iter()
            .map(|group| (group.id, group.parent))
            .collect();
        for group in &self.existing.groups {
            let (mut next, mut steps) = (group.parent, 0);
            while let Some(id) = next {
                next = *parents.get(&id).expect("parents are made before children");
                steps += 1;
                assert!(steps <= parents.len(), "{} is in a cycle", group.name);
            }
        }
    }

    /// What the keys of the database hold: unique names, real references, and no overlaps.
    fn check_rows(&self) {
        let unique = |names: Vec<String>| {
            let count = names.len();
            assert_eq!(
                names.into_iter().collect::<HashSet<_>>().len(),
                count,
                "names are unique"
            );
        };
        let all = &self.existing;
        unique(
            all.groups
                .iter()
                .map(|group| group.name.to_lowercase())
                .collect(),
        );
        unique(
            all.players
                .iter()
                .map(|player| player.name.clone())
                .collect(),
        );
        let role = |role: &ExistingRole| format!("{}{}", role.group_id, role.name.to_lowercase());
        unique(all.roles.iter().map(role).collect());

        let exclusive: HashSet<Uuid> = all
            .groups
            .iter()
            .filter(|group| group.exclusive)
            .map(|group| group.id)
            .collect();
        let singular: HashSet<Uuid> = all
            .roles
            .iter()
            .filter(|role| role.singular)
            .map(|role| role.id)
            .collect();
        let roles: HashMap<Uuid, Uuid> = all
            .roles
            .iter()
            .map(|role| (role.id, role.group_id))
            .collect();
        let players: HashSet<Uuid> = all.players.iter().map(|player| player.id).collect();
        for (at, one) in all.memberships.iter().enumerate() {
            assert_eq!(
                roles.get(&one.role_id),
                Some(&one.group_id),
                "the role is the group's"
            );
            assert!(players.contains(&one.player_id), "the player exists");
            assert!(one.until.is_none_or(|until| until > one.since), "it lasts");
            for other in &all.memberships[..at] {
                let apart = |a: &ExistingMembership, b: &ExistingMembership| {
                    a.until.is_some_and(|until| until <= b.since)
                };
                let same_player = one.player_id == other.player_id;
                let bound = same_player && one.role_id == other.role_id
                    || same_player
                        && exclusive.contains(&one.group_id)
                        && exclusive.contains(&other.group_id)
                    || one.role_id == other.role_id && singular.contains(&one.role_id);
                assert!(
                    !bound || apart(one, other) || apart(other, one),
                    "{one:?} {other:?}"
                );
            }
        }
    }
}

/// Imports into an empty organisation.
fn import(groups: &str, memberships: &str, players: Option<&str>) -> (World, Plan) {
    let mut world = World::default();
    let plan = world.import(&files(groups, memberships, players), &options());
    (world, plan)
}

/// The problems as (first letter of the file, line, code, is an error).
fn problems(plan: &Plan) -> Vec<(char, u32, ProblemCode, bool)> {
    plan.problems
        .iter()
        .map(|problem| {
            let file = problem.file.chars().next().unwrap_or_default();
            (
                file,
                problem.line,
                problem.code,
                problem.severity == Severity::Error,
            )
        })
        .collect()
}

fn counts(created: u32, updated: u32, unchanged: u32, skipped: u32) -> Counts {
    Counts {
        created,
        updated,
        unchanged,
        skipped,
    }
}

const GROUPS: &str = "group,parent\nHQ,\nAlpha,HQ\n";
const NO_MEMBERS: &str = "player,group,role,since,until\n";
