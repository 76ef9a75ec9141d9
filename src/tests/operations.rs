//! Operations (§9): planning, publishing, changing, cancelling, and who sees what.

mod series;
mod work;

use crate::support::{Caller, Org, Planned, World, on_both_databases};
use axum::http::StatusCode;
use chrono::Duration;
use muster::{
    domain::{AppError, ConflictCode, OperationId},
    features::operations::model::{
        OperationState,
        pages::{AgendaPage, OperationPage},
    },
};

/// The page of an operation, for somebody who sees it.
async fn page(world: &World, org: &Org, id: OperationId, caller: &Caller) -> OperationPage {
    let path = format!("/api/operations/read_operation?id={id}");
    world.read(&org.host, &path, caller).await.json()
}

/// Does somebody see an operation? The page, the list and the HTML agree.
async fn sees(world: &World, org: &Org, id: OperationId, caller: &Caller) -> bool {
    let path = format!("/api/operations/read_operation?id={id}");
    let read = world.read(&org.host, &path, caller).await.status;
    let html = world
        .get(&org.host, &format!("/operations/{id}"), caller)
        .await;
    let agenda = agenda(world, org, "", caller).await;
    let listed = agenda.operations.iter().any(|line| line.id == id);
    assert_eq!(read == StatusCode::OK, listed, "page and list disagree");
    assert_eq!(read, html.status, "page and its data disagree");
    if !listed {
        assert_eq!(read, StatusCode::NOT_FOUND);
    }
    listed
}

async fn agenda(world: &World, org: &Org, query: &str, caller: &Caller) -> AgendaPage {
    let path = format!("/api/operations/read_agenda{query}");
    world.read(&org.host, &path, caller).await.json()
}

on_both_databases! {
    async fn an_operation_goes_its_way(world: World) {
        let org = world.org("alpha").await;
        let (member, _) = world.claimed(&org, "Smith").await;
        let planned = Planned { publish: "draft", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        assert!(!sees(&world, &org, id, &member).await, "a draft shows to planners alone");
        assert!(sees(&world, &org, id, &org.founder).await);

        world.on_operation(&org, "publish_operation", id, &[], &org.founder).await.outcome();
        assert!(sees(&world, &org, id, &member).await);
        let refused = world.on_operation(&org, "publish_operation", id, &[], &org.founder).await;
        assert!(matches!(
            refused.error(),
            AppError::Conflict(ConflictCode::OperationState { .. })
        ));

        let refused = world.on_operation(&org, "cancel_operation", id, &[], &org.founder).await;
        assert!(matches!(refused.error(), AppError::Invalid(_)), "a cancellation has a reason");
        let reason = [("reason", "Server is down")];
        world.on_operation(&org, "cancel_operation", id, &reason, &org.founder).await.outcome();
        let read = page(&world, &org, id, &member).await;
        assert_eq!(read.head.state, OperationState::Cancelled);
        assert_eq!(read.head.cancel_reason, "Server is down");

        world.on_operation(&org, "revive_operation", id, &[], &org.founder).await.outcome();
        let read = page(&world, &org, id, &member).await;
        assert_eq!(read.head.state, OperationState::Published);
        assert_eq!(read.head.cancel_reason, "");
    }

    async fn whoever_was_slower_is_told(world: World) {
        let org = world.org("alpha").await;
        let id = world.operation(&org).await;
        let version = world.operation_version(&org, id).await.to_string();
        let (id, stale) = (id.to_string(), (version.parse::<i64>().unwrap() - 1).to_string());
        let mut fields = world.operation_fields(&Planned::default());
        fields.push(("operation_id", id.clone()));
        fields.push(("version", stale));
        let path = "/api/operations/edit_operation";
        let fields = crate::catalogue::borrow(&fields);
        let refused = world.command(&org.host, path, &fields, &org.founder).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::Stale));
    }

    async fn the_audience_decides_who_sees_it(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let platoon = world.group(&org, root, "Platoon", false).await;
        let squad = world.group(&org, platoon, "Squad", true).await;
        let other = world.group(&org, root, "Other", true).await;
        let closed = world.group_with(&org, root, "Closed", false, "private", "closed").await;
        let (inside, player) = world.claimed(&org, "Inside").await;
        world.place(&org, player, squad, None, &org.founder).await.outcome();
        let (leader, player) = world.claimed(&org, "Leader").await;
        world.place(&org, player, platoon, Some("In Command"), &org.founder).await.outcome();
        let (outside, player) = world.claimed(&org, "Outside").await;
        world.place(&org, player, other, None, &org.founder).await.outcome();
        let guest = world.user("A guest").await;
        let nobody = Caller::default();
        let callers = [&nobody, &guest, &outside, &inside, &leader, &org.founder];
        for (group, audience, publish, expected) in [
            (platoon, "public", "now", [true, true, true, true, true, true]),
            (platoon, "members", "now", [false, false, true, true, true, true]),
            (platoon, "group", "now", [false, false, false, true, true, true]),
            (squad, "group", "now", [false, false, false, true, true, true]),
            (other, "group", "now", [false, false, true, false, false, true]),
            (platoon, "public", "draft", [false, false, false, false, true, true]),
            (other, "public", "draft", [false, false, false, false, false, true]),
            (closed, "public", "now", [false, false, false, false, false, true]),
            (root, "group", "now", [false, false, true, true, true, true]),
        ] {
            let planned = Planned { group: Some(group), audience, publish, ..Planned::default() };
            let id = world.operation_with(&org, &planned).await;
            let mut seen = Vec::new();
            for caller in callers {
                seen.push(sees(&world, &org, id, caller).await);
            }
            assert_eq!(seen, expected, "{audience}, {publish}, group {group}");
            for (caller, sees) in callers.into_iter().zip(seen) {
                let answer = world.on_operation(&org, "archive_operation", id, &[], caller).await;
                let hidden = answer.status == StatusCode::NOT_FOUND;
                assert_eq!(hidden, !sees, "a command tells of what the page hides, or hides it");
            }
        }
    }

    async fn nobody_plans_where_they_may_not(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let squad = world.group(&org, root, "Squad", true).await;
        let (leader, player) = world.claimed(&org, "Leader").await;
        world.place(&org, player, squad, Some("In Command"), &org.founder).await.outcome();
        let here = Planned { group: Some(squad), ..Planned::default() };
        let above = Planned::default();
        world.plan(&org, &here, &leader).await.outcome();
        let refused = world.plan(&org, &above, &leader).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
        let refused = world.plan(&org, &here, &Caller::default()).await;
        assert_eq!(refused.error(), AppError::SignInRequired);
    }

    async fn the_agenda_has_pages(world: World) {
        let org = world.org("alpha").await;
        for day in 0..35 {
            let planned = Planned {
                title: format!("Patrol {day}"),
                starts_in: Duration::days(day + 1),
                ..Planned::default()
            };
            world.operation_with(&org, &planned).await;
        }
        let first = agenda(&world, &org, "", &org.founder).await;
        let from = first.next.expect("35 are two pages");
        let second = agenda(&world, &org, &format!("?from={from}"), &org.founder).await;
        let titles: Vec<String> = first
            .operations
            .into_iter()
            .chain(second.operations)
            .map(|line| line.title)
            .collect();
        let expected: Vec<String> = (0..35).map(|day| format!("Patrol {day}")).collect();
        assert_eq!(titles, expected);
        assert_eq!(second.next, None);
        world.wait(Duration::days(40));
        let past = agenda(&world, &org, "?past=true", &org.founder).await;
        assert_eq!(past.operations[0].title, "Patrol 34", "the latest first");
    }
}
