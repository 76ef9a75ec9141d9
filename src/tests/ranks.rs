//! Ranks through their server functions (§3.2, §3.3): what they change, refuse and keep, and that
//! nobody ever reaches above themself.

use crate::{
    catalogue::{Maker, borrow},
    support::{Answer, Caller, Org, World, on_both_databases},
};
use chrono::Duration;
use muster::{
    domain::{
        AppError, ConflictCode, FieldProblem, GroupId, PlayerId, RankId,
        access::{AccessSet, Action, Missing},
        event::EventKind,
        time,
    },
    features::roster::{read_model::Roster, service::roster_as_of},
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use std::collections::HashMap;

/// An Org with a maker for it.
struct Scene {
    world: World,
    org: Org,
    maker: Maker,
}

impl Scene {
    async fn new(world: &World) -> Self {
        let org = world.org("apple").await;
        let maker = Maker::new(world, &org, org.id.root_group());
        Self {
            world: world.clone(),
            org,
            maker,
        }
    }

    async fn send(&self, caller: &Caller, path: &str, fields: &[(&str, String)]) -> Answer {
        let path = format!("/api/{path}");
        self.world
            .command(&self.org.host, &path, &borrow(fields), caller)
            .await
    }

    async fn founder(&self, path: &str, fields: &[(&str, String)]) -> Answer {
        self.send(&self.org.founder, path, fields).await
    }

    /// Somebody with a log-in, and a rank of this level and access.
    async fn officer(&self, name: &str, level: i64, access: AccessSet) -> (Caller, PlayerId) {
        let (caller, player) = self.world.claimed(&self.org, name).await;
        self.world.rank(&self.org, player, level, access).await;
        (caller, player)
    }

    async fn promote(&self, caller: &Caller, player: PlayerId, rank: RankId) -> Answer {
        self.change(caller, "promote", player, rank).await
    }

    async fn demote(&self, caller: &Caller, player: PlayerId, rank: RankId) -> Answer {
        self.change(caller, "demote", player, rank).await
    }

    async fn change(&self, by: &Caller, what: &str, player: PlayerId, rank: RankId) -> Answer {
        let fields = [
            ("player_id", player.to_string()),
            ("rank_id", rank.to_string()),
            ("reason", "For tests".to_owned()),
        ];
        self.send(by, &format!("ranks/{what}_player"), &fields)
            .await
    }

    async fn kick(&self, caller: &Caller, player: PlayerId) -> Answer {
        let fields = [
            ("player_id", player.to_string()),
            ("reason", "For tests".to_owned()),
        ];
        self.send(caller, "roster/kick_player", &fields).await
    }

    async fn undo(&self, caller: &Caller, seq: i64) -> Answer {
        self.send(caller, "audit/undo_event", &[("seq", seq.to_string())])
            .await
    }

    async fn rank_of(&self, player: PlayerId) -> Option<RankId> {
        let roster = self.world.roster(&self.org).await;
        roster.player(player).unwrap().rank_id
    }

    async fn version(&self, rank: RankId) -> String {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (version,): (i64,) = tx
            .one(
                "select version from rank where org_id = $1 and rank_id = $2",
                (self.org.id, rank),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        version.to_string()
    }

    async fn open_holdings(&self, player: PlayerId) -> i64 {
        let mut tx = self.world.state.db.system_read().await.unwrap();
        let (count,): (i64,) = tx
            .one(
                "select count(*) from rank_holding
                  where org_id = $1 and player_id = $2 and until is null",
                (self.org.id, player),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        count
    }
}

fn forbidden(missing: Missing) -> AppError {
    AppError::Forbidden(missing)
}

fn access(actions: &[Action]) -> AccessSet {
    actions.iter().copied().collect()
}

/// The title of a player's rank in a group.
fn title(roster: &Roster, player: PlayerId, group: GroupId) -> String {
    let player = roster.player(player).unwrap();
    roster.rank_in(player, group).unwrap().name.clone()
}

on_both_databases! {
    async fn a_promotion_ends_one_holding_and_starts_another(world: World) {
        let scene = Scene::new(&world).await;
        let smith = world.player(&scene.org, "Smith").await;
        let (recruit, corporal) =
            (scene.maker.rank_named("Recruit").await, scene.maker.rank_named("Corporal").await);
        world.wait(Duration::days(2));
        let answer = scene.promote(&scene.org.founder.clone(), smith, corporal).await;
        let event = answer.outcome().event.unwrap();
        assert_eq!(event.kind, EventKind::Promoted);
        assert_eq!(event.sentence(), "Promoted Smith to Corporal");
        assert_eq!(scene.rank_of(smith).await, Some(corporal));
        assert_eq!(scene.open_holdings(smith).await, 1);
        let yesterday = time::iso_date((world.now() - Duration::days(1)).date_naive());
        let ctx = world.ctx(&scene.org).await;
        let then = roster_as_of(&ctx, &yesterday).await.unwrap();
        let root = scene.org.id.root_group();
        assert_eq!(title(&then, smith, root), "Recruit", "the roster of yesterday has the rank of then");
        let undone = scene.undo(&scene.org.founder, event.seq).await.outcome().event.unwrap();
        assert_eq!(undone.undoes, Some(event.seq));
        assert_eq!(scene.rank_of(smith).await, Some(recruit));
        let page = world.get(&scene.org.host, &format!("/players/{smith}?tab=rank"), &scene.org.founder).await;
        for text in ["Corporal", "For tests", "Undone"] {
            assert!(page.body.contains(text), "the history of ranks lacks {text:?}");
        }
    }

    async fn a_reason_is_needed_to_demote_and_not_to_promote(world: World) {
        let scene = Scene::new(&world).await;
        let smith = world.player(&scene.org, "Smith").await;
        let (low, high) = (scene.maker.rank(20).await, scene.maker.rank(30).await);
        let change = |what: &'static str, rank: RankId, reason: &str| {
            let fields = vec![
                ("player_id", smith.to_string()),
                ("rank_id", rank.to_string()),
                ("reason", reason.to_owned()),
            ];
            let scene = &scene;
            async move { scene.founder(what, &fields).await }
        };
        change("ranks/promote_player", high, "").await.outcome();
        let wrong = |field, problem| AppError::field(field, problem);
        let refused = change("ranks/demote_player", low, " ").await;
        assert_eq!(refused.error(), wrong("reason", FieldProblem::Required));
        let refused = change("ranks/demote_player", low, "x").await;
        assert_eq!(refused.error(), wrong("reason", FieldProblem::TooShort { min: 3 }));
        let refused = change("ranks/promote_player", low, "").await;
        assert_eq!(refused.error(), wrong("rank_id", FieldProblem::OutOfRange), "that is no promotion");
        change("ranks/demote_player", low, "Asked for it").await.outcome();
        let again = change("ranks/demote_player", low, "Asked for it").await;
        assert_eq!(again.error(), AppError::Conflict(ConflictCode::AlreadyMember));
        let visitor = scene.maker.rank_named("Visitor").await;
        let refused = change("ranks/demote_player", visitor, "Asked for it").await;
        assert_eq!(refused.error(), wrong("rank_id", FieldProblem::Unknown), "nobody holds the guest rank");
        let equal = scene.maker.rank(20).await;
        let event = change("ranks/demote_player", equal, "Another trade").await.outcome().event.unwrap();
        assert_eq!(event.kind, EventKind::RankChanged);
    }

    async fn levels_and_ceilings_decide(world: World) {
        let scene = Scene::new(&world).await;
        let all = access(&[Action::Promote, Action::Demote, Action::Kick]);
        let (officer, me) = scene.officer("Officer", 50, all).await;
        let (_, peer) = scene.officer("Peer", 50, all).await;
        let (_, chief) = scene.officer("Chief", 60, all).await;
        let (_, low) = scene.officer("Low", 20, AccessSet::default()).await;
        let (at_30, at_49, at_50) =
            (scene.maker.rank(30).await, scene.maker.rank(49).await, scene.maker.rank(50).await);
        for player in [peer, chief] {
            assert_eq!(scene.demote(&officer, player, at_30).await.error(), forbidden(Missing::Level));
            assert_eq!(scene.kick(&officer, player).await.error(), forbidden(Missing::Level));
        }
        for player in [me] {
            assert_eq!(scene.promote(&officer, player, at_50).await.error(), forbidden(Missing::Other));
            assert_eq!(scene.demote(&officer, player, at_30).await.error(), forbidden(Missing::Other));
            assert_eq!(scene.kick(&officer, player).await.error(), forbidden(Missing::Other));
        }
        assert_eq!(scene.promote(&officer, low, at_50).await.error(), forbidden(Missing::NewLevel));
        scene.promote(&officer, low, at_49).await.outcome();
        // The same officer with ceilings: a rank that the founder limits.
        let fields = [
            ("name", "Limited".to_owned()),
            ("level", "50".to_owned()),
            ("access[]", "player.promote".to_owned()),
            ("access[]", "player.demote".to_owned()),
            ("access[]", "player.kick".to_owned()),
            ("ceilings[promote]", "30".to_owned()),
            ("ceilings[demote]", "29".to_owned()),
            ("ceilings[kick]", "20".to_owned()),
        ];
        scene.founder("ranks/create_rank", &fields).await.outcome();
        let limited = scene.maker.rank_named("Limited").await;
        scene.demote(&scene.org.founder, me, limited).await.outcome();
        let (_, other) = scene.officer("Other", 20, AccessSet::default()).await;
        assert_eq!(scene.promote(&officer, other, at_49).await.error(), forbidden(Missing::NewLevel));
        scene.promote(&officer, other, at_30).await.outcome();
        let at_20 = scene.maker.rank(20).await;
        assert_eq!(scene.demote(&officer, other, at_20).await.error(), forbidden(Missing::Level));
        assert_eq!(scene.kick(&officer, other).await.error(), forbidden(Missing::Level));
        let (_, last) = scene.officer("Last", 20, AccessSet::default()).await;
        scene.kick(&officer, last).await.outcome();
        let (stranger, _) = scene.officer("Nobody", 40, AccessSet::default()).await;
        let refused = scene.promote(&stranger, low, at_30).await.error();
        assert_eq!(refused, forbidden(Missing::AccessHere(Action::Demote)));
    }

    async fn nobody_lifts_themself_or_others_by_editing_ranks(world: World) {
        let scene = Scene::new(&world).await;
        let edits = access(&[Action::EditRanks, Action::Promote, Action::Demote, Action::ReadLog]);
        let (officer, me) = scene.officer("Officer", 60, edits).await;
        let own = scene.rank_of(me).await.unwrap();
        let (low, high) = (scene.maker.rank(20).await, scene.maker.rank(60).await);
        let create = |level: &str, given: &str| {
            let mut fields = vec![("name", scene.maker.name("New")), ("level", level.to_owned())];
            if !given.is_empty() {
                fields.push(("access[]", given.to_owned()));
            }
            fields
        };
        let make = async |fields: Vec<(&'static str, String)>| {
            scene.send(&officer, "ranks/create_rank", &fields).await
        };
        assert_eq!(make(create("60", "")).await.error(), forbidden(Missing::NewLevel));
        let refused = make(create("59", "org.manage")).await.error();
        assert_eq!(refused, forbidden(Missing::ToGive(Action::ManageOrg)));
        let refused = make(create("59", "import.run")).await.error();
        assert_eq!(refused, forbidden(Missing::ToGive(Action::Import)));
        // Choosing founders is in no rank, whatever is sent.
        make(create("59", "founders.manage")).await.outcome();
        make(create("59", "player.promote")).await.outcome();
        let edit = async |rank: RankId, level: &str, given: &str| {
            let mut fields = create(level, given);
            fields.push(("rank_id", rank.to_string()));
            fields.push(("version", scene.version(rank).await));
            scene.send(&officer, "ranks/edit_rank", &fields).await
        };
        assert_eq!(edit(own, "60", "org.manage").await.error(), forbidden(Missing::NewLevel));
        assert_eq!(edit(own, "10", "").await.error(), forbidden(Missing::NewLevel), "not even down");
        assert_eq!(edit(high, "20", "").await.error(), forbidden(Missing::NewLevel));
        assert_eq!(edit(low, "60", "").await.error(), forbidden(Missing::NewLevel));
        let refused = edit(low, "20", "player.kick").await.error();
        assert_eq!(refused, forbidden(Missing::ToGive(Action::Kick)));
        edit(low, "21", "player.demote").await.outcome();
        for (what, rank, error) in [
            ("default", high, Missing::NewLevel),
            ("guest", own, Missing::NewLevel),
        ] {
            let fields = [
                ("rank_id", rank.to_string()),
                ("version", scene.version(rank).await),
                ("standard", what.to_owned()),
            ];
            let refused = scene.send(&officer, "ranks/appoint_rank", &fields).await;
            assert_eq!(refused.error(), forbidden(error));
        }
        // A rank with rights that the officer lacks: nobody is put into it by way of another.
        let fields = [
            ("name", "Steward".to_owned()),
            ("level", "30".to_owned()),
            ("access[]", "org.manage".to_owned()),
        ];
        scene.founder("ranks/create_rank", &fields).await.outcome();
        let steward = scene.maker.rank_named("Steward").await;
        let (_, smith) = scene.officer("Smith", 25, AccessSet::default()).await;
        let to_give = forbidden(Missing::ToGive(Action::ManageOrg));
        assert_eq!(scene.promote(&officer, smith, steward).await.error(), to_give);
        let smiths = scene.rank_of(smith).await.unwrap();
        let delete = [
            ("rank_id", smiths.to_string()),
            ("version", "1".to_owned()),
            ("move_to", steward.to_string()),
        ];
        assert_eq!(scene.send(&officer, "ranks/delete_rank", &delete).await.error(), to_give);
        let fields = [
            ("rank_id", steward.to_string()),
            ("version", "1".to_owned()),
            ("standard", "default".to_owned()),
        ];
        assert_eq!(scene.send(&officer, "ranks/appoint_rank", &fields).await.error(), to_give);
        // Undo is a door like any other.
        let founder = scene.org.founder.clone();
        let lifted = scene.promote(&founder, smith, high).await.seq();
        assert_eq!(scene.undo(&officer, lifted).await.error(), forbidden(Missing::Level));
        let seq = scene.demote(&founder, smith, low).await.seq();
        assert_eq!(scene.undo(&officer, seq).await.error(), forbidden(Missing::NewLevel));
        let (_, boss) = scene.officer("Boss", 70, AccessSet::everything()).await;
        let kicked = scene.kick(&founder, boss).await.seq();
        assert!(matches!(scene.undo(&officer, kicked).await.error(), AppError::Forbidden(_)));
    }

    async fn nobody_acts_on_founders(world: World) {
        let scene = Scene::new(&world).await;
        let (general, _) = scene.officer("General", 900, AccessSet::everything()).await;
        let (deputy, deputy_player) = world.claimed(&scene.org, "Deputy").await;
        let id = [("player_id", deputy_player.to_string())];
        scene.founder("tenants/add_co_founder", &id).await.outcome();
        let low = scene.maker.rank(5).await;
        let roster = world.roster(&scene.org).await;
        let founder = roster.players.iter().find(|player| player.common_name.contains("founder"));
        let founder = founder.unwrap().player_id;
        for player in [founder, deputy_player] {
            let protected = forbidden(Missing::Protected);
            assert_eq!(scene.kick(&general, player).await.error(), protected);
            assert_eq!(scene.demote(&general, player, low).await.error(), protected);
        }
        assert_eq!(scene.kick(&deputy, founder).await.error(), forbidden(Missing::Protected));
        let kicked = scene.kick(&scene.org.founder, deputy_player).await.seq();
        let settings = world.read(&scene.org.host, "/api/tenants/read_settings", &deputy).await;
        assert_eq!(settings.status.as_u16(), 403, "a co-founder who was removed has no right left");
        scene.undo(&scene.org.founder, kicked).await.outcome();
        let settings = world.read(&scene.org.host, "/api/tenants/read_settings", &deputy).await;
        assert_eq!(settings.status.as_u16(), 200, "and has them again after the undo");
    }

    async fn default_and_guest_rank_stay_and_can_change_hands(world: World) {
        let scene = Scene::new(&world).await;
        let maker = &scene.maker;
        let (recruit, visitor, private) = (
            maker.rank_named("Recruit").await,
            maker.rank_named("Visitor").await,
            maker.rank_named("Private").await,
        );
        let needed = AppError::Conflict(ConflictCode::RankNeeded);
        let delete = async |rank: RankId| {
            let version = scene.version(rank).await;
            let fields = [
                ("rank_id", rank.to_string()),
                ("version", version),
                ("move_to", private.to_string()),
            ];
            scene.founder("ranks/delete_rank", &fields).await
        };
        let appoint = async |rank: RankId, standard: &str| {
            let version = scene.version(rank).await;
            let fields = [
                ("rank_id", rank.to_string()),
                ("version", version),
                ("standard", standard.to_owned()),
            ];
            scene.founder("ranks/appoint_rank", &fields).await
        };
        assert_eq!(delete(recruit).await.error(), needed);
        assert_eq!(delete(visitor).await.error(), needed);
        assert_eq!(appoint(recruit, "guest").await.error(), needed);
        assert_eq!(appoint(visitor, "default").await.error(), needed);
        let seq = appoint(private, "default").await.seq();
        let smith = world.player(&scene.org, "Smith").await;
        assert_eq!(scene.rank_of(smith).await, Some(private), "new people get the new default");
        scene.undo(&scene.org.founder, seq).await.outcome();
        let jones = world.player(&scene.org, "Jones").await;
        assert_eq!(scene.rank_of(jones).await, Some(recruit));
        let in_use = AppError::Conflict(ConflictCode::InUse);
        assert_eq!(appoint(private, "guest").await.error(), in_use, "players hold it");
        appoint(maker.rank_named("Corporal").await, "guest").await.outcome();
        delete(visitor).await.outcome();
    }

    async fn a_deleted_rank_hands_its_holders_on(world: World) {
        let scene = Scene::new(&world).await;
        let (gone, target) = (scene.maker.rank(30).await, scene.maker.rank(20).await);
        let smith = world.player(&scene.org, "Smith").await;
        let jones = world.player(&scene.org, "Jones").await;
        for player in [smith, jones] {
            scene.promote(&scene.org.founder, player, gone).await.outcome();
        }
        let delete = async |move_to: String| {
            let fields = [
                ("rank_id", gone.to_string()),
                ("version", scene.version(gone).await),
                ("move_to", move_to),
            ];
            scene.founder("ranks/delete_rank", &fields).await
        };
        let in_use = AppError::Conflict(ConflictCode::InUse);
        assert_eq!(delete(String::new()).await.error(), in_use);
        let unknown = AppError::field("move_to", FieldProblem::Unknown);
        assert_eq!(delete(gone.to_string()).await.error(), unknown);
        let seq = delete(target.to_string()).await.seq();
        for player in [smith, jones] {
            assert_eq!(scene.rank_of(player).await, Some(target));
            assert_eq!(scene.open_holdings(player).await, 1);
        }
        // Jones moves on; the undo leaves them where they are.
        let corporal = scene.maker.rank_named("Corporal").await;
        scene.promote(&scene.org.founder, jones, corporal).await.outcome();
        scene.undo(&scene.org.founder, seq).await.outcome();
        assert_eq!(scene.rank_of(smith).await, Some(gone));
        assert_eq!(scene.rank_of(jones).await, Some(corporal));
        let seq = delete(target.to_string()).await.seq();
        let name = {
            let mut tx = world.state.db.system_read().await.unwrap();
            let (name,): (String,) = tx
                .one("select name from rank where org_id = $1 and rank_id = $2", (scene.org.id, gone))
                .await
                .unwrap();
            tx.commit().await.unwrap();
            name
        };
        let fields = [("name", name.to_uppercase()), ("level", "31".to_owned())];
        scene.founder("ranks/create_rank", &fields).await.outcome();
        let refused = scene.undo(&scene.org.founder, seq).await.error();
        assert_eq!(refused, AppError::Conflict(ConflictCode::NotUndoable), "its name is another's now");
    }

    async fn bad_input_is_named_by_field(world: World) {
        let scene = Scene::new(&world).await;
        let fields = [
            ("name", "corporal".to_owned()),
            ("level", "45".to_owned()),
        ];
        let refused = scene.founder("ranks/create_rank", &fields).await.error();
        assert_eq!(refused, AppError::field("name", FieldProblem::Taken), "names differ by more than case");
        let fields = [
            ("name", String::new()),
            ("abbreviation", "far too long".to_owned()),
            ("level", "1001".to_owned()),
            ("insignia", "none-such".to_owned()),
            ("ceilings[kick]", "x".to_owned()),
        ];
        let AppError::Invalid(errors) = scene.founder("ranks/create_rank", &fields).await.error() else {
            panic!("five fields are wrong");
        };
        let names: Vec<&str> = errors.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["name", "abbreviation", "insignia", "level", "ceilings[kick]"]);
        let corporal = scene.maker.rank_named("Corporal").await;
        let fields = [
            ("rank_id", corporal.to_string()),
            ("version", "99".to_owned()),
            ("name", "Corporal".to_owned()),
            ("level", "40".to_owned()),
        ];
        let refused = scene.founder("ranks/edit_rank", &fields).await.error();
        assert_eq!(refused, AppError::Conflict(ConflictCode::Stale));
    }

    async fn promoting_and_demoting_at_once_leaves_one_rank(world: World) {
        let scene = Scene::new(&world).await;
        let (low, high) = (scene.maker.rank(20).await, scene.maker.rank(40).await);
        let smith = world.player(&scene.org, "Smith").await;
        let start = scene.maker.rank(30).await;
        scene.promote(&scene.org.founder, smith, start).await.outcome();
        let page = format!("/api/ranks/read_player_rank?id={smith}");
        let seen: serde_json::Value = world.read(&scene.org.host, &page, &scene.org.founder).await.json();
        let expected = seen["expected"].as_str().unwrap().to_owned();
        let tries = (0..10).map(|n| {
            let (world, org, expected) = (world.clone(), scene.org.clone(), expected.clone());
            let (what, rank) = if n % 2 == 0 { ("promote", high) } else { ("demote", low) };
            tokio::spawn(async move {
                let fields = [
                    ("player_id", smith.to_string()),
                    ("rank_id", rank.to_string()),
                    ("reason", "At once".to_owned()),
                    ("expected", expected),
                ];
                let path = format!("/api/ranks/{what}_player");
                world.command(&org.host, &path, &borrow(&fields), &org.founder).await
            })
        });
        let mut won = 0;
        for attempt in tries.collect::<Vec<_>>() {
            let answer = attempt.await.unwrap();
            if answer.status.is_success() {
                won += 1;
            } else {
                // Those who came after the first are told, whether or not it went the same way.
                let error = answer.error();
                let told = matches!(error, AppError::Conflict(ConflictCode::Stale));
                assert!(told, "who was slower is told so, not {error:?}");
            }
        }
        assert_eq!(won, 1, "exactly one of those who saw the same rank may win");
        assert_eq!(scene.open_holdings(smith).await, 1);
    }

    async fn who_is_removed_is_a_guest_until_it_is_undone(world: World) {
        let scene = Scene::new(&world).await;
        let (org, maker) = (&scene.org, &scene.maker);
        let (smith, player) = scene.officer("Smith", 45, access(&[Action::ReadLog])).await;
        let rank = scene.rank_of(player).await;
        let (squad, role, position) = maker.position().await;
        let staff = world.group(org, org.id.root_group(), "Staff", false).await;
        let fields = [
            ("player_id", player.to_string()),
            ("group_id", squad.to_string()),
            ("position_id", position.to_string()),
        ];
        scene.founder("roster/place_player", &fields).await.outcome();
        world.place(org, player, staff, Some("In Command"), &org.founder).await.outcome();
        let manages = |yes: bool| {
            vec![
                ("group_id", squad.to_string()),
                ("player_id", player.to_string()),
                ("manages", yes.to_string()),
            ]
        };
        scene.founder("roster/set_manager", &manages(true)).await.outcome();
        let log = |caller: Caller| {
            let (world, host) = (world.clone(), org.host.clone());
            async move { world.read(&host, "/api/audit/list_events", &caller).await.status.as_u16() }
        };
        assert_eq!(log(smith.clone()).await, 200);
        let no_reason = [("player_id", player.to_string()), ("reason", "x".to_owned())];
        let refused = scene.founder("roster/kick_player", &no_reason).await.error();
        assert_eq!(refused, AppError::field("reason", FieldProblem::TooShort { min: 3 }));
        let kicked = scene.kick(&org.founder, player).await.outcome().event.unwrap();
        assert_eq!(kicked.sentence(), "Removed Smith from the organisation");
        assert_eq!(log(smith.clone()).await, 403, "the guest rank does not read the log");
        let roster = world.roster(org).await;
        assert!(roster.groups_of(player).is_empty() && roster.managed_by(player).next().is_none());
        assert_eq!(roster.player(player).unwrap().standing, "kicked");
        assert_eq!(roster.player(player).unwrap().rank_id, None);
        let gone = AppError::Conflict(ConflictCode::PlayerGone);
        assert_eq!(scene.kick(&org.founder, player).await.error(), gone);
        let corporal = maker.rank_named("Corporal").await;
        assert_eq!(scene.promote(&org.founder, player, corporal).await.error(), gone);
        let placed = world.place(org, player, staff, None, &org.founder).await.error();
        assert_eq!(placed, gone, "nobody puts into a group who does not belong here");
        assert_eq!(scene.founder("roster/set_manager", &manages(true)).await.error(), gone);
        // Somebody else takes the position meanwhile; the rest comes back.
        let jones = world.player(org, "Jones").await;
        let fields = [
            ("player_id", jones.to_string()),
            ("group_id", squad.to_string()),
            ("position_id", position.to_string()),
        ];
        scene.founder("roster/place_player", &fields).await.outcome();
        scene.undo(&org.founder, kicked.seq).await.outcome();
        let roster = world.roster(org).await;
        let mut groups = roster.groups_of(player);
        groups.sort();
        let mut expected = vec![squad, staff];
        expected.sort();
        assert_eq!(groups, expected);
        let member = roster.members_of(squad).iter().find(|one| one.player_id == player).unwrap();
        assert_eq!((member.role_id, member.position_id), (role, None));
        assert_eq!(roster.managed_by(player).collect::<Vec<_>>(), [squad]);
        assert_eq!(scene.rank_of(player).await, rank);
        assert_eq!(log(smith.clone()).await, 200);
        // Without the undo: with the default rank and in no group.
        let ban = [
            ("player_id", player.to_string()),
            ("reason", "For tests".to_owned()),
            ("ban", "true".to_owned()),
        ];
        let banned = scene.founder("roster/kick_player", &ban).await.outcome().event.unwrap();
        assert_eq!(banned.sentence(), "Banned Smith from the organisation");
        let (weak, _) = scene.officer("Weak", 45, access(&[Action::Kick])).await;
        let id = [("player_id", player.to_string())];
        let refused = scene.send(&weak, "roster/reinstate_player", &id).await.error();
        assert_eq!(refused, forbidden(Missing::Level), "the rank held last still counts");
        scene.founder("roster/reinstate_player", &id).await.outcome();
        assert_eq!(scene.rank_of(player).await, Some(maker.rank_named("Recruit").await));
        assert!(world.roster(org).await.groups_of(player).is_empty());
        assert_eq!(scene.open_holdings(player).await, 1);
    }

    async fn a_group_calls_ranks_by_its_own_set(world: World) {
        let scene = Scene::new(&world).await;
        let (org, maker) = (&scene.org, &scene.maker);
        let root = org.id.root_group();
        let wing = world.group(org, root, "Wing", true).await;
        let flight = world.group(org, wing, "Flight", true).await;
        let other = world.group(org, root, "Platoon", true).await;
        let sergeant = maker.rank_named("Sergeant").await;
        let private = maker.rank_named("Private").await;
        let pilot = world.player(org, "Pilot").await;
        scene.promote(&org.founder, pilot, sergeant).await.outcome();
        let set = maker.rank_set().await;
        let titles = [
            ("rank_set_id", set.to_string()),
            ("version", "1".to_owned()),
            ("name", "Aircrew".to_owned()),
            ("titles[0][rank_id]", sergeant.to_string()),
            ("titles[0][name]", "Flight Sergeant".to_owned()),
            ("titles[0][abbreviation]", "FSgt".to_owned()),
            ("titles[0][insignia]", "airforce-4".to_owned()),
            ("titles[1][rank_id]", private.to_string()),
            ("titles[1][name]", String::new()),
        ];
        scene.founder("ranks/edit_rank_set", &titles).await.outcome();
        let choose = async |set: String, caller: &Caller| {
            let fields = [("group_id", wing.to_string()), ("rank_set_id", set)];
            scene.send(caller, "ranks/choose_rank_set", &fields).await
        };
        let (member, player) = world.claimed(org, "Member").await;
        world.place(org, player, wing, None, &org.founder).await.outcome();
        let refused = choose(set.to_string(), &member).await.error();
        assert_eq!(refused, forbidden(Missing::AccessHere(Action::EditStructure)));
        let (leader, player) = world.claimed(org, "Leader").await;
        world.place(org, player, wing, Some("In Command"), &org.founder).await.outcome();
        let seq = choose(set.to_string(), &leader).await.seq();
        let roster = world.roster(org).await;
        assert_eq!(title(&roster, pilot, wing), "Flight Sergeant");
        assert_eq!(title(&roster, pilot, flight), "Flight Sergeant", "also below it");
        assert_eq!(title(&roster, pilot, other), "Sergeant");
        assert_eq!(title(&roster, player, wing), "Recruit", "without a title it is the ladder's");
        world.place(org, pilot, flight, None, &org.founder).await.outcome();
        for view in ["cards", "tree", "chart", "table"] {
            let page = world.get(&org.host, &format!("/roster?view={view}"), &Caller::default()).await;
            let wanted = if view == "table" { "Flight Sergeant" } else { "FSgt" };
            assert!(page.body.contains(wanted), "the {view} lacks the rank");
            assert!(page.body.contains("/insignia.svg#airforce-4"), "the {view} lacks the insignia");
        }
        scene.undo(&leader, seq).await.outcome();
        assert_eq!(title(&*world.roster(org).await, pilot, wing), "Sergeant");
        choose(set.to_string(), &leader).await.outcome();
        let delete = [("rank_set_id", set.to_string()), ("version", "2".to_owned())];
        let deleted = scene.founder("ranks/delete_rank_set", &delete).await.seq();
        assert_eq!(title(&*world.roster(org).await, pilot, wing), "Sergeant");
        scene.undo(&org.founder, deleted).await.outcome();
        assert_eq!(title(&*world.roster(org).await, pilot, wing), "Flight Sergeant");
    }

    async fn ready_made_insignia_fit_the_whole_ladder(world: World) {
        let scene = Scene::new(&world).await;
        let symbols = async || {
            let ladder = world.roster(&scene.org).await.ladder.clone();
            let rungs = ladder.rungs().into_iter().map(|rung| rung.insignia.clone());
            rungs.collect::<Vec<_>>()
        };
        let before = symbols().await;
        let seq = scene.founder("ranks/apply_insignia", &[("set", "navy".to_owned())]).await.seq();
        let after = symbols().await;
        assert_eq!(after.first().map(String::as_str), Some("navy-9"));
        assert_eq!(after.last().map(String::as_str), Some(""), "visitors wear none");
        scene.undo(&scene.org.founder, seq).await.outcome();
        assert_eq!(symbols().await, before);
        let (officer, _) = scene.officer("Officer", 45, access(&[Action::EditRanks])).await;
        let fields = [("set", "simple".to_owned())];
        scene.send(&officer, "ranks/apply_insignia", &fields).await.outcome();
        let ladder = world.roster(&scene.org).await.ladder.clone();
        for rung in ladder.rungs().into_iter().filter(|rung| rung.level > 0) {
            let changed = rung.insignia.starts_with("simple-");
            assert_eq!(changed, rung.level < 45, "{rung:?}");
        }
    }

    async fn roles_grant_what_their_maker_may_give(world: World) {
        let scene = Scene::new(&world).await;
        let (org, maker) = (&scene.org, &scene.maker);
        let squad = world.group(org, org.id.root_group(), "Squad", true).await;
        let (leader, player) = world.claimed(org, "Leader").await;
        world.place(org, player, squad, Some("In Command"), &org.founder).await.outcome();
        let role = |given: &[&str]| {
            let mut fields = vec![("group_id", squad.to_string()), ("name", maker.name("Clerk"))];
            fields.extend(given.iter().map(|id| ("access[]", (*id).to_owned())));
            fields
        };
        let refused = scene.send(&leader, "roster/create_role", &role(&["player.kick"])).await.error();
        assert_eq!(refused, forbidden(Missing::ToGive(Action::Kick)));
        scene.send(&leader, "roster/create_role", &role(&["roster.assign"])).await.outcome();
        // A plain form without a ticked box arrives without the field.
        let fields = role(&[]);
        let form = world.form(&org.host, "/api/roster/create_role", &borrow(&fields), &leader).await;
        assert_eq!(form.status.as_u16(), 303);
        let page = world.get(&org.host, &format!("/groups/{squad}/roles/new"), &leader).await;
        assert!(page.body.contains("access[]"), "the form offers what a role allows");
        assert!(
            page.body.contains("You cannot give what you do not have yourself: to remove people"),
            "what the leader may not give says why"
        );
        let saved = world.roster(org).await;
        let clerk = saved.roles_of(squad).iter().find(|role| role.access.has(Action::AssignMembers));
        assert!(clerk.is_some());
    }

    async fn where_there_are_no_ranks_nothing_shows(world: World) {
        let scene = Scene::new(&world).await;
        let org = &scene.org;
        let mut tx = world.state.db.system().await.unwrap();
        tx.run("update org set type_id = 'muster.servers' where org_id = $1", (org.id,)).await.unwrap();
        tx.commit().await.unwrap();
        let squad = world.group(org, org.id.root_group(), "Squad", true).await;
        let smith = world.player(org, "Smith").await;
        world.place(org, smith, squad, None, &org.founder).await.outcome();
        for path in [
            "/ranks".to_owned(),
            "/ranks/new".to_owned(),
            format!("/groups/{squad}/rank-set"),
            format!("/players/{smith}/rank"),
        ] {
            assert_eq!(world.get(&org.host, &path, &org.founder).await.status.as_u16(), 404, "{path}");
        }
        for path in ["/roster", "/roster?view=table", &format!("/groups/{squad}"), &format!("/players/{smith}")] {
            let page = world.get(&org.host, path, &org.founder).await.body;
            for word in ["insignia.svg#", "href=\"/ranks\"", ">Rank<", "Rank set"] {
                assert!(!page.contains(word), "{path} shows {word:?} of ranks");
            }
        }
        let ladder = world.read(&org.host, "/api/ranks/read_ladder", &org.founder).await;
        assert_eq!(ladder.error(), AppError::NotFound);
        scene.kick(&org.founder, smith).await.outcome();
    }

    async fn nobody_ever_reached_to_their_own_level(world: World) {
        let runner_seed = proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        );
        let mut runner = TestRunner::new_with_rng(Config::default(), runner_seed);
        let sequence = proptest::collection::vec(step(), STEPS);
        let scene = Army::new(&world).await;
        let mut carried_out = 0;
        for _ in 0..SEQUENCES {
            let steps = sequence.new_tree(&mut runner).unwrap().current();
            for (at, step) in steps.iter().enumerate() {
                let before = scene.snapshot().await;
                let answer = scene.do_step(step).await;
                if !answer.status.is_success() {
                    continue;
                }
                carried_out += 1;
                let after = scene.snapshot().await;
                let reached = scene.reached_too_far(step.actor, &before, &after);
                assert!(
                    reached.is_empty(),
                    "{reached:?} by step {at} of {:?}; look at ranks/access.rs and decide()",
                    &steps[..=at]
                );
            }
        }
        assert!(carried_out > 15, "only {carried_out} commands were carried out; the test needs more");
    }
}

/// Sequences for each database, and steps in each.
const SEQUENCES: usize = 3;
const STEPS: usize = 60;
/// Levels of the actors.
const LEVELS: [i64; 7] = [10, 20, 30, 40, 50, 50, 60];

#[derive(Clone, Debug)]
enum What {
    Change {
        target: usize,
        rank: usize,
        up: bool,
    },
    Kick {
        target: usize,
    },
    Reinstate {
        target: usize,
    },
    Edit {
        rank: usize,
        level: i64,
        kicks: bool,
    },
    Delete {
        rank: usize,
        to: usize,
    },
    Appoint {
        rank: usize,
    },
    Undo {
        back: i64,
    },
}

#[derive(Clone, Debug)]
struct Step {
    actor: usize,
    what: What,
}

fn step() -> impl Strategy<Value = Step> {
    let (people, ranks) = (0..LEVELS.len(), 0..LEVELS.len());
    let what = prop_oneof![
        4 => (people.clone(), ranks.clone(), any::<bool>())
            .prop_map(|(target, rank, up)| What::Change { target, rank, up }),
        1 => people.clone().prop_map(|target| What::Kick { target }),
        2 => people.clone().prop_map(|target| What::Reinstate { target }),
        2 => (ranks.clone(), 0..8_i64, any::<bool>())
            .prop_map(|(rank, level, kicks)| What::Edit { rank, level: level * 10, kicks }),
        1 => (ranks.clone(), ranks.clone()).prop_map(|(rank, to)| What::Delete { rank, to }),
        1 => ranks.prop_map(|rank| What::Appoint { rank }),
        3 => (0..4_i64).prop_map(|back| What::Undo { back }),
    ];
    // The lowest may do nothing; most steps are by those who may do much.
    let actors = prop_oneof![1 => people, 3 => 3..LEVELS.len()];
    (actors, what).prop_map(|(actor, what)| Step { actor, what })
}

/// What the rules are about, as the database has it.
#[derive(Debug, Default)]
struct Snapshot {
    /// Level, access, and whether it was deleted.
    ranks: HashMap<RankId, (i64, AccessSet, bool, bool)>,
    /// Rank held, standing, and the level held or held last.
    people: HashMap<PlayerId, (Option<RankId>, String, i64)>,
}

struct Army {
    scene: Scene,
    actors: Vec<(Caller, PlayerId)>,
    ranks: Vec<RankId>,
}

impl Army {
    async fn new(world: &World) -> Self {
        let scene = Scene::new(world).await;
        let mut actors = Vec::new();
        let mut ranks = Vec::new();
        for (at, level) in LEVELS.into_iter().enumerate() {
            let granted = match level {
                10 => AccessSet::default(),
                20 => access(&[Action::ReadLog, Action::Promote]),
                30 => access(&[
                    Action::ReadLog,
                    Action::Promote,
                    Action::Demote,
                    Action::EditRanks,
                ]),
                40 => access(&[
                    Action::ReadLog,
                    Action::Promote,
                    Action::Demote,
                    Action::Kick,
                    Action::EditRanks,
                ]),
                _ => AccessSet::everything(),
            };
            let name = format!("Actor {at}");
            actors.push(scene.officer(&name, level, granted).await);
            ranks.push(scene.rank_of(actors[at].1).await.unwrap());
        }
        Self {
            scene,
            actors,
            ranks,
        }
    }

    async fn do_step(&self, step: &Step) -> Answer {
        let (caller, scene) = (&self.actors[step.actor].0, &self.scene);
        match step.what {
            What::Change { target, rank, up } => {
                let what = if up { "promote" } else { "demote" };
                scene
                    .change(caller, what, self.actors[target].1, self.ranks[rank])
                    .await
            }
            What::Kick { target } => scene.kick(caller, self.actors[target].1).await,
            What::Reinstate { target } => {
                let id = [("player_id", self.actors[target].1.to_string())];
                scene.send(caller, "roster/reinstate_player", &id).await
            }
            What::Edit { rank, level, kicks } => {
                let rank = self.ranks[rank];
                let mut fields = vec![
                    ("rank_id", rank.to_string()),
                    ("version", scene.version(rank).await),
                    ("name", rank.to_string()),
                    ("level", level.to_string()),
                    ("access[]", "log.read".to_owned()),
                    ("access[]", "player.promote".to_owned()),
                    ("access[]", "player.demote".to_owned()),
                    ("access[]", "rank.edit".to_owned()),
                ];
                if kicks {
                    fields.push(("access[]", "player.kick".to_owned()));
                }
                scene.send(caller, "ranks/edit_rank", &fields).await
            }
            What::Delete { rank, to } => {
                let rank = self.ranks[rank];
                let fields = [
                    ("rank_id", rank.to_string()),
                    ("version", scene.version(rank).await),
                    ("move_to", self.ranks[to].to_string()),
                ];
                scene.send(caller, "ranks/delete_rank", &fields).await
            }
            What::Appoint { rank } => {
                let rank = self.ranks[rank];
                let fields = [
                    ("rank_id", rank.to_string()),
                    ("version", scene.version(rank).await),
                    ("standard", "default".to_owned()),
                ];
                scene.send(caller, "ranks/appoint_rank", &fields).await
            }
            What::Undo { back } => {
                let ctx = scene.world.ctx(&scene.org).await;
                let seq = ctx.tenant().unwrap().seq - back;
                scene.undo(caller, seq).await
            }
        }
    }

    async fn snapshot(&self) -> Snapshot {
        let org = self.scene.org.id;
        let mut tx = self.scene.world.state.db.system_read().await.unwrap();
        let ranks: Vec<(RankId, i64, String, bool, bool)> = tx
            .all(
                "select rank_id, level, access, deleted_at is not null, is_default
                   from rank where org_id = $1",
                (org,),
            )
            .await
            .unwrap();
        let people: Vec<(PlayerId, String)> = tx
            .all(
                "select player_id, standing from player where org_id = $1",
                (org,),
            )
            .await
            .unwrap();
        let held: Vec<(PlayerId, RankId, bool)> = tx
            .all(
                "select player_id, rank_id, until is null from rank_holding
                  where org_id = $1 order by since, holding_id",
                (org,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut shot = Snapshot::default();
        for (rank, level, access, deleted, default) in ranks {
            let access = AccessSet::parse(&access);
            shot.ranks.insert(rank, (level, access, deleted, default));
        }
        for (player, standing) in people {
            shot.people.insert(player, (None, standing, 0));
        }
        for (player, rank, open) in held {
            let person = shot.people.get_mut(&player).unwrap();
            person.2 = shot.ranks[&rank].0;
            if open {
                person.0 = Some(rank);
            }
        }
        shot
    }

    /// What changed that the actor must not reach: the rules, said once more and in another way.
    fn reached_too_far(&self, actor: usize, before: &Snapshot, after: &Snapshot) -> Vec<String> {
        let me = self.actors[actor].1;
        let (held, standing, _) = &before.people[&me];
        let in_office = standing == "active";
        let mine = held.filter(|_| in_office).map(|rank| before.ranks[&rank]);
        let (level, access) = mine.map_or((0, AccessSet::default()), |rank| (rank.0, rank.1));
        let mut reached = Vec::new();
        for (rank, old) in &before.ranks {
            let new = after.ranks[rank];
            if *old == new {
                continue;
            }
            if old.0 >= level || new.0 >= level {
                reached.push(format!("rank {rank} of level {} to {}", old.0, new.0));
            }
            if !new.1.without(old.1).without(access).is_empty() {
                reached.push(format!("rank {rank} got more than the actor has"));
            }
        }
        for (player, old) in &before.people {
            let new = &after.people[player];
            if (old.0, &old.1) == (new.0, &new.1) {
                continue;
            }
            if *player == me {
                reached.push("changed themself".to_owned());
            }
            if old.2 >= level || new.2 >= level {
                reached.push(format!("{player} of level {} to {}", old.2, new.2));
            }
            let given = |shot: &Snapshot, rank: Option<RankId>| {
                rank.map_or(AccessSet::default(), |rank| shot.ranks[&rank].1)
            };
            let gains = given(after, new.0).without(given(before, old.0));
            // Whoever may remove somebody may also bring them back as they were.
            if old.1 == new.1 && !gains.without(access).is_empty() {
                reached.push(format!("{player} got more than the actor has"));
            }
        }
        reached
    }
}
