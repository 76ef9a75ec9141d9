//! What happens by itself, who hears of it, and from whom it is hidden.

use super::{page, sees};
use crate::support::{Caller, Org, Planned, World, on_both_databases};
use chrono::Duration;
use muster::{
    domain::OperationId,
    features::{
        audit::model::LogPage,
        notices::{model::NoticePage, service::catch_up as tell},
        operations::{model::OperationState, service::worker::catch_up},
    },
};

/// What somebody was told, the oldest first.
async fn told(world: &World, org: &Org, caller: &Caller) -> Vec<String> {
    tell(&world.state).await.unwrap();
    let page: NoticePage = world
        .read(&org.host, "/api/notices/list_notices", caller)
        .await
        .json();
    let texts = page.notices.into_iter().rev();
    texts
        .map(|notice| notice.text)
        .filter(|text| text.contains("Patrol"))
        .collect()
}

/// Sentences of the log about operations, the newest first.
async fn log(world: &World, org: &Org, caller: &Caller) -> Vec<String> {
    let page: LogPage = world
        .read(&org.host, "/api/audit/list_events", caller)
        .await
        .json();
    let lines = page.events.into_iter().map(|line| line.text);
    lines.filter(|text| text.contains("Patrol")).collect()
}

/// Somebody's answer, past all rules of answering.
async fn answer(world: &World, org: &Org, operation: OperationId, player: &str, answer: &str) {
    let mut tx = world.state.db.system().await.unwrap();
    tx.run(
        "insert into rsvp (org_id, operation_id, rsvp_id, player_id, answer, answered_at)
         select $1, $2, $3, player_id, $5, $6 from player where org_id = $1 and common_name = $4",
        (
            org.id,
            operation,
            uuid::Uuid::now_v7(),
            player.to_owned(),
            answer.to_owned(),
            world.now(),
        ),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn it_is_published_when_its_hour_has_come(world: World) {
        let org = world.org("alpha").await;
        let (member, _) = world.claimed(&org, "Smith").await;
        let planned = Planned { publish: "draft", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        let at = world.minute() + Duration::days(1);
        let (day, clock) = (at.format("%Y-%m-%d").to_string(), at.format("%H:%M").to_string());
        let hour = [("publish", "at"), ("publish_date", &*day), ("publish_time", &*clock)];
        world.on_operation(&org, "schedule_operation", id, &hour, &org.founder).await.outcome();
        catch_up(&world.state).await.unwrap();
        assert!(!sees(&world, &org, id, &member).await, "its hour has not come");
        // The server was down for longer than that.
        world.wait(Duration::days(2));
        catch_up(&world.state).await.unwrap();
        catch_up(&world.state).await.unwrap();
        assert!(sees(&world, &org, id, &member).await);
        assert_eq!(told(&world, &org, &member).await.len(), 1, "told once");
        world.wait(Duration::days(2));
        catch_up(&world.state).await.unwrap();
        let read = page(&world, &org, id, &member).await;
        assert_eq!(read.head.state, OperationState::Done);
    }

    async fn what_was_missed_is_caught_up_without_a_stale_word(world: World) {
        let org = world.org("alpha").await;
        let (member, _) = world.claimed(&org, "Smith").await;
        let planned = Planned { publish: "draft", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        let at = world.minute() + Duration::days(1);
        let (day, clock) = (at.format("%Y-%m-%d").to_string(), at.format("%H:%M").to_string());
        let hour = [("publish", "at"), ("publish_date", &*day), ("publish_time", &*clock)];
        world.on_operation(&org, "schedule_operation", id, &hour, &org.founder).await.outcome();
        world.wait(Duration::days(5));
        catch_up(&world.state).await.unwrap();
        catch_up(&world.state).await.unwrap();
        let read = page(&world, &org, id, &member).await;
        assert_eq!(read.head.state, OperationState::Done, "published and over");
        assert!(told(&world, &org, &member).await.is_empty(), "nobody can come to what was");
    }

    async fn those_whom_it_concerns_hear_of_it(world: World) {
        let org = world.org("alpha").await;
        let squad = world.group(&org, org.id.root_group(), "Squad", true).await;
        let (inside, player) = world.claimed(&org, "Inside").await;
        world.place(&org, player, squad, None, &org.founder).await.outcome();
        let (declined, player) = world.claimed(&org, "Declined").await;
        world.place(&org, player, squad, None, &org.founder).await.outcome();
        let (outside, _) = world.claimed(&org, "Outside").await;
        let planned = Planned { group: Some(squad), audience: "group", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        answer(&world, &org, id, "Inside", "maybe").await;
        answer(&world, &org, id, "Declined", "declined").await;
        let later = Planned { starts_in: Duration::days(4), ..planned };
        let fields = world.operation_fields(&later);
        let fields = crate::catalogue::borrow(&fields);
        world.on_operation(&org, "edit_operation", id, &fields, &org.founder).await.outcome();
        let reason = [("reason", "Rain")];
        world.on_operation(&org, "cancel_operation", id, &reason, &org.founder).await.outcome();
        world.on_operation(&org, "revive_operation", id, &[], &org.founder).await.outcome();

        let heard = told(&world, &org, &inside).await;
        let starts: Vec<&str> = heard.iter().map(|text| &text[..text.len().min(19)]).collect();
        assert_eq!(
            starts,
            ["Patrol is planned: ", "Patrol was moved to", "Patrol was cancelle", "Patrol takes place "]
        );
        assert!(heard[2].ends_with("“Rain”"), "{}", heard[2]);
        assert_eq!(told(&world, &org, &declined).await.len(), 1, "who declined hears no more");
        assert!(told(&world, &org, &outside).await.is_empty(), "it is not for them");
        assert!(told(&world, &org, &org.founder).await.is_empty(), "they did it");
    }

    async fn a_draft_leaves_no_trace_for_others(world: World) {
        let org = world.org("alpha").await;
        let (member, _) = world.claimed(&org, "Smith").await;
        let planned = Planned { publish: "draft", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        let fields = world.operation_fields(&Planned {
            starts_in: Duration::days(6),
            ..Planned::default()
        });
        let fields = crate::catalogue::borrow(&fields);
        world.on_operation(&org, "edit_operation", id, &fields, &org.founder).await.outcome();
        assert_eq!(log(&world, &org, &org.founder).await.len(), 2);
        assert!(log(&world, &org, &member).await.is_empty(), "the log tells of a draft");
        assert!(told(&world, &org, &member).await.is_empty());
        world.on_operation(&org, "delete_operation", id, &[], &org.founder).await.outcome();
        assert_eq!(log(&world, &org, &org.founder).await.len(), 3, "planners see what they did");
        assert!(log(&world, &org, &member).await.is_empty(), "the log tells of a deleted draft");

        let open = world.operation(&org).await;
        assert!(!log(&world, &org, &member).await.is_empty());
        let html = world.get(&org.host, &format!("/operations/{open}/history"), &member).await;
        assert!(html.body.contains("Published Patrol"), "its history tells of it");
    }

    async fn what_was_done_can_be_taken_back(world: World) {
        let org = world.org("alpha").await;
        let id = world.operation(&org).await;
        let before = page(&world, &org, id, &org.founder).await;
        let undo = |seq: i64| {
            let (world, org) = (world.clone(), org.clone());
            async move {
                let seq = seq.to_string();
                let fields = [("seq", seq.as_str())];
                world.command(&org.host, "/api/audit/undo_event", &fields, &org.founder).await
            }
        };
        let fields = world.operation_fields(&Planned {
            title: "Patrol two".into(),
            starts_in: Duration::days(9),
            ..Planned::default()
        });
        let fields = crate::catalogue::borrow(&fields);
        let edited = world.on_operation(&org, "edit_operation", id, &fields, &org.founder).await;
        undo(edited.seq()).await.outcome();
        let after = page(&world, &org, id, &org.founder).await;
        assert_eq!(after.head.title, before.head.title);
        assert_eq!(after.head.when.starts_at, before.head.when.starts_at);

        let reason = [("reason", "Rain")];
        let cancelled = world.on_operation(&org, "cancel_operation", id, &reason, &org.founder).await;
        undo(cancelled.seq()).await.outcome();
        let after = page(&world, &org, id, &org.founder).await;
        assert_eq!(after.head.state, OperationState::Published);
        assert!(undo(edited.seq()).await.status != axum::http::StatusCode::OK, "only once");
    }

    async fn templates_and_copies_bring_billets(world: World) {
        let org = world.org("alpha").await;
        let id = world.operation(&org).await;
        let mut tx = world.state.db.system().await.unwrap();
        let section = uuid::Uuid::now_v7();
        tx.run(
            "insert into section (org_id, operation_id, section_id, name, sort_order)
             values ($1, $2, $3, 'Alpha', 0)",
            (org.id, id, section),
        )
        .await
        .unwrap();
        tx.run(
            "insert into billet (org_id, operation_id, billet_id, section_id, title, sort_order)
             values ($1, $2, $3, $4, 'Leader', 0)",
            (org.id, id, uuid::Uuid::now_v7(), section),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let of_operation = id.to_string();
        let fields = [("operation_id", of_operation.as_str()), ("name", "Weekly")];
        let path = "/api/operations/save_template";
        world.command(&org.host, path, &fields, &org.founder).await.outcome();
        let form = world.get(&org.host, "/operations/new", &org.founder).await;
        let (_, rest) = form.body.split_once("source=template:").expect("the form offers the template");
        let template = &rest[..36];
        for source in [format!("template:{template}"), format!("operation:{id}")] {
            let mut fields = world.operation_fields(&Planned::default());
            fields.extend([
                ("group_id", org.id.root_group().to_string()),
                ("publish", "now".into()),
                ("source", source.clone()),
            ]);
            let fields = crate::catalogue::borrow(&fields);
            let path = "/api/operations/plan_operation";
            let goto = world.command(&org.host, path, &fields, &org.founder).await.outcome().goto;
            let goto = goto.unwrap();
            let copy = goto.rsplit('/').next().unwrap().parse().unwrap();
            let read = page(&world, &org, copy, &org.founder).await;
            assert_eq!(read.head.counts.billets, 1, "{source} brings its billet");
        }
        let copied = world.get(&org.host, "/operations/new?source=last", &org.founder).await;
        assert!(copied.body.contains("value=\"Patrol\""), "the form begins from the last one");
    }
}
