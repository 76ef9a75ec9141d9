//! Requests (§5.1): withdrawn, answered once, and nobody else's business.

use super::*;
use chrono::Duration;
use muster::{
    domain::UserId,
    features::notices::{model::NoticePage, service::catch_up},
};
use uuid::Uuid;

on_both_databases! {
    async fn who_asked_withdraws_and_nobody_else(world: World) {
        let scene = Scene::new(&world).await;
        let (guest, other) = (world.user("Guest").await, world.user("Other").await);
        let request = scene.ask(scene.asking, &guest).await;
        assert_eq!(scene.withdraw(request, &other).await.error(), AppError::NotFound);
        assert_eq!(scene.withdraw(request, &scene.org.founder).await.error(), AppError::NotFound);
        let event = scene.withdraw(request, &guest).await.outcome().event.unwrap();
        assert_eq!(event.kind, EventKind::JoinWithdrawn);
        let late = scene.answer(request, "approve", "", &scene.org.founder).await.error();
        assert_eq!(late, conflict(ConflictCode::RequestActioned));
        // They may ask again.
        scene.ask(scene.asking, &guest).await;
    }

    async fn declining_takes_a_note_and_loses_nothing(world: World) {
        let scene = Scene::new(&world).await;
        let guest = world.user("Guest").await;
        let request = scene.ask(scene.asking, &guest).await;
        let founder = &scene.org.founder;
        let refused = scene.answer(request, "decline", "  ", founder).await.error();
        assert_eq!(refused, AppError::field("note", FieldProblem::Required));
        let long = "x".repeat(501);
        let refused = scene.answer(request, "decline", &long, founder).await.error();
        assert_eq!(refused, AppError::field("note", FieldProblem::TooLong { max: 500 }));
        assert_eq!(scene.inbox(founder).await.waiting.len(), 1);
        scene.answer(request, "decline", "Not this month", founder).await.outcome();
        assert!(scene.player_of(&guest).await.is_none());
        let page = scene.page("/join", &guest).await;
        assert!(page.body.contains("Not this month") && page.body.contains("Declined"));
        let path = format!("/api/joining/read_requests?group_id={}", scene.asking);
        let requests: RequestsPage = world.read(&scene.org.host, &path, founder).await.json();
        assert!(requests.waiting.is_empty());
        assert_eq!(requests.past[0].state, RequestState::Declined);
    }

    async fn a_second_request_is_refused(world: World) {
        let scene = Scene::new(&world).await;
        let guest = world.user("Guest").await;
        scene.ask(scene.asking, &guest).await;
        let again = scene.join(scene.asking, &guest).await.error();
        assert_eq!(again, conflict(ConflictCode::AlreadyRequested));
        let (first, second) = tokio::join!(
            scene.join(scene.asking, &guest),
            scene.join(scene.asking, &guest),
        );
        assert_eq!((first.status, second.status), (StatusCode::CONFLICT, StatusCode::CONFLICT));
        // The index holds it, too.
        let mut tx = world.state.db.system().await.unwrap();
        let doubled = tx
            .run(
                "insert into join_request (org_id, request_id, group_id, user_id, common_name, created_at)
                 select org_id, $2, group_id, user_id, common_name, created_at
                   from join_request where org_id = $1",
                (scene.org.id, RequestId(uuid::Uuid::now_v7())),
            )
            .await;
        assert!(doubled.is_err(), "the database took a second pending request");
    }

    async fn who_asked_joins_at_once_when_the_group_opens(world: World) {
        let scene = Scene::new(&world).await;
        let guest = world.user("Guest").await;
        let request = scene.ask(scene.asking, &guest).await;
        let mut tx = world.state.db.system().await.unwrap();
        tx.run(
            "update roster_group set policy = 'open' where org_id = $1 and group_id = $2",
            (scene.org.id, scene.asking),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        scene.join(scene.asking, &guest).await.outcome();
        let (player, ..) = scene.player_of(&guest).await.unwrap();
        assert!(scene.membership(player, scene.asking).await.is_some());
        let mine = scene.join_page(&guest).await.mine;
        assert_eq!(mine[0].state, RequestState::Withdrawn);
        let late = scene.answer(request, "approve", "", &scene.org.founder).await.error();
        assert_eq!(late, conflict(ConflictCode::RequestActioned));
    }

    async fn an_actioned_request_is_immutable(world: World) {
        let scene = Scene::new(&world).await;
        for verdict in ["approve", "decline", "withdraw"] {
            let guest = world.user(&format!("Guest {verdict}")).await;
            let request = scene.ask(scene.asking, &guest).await;
            if verdict == "withdraw" {
                scene.withdraw(request, &guest).await.outcome();
            } else {
                scene.answer(request, verdict, "So be it", &scene.org.founder).await.outcome();
            }
            let mut tx = world.state.db.system().await.unwrap();
            let changed = tx
                .run(
                    "update join_request set answer = 'Changed' where org_id = $1 and request_id = $2",
                    (scene.org.id, request),
                )
                .await;
            assert!(changed.is_err(), "the database changed a request that was actioned: {verdict}");
            drop(tx);
            let mut tx = world.state.db.system().await.unwrap();
            let deleted = tx
                .run(
                    "delete from join_request where org_id = $1 and request_id = $2",
                    (scene.org.id, request),
                )
                .await;
            assert!(deleted.is_err(), "the database deleted a request that was actioned: {verdict}");
        }
    }

    async fn of_two_managers_at_once_one_wins(world: World) {
        let scene = Scene::new(&world).await;
        let first = scene.manager_of(scene.asking, "First").await;
        let second = scene.manager_of(scene.asking, "Second").await;
        for round in 0..3 {
            let guest = world.user(&format!("Guest {round}")).await;
            let request = scene.ask(scene.asking, &guest).await;
            let (one, other) = tokio::join!(
                scene.answer(request, "approve", "Yes", &first),
                scene.answer(request, "decline", "No", &second),
            );
            let (won, lost) = if one.status == StatusCode::OK { (&one, &other) } else { (&other, &one) };
            won.outcome();
            assert_eq!(lost.error(), conflict(ConflictCode::RequestActioned));
            let became = scene.player_of(&guest).await.is_some();
            assert_eq!(became, one.status == StatusCode::OK, "what the winner said holds");
        }
    }

    /// Many newer ones for a group of others hide none of one's own.
    async fn the_inbox_is_of_the_groups_one_answers_for(world: World) {
        let scene = Scene::new(&world).await;
        let root = scene.org.id.root_group();
        let mut own = Vec::new();
        for number in 0..10 {
            let name = format!("Own {number}");
            own.push(world.group_with(&scene.org, root, &name, false, "public", "by_request").await);
        }
        let manager = scene.manager_of(own[0], "Manager").await;
        let player = scene.player_of(&manager).await.unwrap().0;
        let guest = world.user("Guest").await;
        for group in &own {
            let fields = [
                ("group_id", group.to_string()),
                ("player_id", player.to_string()),
                ("manages", "true".to_owned()),
            ];
            if *group != own[0] {
                let path = "/api/roster/set_manager";
                scene.send(path, &fields, &scene.org.founder).await.outcome();
            }
            scene.ask(*group, &guest).await;
        }
        // A thousand and one later, for a group that they do not answer for; and a hundred of theirs.
        let crowd: Vec<UserId> = (0..1001).map(|_| UserId(Uuid::now_v7())).collect();
        let later = world.now() + Duration::hours(1);
        let ctx = world.ctx(&scene.org).await;
        let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
        for (at, user) in crowd.iter().enumerate() {
            tx.run(
                "insert into user_account (user_id, name, name_key, email, email_key, password_hash,
                                           time_zone, created_at)
                 values ($1, $2, $2, $2, $2, '', 'UTC', $3)",
                (*user, format!("crowd {at}"), later),
            )
            .await
            .unwrap();
            for group in [scene.asking, own[1]] {
                if group == scene.asking || at < 100 {
                    tx.run(
                        "insert into join_request (org_id, request_id, group_id, user_id, common_name,
                                                   created_at)
                         values ($1, $2, $3, $4, 'Crowd', $5)",
                        (scene.org.id, RequestId(Uuid::now_v7()), group, *user, later),
                    )
                    .await
                    .unwrap();
                }
            }
        }
        muster::server::events::commit(tx, &world.state.hub).await.unwrap();
        let other = scene.manager_of(scene.asking, "Other").await;
        let inbox = scene.inbox(&manager).await;
        assert_eq!((inbox.waiting.len(), inbox.more), (100, 10));
        assert!(inbox.waiting.iter().all(|one| one.group.name == "Own 1"), "the newest first");
        let inbox = scene.inbox(&other).await;
        assert_eq!((inbox.waiting.len(), inbox.more), (100, 901));
        assert!(inbox.waiting.iter().all(|one| one.group.name == "Pilots"));
        let mut tx = world.state.db.system().await.unwrap();
        tx.run("delete from join_request where org_id = $1 and group_id = $2", (scene.org.id, own[1]))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        scene.withdraw(scene.inbox(&other).await.waiting[0].id, &other).await.error();
        world.group(&scene.org, root, "So that it is counted anew", false).await;
        let inbox = scene.inbox(&manager).await;
        assert_eq!((inbox.waiting.len(), inbox.more), (9, 0), "those of others crowd out one's own");
    }

    async fn who_is_removed_asks_no_more(world: World) {
        let scene = Scene::new(&world).await;
        for ban in ["false", "true"] {
            let (member, player) = world.claimed(&scene.org, &format!("Member {ban}")).await;
            let request = scene.ask(scene.asking, &member).await;
            let other = scene.ask(scene.asking, &world.user(&format!("Other {ban}")).await).await;
            let fields = [
                ("player_id", player.to_string()),
                ("ban", ban.to_owned()),
                ("reason", "Cheating".to_owned()),
            ];
            let founder = &scene.org.founder;
            let kicked = scene.send("/api/roster/kick_player", &fields, founder).await.seq();
            let late = scene.answer(request, "approve", "", founder).await.error();
            assert_eq!(late, conflict(ConflictCode::RequestActioned), "ban: {ban}");
            let waiting = scene.inbox(founder).await.waiting;
            assert_eq!(waiting.len(), 1, "only the other's waits still");
            let kinds = world.event_kinds(&scene.org).await;
            let last: Vec<&str> = kinds.iter().rev().take(2).map(String::as_str).collect();
            assert_eq!(last, ["player.kicked", "request.withdrawn"], "the log says so");
            let log = scene.page("/log", founder).await;
            assert!(log.body.contains("no longer asks to join"));
            // Who is brought back asks anew.
            let undo = [("seq", kicked.to_string())];
            scene.send("/api/audit/undo_event", &undo, founder).await.outcome();
            let mine = scene.join_page(&member).await.mine;
            assert_eq!(mine[0].state, RequestState::Withdrawn);
            let again = scene.ask(scene.asking, &member).await;
            for id in [again, other] {
                scene.answer(id, "decline", "No room", founder).await.outcome();
            }
        }
    }

    async fn who_withdraws_learns_nothing_of_a_group_that_hides(world: World) {
        let scene = Scene::new(&world).await;
        let guest = world.user("Guest").await;
        let (first, second) = (scene.ask(scene.asking, &guest).await, world.user("Other").await);
        let declined = scene.ask(scene.asking, &second).await;
        let fields = [
            ("group_id", scene.asking.to_string()),
            ("version", "1".to_owned()),
            ("name", "Night Hawks".to_owned()),
            ("description", "For tests".to_owned()),
            ("kind", "Squad".to_owned()),
            ("visibility", "private".to_owned()),
            ("policy", "by_request".to_owned()),
        ];
        let founder = &scene.org.founder;
        scene.send("/api/roster/edit_group", &fields, founder).await.outcome();
        let answer = scene.withdraw(first, &guest).await;
        assert!(!answer.body.contains("Night Hawks"), "{}", answer.body);
        assert!(!answer.body.contains(&scene.asking.to_string()), "{}", answer.body);
        assert_eq!(answer.outcome().event.unwrap().text, "Withdrew the request");
        // The notice of an answer leads to where the answer stands.
        scene.answer(declined, "decline", "No room", founder).await.outcome();
        catch_up(&world.state).await.unwrap();
        let path = "/api/notices/list_notices";
        let page: NoticePage = world.read(&scene.org.host, path, &second).await.json();
        let page = scene.page(&page.notices[0].href, &second).await;
        assert_eq!(page.status, StatusCode::OK, "the link of the notice leads nowhere");
        assert!(page.body.contains("No room"));
    }

    async fn a_request_is_between_who_asked_and_who_answers(world: World) {
        let scene = Scene::new(&world).await;
        let manager = scene.manager_of(scene.asking, "Manager").await;
        let (asker, _) = world.claimed(&scene.org, "Asker").await;
        let (member, _) = world.claimed(&scene.org, "Bystander").await;
        let request = scene.ask(scene.asking, &asker).await;
        let sees = |caller: &Caller, text: &'static str| {
            let (world, host, caller) = (world.clone(), scene.org.host.clone(), caller.clone());
            async move { world.get(&host, "/log", &caller).await.body.contains(text) }
        };
        assert!(sees(&manager, "asked to join").await);
        assert!(sees(&asker, "asked to join").await);
        assert!(!sees(&member, "asked to join").await, "everybody reads who asked");
        scene.answer(request, "decline", "No room", &manager).await.outcome();
        assert!(sees(&asker, "No room").await);
        assert!(!sees(&member, "No room").await, "everybody reads why somebody was declined");
        let path = format!("/groups/{}/requests", scene.asking);
        assert_eq!(scene.page(&path, &member).await.status, StatusCode::FORBIDDEN);
        assert_eq!(scene.page(&path, &manager).await.status, StatusCode::OK);
    }
}
