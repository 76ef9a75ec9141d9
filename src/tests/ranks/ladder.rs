//! The ladder and its rank sets: what can be changed, and what nobody gets by changing it.

use super::{Scene, access, forbidden, title};
use crate::support::{Caller, World, on_both_databases};
use muster::{
    domain::{
        AppError, ConflictCode, FieldProblem, RankId,
        access::{AccessSet, Action, Missing},
    },
    features::notices::{model::NoticePage, service::catch_up},
};

on_both_databases! {
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
        let kinds = world.event_kinds(&scene.org).await;
        let last: Vec<&str> = kinds.iter().rev().take(3).map(String::as_str).collect();
        assert_eq!(last, ["rank.deleted", "player.demoted", "player.demoted"], "each has an event of it");
        let alone = scene.undo(&scene.org.founder, seq - 1).await.error();
        assert_eq!(alone, AppError::Conflict(ConflictCode::NotUndoable), "the deleted rank is gone");
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

    async fn who_loses_a_rank_with_its_deletion_is_told(world: World) {
        let scene = Scene::new(&world).await;
        let gone = scene.maker.rank(30).await;
        let lower = scene.maker.rank(20).await;
        let (member, player) = world.claimed(&scene.org, "Member").await;
        scene.promote(&scene.org.founder, player, gone).await.outcome();
        let told = async || -> Vec<String> {
            catch_up(&world.state).await.unwrap();
            let path = "/api/notices/list_notices";
            let page: NoticePage = world.read(&scene.org.host, path, &member).await.json();
            page.notices.into_iter().map(|notice| notice.text).collect()
        };
        let before = told().await.len();
        let fields = [
            ("rank_id", gone.to_string()),
            ("version", scene.version(gone).await),
            ("move_to", lower.to_string()),
        ];
        let seq = scene.founder("ranks/delete_rank", &fields).await.seq();
        let now = told().await;
        assert_eq!(now.len(), before + 1, "{now:?}");
        assert!(now[0].starts_with("apple founder demoted you to "), "{now:?}");
        assert!(now[0].contains("was deleted"), "{now:?}");
        scene.undo(&scene.org.founder, seq).await.outcome();
        let now = told().await;
        assert!(now[0].starts_with("apple founder promoted you to "), "{now:?}");
    }

    /// What the holders got may have become more than the actor may take from anybody.
    async fn a_deletion_is_not_undone_from_above_oneself(world: World) {
        let scene = Scene::new(&world).await;
        let (gone, target) = (scene.maker.rank(30).await, scene.maker.rank(20).await);
        let (editor, _) = scene.officer("Editor", 50, AccessSet::everything()).await;
        let smith = world.player(&scene.org, "Smith").await;
        scene.promote(&scene.org.founder, smith, gone).await.outcome();
        let fields = [
            ("rank_id", gone.to_string()),
            ("version", scene.version(gone).await),
            ("move_to", target.to_string()),
        ];
        let seq = scene.send(&editor, "ranks/delete_rank", &fields).await.seq();
        let mut tx = world.state.db.system().await.unwrap();
        tx.run(
            "update rank set level = 60 where org_id = $1 and rank_id = $2",
            (scene.org.id, target),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let refused = scene.undo(&editor, seq).await;
        assert_eq!(refused.status.as_u16(), 403, "who stands above the actor is demoted by an undo");
        assert_eq!(scene.rank_of(smith).await, Some(target));
        scene.undo(&scene.org.founder, seq).await.outcome();
        assert_eq!(scene.rank_of(smith).await, Some(gone));
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
        assert_eq!(after.last().map(String::as_str), Some("navy-0"), "the lowest that people hold");
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
}
