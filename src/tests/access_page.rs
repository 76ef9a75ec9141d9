//! Who can do what (§3.6): the pages agree with the decision, and lists with checks.

use crate::{
    catalogue::{Maker, borrow},
    support::{Caller, Org, World, on_both_databases},
};
use muster::{
    domain::{
        GroupId, PlayerId,
        access::{AccessSet, Action, Facts, RankFacts, Target, decide},
    },
    features::{
        access::model::{AccessPage, PersonAccess},
        roster::model::pages::{Choices, GroupChoice, GroupPage, SearchPage},
    },
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use std::collections::{BTreeMap, BTreeSet};

const GROUPS: usize = 5;
const PEOPLE: usize = 4;
/// Organisations for each database.
const ORGS: usize = 3;

/// What chance decides of an Org.
#[derive(Clone, Debug)]
struct Plan {
    /// For each group: below which earlier one, if any, and whether it is private.
    groups: Vec<(Option<usize>, bool)>,
    people: Vec<Somebody>,
}

#[derive(Clone, Debug)]
struct Somebody {
    level: i64,
    access: AccessSet,
    co_founder: bool,
    /// Group, and whether they lead it.
    place: Option<(usize, bool)>,
    manages: Option<usize>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let access = proptest::collection::vec(proptest::sample::select(Action::ALL), 0..4)
        .prop_map(|actions| actions.into_iter().collect::<AccessSet>());
    let somebody = (
        1..100i64,
        access,
        proptest::bool::weighted(0.1),
        proptest::option::of((0..GROUPS, any::<bool>())),
        proptest::option::of(0..GROUPS),
    )
        .prop_map(|(level, access, co_founder, place, manages)| Somebody {
            level,
            access,
            co_founder,
            place,
            manages,
        });
    let group = (
        proptest::option::weighted(0.7, 0..GROUPS),
        proptest::bool::weighted(0.3),
    );
    (
        proptest::collection::vec(group, GROUPS),
        proptest::collection::vec(somebody, PEOPLE),
    )
        .prop_map(|(groups, people)| Plan { groups, people })
}

/// An Org as planned.
struct Scene {
    world: World,
    org: Org,
    groups: Vec<GroupId>,
    parents: BTreeMap<GroupId, GroupId>,
    people: Vec<(Caller, PlayerId, Somebody)>,
}

impl Scene {
    async fn new(world: &World, slug: &str, plan: &Plan) -> Self {
        let org = world.org(slug).await;
        let root = org.id.root_group();
        let (mut groups, mut parents) = (Vec::new(), BTreeMap::new());
        for (at, (below, private)) in plan.groups.iter().enumerate() {
            let parent = below
                .filter(|below| *below < at)
                .map_or(root, |below| groups[below]);
            let visibility = if *private { "private" } else { "public" };
            let fields = [
                ("parent_id", parent.to_string()),
                ("name", format!("Group {at}")),
                ("acronym", String::new()),
                ("description", "For tests".to_owned()),
                ("kind", "Squad".to_owned()),
                ("exclusive", "true".to_owned()),
                ("visibility", visibility.to_owned()),
                ("policy", "closed".to_owned()),
            ];
            let path = "/api/roster/create_group";
            let made = world
                .command(&org.host, path, &borrow(&fields), &org.founder)
                .await;
            let group = made.outcome().event.unwrap().group_id.unwrap();
            groups.push(group);
            parents.insert(group, parent);
        }
        let mut people = Vec::new();
        for (at, somebody) in plan.people.iter().enumerate() {
            let (caller, player) = world.claimed(&org, &format!("Person {at}")).await;
            world
                .rank(&org, player, somebody.level, somebody.access)
                .await;
            if let Some((group, leads)) = somebody.place {
                let role = if leads { "In Command" } else { "Member" };
                let place = world
                    .place(&org, player, groups[group], Some(role), &org.founder)
                    .await;
                if place.status != 200 {
                    // Somebody leads it already.
                    world
                        .place(&org, player, groups[group], Some("Member"), &org.founder)
                        .await
                        .outcome();
                }
            }
            if let Some(group) = somebody.manages {
                let fields = [
                    ("group_id", groups[group].to_string()),
                    ("player_id", player.to_string()),
                    ("manages", "true".to_owned()),
                ];
                world
                    .command(
                        &org.host,
                        "/api/roster/set_manager",
                        &borrow(&fields),
                        &org.founder,
                    )
                    .await
                    .outcome();
            }
            if somebody.co_founder {
                let id = player.to_string();
                world
                    .command(
                        &org.host,
                        "/api/tenants/add_co_founder",
                        &[("player_id", &id)],
                        &org.founder,
                    )
                    .await
                    .outcome();
            }
            people.push((caller, player, somebody.clone()));
        }
        Self {
            world: world.clone(),
            org,
            groups,
            parents,
            people,
        }
    }

    fn path(&self, group: GroupId) -> Vec<GroupId> {
        let mut path = vec![group];
        let mut at = group;
        while let Some(parent) = self.parents.get(&at) {
            path.push(*parent);
            at = *parent;
        }
        path
    }

    /// What somebody holds, put together from the plan and not from the program's read model.
    async fn facts(&self, player: PlayerId, somebody: &Somebody) -> Facts {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let led: Vec<(GroupId,)> = tx
            .all(
                "select m.group_id from membership m
                   join role r on r.org_id = m.org_id and r.role_id = m.role_id
                  where m.org_id = $1 and m.player_id = $2 and m.until is null and r.leadership",
                (self.org.id, player),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Facts {
            founder: false,
            co_founder: somebody.co_founder,
            player: Some(player),
            rank: RankFacts {
                level: somebody.level,
                access: somebody.access,
                ..RankFacts::default()
            },
            roles: led
                .into_iter()
                .map(|(group,)| (group, AccessSet::leadership()))
                .collect(),
            manages: somebody
                .manages
                .into_iter()
                .map(|at| self.groups[at])
                .collect(),
        }
    }

    async fn read<T: serde::de::DeserializeOwned>(&self, path: &str, caller: &Caller) -> T {
        let answer = self.world.read(&self.org.host, path, caller).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }
}

fn ids(groups: &[GroupChoice]) -> BTreeSet<GroupId> {
    groups.iter().map(|group| group.id).collect()
}

/// Some Orgs as chance has them, the same in every run.
fn plans() -> Vec<Plan> {
    let mut runner = TestRunner::deterministic();
    assert!(Config::default().cases > 0);
    (0..ORGS)
        .map(|_| plan().new_tree(&mut runner).unwrap().current())
        .collect()
}

on_both_databases! {
    async fn the_pages_say_what_the_decision_says(world: World) {
        for (at, plan) in plans().iter().enumerate() {
            let scene = Scene::new(&world, &format!("org{at}"), plan).await;
            let founder = &scene.org.founder;
            let mut places: Vec<Option<GroupId>> = vec![None];
            places.extend(scene.groups.iter().copied().map(Some));
            for place in places {
                let group = place.map(|group| group.to_string()).unwrap_or_default();
                let path = format!("/api/access/list_access?group={group}");
                let page: AccessPage = scene.read(&path, founder).await;
                let target_path = place.map(|group| scene.path(group)).unwrap_or_default();
                for (_, player, somebody) in &scene.people {
                    let facts = scene.facts(*player, somebody).await;
                    let row = page.rows.iter().find(|row| row.player == *player);
                    for (column, action) in page.actions.iter().enumerate() {
                        let target = match place {
                            None => Target::Org,
                            Some(_) => Target::Group(&target_path),
                        };
                        let may = decide(&facts, *action, target).is_ok();
                        let said = match row {
                            Some(row) => !row.cells[column].is_empty(),
                            // Whoever has no row can do what everybody can, at most.
                            None => may && page.everybody.contains(action),
                        };
                        assert_eq!(
                            said, may,
                            "{action:?} at {place:?} by {somebody:?}: the page says {said}"
                        );
                    }
                }
            }
            for (caller, player, somebody) in &scene.people {
                let facts = scene.facts(*player, somebody).await;
                let path = format!("/api/access/read_access?id={player}");
                let own: PersonAccess = scene.read(&path, caller).await;
                assert!(own.own);
                for line in &own.everywhere {
                    let decided = decide(&facts, line.action, Target::Org);
                    assert_eq!(line.answer.is_ok(), decided.is_ok(), "{line:?} of {somebody:?}");
                    assert_eq!(line.answer.as_ref().err(), decided.as_ref().err());
                }
            }
        }
    }

    async fn lists_offer_exactly_what_the_commands_take(world: World) {
        for (at, plan) in plans().iter().enumerate() {
            let scene = Scene::new(&world, &format!("org{at}"), plan).await;
            let host = &scene.org.host;
            let maker = Maker::new(&world, &scene.org, scene.org.id.root_group());
            for (caller, _, somebody) in &scene.people {
                let choices: Choices = scene.read("/api/roster/read_choices", caller).await;
                let found: SearchPage = scene.read("/api/roster/search?text=Group", caller).await;
                let (assign, edit) = (ids(&choices.groups), ids(&choices.parents));
                let (homes, seen) = (ids(&choices.homes), ids(&found.groups));
                for group in &scene.groups {
                    let whom = world.player(&scene.org, &maker.name("Somebody")).await;
                    let context = format!("{group} for {somebody:?}");
                    let page = world
                        .read(host, &format!("/api/roster/read_group?id={group}"), caller)
                        .await;
                    assert_eq!(page.status == 200, seen.contains(group), "seeing {context}");
                    if page.status == 200 {
                        let page: GroupPage = page.json();
                        assert_eq!(page.can_assign, assign.contains(group), "assigning in {context}");
                        assert_eq!(page.can_edit, edit.contains(group), "editing {context}");
                    }
                    let placed = world
                        .place_expecting(&scene.org, whom, *group, None, None, caller)
                        .await;
                    assert_eq!(placed.status == 200, assign.contains(group), "placing in {context}: {placed:?}");
                    let name = format!("Under {group} {}", whom);
                    let fields = [
                        ("parent_id", group.to_string()),
                        ("name", name),
                        ("acronym", String::new()),
                        ("description", "For tests".to_owned()),
                        ("kind", "Squad".to_owned()),
                        ("visibility", "public".to_owned()),
                        ("policy", "closed".to_owned()),
                    ];
                    let made = world
                        .command(host, "/api/roster/create_group", &borrow(&fields), caller)
                        .await;
                    assert_eq!(made.status == 200, edit.contains(group), "creating under {context}: {made:?}");
                    let fields = [("common_name", format!("New {whom}")), ("group_id", group.to_string())];
                    let added = world
                        .command(host, "/api/roster/create_player", &borrow(&fields), caller)
                        .await;
                    assert_eq!(added.status == 200, homes.contains(group), "adding to {context}: {added:?}");
                }
            }
        }
    }
}
