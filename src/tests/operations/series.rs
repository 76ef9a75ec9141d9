//! Operations that come again (§9.1): made ahead, changed from one on, ended, over both changes of
//! clocks.

use super::page;
use crate::support::{Org, Planned, World, on_both_databases};
use chrono::{DateTime, Duration, NaiveTime, Utc};
use chrono_tz::Tz;
use muster::{
    domain::{AppError, OperationId, SeriesId},
    features::operations::{model::OperationState, service::worker::catch_up},
};
use std::collections::HashSet;

/// An occurrence as the database has it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
struct Row {
    operation_id: OperationId,
    series_id: Option<SeriesId>,
    slot: Option<DateTime<Utc>>,
    starts_at: DateTime<Utc>,
    title: String,
    state: String,
    detached: bool,
}

async fn rows(world: &World, org: &Org) -> Vec<Row> {
    let mut tx = world.state.db.system_read().await.unwrap();
    let rows = tx
        .all(
            "select operation_id, series_id, slot, starts_at, title, state, detached from operation
              where org_id = $1 order by starts_at",
            (org.id,),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    rows
}

fn weekly() -> Planned {
    Planned {
        every: "weeks",
        zone: "Europe/Berlin",
        ..Planned::default()
    }
}

/// Fields of an edit that gives a title and a time of day, else leaving the first as it is.
async fn edit(
    world: &World,
    org: &Org,
    row: &Row,
    scope: &str,
    (title, days, clock): (&str, i64, &str),
) -> crate::support::Answer {
    let berlin: Tz = "Europe/Berlin".parse().unwrap();
    let local = (row.starts_at + Duration::days(days)).with_timezone(&berlin);
    let mut fields = world.operation_fields(&Planned {
        title: title.into(),
        zone: "Europe/Berlin",
        ..Planned::default()
    });
    for (name, value) in &mut fields {
        match *name {
            "operation[date]" => *value = local.format("%Y-%m-%d").to_string(),
            "operation[time]" if !clock.is_empty() => *value = clock.to_owned(),
            "operation[time]" => *value = local.format("%H:%M").to_string(),
            _ => {}
        }
    }
    fields.push(("scope", scope.to_owned()));
    fields.push(("repeat[every]", "weeks".to_owned()));
    let fields = crate::catalogue::borrow(&fields);
    world
        .on_operation(
            org,
            "edit_operation",
            row.operation_id,
            &fields,
            &org.founder,
        )
        .await
}

on_both_databases! {
    async fn the_time_of_day_stays_over_both_changes_of_clocks(world: World) {
        let org = world.org("alpha").await;
        world.operation_with(&org, &weekly()).await;
        for _ in 0..4 {
            world.wait(Duration::weeks(15));
            catch_up(&world.state).await.unwrap();
        }
        let rows = rows(&world, &org).await;
        assert!(rows.len() > 80, "a year and a half of weeks, not {}", rows.len());
        let berlin: Tz = "Europe/Berlin".parse().unwrap();
        let clock = |row: &Row| row.starts_at.with_timezone(&berlin).time();
        let first = clock(&rows[0]);
        assert!(rows.iter().all(|row| clock(row) == first), "20:00 stays 20:00");
        let in_utc: HashSet<NaiveTime> = rows.iter().map(|row| row.starts_at.time()).collect();
        assert_eq!(in_utc.len(), 2, "summer and winter differ in UTC");
        let weeks = rows.windows(2).map(|pair| pair[1].starts_at - pair[0].starts_at);
        let odd = weeks.filter(|week| *week != Duration::weeks(1)).count();
        assert!(odd >= 2, "both changes of clocks are among them");
        assert!(rows.iter().all(|row| row.slot == Some(row.starts_at)));
    }

    async fn each_slot_is_made_once_however_many_work(world: World) {
        let org = world.org("alpha").await;
        world.operation_with(&org, &weekly()).await;
        let before = rows(&world, &org).await.len();
        world.wait(Duration::weeks(10));
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let node = world.node(world.state.config.mail.clone()).await;
            nodes.spawn(async move {
                catch_up(&node).await.unwrap();
                node.db.close().await;
            });
        }
        while let Some(ended) = nodes.join_next().await {
            ended.unwrap();
        }
        let rows = rows(&world, &org).await;
        assert_eq!(rows.len(), before + 10);
        let slots: HashSet<_> = rows.iter().map(|row| row.slot).collect();
        assert_eq!(slots.len(), rows.len(), "a slot was made twice");
        let over = rows.iter().filter(|row| row.starts_at + Duration::hours(2) <= world.now());
        assert!(over.clone().count() >= 9);
        assert!(over.into_iter().all(|row| row.state == "done"), "what is over is done");
        let mut tx = world.state.db.system_read().await.unwrap();
        let (ended,): (i64,) = tx
            .one("select count(*) from event where org_id = $1 and kind = 'operation.ended'", (org.id,))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ended as usize, rows.iter().filter(|row| row.state == "done").count());
    }

    async fn one_that_was_changed_stays_when_the_rest_changes(world: World) {
        let org = world.org("alpha").await;
        world.operation_with(&org, &weekly()).await;
        let before = rows(&world, &org).await;
        edit(&world, &org, &before[3], "this", ("Special", 1, "19:30")).await.outcome();
        let after = rows(&world, &org).await;
        assert!(after[3].detached && after[3].title == "Special");
        assert_eq!(after[3].slot, before[3].slot, "it keeps its slot");
        assert!(after.iter().filter(|row| row.title == "Special").count() == 1);

        edit(&world, &org, &before[1], "following", ("Night patrol", 0, "22:15")).await.outcome();
        let changed = rows(&world, &org).await;
        assert_eq!(changed.len(), before.len(), "the same weeks");
        assert_eq!((changed[0].title.as_str(), changed[0].series_id), ("Patrol", before[0].series_id));
        assert_ne!(changed[1].series_id, before[0].series_id, "another series goes on");
        let berlin: Tz = "Europe/Berlin".parse().unwrap();
        for (at, row) in changed.iter().enumerate().skip(1) {
            assert_eq!(row.operation_id, before[at].operation_id, "answers stay with their operation");
            let clock = row.starts_at.with_timezone(&berlin).format("%H:%M").to_string();
            let expected = if at == 3 { ("Special", "19:30") } else { ("Night patrol", "22:15") };
            assert_eq!((row.title.as_str(), clock.as_str()), expected, "week {at}");
        }
        world.wait(Duration::weeks(3));
        catch_up(&world.state).await.unwrap();
        let later = rows(&world, &org).await;
        assert_eq!(later.len(), before.len() + 3, "only the new series goes on");
        assert_eq!(later.last().unwrap().title, "Night patrol");
    }

    async fn all_moves_to_another_day_of_the_week(world: World) {
        let org = world.org("alpha").await;
        world.operation_with(&org, &weekly()).await;
        let before = rows(&world, &org).await;
        edit(&world, &org, &before[5], "all", ("Patrol", 2, "")).await.outcome();
        let after = rows(&world, &org).await;
        assert_eq!(after.len(), before.len());
        let berlin: Tz = "Europe/Berlin".parse().unwrap();
        for (old, new) in before.iter().zip(&after) {
            assert_eq!(new.operation_id, old.operation_id);
            let local = |row: &Row| row.starts_at.with_timezone(&berlin).naive_local();
            assert_eq!(local(new), local(old) + Duration::days(2));
            assert_eq!(new.state, "published");
        }
        let series: HashSet<_> = after.iter().map(|row| row.series_id).collect();
        assert_eq!(series.len(), 1, "nothing is left of the old series");
    }

    async fn what_is_deleted_is_not_made_again(world: World) {
        let org = world.org("alpha").await;
        let planned = Planned { publish: "draft", ..weekly() };
        world.operation_with(&org, &planned).await;
        let before = rows(&world, &org).await;
        let second = before[1].operation_id;
        world.on_operation(&org, "delete_operation", second, &[], &org.founder).await.outcome();
        edit(&world, &org, &before[0], "all", ("Patrol", 0, "21:00")).await.outcome();
        world.wait(Duration::weeks(2));
        catch_up(&world.state).await.unwrap();
        let after = rows(&world, &org).await;
        let again = after.iter().filter(|row| row.operation_id == second).collect::<Vec<_>>();
        assert_eq!(again.len(), 1);
        assert_eq!(again[0].state, "cancelled");
        let on_that_day = after.iter().filter(|row| {
            row.starts_at.date_naive() == before[1].starts_at.date_naive()
        });
        assert_eq!(on_that_day.count(), 1, "its day stays free");
        let read = page(&world, &org, second, &org.founder).await;
        assert_eq!(read.head.state, OperationState::Cancelled);
    }

    async fn a_series_ends_with_one_and_those_that_follow(world: World) {
        let org = world.org("alpha").await;
        world.operation_with(&org, &weekly()).await;
        let before = rows(&world, &org).await;
        let reason = [("reason", "The war is over")];
        let third = before[2].operation_id;
        world.on_operation(&org, "end_series", third, &reason, &org.founder).await.outcome();
        world.wait(Duration::weeks(3));
        catch_up(&world.state).await.unwrap();
        let after = rows(&world, &org).await;
        assert_eq!(after.len(), before.len(), "nothing is made any more");
        for (at, row) in after.iter().enumerate() {
            assert_eq!(row.state == "cancelled", at >= 2, "week {at} is {}", row.state);
        }
    }

    async fn a_rule_at_its_end_makes_no_more(world: World) {
        let org = world.org("alpha").await;
        let mut fields = world.operation_fields(&Planned::default());
        fields.extend([
            ("group_id", org.id.root_group().to_string()),
            ("publish", "now".into()),
            ("repeat[every]", "weeks".into()),
            ("repeat[ends]", "after".into()),
            ("repeat[count]", "4".into()),
        ]);
        let path = "/api/operations/plan_operation";
        let sent = crate::catalogue::borrow(&fields);
        world.command(&org.host, path, &sent, &org.founder).await.outcome();
        assert_eq!(rows(&world, &org).await.len(), 4);
        world.wait(Duration::weeks(5));
        catch_up(&world.state).await.unwrap();
        assert_eq!(rows(&world, &org).await.len(), 4);
        let mut tx = world.state.db.system_read().await.unwrap();
        let (open,): (i64,) = tx
            .one(
                "select count(*) from operation_series where org_id = $1 and ends_before is null",
                (org.id,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(open, 0, "the worker need not look at it again");
    }

    async fn wrong_rules_are_told_at_their_fields(world: World) {
        let org = world.org("alpha").await;
        for (rule, field) in [
            ("FREQ=HOURLY", "repeat[rule]"),
            ("nonsense", "repeat[rule]"),
            ("FREQ=WEEKLY;BYDAY=XX", "repeat[rule]"),
            ("", "repeat[rule]"),
        ] {
            let mut fields = world.operation_fields(&Planned::default());
            fields.extend([
                ("group_id", org.id.root_group().to_string()),
                ("publish", "now".into()),
                ("repeat[every]", "rule".into()),
                ("repeat[rule]", rule.into()),
            ]);
            let path = "/api/operations/plan_operation";
            let sent = crate::catalogue::borrow(&fields);
            let refused = world.command(&org.host, path, &sent, &org.founder).await;
            let AppError::Invalid(errors) = refused.error() else {
                panic!("{rule:?} must be refused at its field");
            };
            assert_eq!(errors.0[0].0, field, "{rule:?}");
        }
        assert!(rows(&world, &org).await.is_empty());
    }
}
