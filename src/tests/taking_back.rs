//! Undo and retirement with the rights of whoever does them: taking something back gives nobody more
//! than the actor could give, and moves nobody whom they may not touch.

use crate::{
    catalogue::{Maker, borrow},
    support::{Answer, Caller, Org, World, on_both_databases},
};
use muster::domain::{
    AppError, ConflictCode, GroupId, PlayerId,
    access::{AccessSet, Action, Missing},
};

struct Scene {
    world: World,
    org: Org,
    maker: Maker,
    /// An exclusive group.
    alpha: GroupId,
    /// One below it.
    squad: GroupId,
}

impl Scene {
    async fn new(world: &World) -> Self {
        let org = world.org("apple").await;
        let alpha = world.group(&org, org.id.root_group(), "Alpha", true).await;
        let squad = world.group(&org, alpha, "Squad", true).await;
        Self {
            world: world.clone(),
            maker: Maker::new(world, &org, alpha),
            org,
            alpha,
            squad,
        }
    }

    /// Somebody of level 50 with this access.
    async fn officer(&self, name: &str, access: &[Action]) -> Caller {
        let (caller, player) = self.world.claimed(&self.org, name).await;
        let access = access.iter().copied().collect();
        self.world.rank(&self.org, player, 50, access).await;
        caller
    }

    async fn send(&self, path: &str, fields: &[(&str, String)], by: &Caller) -> Answer {
        let (world, host) = (&self.world, &self.org.host);
        let path = format!("/api/{path}");
        world.command(host, &path, &borrow(fields), by).await
    }

    async fn undo(&self, seq: i64, by: &Caller) -> Answer {
        self.send("audit/undo_event", &[("seq", seq.to_string())], by)
            .await
    }

    async fn kick(&self, player: PlayerId, by: &Caller) -> Answer {
        let fields = [
            ("player_id", player.to_string()),
            ("reason", "For tests".to_owned()),
        ];
        self.send("roster/kick_player", &fields, by).await
    }

    async fn retire(&self, group: GroupId, members: &str, by: &Caller) -> Answer {
        let roster = self.world.roster(&self.org).await;
        let version = roster.group(group).map_or(1, |group| group.version);
        let fields = [
            ("group_id", group.to_string()),
            ("version", version.to_string()),
            ("members", members.to_owned()),
        ];
        self.send("roster/retire_group", &fields, by).await
    }

    async fn role(&self, group: GroupId, name: &str, fields: &[(&'static str, &str)]) {
        let mut all = vec![("group_id", group.to_string()), ("name", name.to_owned())];
        all.extend(
            fields
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        let made = self.send("roster/create_role", &all, &self.org.founder);
        made.await.outcome();
    }

    async fn place(&self, player: PlayerId, group: GroupId, role: Option<&str>) {
        let founder = &self.org.founder;
        let placed = self.world.place(&self.org, player, group, role, founder);
        placed.await.outcome();
    }

    /// The group and role of a player's exclusive membership.
    async fn place_of(&self, player: PlayerId) -> Option<(GroupId, String)> {
        let roster = self.world.roster(&self.org).await;
        let (_, group) = roster.exclusive_of(player)?;
        let members = roster.members_of(group).iter();
        let mut own = members.filter(|member| member.player_id == player);
        Some((group, own.next()?.role_name.clone()))
    }
}

fn place(group: GroupId, role: &str) -> Option<(GroupId, String)> {
    Some((group, role.to_owned()))
}

fn conflict(code: ConflictCode) -> AppError {
    AppError::Conflict(code)
}

on_both_databases! {
    async fn undoing_an_old_kick_restores_no_rank_above_the_undoer(world: World) {
        let scene = Scene::new(&world).await;
        let officer = scene.officer("Officer", &[Action::Kick, Action::ReadLog]).await;
        let recruit = scene.maker.rank_named("Recruit").await;
        let rank_of = async |player| world.roster(&scene.org).await.player(player).unwrap().rank_id;
        // One whose rank was above the officer's, and one whose rank grants what the officer has not.
        for (name, level, access) in [("High", 80, vec![]), ("Low", 20, vec![Action::Import])] {
            let (_, player) = world.claimed(&scene.org, name).await;
            world.rank(&scene.org, player, level, access.into_iter().collect()).await;
            let kicked = scene.kick(player, &scene.org.founder).await.seq();
            let fields = [("player_id", player.to_string())];
            scene.send("roster/reinstate_player", &fields, &scene.org.founder).await.outcome();
            scene.kick(player, &officer).await.outcome();
            scene.undo(kicked, &officer).await.outcome();
            assert_eq!(
                rank_of(player).await, Some(recruit),
                "{name} got a rank from somebody who could not give it"
            );
        }
        // What the officer could give comes back.
        let (_, player) = world.claimed(&scene.org, "Fellow").await;
        world.rank(&scene.org, player, 20, [Action::ReadLog].into_iter().collect()).await;
        let before = rank_of(player).await;
        let kicked = scene.kick(player, &officer).await.seq();
        scene.undo(kicked, &officer).await.outcome();
        assert_eq!(rank_of(player).await, before);
        assert_ne!(before, Some(recruit));
    }

    async fn undoing_a_kick_restores_only_what_the_undoer_may_give(world: World) {
        let scene = Scene::new(&world).await;
        let club = world.group(&scene.org, scene.org.id.root_group(), "Club", false).await;
        let bare = scene.officer("Kicker", &[Action::Kick, Action::ReadLog]).await;
        let assigns = [Action::Kick, Action::ReadLog, Action::AssignMembers];
        let assigns = scene.officer("Assigner", &assigns).await;
        let (_, player) = world.claimed(&scene.org, "Smith").await;
        for (by, restored) in [
            (&bare, vec![]),
            (&assigns, vec!["Club"]),
            (&scene.org.founder, vec!["Club", "Squad", "manages Alpha"]),
        ] {
            let roster = world.roster(&scene.org).await;
            let there = roster.groups_of(player);
            if !there.contains(&scene.squad) {
                scene.place(player, scene.squad, Some("In Command")).await;
            }
            if !there.contains(&club) {
                scene.place(player, club, None).await;
            }
            if roster.managed_by(player).next().is_none() {
                let fields = [
                    ("group_id", scene.alpha.to_string()),
                    ("player_id", player.to_string()),
                    ("manages", "true".to_owned()),
                ];
                scene.send("roster/set_manager", &fields, &scene.org.founder).await.outcome();
            }
            let kicked = scene.kick(player, by).await.seq();
            scene.undo(kicked, by).await.outcome();
            let roster = world.roster(&scene.org).await;
            let mut now: Vec<&str> = Vec::new();
            let groups = roster.groups_of(player);
            now.extend(groups.contains(&club).then_some("Club"));
            now.extend(groups.contains(&scene.squad).then_some("Squad"));
            now.extend(roster.managed_by(player).next().map(|_| "manages Alpha"));
            assert_eq!(now, restored, "what an undo gives back is what the undoer may give");
        }
    }

    async fn who_is_gone_is_invited_no_more(world: World) {
        let scene = Scene::new(&world).await;
        let player = world.player(&scene.org, "Smith").await;
        let fields = [("player_id", player.to_string())];
        let invite = async || scene.send("roster/invite_player", &fields, &scene.org.founder).await;
        let invited = invite().await.outcome().goto.unwrap();
        let token = invited.split_once("invitation=").unwrap().1.to_owned();
        let newcomer = world.user("Newcomer").await;
        let accept = async || {
            scene.send("roster/accept_invitation", &[("token", token.clone())], &newcomer).await
        };
        let kicked = scene.kick(player, &scene.org.founder).await.seq();
        assert_eq!(accept().await.error(), AppError::NotFound, "somebody claimed a kicked player");
        let page = world.get(&scene.org.host, &format!("/claim/{token}"), &newcomer).await;
        assert_eq!(page.status.as_u16(), 404);
        assert_eq!(invite().await.error(), conflict(ConflictCode::PlayerGone));
        // The old link is no way in either when they are back: whoever wants them invites them again.
        scene.undo(kicked, &scene.org.founder).await.outcome();
        assert_eq!(accept().await.error(), AppError::NotFound);
        invite().await.outcome();
    }

    async fn a_player_whom_a_file_says_gone_is_claimed_by_nobody(world: World) {
        let scene = Scene::new(&world).await;
        let player = world.player(&scene.org, "Smith").await;
        let fields = [("player_id", player.to_string())];
        let invited = scene.send("roster/invite_player", &fields, &scene.org.founder).await;
        let invited = invited.outcome().goto.unwrap();
        let token = invited.split_once("invitation=").unwrap().1.to_owned();
        // As rows were written before invitations ended with their player.
        let mut tx = world.state.db.system().await.unwrap();
        tx.run("update player set standing = 'left' where player_id = $1", (player,)).await.unwrap();
        tx.commit().await.unwrap();
        let newcomer = world.user("Newcomer").await;
        let accepted = scene.send("roster/accept_invitation", &[("token", token)], &newcomer).await;
        assert_eq!(accepted.error(), AppError::NotFound);
    }

    async fn members_of_a_retired_group_get_an_ordinary_role(world: World) {
        let scene = Scene::new(&world).await;
        // Before "Member" in order, and it grants something.
        let mut tx = world.state.db.system().await.unwrap();
        tx.run("update role set sort_order = sort_order + 5000 where name = 'Member'", ()).await.unwrap();
        tx.commit().await.unwrap();
        scene.role(scene.alpha, "Recruiter", &[("access[0]", "player.kick")]).await;
        let (_, player) = world.claimed(&scene.org, "Smith").await;
        scene.place(player, scene.squad, None).await;
        let retired = scene.retire(scene.squad, "parent", &scene.org.founder).await.seq();
        assert_eq!(
            scene.place_of(player).await, place(scene.alpha, "Member"),
            "a retirement gives nobody access"
        );
        scene.undo(retired, &scene.org.founder).await.outcome();
        assert_eq!(scene.place_of(player).await, place(scene.squad, "Member"));
        // Without an ordinary role above, nobody is dropped in silence.
        let mut tx = world.state.db.system().await.unwrap();
        tx.run(
            "update role set access = 'player.kick' where group_id = $1 and name = 'Member'",
            (scene.alpha,),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let refused = scene.retire(scene.squad, "parent", &scene.org.founder).await.error();
        assert_eq!(refused, conflict(ConflictCode::NoOrdinaryRole));
        assert_eq!(scene.place_of(player).await, place(scene.squad, "Member"));
    }

    async fn retiring_a_group_removes_nobody_who_may_not_be_removed(world: World) {
        let scene = Scene::new(&world).await;
        let both = [Action::EditStructure, Action::AssignMembers];
        let officer = scene.officer("Officer", &both).await;
        let roster = world.roster(&scene.org).await;
        let founder = roster.players.iter().find(|player| player.founder).unwrap().player_id;
        scene.place(founder, scene.squad, None).await;
        for members in ["unassigned", "parent"] {
            let refused = scene.retire(scene.squad, members, &officer).await.error();
            assert_eq!(refused, AppError::Forbidden(Missing::Protected), "members go: {members}");
        }
        assert_eq!(scene.place_of(founder).await, place(scene.squad, "Member"));
        scene.retire(scene.squad, "unassigned", &scene.org.founder).await.outcome();
    }

    async fn undoing_a_retirement_brings_back_who_may_come_back(world: World) {
        let scene = Scene::new(&world).await;
        let access = [Action::EditStructure, Action::AssignMembers, Action::ReadLog];
        let officer = scene.officer("Officer", &access).await;
        let mut people = Vec::new();
        for (name, role) in [("Leader", Some("In Command")), ("Smith", None), ("Gone", None)] {
            let (_, player) = world.claimed(&scene.org, name).await;
            scene.place(player, scene.squad, role).await;
            people.push(player);
        }
        let [leader, smith, gone] = people[..] else { panic!("three people") };
        let retired = scene.retire(scene.squad, "parent", &scene.org.founder).await.seq();
        for player in [leader, smith, gone] {
            assert_eq!(scene.place_of(player).await, place(scene.alpha, "Member"));
        }
        scene.kick(gone, &scene.org.founder).await.outcome();
        scene.undo(retired, &officer).await.outcome();
        assert_eq!(
            scene.place_of(leader).await, place(scene.alpha, "Member"),
            "an undo gave leadership that the undoer has not"
        );
        assert_eq!(scene.place_of(smith).await, place(scene.squad, "Member"));
        assert_eq!(scene.place_of(gone).await, None, "who is gone is in no group");
        // A place that is taken by now leaves its former holder where they are.
        scene.place(leader, scene.squad, Some("In Command")).await;
        let retired = scene.retire(scene.squad, "parent", &scene.org.founder).await.seq();
        let mut tx = world.state.db.system().await.unwrap();
        tx.run(
            "update role set deleted_at = $2 where group_id = $1 and name = 'In Command'",
            (scene.squad, world.now()),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        scene.undo(retired, &scene.org.founder).await.outcome();
        assert_eq!(scene.place_of(smith).await, place(scene.squad, "Member"));
        assert_eq!(
            scene.place_of(leader).await, place(scene.alpha, "Member"),
            "whoever cannot return stays in the parent"
        );
    }

    async fn a_rank_alone_acts_on_no_private_group(world: World) {
        let scene = Scene::new(&world).await;
        let access: Vec<Action> = AccessSet::everything().iter().collect();
        let officer = scene.officer("Officer", &access).await;
        let root = scene.org.id.root_group();
        let cell = world.group_with(&scene.org, root, "Cell", true, "private", "closed").await;
        let moves = [
            ("group_id", cell.to_string()),
            ("parent_id", scene.alpha.to_string()),
            ("after", String::new()),
            ("version", "1".to_owned()),
        ];
        let sorts = [
            ("group_id", cell.to_string()),
            ("parent_id", root.to_string()),
            ("after", scene.alpha.to_string()),
            ("version", "1".to_owned()),
        ];
        for fields in [moves, sorts] {
            let moved = scene.send("roster/move_group", &fields, &officer).await;
            assert_eq!(moved.error(), AppError::NotFound, "who does not see a group moves it");
        }
        let retired = scene.retire(cell, "unassigned", &officer).await;
        assert_eq!(retired.error(), AppError::NotFound, "who does not see a group retires it");
        let retired = scene.retire(cell, "unassigned", &scene.org.founder).await.seq();
        let revived = scene.undo(retired, &officer).await;
        assert_eq!(revived.error(), AppError::NotFound, "who does not see a group revives it");
        scene.undo(retired, &scene.org.founder).await.outcome();
        // Those who see it need not be founders.
        let (_, player) = world.claimed(&scene.org, "Agent").await;
        let team = world.group(&scene.org, cell, "Team", false).await;
        let roster = world.roster(&scene.org).await;
        let officers = roster.players.iter().find(|player| player.common_name == "Officer").unwrap();
        scene.place(officers.player_id, team, None).await;
        scene.place(player, cell, None).await;
        scene.retire(team, "unassigned", &officer).await.outcome();
    }
}
