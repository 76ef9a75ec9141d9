//! The guard before changes to many people at once (§4.8).

use crate::{
    catalogue::{Maker, borrow},
    support::{Answer, Caller, Org, World, on_both_databases},
};
use chrono::Duration;
use muster::{
    domain::{
        AppError, ConflictCode, FieldProblem, GroupId, MembershipId, PlayerId,
        access::{AccessSet, Action, Missing},
        event::EventKind,
    },
    features::{
        guard::model::{PlanPage, PlanState},
        transfer_data::{
            input::{Choices, Upload, Uploads},
            service::{Imported, Refused, run_import},
        },
    },
};
use std::sync::Arc;

struct Scene {
    world: World,
    org: Org,
    maker: Maker,
    group: GroupId,
    people: Vec<PlayerId>,
}

impl Scene {
    /// A group of so many, all in its ordinary role.
    async fn new(world: &World, slug: &str, people: usize) -> Self {
        let org = world.org(slug).await;
        let root = org.id.root_group();
        let group = world.group(&org, root, "Alpha", true).await;
        let mut all = Vec::new();
        for at in 0..people {
            let player = world.player(&org, &format!("Person {at}")).await;
            world
                .place(&org, player, group, None, &org.founder)
                .await
                .outcome();
            all.push(player);
        }
        Self {
            world: world.clone(),
            maker: Maker::new(world, &org, group),
            org,
            group,
            people: all,
        }
    }

    async fn memberships(&self) -> Vec<MembershipId> {
        let roster = self.world.roster(&self.org).await;
        let members = roster.members_of(self.group).iter();
        members.map(|member| member.membership_id).collect()
    }

    async fn command(&self, path: &str, fields: &[(&str, String)], caller: &Caller) -> Answer {
        let fields = borrow(fields);
        self.world
            .command(&self.org.host, path, &fields, caller)
            .await
    }

    /// Plans the removal of these and answers the plan's id.
    async fn plan(&self, members: &[MembershipId], caller: &Caller) -> Answer {
        let names: Vec<String> = (0..members.len())
            .map(|at| format!("members[{at}]"))
            .collect();
        let mut fields = vec![
            ("group_id", self.group.to_string()),
            ("reason", "Inactive".to_owned()),
        ];
        fields.extend(
            names
                .iter()
                .zip(members)
                .map(|(name, id)| (name.as_str(), id.to_string())),
        );
        self.command("/api/guard/plan_removal", &fields, caller)
            .await
    }

    async fn look(&self, planned: &Answer, caller: &Caller) -> PlanPage {
        let path = format!("/api/guard/read_plan?id={}", id_of(planned));
        self.world.read(&self.org.host, &path, caller).await.json()
    }

    async fn apply(&self, page: &PlanPage, count: &str, caller: &Caller) -> Answer {
        let fields = [
            ("plan_id", page.id.to_string()),
            ("digest", page.digest.clone()),
            ("count", count.to_owned()),
        ];
        self.command("/api/guard/apply_plan", &fields, caller).await
    }

    async fn undo(&self, seq: i64) -> Answer {
        let fields = [("seq", seq.to_string())];
        self.command("/api/audit/undo_event", &fields, &self.org.founder)
            .await
    }

    /// Events of a kind and whether they keep an undo of their own, oldest first.
    async fn events(&self, kind: EventKind) -> Vec<(i64, bool)> {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let rows = tx
            .all(
                "select seq, undo is not null from event where org_id = $1 and kind = $2 order by seq",
                (self.org.id, kind.as_str().to_owned()),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        rows
    }
}

fn id_of(planned: &Answer) -> String {
    let goto = planned
        .outcome()
        .goto
        .expect("planning leads to the preview");
    goto.rsplit('/').next().unwrap().to_owned()
}

fn conflict(answer: &Answer) -> ConflictCode {
    match answer.error() {
        AppError::Conflict(code) => code,
        other => panic!("a conflict was due, not {other:?}"),
    }
}

on_both_databases! {
    async fn a_removal_is_looked_at_confirmed_applied_and_undone(world: World) {
        let scene = Scene::new(&world, "apple", 4).await;
        let founder = &scene.org.founder;
        let before = scene.memberships().await;
        let planned = scene.plan(&before[..3], founder).await;
        assert_eq!(scene.memberships().await, before, "planning changes nothing");
        let page = scene.look(&planned, founder).await;
        assert_eq!((page.plan.items.len(), page.state), (3, PlanState::Open));
        assert!(page.must_type && page.allowed == 1, "3 of 5 are more than the limit: {page:?}");
        assert!(page.plan.items[0].what.contains("Alpha") && page.plan.items[0].why == "Inactive");
        for (typed, problem) in [("", FieldProblem::Required), ("4", FieldProblem::Mismatch)] {
            let answer = scene.apply(&page, typed, founder).await;
            assert_eq!(answer.error(), AppError::field("count", problem), "typed {typed:?}");
        }
        assert_eq!(scene.memberships().await, before, "without the number nothing is done");
        let done = scene.apply(&page, " 3 ", founder).await.outcome();
        let line = done.event.expect("one event for all");
        assert_eq!((line.kind, line.can_undo), (EventKind::BulkApplied, true));
        assert_eq!(line.text, "Removed 3 people from Alpha");
        assert_eq!(scene.memberships().await.len(), 1);
        let single = scene.events(EventKind::MemberRemoved).await;
        assert_eq!(single.len(), 3, "each person has an event");
        assert!(
            single.iter().all(|(_, undo)| !undo),
            "only the whole can be taken back, or its undo would find them back already"
        );
        assert_eq!(conflict(&scene.apply(&page, "3", founder).await), ConflictCode::PlanStale);
        assert_eq!(scene.look(&planned, founder).await.state, PlanState::Applied);
        scene.undo(line.seq).await.outcome();
        let roster = world.roster(&scene.org).await;
        assert_eq!(roster.members_of(scene.group).len(), 4, "undo brings everybody back");
        assert!(roster.members_of(scene.group).iter().all(|member| member.role_name == "Member"));
        assert_eq!(conflict(&scene.undo(line.seq).await), ConflictCode::AlreadyUndone);
    }

    async fn what_changed_since_it_was_looked_at_is_not_applied(world: World) {
        let scene = Scene::new(&world, "apple", 3).await;
        let founder = &scene.org.founder;
        let members = scene.memberships().await;
        let planned = scene.plan(&members, founder).await;
        let page = scene.look(&planned, founder).await;
        let fields = [("membership_id", members[0].to_string()), ("reason", "Left".to_owned())];
        scene.command("/api/roster/remove_member", &fields, founder).await.outcome();
        assert_eq!(conflict(&scene.apply(&page, "3", founder).await), ConflictCode::PlanStale);
        assert_eq!(scene.memberships().await.len(), 2, "nothing of a stale plan is done");
        let again = scene.look(&planned, founder).await;
        assert_eq!((again.plan.items.len(), again.plan.skipped.len()), (2, 1));
        scene.apply(&again, "2", founder).await.outcome();
        assert!(scene.memberships().await.is_empty());
    }

    async fn a_plan_is_its_makers_for_an_hour(world: World) {
        let scene = Scene::new(&world, "apple", 2).await;
        let (co_founder, player) = world.claimed(&scene.org, "Deputy").await;
        let fields = [("player_id", player.to_string())];
        scene.command("/api/tenants/add_co_founder", &fields, &scene.org.founder).await.outcome();
        let members = scene.memberships().await;
        let planned = scene.plan(&members[..1], &co_founder).await;
        let page = scene.look(&planned, &co_founder).await;
        let path = format!("/api/guard/read_plan?id={}", page.id);
        let others = world.read(&scene.org.host, &path, &scene.org.founder).await;
        assert_eq!(others.error(), AppError::NotFound, "a plan is seen by its maker only");
        let applied = scene.apply(&page, "1", &scene.org.founder).await;
        assert_eq!(applied.error(), AppError::NotFound);
        world.wait(Duration::minutes(61));
        assert_eq!(conflict(&scene.apply(&page, "1", &co_founder).await), ConflictCode::PlanStale);
        assert_eq!(scene.look(&planned, &co_founder).await.state, PlanState::Expired);
        assert_eq!(scene.memberships().await.len(), 2);
    }

    async fn who_loses_the_right_cannot_apply(world: World) {
        let scene = Scene::new(&world, "apple", 2).await;
        let (leader, player) = world.claimed(&scene.org, "Leader").await;
        world.place(&scene.org, player, scene.group, Some("In Command"), &scene.org.founder)
            .await.outcome();
        let members: Vec<MembershipId> = world.roster(&scene.org).await
            .members_of(scene.group).iter()
            .filter(|member| member.player_id != player)
            .map(|member| member.membership_id)
            .collect();
        let page = scene.look(&scene.plan(&members, &leader).await, &leader).await;
        let elsewhere = world.group(&scene.org, scene.org.id.root_group(), "Bravo", true).await;
        world.place(&scene.org, player, elsewhere, None, &scene.org.founder).await.outcome();
        let refused = scene.apply(&page, "2", &leader).await;
        assert_eq!(
            refused.error(),
            AppError::Forbidden(Missing::AccessHere(Action::AssignMembers)),
            "the right counts when the plan is applied, not when it was made"
        );
        assert_eq!(scene.memberships().await.len(), 2);
    }

    async fn founders_are_left_where_they_are(world: World) {
        let scene = Scene::new(&world, "apple", 1).await;
        let (_, deputy) = world.claimed(&scene.org, "Deputy").await;
        let fields = [("player_id", deputy.to_string())];
        scene.command("/api/tenants/add_co_founder", &fields, &scene.org.founder).await.outcome();
        world.place(&scene.org, deputy, scene.group, None, &scene.org.founder).await.outcome();
        let (leader, player) = world.claimed(&scene.org, "Leader").await;
        world.place(&scene.org, player, scene.group, Some("In Command"), &scene.org.founder)
            .await.outcome();
        let members = scene.memberships().await;
        let page = scene.look(&scene.plan(&members, &leader).await, &leader).await;
        assert_eq!(page.plan.skipped.len(), 1, "{page:?}");
        assert_eq!(page.plan.skipped[0].player, deputy);
        assert_eq!(page.plan.skipped[0].why, AppError::Forbidden(Missing::Protected));
        scene.apply(&page, "2", &leader).await.outcome();
        let left = world.roster(&scene.org).await;
        let left: Vec<PlayerId> =
            left.members_of(scene.group).iter().map(|member| member.player_id).collect();
        assert_eq!(left, [deputy]);
    }

    async fn it_works_as_plain_forms(world: World) {
        let scene = Scene::new(&world, "apple", 2).await;
        let founder = &scene.org.founder;
        let page = world.get(&scene.org.host, &format!("/groups/{}", scene.group), founder).await;
        assert!(page.body.contains("name=\"members[]\""), "the list offers boxes to choose people");
        let members = scene.memberships().await;
        let fields = [
            ("group_id", scene.group.to_string()),
            ("members[]", members[0].to_string()),
            ("members[]", members[1].to_string()),
            ("reason", "Inactive".to_owned()),
        ];
        let sent = world
            .form(&scene.org.host, "/api/guard/plan_removal", &borrow(&fields), founder)
            .await;
        let to = sent.location().to_owned();
        assert!(to.contains("/plans/"), "{sent:?}");
        let path = &to[to.find("/plans/").unwrap()..];
        let preview = world.get(&scene.org.host, path, founder).await;
        for text in ["Person 0", "Person 1", "Type 2 to confirm", "Inactive"] {
            assert!(preview.body.contains(text), "the preview does not say {text:?}");
        }
    }

    async fn several_get_a_rank_and_lose_it_again(world: World) {
        let scene = Scene::new(&world, "apple", 3).await;
        let (officer, player) = world.claimed(&scene.org, "Officer").await;
        world.rank(&scene.org, player, 60, AccessSet::everything()).await;
        world.rank(&scene.org, scene.people[2], 60, AccessSet::default()).await;
        let rank = scene.maker.rank_named("Private").await;
        let mut fields = vec![
            ("group_id", scene.group.to_string()),
            ("rank_id", rank.to_string()),
            ("reason", "Time in service".to_owned()),
        ];
        let names = ["players[0]", "players[1]", "players[2]"];
        fields.extend(names.into_iter().zip(&scene.people).map(|(n, p)| (n, p.to_string())));
        let planned = scene.command("/api/guard/plan_rank_change", &fields, &officer).await;
        let page = scene.look(&planned, &officer).await;
        assert_eq!(page.plan.items.len(), 2, "{page:?}");
        assert_eq!(page.plan.skipped[0].why, AppError::Forbidden(Missing::Level));
        let line = scene.apply(&page, "2", &officer).await.outcome().event.unwrap();
        let ranks = |roster: &muster::features::roster::read_model::Roster| {
            let of = |player: &PlayerId| roster.player(*player).unwrap().rank_id;
            scene.people.iter().map(of).collect::<Vec<_>>()
        };
        let after = ranks(&*world.roster(&scene.org).await);
        assert_eq!(after[..2], [Some(rank), Some(rank)]);
        assert_ne!(after[2], Some(rank), "nobody changes the rank of their equals");
        scene.undo(line.seq).await.outcome();
        let recruit = scene.maker.rank_named("Recruit").await;
        assert_eq!(ranks(&*world.roster(&scene.org).await)[..2], [Some(recruit), Some(recruit)]);
    }

    async fn an_import_ends_what_the_files_do_not_name_within_the_limit(world: World) {
        let scene = Scene::new(&world, "apple", 4).await;
        let import = async |prune_limit: Option<u32>, dry: bool| -> Imported {
            let choices = Choices { prune: true, prune_limit, ..Choices::default() };
            let file = |name: &str, text: &str| Upload { name: name.into(), bytes: text.into() };
            let uploads = Uploads {
                groups: file("groups.csv", "group,parent\nAlpha,\nBravo,\n"),
                memberships: file(
                    "memberships.csv",
                    "player,group,role\nPerson 0,Alpha,member\nPerson 1,Bravo,member\n",
                ),
                players: None,
            };
            let ctx = world.ctx(&scene.org).await;
            run_import(&ctx, Arc::new(uploads), &choices, dry, |_, _| ()).await.unwrap()
        };
        let dry = import(None, true).await;
        assert_eq!((dry.report.memberships_ended, dry.refused), (3, None), "{:?}", dry.report);
        let refused = import(None, false).await;
        assert_eq!(refused.refused, Some(Refused::PruneLimit), "3 of 5 people need to be allowed");
        assert_eq!(refused.report.memberships_ended, 3);
        assert_eq!(scene.memberships().await.len(), 4, "a refused import changes nothing");
        let done = import(Some(3), false).await;
        assert_eq!(done.refused, None);
        assert_eq!(done.report.memberships, dry.report.memberships, "a dry run counts the same");
        let roster = world.roster(&scene.org).await;
        let there = |group: GroupId| -> Vec<PlayerId> {
            roster.members_of(group).iter().map(|member| member.player_id).collect()
        };
        assert_eq!(there(scene.group), [scene.people[0]]);
        let bravo = roster.groups.iter().find(|group| group.name == "Bravo").unwrap().id;
        assert_eq!(there(bravo), [scene.people[1]], "who moved in the files moved here");
        assert_eq!(import(Some(0), false).await.report.memberships_ended, 0, "again changes nothing");
        let json = serde_json::to_value(&done.report).unwrap();
        for (key, value) in [("groups", "created"), ("players", "updated"), ("memberships", "unchanged"), ("roles", "skipped")] {
            assert!(json[key][value].is_number(), "the report keeps its shape: {json}");
        }
        assert_eq!(json["memberships_ended"], 3);
    }
}
