//! Looking at the organisation as another member (§3.6): read only, at most what both may see, in
//! the log, and over by itself.

use crate::{
    catalogue::{ENDPOINTS, Maker, On, borrow, upload},
    support::{Answer, Caller, Org, World, on_both_databases, row_counts},
};
use chrono::Duration;
use muster::{
    domain::{
        AppError, GroupId, PlayerId,
        access::{AccessSet, Action, Missing},
        event::EventKind,
    },
    features::{joining::model::JoinPage, notices::service::catch_up},
};

struct Scene {
    world: World,
    org: Org,
    /// Level 90, may look as others.
    captain: Caller,
    captain_player: PlayerId,
    /// Level 20.
    member: Caller,
    player: PlayerId,
}

impl Scene {
    async fn new(world: &World) -> Self {
        let org = world.org("apple").await;
        let (captain, captain_player) = world.claimed(&org, "Captain").await;
        let looks = [Action::SeeAs, Action::ReadLog].into_iter().collect();
        world.rank(&org, captain_player, 90, looks).await;
        let (member, player) = world.claimed(&org, "Rook").await;
        let reads = [Action::ReadLog].into_iter().collect();
        world.rank(&org, player, 20, reads).await;
        Self {
            world: world.clone(),
            org,
            captain,
            captain_player,
            member,
            player,
        }
    }

    async fn see_as(&self, player: PlayerId, caller: &Caller) -> Answer {
        let fields = [("player_id", player.to_string())];
        self.world
            .command(
                &self.org.host,
                "/api/access/see_as",
                &borrow(&fields),
                caller,
            )
            .await
    }

    async fn stop(&self, caller: &Caller) -> Answer {
        self.world
            .command(&self.org.host, "/api/access/stop_seeing_as", &[], caller)
            .await
    }

    async fn page(&self, path: &str, caller: &Caller) -> Answer {
        self.world.get(&self.org.host, path, caller).await
    }

    /// Does the caller look through somebody else's eyes now?
    async fn looks(&self, caller: &Caller) -> bool {
        let page = self.page("/roster", caller).await;
        page.body.contains("You see everything as Rook")
    }

    /// A private group with this member.
    async fn private(&self, name: &str, member: PlayerId) -> GroupId {
        let fields = [
            ("parent_id", self.org.id.root_group().to_string()),
            ("name", name.to_owned()),
            ("acronym", String::new()),
            ("description", "For tests".to_owned()),
            ("kind", "Cell".to_owned()),
            ("exclusive", "false".to_owned()),
            ("visibility", "private".to_owned()),
            ("policy", "closed".to_owned()),
        ];
        let founder = &self.org.founder;
        let path = "/api/roster/create_group";
        let made = self
            .world
            .command(&self.org.host, path, &borrow(&fields), founder)
            .await;
        let group = made.outcome().event.unwrap().group_id.unwrap();
        self.world
            .place_expecting(&self.org, member, group, None, None, founder)
            .await
            .outcome();
        group
    }

    async fn status_of(&self, group: GroupId, caller: &Caller) -> u16 {
        let page = self.page(&format!("/groups/{group}"), caller).await;
        page.status.as_u16()
    }
}

on_both_databases! {
    async fn every_door_that_writes_is_shut(world: World) {
        let scene = Scene::new(&world).await;
        let founder = &scene.org.founder;
        let home = world.group(&scene.org, scene.org.id.root_group(), "Here", true).await;
        let maker = Maker::new(&world, &scene.org, home);
        for endpoint in ENDPOINTS.iter().filter(|endpoint| endpoint.on == On::Org && !endpoint.reads) {
            let free = ["/api/access/stop_seeing_as", "/api/accounts/sign_out"];
            if free.contains(&endpoint.path) {
                continue;
            }
            let fields = maker.fields(endpoint.path, founder).await;
            scene.see_as(scene.player, founder).await.outcome();
            let before = row_counts(&world).await;
            let answer = world
                .command(&scene.org.host, endpoint.path, &borrow(&fields), founder)
                .await;
            assert_eq!(
                answer.error(),
                AppError::Forbidden(Missing::OwnEyes),
                "{} must go through rpc::command, which refuses who looks through another's eyes",
                endpoint.path
            );
            assert_eq!(row_counts(&world).await, before, "{} wrote something", endpoint.path);
            world.own_eyes().await;
        }
        scene.see_as(scene.player, founder).await.outcome();
        let before = row_counts(&world).await;
        let sent = upload(&world, &scene.org, "group,parent\nNew,\n", "player,group,role\n", founder).await;
        assert_eq!(sent.status, 403, "uploads are shut, too: {}", sent.body);
        assert_eq!(row_counts(&world).await, before);
        scene.stop(founder).await.outcome();
        assert!(!scene.looks(founder).await);
    }

    async fn what_both_may_see_is_seen(world: World) {
        let scene = Scene::new(&world).await;
        let theirs = scene.private("Their Cell", scene.player).await;
        let own = scene.private("Own Cell", scene.captain_player).await;
        let shared = scene.private("Shared Cell", scene.player).await;
        world
            .place_expecting(&scene.org, scene.captain_player, shared, None, None, &scene.org.founder)
            .await.outcome();
        scene.see_as(scene.player, &scene.captain).await.outcome();
        assert!(scene.looks(&scene.captain).await, "a lasting banner says so");
        assert_eq!(scene.status_of(theirs, &scene.captain).await, 404, "theirs stays theirs");
        assert_eq!(scene.status_of(own, &scene.captain).await, 404, "they do not see mine");
        assert_eq!(scene.status_of(shared, &scene.captain).await, 200);
        let roster = scene.page("/roster", &scene.captain).await.body;
        assert!(roster.contains("Shared Cell"));
        assert!(!roster.contains("Their Cell") && !roster.contains("Own Cell"));
        assert_eq!(scene.status_of(theirs, &scene.member).await, 200, "others see as ever");
        scene.stop(&scene.captain).await.outcome();
        assert_eq!(scene.status_of(own, &scene.captain).await, 200);
        let founder = &scene.org.founder;
        scene.see_as(scene.player, founder).await.outcome();
        assert_eq!(scene.status_of(theirs, founder).await, 200, "a founder sees all of theirs");
        assert_eq!(scene.status_of(own, founder).await, 404, "and no more than they do");
    }

    async fn access_to_the_whole_org_is_not_borrowed(world: World) {
        let scene = Scene::new(&world).await;
        world.rank(&scene.org, scene.player, 30, AccessSet::everything()).await;
        assert_eq!(scene.page("/settings", &scene.member).await.status, 200);
        assert_eq!(scene.page("/settings", &scene.captain).await.status, 403);
        scene.see_as(scene.player, &scene.captain).await.outcome();
        for path in ["/settings", "/import", "/access"] {
            let status = scene.page(path, &scene.captain).await.status;
            assert_eq!(status, 403, "{path} shows more than the captain may see");
        }
        assert_eq!(scene.page("/log", &scene.captain).await.status, 200, "both may read the log");
        // Nor what it gives in every group.
        let home = world.group(&scene.org, scene.org.id.root_group(), "Here", true).await;
        for page in ["edit", "add", "managers"] {
            let path = format!("/groups/{home}/{page}");
            assert_eq!(scene.page(&path, &scene.member).await.status, 200);
            let status = scene.page(&path, &scene.captain).await.status;
            assert_eq!(status, 403, "{path} shows more than the captain may see");
        }
    }

    async fn what_is_personal_stays_with_its_owner(world: World) {
        let scene = Scene::new(&world).await;
        let (org, founder) = (&scene.org, &scene.org.founder);
        let root = org.id.root_group();
        let pilots = world.group_with(org, root, "Pilots", false, "public", "by_request").await;
        let manages = [
            ("group_id", pilots.to_string()),
            ("player_id", scene.player.to_string()),
            ("manages", "true".to_owned()),
        ];
        let set_manager = "/api/roster/set_manager";
        world.command(&org.host, set_manager, &borrow(&manages), founder).await.outcome();
        let guest = world.user("Guest").await;
        let ask = [("group_id", pilots.to_string()), ("note", "Let me fly".to_owned())];
        for caller in [&guest, &scene.captain, &scene.member] {
            let join = "/api/joining/join_group";
            world.command(&org.host, join, &borrow(&ask), caller).await.outcome();
        }
        catch_up(&world.state).await.unwrap();
        let requests = format!("/groups/{pilots}/requests");
        let hidden = ["/inbox", requests.as_str(), "/notices", "/notices/settings"];
        for path in hidden {
            assert_eq!(scene.page(path, &scene.member).await.status, 200, "{path}");
        }
        let join_page = async |caller: &Caller| -> JoinPage {
            world.read(&org.host, "/api/joining/read_join", caller).await.json()
        };
        assert_eq!(join_page(&scene.captain).await.mine.len(), 1);
        assert!(scene.page("/log", &scene.member).await.body.contains("Guest asked to join"));
        for (looker, of) in [(&scene.captain, "Rook"), (founder, "the founder's looking as Rook")] {
            scene.see_as(scene.player, looker).await.outcome();
            for path in hidden {
                let page = scene.page(path, looker).await;
                assert_eq!(page.status, 403, "{path} shows what is {of}'s own; call ctx.own_eyes()");
                assert!(!page.body.contains("Let me fly"), "{path}");
                let badge = "data-badge=\"inbox\"";
                assert!(!page.body.contains(badge), "the frame counts what waits for {of}");
                assert!(!page.body.contains("data-unread"), "the frame shows the looker's notices");
            }
            let page = join_page(looker).await;
            assert!(page.mine.is_empty(), "requests of the looker, or of {of}, are shown");
            let group = scene.page(&format!("/groups/{pilots}"), looker).await;
            assert!(!group.body.contains("Requested on"), "the looker's own request is no part of it");
            let log = scene.page("/log", looker).await;
            assert_eq!(log.status, 200);
            assert!(!log.body.contains("asked to join"), "requests are read through {of}'s eyes");
            scene.stop(looker).await.outcome();
        }
        for path in ["/inbox", "/notices"] {
            assert_eq!(scene.page(path, &scene.captain).await.status, 200, "{path}");
        }
        assert_eq!(join_page(&scene.captain).await.mine.len(), 1);
    }

    async fn who_is_not_below_cannot_be_looked_as(world: World) {
        let scene = Scene::new(&world).await;
        let (deputy, deputy_player) = world.claimed(&scene.org, "Deputy").await;
        let fields = [("player_id", deputy_player.to_string())];
        world
            .command(&scene.org.host, "/api/tenants/add_co_founder", &borrow(&fields), &scene.org.founder)
            .await.outcome();
        let peer = world.player(&scene.org, "Peer").await;
        world.rank(&scene.org, peer, 90, AccessSet::default()).await;
        for (player, caller, missing) in [
            (peer, &scene.captain, Missing::Level),
            (scene.captain_player, &scene.captain, Missing::Other),
            (deputy_player, &scene.captain, Missing::Protected),
            (scene.captain_player, &scene.member, Missing::Access(Action::SeeAs)),
        ] {
            let refused = scene.see_as(player, caller).await.error();
            assert_eq!(refused, AppError::Forbidden(missing));
        }
        scene.see_as(scene.captain_player, &deputy).await.outcome();
        scene.see_as(deputy_player, &scene.org.founder).await.outcome();
        let settings = scene.page("/settings", &scene.org.founder).await;
        assert_eq!(settings.status, 200);
        assert!(!settings.body.contains("Hand the founding over"), "co-founders do not see that");
    }

    async fn it_ends_by_time_by_loss_of_the_right_and_by_signing_out(world: World) {
        let scene = Scene::new(&world).await;
        scene.see_as(scene.player, &scene.captain).await.outcome();
        assert!(scene.looks(&scene.captain).await);
        world.wait(Duration::minutes(59));
        assert!(scene.looks(&scene.captain).await);
        world.wait(Duration::minutes(2));
        assert!(!scene.looks(&scene.captain).await, "it ends after an hour");
        scene.see_as(scene.player, &scene.captain).await.outcome();
        world.rank(&scene.org, scene.player, 95, AccessSet::default()).await;
        assert!(!scene.looks(&scene.captain).await, "nobody looks as somebody who rose above them");
        world.rank(&scene.org, scene.player, 10, AccessSet::default()).await;
        world.rank(&scene.org, scene.captain_player, 90, AccessSet::default()).await;
        assert!(!scene.looks(&scene.captain).await, "nor without the access");
        world.rank(&scene.org, scene.captain_player, 90, AccessSet::everything()).await;
        assert!(scene.looks(&scene.captain).await, "within the hour it is only interrupted");
        let out = world.command(&scene.org.host, "/api/accounts/sign_out", &[], &scene.captain).await;
        assert_eq!(out.status, 200, "signing out is always possible");
        assert!(!scene.looks(&scene.captain).await, "a new session has its own eyes");
    }

    async fn it_stands_in_the_log(world: World) {
        let scene = Scene::new(&world).await;
        let seq = scene.see_as(scene.player, &scene.captain).await.seq();
        let mut tx = world.state.db.system_read().await.unwrap();
        let (kind, actor, player): (String, String, Option<PlayerId>) = tx
            .one(
                "select kind, actor_name, player_id from event where org_id = $1 and seq = $2",
                (scene.org.id, seq),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(kind, EventKind::SeenAs.as_str());
        assert_eq!((actor.as_str(), player), ("Captain", Some(scene.player)));
        let log = scene.page("/log", &scene.member).await;
        assert!(log.body.contains("Looked through the eyes of"), "who is looked as can read it");
        let refused = scene.see_as(scene.player, &scene.captain).await.error();
        assert_eq!(refused, AppError::Forbidden(Missing::OwnEyes), "stop first");
    }
}
