//! Whatever leaders do in whatever order, the rules of §4 hold afterwards.

use crate::{
    catalogue::borrow,
    support::{Org, World, on_both_databases},
};
use muster::{
    domain::{GroupId, MembershipId, PlayerId, time::Instant},
    features::roster::service::roster_as_of,
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use std::collections::{BTreeSet, HashMap};

const PEOPLE: usize = 5;
const GROUPS: usize = 6;
/// Sequences for each database, and steps in each.
const SEQUENCES: usize = 4;
const STEPS: usize = 40;

#[derive(Clone, Debug)]
enum Step {
    Place {
        player: usize,
        group: usize,
        lead: bool,
    },
    Post {
        player: usize,
        lead: bool,
    },
    Remove {
        player: usize,
    },
    Undo {
        back: i64,
    },
    Retire {
        group: usize,
        to_parent: bool,
    },
    Move {
        group: usize,
        under: usize,
    },
    Wait {
        minutes: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let (player, group) = (0..PEOPLE, 0..GROUPS);
    prop_oneof![
        6 => (player.clone(), group.clone(), any::<bool>())
            .prop_map(|(player, group, lead)| Step::Place { player, group, lead }),
        3 => (player.clone(), any::<bool>()).prop_map(|(player, lead)| Step::Post { player, lead }),
        2 => player.prop_map(|player| Step::Remove { player }),
        4 => (0..6i64).prop_map(|back| Step::Undo { back }),
        1 => (group.clone(), any::<bool>())
            .prop_map(|(group, to_parent)| Step::Retire { group, to_parent }),
        2 => (group.clone(), group).prop_map(|(group, under)| Step::Move { group, under }),
        3 => (1..3000i64).prop_map(|minutes| Step::Wait { minutes }),
    ]
}

struct Scene {
    world: World,
    org: Org,
    groups: Vec<GroupId>,
    people: Vec<PlayerId>,
}

impl Scene {
    async fn new(world: &World, slug: &str) -> Self {
        let org = world.org(slug).await;
        let root = org.id.root_group();
        let mut groups: Vec<GroupId> = Vec::new();
        for at in 0..GROUPS {
            let parent = if at < 2 { root } else { groups[at - 2] };
            groups.push(
                world
                    .group(&org, parent, &format!("Group {at}"), at % 3 != 2)
                    .await,
            );
        }
        let mut people = Vec::new();
        for at in 0..PEOPLE {
            people.push(world.player(&org, &format!("Person {at}")).await);
        }
        Self {
            world: world.clone(),
            org,
            groups,
            people,
        }
    }

    async fn command(&self, path: &str, fields: &[(&str, String)]) {
        let answer = self
            .world
            .command(&self.org.host, path, &borrow(fields), &self.org.founder)
            .await;
        // Refusals are part of the game, failures are not.
        assert!(
            !answer.status.is_server_error(),
            "{path} with {fields:?} answered {answer:?}"
        );
    }

    async fn do_step(&self, step: &Step) {
        let roster = self.world.roster(&self.org).await;
        let membership = |player: usize| {
            let player = self.people[player];
            roster.exclusive_of(player)
        };
        let role = |group: GroupId, lead: bool| {
            let name = if lead { "In Command" } else { "Member" };
            let role = roster.roles_of(group).iter().find(|role| role.name == name);
            role.map(|role| role.role_id.to_string())
                .unwrap_or_default()
        };
        match step {
            Step::Place {
                player,
                group,
                lead,
            } => {
                let group = self.groups[*group];
                let expected = membership(*player).map(|(id, _)| id.to_string());
                let fields = [
                    ("player_id", self.people[*player].to_string()),
                    ("group_id", group.to_string()),
                    ("role_id", role(group, *lead)),
                    ("expected", expected.unwrap_or_default()),
                ];
                self.command("/api/roster/place_player", &fields).await;
            }
            Step::Post { player, lead } => {
                let Some((id, group)) = membership(*player) else {
                    return;
                };
                let fields = [
                    ("membership_id", id.to_string()),
                    ("role_id", role(group, *lead)),
                ];
                self.command("/api/roster/post_member", &fields).await;
            }
            Step::Remove { player } => {
                let Some((id, _)) = membership(*player) else {
                    return;
                };
                let fields = [
                    ("membership_id", id.to_string()),
                    ("reason", "Left".to_owned()),
                ];
                self.command("/api/roster/remove_member", &fields).await;
            }
            Step::Undo { back } => {
                let newest = self.world.ctx(&self.org).await.tenant().unwrap().seq;
                let fields = [("seq", (newest - back).to_string())];
                self.command("/api/audit/undo_event", &fields).await;
            }
            Step::Retire { group, to_parent } => {
                let group = self.groups[*group];
                let Some(version) = roster.group(group).map(|group| group.version) else {
                    return;
                };
                let members = if *to_parent { "parent" } else { "unassigned" };
                let fields = [
                    ("group_id", group.to_string()),
                    ("version", version.to_string()),
                    ("members", members.to_owned()),
                ];
                self.command("/api/roster/retire_group", &fields).await;
            }
            Step::Move { group, under } => {
                let group = self.groups[*group];
                let Some(version) = roster.group(group).map(|group| group.version) else {
                    return;
                };
                let fields = [
                    ("group_id", group.to_string()),
                    ("version", version.to_string()),
                    ("parent_id", self.groups[*under].to_string()),
                ];
                self.command("/api/roster/move_group", &fields).await;
            }
            Step::Wait { minutes } => self.world.wait(chrono::Duration::minutes(*minutes)),
        }
    }

    /// What is broken now.
    async fn broken(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let org = self.org.id;
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let exclusive: Vec<(PlayerId, i64)> = tx
            .all(
                "select player_id, count(*) from membership
                  where org_id = $1 and until is null and exclusive
                  group by player_id having count(*) > 1",
                (org,),
            )
            .await
            .unwrap();
        if !exclusive.is_empty() {
            broken.push(format!("in several exclusive groups: {exclusive:?}"));
        }
        let singular: Vec<(String, i64)> = tx
            .all(
                "select r.name, count(*) from membership m
                   join role r on r.org_id = m.org_id and r.role_id = m.role_id
                  where m.org_id = $1 and m.until is null and r.singular
                  group by r.role_id, r.name having count(*) > 1",
                (org,),
            )
            .await
            .unwrap();
        if !singular.is_empty() {
            broken.push(format!("singular roles with several holders: {singular:?}"));
        }
        let events: (i64, i64, i64) = tx
            .one(
                "select count(*), min(seq), max(seq) from event where org_id = $1",
                (org,),
            )
            .await
            .unwrap();
        let (newest,): (i64,) = tx
            .one("select event_seq from org where org_id = $1", (org,))
            .await
            .unwrap();
        if events != (newest, 1, newest) {
            broken.push(format!("the log has gaps: {events:?}, newest {newest}"));
        }
        type Interval = (PlayerId, GroupId, uuid::Uuid, Instant, Option<Instant>);
        let mut intervals: Vec<Interval> = tx
            .all(
                "select player_id, group_id, role_id, since, until from membership
                  where org_id = $1",
                (org,),
            )
            .await
            .unwrap();
        intervals.sort();
        let mut last: HashMap<(PlayerId, GroupId, uuid::Uuid), Option<Instant>> = HashMap::new();
        for (player, group, role, since, until) in intervals {
            // An interval that ended when it began is no time at all.
            if until == Some(since) {
                continue;
            }
            if let Some(before) = last.insert((player, group, role), until)
                && before.is_none_or(|before| before > since)
            {
                broken.push(format!("intervals of {player} in {group} overlap"));
            }
        }
        let parents: Vec<(GroupId, Option<GroupId>)> = tx
            .all(
                "select group_id, parent_id from roster_group where org_id = $1",
                (org,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let parents: HashMap<GroupId, Option<GroupId>> = parents.into_iter().collect();
        for group in parents.keys() {
            let mut at = *group;
            let mut steps = 0;
            while let Some(Some(parent)) = parents.get(&at) {
                at = *parent;
                steps += 1;
                if steps > parents.len() {
                    broken.push(format!("{group} is its own ancestor"));
                    break;
                }
            }
        }
        broken
    }

    /// The roster as of the end of today, read tomorrow from history, is the roster of now.
    async fn history_agrees(&self) {
        let now = self.world.roster(&self.org).await;
        let today = self.world.now().format("%Y-%m-%d").to_string();
        self.world.wait(chrono::Duration::days(2));
        let then = roster_as_of(&self.world.ctx(&self.org).await, &today)
            .await
            .unwrap();
        type Seen = BTreeSet<(String, GroupId, MembershipId, String)>;
        let seen = |roster: &muster::features::roster::read_model::Roster| -> Seen {
            let groups = roster.groups.iter();
            groups
                .flat_map(|group| {
                    roster.members_of(group.id).iter().map(|member| {
                        (
                            group.ident.clone(),
                            group.parent,
                            member.membership_id,
                            member.role_name.clone(),
                        )
                    })
                })
                .collect()
        };
        assert_eq!(
            seen(&then),
            seen(&now),
            "history tells another roster than the one there was"
        );
        let names =
            |roster: &muster::features::roster::read_model::Roster| -> Vec<(String, GroupId)> {
                roster
                    .groups
                    .iter()
                    .map(|group| (group.name.clone(), group.parent))
                    .collect()
            };
        let (mut before, mut after) = (names(&now), names(&then));
        before.sort();
        after.sort();
        assert_eq!(
            before, after,
            "history tells another tree than the one there was"
        );
    }
}

on_both_databases! {
    async fn the_rules_hold_after_any_sequence(world: World) {
        let mut runner = TestRunner::new_with_rng(
            Config::default(),
            proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
        );
        let sequences = proptest::collection::vec(step(), STEPS);
        for at in 0..SEQUENCES {
            let steps = sequences.new_tree(&mut runner).unwrap().current();
            let scene = Scene::new(&world, &format!("org-{at}")).await;
            for (done, step) in steps.iter().enumerate() {
                scene.do_step(step).await;
                if done % 8 == 7 || done + 1 == steps.len() {
                    let broken = scene.broken().await;
                    assert!(
                        broken.is_empty(),
                        "broken after these steps:\n{:#?}\n{}",
                        &steps[..=done], broken.join("\n")
                    );
                }
            }
            scene.history_agrees().await;
        }
    }
}
