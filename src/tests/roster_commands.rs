//! Commands of the roster through their server functions: what they change, refuse and keep.

use crate::support::{Caller, World, on_both_databases};
use chrono::Duration;
use muster::domain::{
    AppError, ConflictCode,
    access::{Action, Missing},
    event::EventKind,
};

on_both_databases! {
    async fn a_transfer_ends_one_interval_and_starts_another(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let alpha = world.group(&org, root, "Alpha", true).await;
        let bravo = world.group(&org, root, "Bravo", true).await;
        let smith = world.player(&org, "Smith").await;
        world.place(&org, smith, alpha, None, &org.founder).await.outcome();
        world.wait(Duration::days(1));
        let answer = world.place(&org, smith, bravo, None, &org.founder).await;
        let event = answer.outcome().event.unwrap();
        assert_eq!(event.kind, EventKind::MemberTransferred);
        assert_eq!(event.sentence(), "Moved Smith from Alpha to Bravo as Member");
        let roster = world.roster(&org).await;
        assert!(roster.members_of(alpha).is_empty());
        assert_eq!(roster.members_of(bravo).len(), 1);
        assert_eq!(roster.exclusive_of(smith).unwrap().1, bravo);
    }

    async fn undo_restores_and_both_stay_in_the_log(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let alpha = world.group(&org, root, "Alpha", true).await;
        let bravo = world.group(&org, root, "Bravo", true).await;
        let smith = world.player(&org, "Smith").await;
        world.place(&org, smith, alpha, None, &org.founder).await.outcome();
        let seq = world.place(&org, smith, bravo, None, &org.founder).await.seq();
        let undo = |seq: i64| {
            let (world, org) = (world.clone(), org.clone());
            async move {
                let seq = seq.to_string();
                world.command(&org.host, "/api/audit/undo_event", &[("seq", &seq)], &org.founder).await
            }
        };
        let undone = undo(seq).await.outcome().event.unwrap();
        assert_eq!(undone.undoes, Some(seq));
        assert_eq!(world.roster(&org).await.exclusive_of(smith).unwrap().1, alpha);
        assert_eq!(undo(seq).await.error(), AppError::Conflict(ConflictCode::AlreadyUndone));
        // Undoing the undo is a command like any other.
        undo(undone.seq).await.outcome();
        assert_eq!(world.roster(&org).await.exclusive_of(smith).unwrap().1, bravo);
        world.wait(Duration::days(8));
        let old = undo(undone.seq + 1).await.error();
        assert_eq!(old, AppError::Conflict(ConflictCode::NotUndoable));
    }

    async fn the_second_of_two_leaders_is_told(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let alpha = world.group(&org, root, "Alpha", true).await;
        let bravo = world.group(&org, root, "Bravo", true).await;
        let smith = world.player(&org, "Smith").await;
        world.place_expecting(&org, smith, alpha, None, None, &org.founder).await.outcome();
        // The other leader still sees Smith unassigned.
        let answer = world.place_expecting(&org, smith, bravo, None, None, &org.founder).await;
        assert_eq!(
            answer.error(),
            AppError::Conflict(ConflictCode::PlayerMoved { now_in: Some("Alpha".into()) })
        );
        assert_eq!(world.roster(&org).await.exclusive_of(smith).unwrap().1, alpha);
    }

    async fn many_leaders_at_once_leave_one_membership(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let mut groups = Vec::new();
        for name in ["Alpha", "Bravo", "Charlie", "Delta"] {
            groups.push(world.group(&org, root, name, true).await);
        }
        let smith = world.player(&org, "Smith").await;
        let tries = (0..12).map(|n| {
            let (world, org, group) = (world.clone(), org.clone(), groups[n % groups.len()]);
            tokio::spawn(async move {
                world.place_expecting(&org, smith, group, None, None, &org.founder).await.status
            })
        });
        let mut placed = 0;
        for attempt in tries.collect::<Vec<_>>() {
            placed += i32::from(attempt.await.unwrap().is_success());
        }
        assert_eq!(placed, 1, "exactly one of the leaders may win");
        let roster = world.roster(&org).await;
        let members: usize = groups.iter().map(|group| roster.members_of(*group).len()).sum();
        assert_eq!(members, 1);
    }

    async fn a_singular_role_has_one_holder(world: World) {
        let org = world.org("apple").await;
        let alpha = world.group(&org, org.id.root_group(), "Alpha", true).await;
        let mut players = Vec::new();
        for name in ["Smith", "Jones", "Miller", "Weber", "Novak", "Rossi"] {
            players.push(world.player(&org, name).await);
        }
        let tries = players.iter().map(|player| {
            let (world, org, player) = (world.clone(), org.clone(), *player);
            tokio::spawn(async move {
                world.place(&org, player, alpha, Some("In Command"), &org.founder).await
            })
        });
        let mut placed = 0;
        for attempt in tries.collect::<Vec<_>>() {
            let answer = attempt.await.unwrap();
            if answer.status.is_success() {
                placed += 1;
            } else {
                let error = answer.error();
                assert!(
                    matches!(
                        &error,
                        AppError::Conflict(ConflictCode::RoleTaken { holder: Some(_) })
                    ),
                    "those who were too late are told who holds the role, not {error:?}"
                );
            }
        }
        assert_eq!(placed, 1);
    }

    async fn moves_that_meet_never_make_a_cycle(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let alpha = world.group(&org, root, "Alpha", true).await;
        let bravo = world.group(&org, root, "Bravo", true).await;
        let under = |group: muster::domain::GroupId, parent: muster::domain::GroupId| {
            let (world, org) = (world.clone(), org.clone());
            async move {
                let fields = [
                    ("group_id", group.to_string()),
                    ("version", "1".to_owned()),
                    ("parent_id", parent.to_string()),
                ];
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                world.command(&org.host, "/api/roster/move_group", &fields, &org.founder).await
            }
        };
        let (one, other) =
            tokio::join!(tokio::spawn(under(alpha, bravo)), tokio::spawn(under(bravo, alpha)));
        let answers = [one.unwrap(), other.unwrap()];
        let won = answers.iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(won, 1, "one of the two moves wins");
        let lost = answers.iter().find(|answer| !answer.status.is_success()).unwrap();
        assert_eq!(lost.error(), AppError::Conflict(ConflictCode::Cycle));
        assert_eq!(world.roster(&org).await.groups.len(), 2, "both groups still hang in the tree");
    }

    async fn leaders_act_in_their_subtree_only(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let platoon = world.group(&org, root, "Platoon", true).await;
        let squad = world.group(&org, platoon, "Squad", true).await;
        let other = world.group(&org, root, "Other", true).await;
        let (leader, leader_player) = world.claimed(&org, "Leader").await;
        world.place(&org, leader_player, platoon, Some("In Command"), &org.founder).await.outcome();
        let smith = world.player(&org, "Smith").await;
        world.place(&org, smith, squad, None, &leader).await.outcome();
        let refused = world.place(&org, smith, other, None, &leader).await;
        assert_eq!(refused.error(), AppError::Forbidden(Missing::AccessHere(Action::AssignMembers)));
        world.place(&org, smith, other, None, &org.founder).await.outcome();
        let refused = world.place(&org, smith, squad, None, &leader).await;
        assert_eq!(
            refused.error(),
            AppError::Forbidden(Missing::AccessHere(Action::AssignMembers)),
            "a leader must not take people out of a group that they do not lead"
        );
        let stranger = world.place(&org, smith, squad, None, &Caller::default()).await;
        assert_eq!(stranger.error(), AppError::SignInRequired);
    }

    async fn plain_forms_lose_nothing(world: World) {
        let org = world.org("apple").await;
        let fields = [("common_name", "  "), ("group_id", "")];
        let answer =
            world.form(&org.host, "/api/roster/create_player", &fields, &org.founder).await;
        assert_eq!(answer.status.as_u16(), 303);
        assert_eq!(answer.location(), "/roster", "back to the page of the form");
        let flash = answer.cookie("__Host-flash").expect("what was typed waits under a cookie");
        let session = world.session(&org.host, &org.founder).await.unwrap();
        let request = axum::http::Request::builder()
            .uri("/players/new")
            .header("host", &org.host)
            .header("accept", "text/html")
            .header("cookie", format!("{session}; {flash}"))
            .body(axum::body::Body::empty())
            .unwrap();
        let page = world.send(request).await;
        assert!(page.body.contains("aria-invalid=\"true\""), "the page marks the field");
    }

    /// The browser's program loads the page anew then, and its own message goes with the old one.
    async fn what_happened_is_said_after_a_page_load(world: World) {
        let org = world.org("apple").await;
        let fields = [
            ("name", "apple"),
            ("time_zone", "UTC"),
            ("accent_hue", "30"),
            ("version", "1"),
        ];
        let answer = world.command(&org.host, "/api/tenants/edit_org", &fields, &org.founder).await;
        let flash = answer.cookie("__Host-flash").expect("the message waits under a cookie");
        assert!(answer.outcome().leave);
        let session = world.session(&org.host, &org.founder).await.unwrap();
        let load = || {
            let request = axum::http::Request::builder()
                .uri("/settings")
                .header("host", &org.host)
                .header("accept", "text/html")
                .header("cookie", format!("{session}; {flash}"));
            request.body(axum::body::Body::empty()).unwrap()
        };
        let page = world.send(load()).await;
        assert!(page.body.contains("class=\"toast\""), "the message is lost with the old page");
        let again = world.send(load()).await;
        assert!(!again.body.contains("class=\"toast\""), "once is enough");
        // Where the page stays, its program says it, and nothing waits.
        let stays = world.command(
            &org.host,
            "/api/roster/create_player",
            &[("common_name", "Smith"), ("group_id", "")],
            &org.founder,
        );
        assert!(stays.await.cookie("__Host-flash").is_none(), "it would be said twice");
    }
}
