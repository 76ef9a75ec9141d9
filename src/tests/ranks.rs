//! Ranks through their server functions (§3.2, §3.3): what they change, refuse and keep, and that
//! nobody ever reaches above themself.

mod ladder;
mod levels;

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

    async fn an_org_without_ranks_has_its_pages_all_the_same(world: World) {
        let founder = world.user("Founder").await;
        let org = world.org_of_type("muster.servers", "pear", "pear", &founder).await;
        let (_, player) = world.claimed(&org, "Smith").await;
        let mut tx = world.state.db.system().await.unwrap();
        for sql in ["delete from rank_holding where org_id = $1", "delete from rank where org_id = $1"] {
            tx.run(sql, (org.id,)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let scene = Scene { world: world.clone(), maker: Maker::new(&world, &org, org.id.root_group()), org };
        let pages = async |when: &str| {
            let of_player = format!("/players/{player}");
            for path in ["/roster", "/access", "/log", "/join", "/settings", of_player.as_str()] {
                let page = world.get(&scene.org.host, path, &founder).await;
                assert_eq!(page.status.as_u16(), 200, "{path} {when}; a rank is optional there");
            }
        };
        pages("without ranks").await;
        scene.kick(&founder, player).await.outcome();
        pages("after somebody was removed").await;
        let back = [("player_id", player.to_string())];
        scene.founder("roster/reinstate_player", &back).await.outcome();
        pages("after they came back").await;
    }

    /// What ranks and roles let people do stands in the same words, and folded where it is long.
    async fn what_ranks_and_roles_grant_is_said(world: World) {
        let scene = Scene::new(&world).await;
        let group = world.group(&scene.org, scene.org.id.root_group(), "Alpha", true).await;
        let fields = [
            ("group_id", group.to_string()),
            ("name", "Clerk".to_owned()),
            ("access[0]", "roster.assign".to_owned()),
        ];
        scene.founder("roster/create_role", &fields).await.outcome();
        let roles = format!("/groups/{group}?tab=roles");
        let roles = world.get(&scene.org.host, &roles, &scene.org.founder).await;
        for text in [
            "<summary>May do 8 things",
            "May create, rename and invite people; edit groups, roles and positions;",
            "May add, move and remove members",
            "May do nothing beyond what everybody may",
        ] {
            assert!(roles.body.contains(text), "the Roles tab of a group no longer says {text:?}");
        }
        let ranks = world.get(&scene.org.host, "/ranks", &scene.org.founder).await;
        for text in ["May read the event log", "<summary>May do 18 things"] {
            assert!(ranks.body.contains(text), "/ranks no longer says {text:?}");
        }
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
}
