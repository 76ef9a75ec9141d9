//! Leave of absence (§6.4), and reminders, which leave those on it out (§9.3).

use crate::support::{Answer, Caller, Org, Planned, World, on_both_databases};
use axum::http::StatusCode;
use chrono::Duration;
use muster::{
    domain::{AppError, ConflictCode, LeaveId, OperationId, PlayerId},
    features::{
        attendance::model::pages::SheetPage,
        joining::model::InboxPage,
        leave::model::{LeavePage, LeaveState},
        operations::service::worker,
        roster::model::pages::PlayerPage,
    },
};

impl World {
    /// A day in the Org's zone, from now.
    fn leave_day(&self, days: i64) -> String {
        (self.now() + Duration::days(days))
            .format("%Y-%m-%d")
            .to_string()
    }

    async fn ask_leave(&self, org: &Org, from: i64, until: i64, caller: &Caller) -> Answer {
        let (from, until) = (self.leave_day(from), self.leave_day(until));
        let fields = [
            ("from", from.as_str()),
            ("until", until.as_str()),
            ("kind", "planned"),
            ("reason", "Exams"),
        ];
        self.command(&org.host, "/api/leave/ask_leave", &fields, caller)
            .await
    }

    async fn leave_page(&self, org: &Org, caller: &Caller) -> LeavePage {
        self.read(&org.host, "/api/leave/read_leave", caller)
            .await
            .json()
    }

    async fn answer_leave(&self, org: &Org, id: LeaveId, verdict: &str, caller: &Caller) -> Answer {
        let id = id.to_string();
        let fields = [
            ("leave_id", id.as_str()),
            ("verdict", verdict),
            ("note", "Well"),
        ];
        self.command(&org.host, "/api/leave/answer_leave", &fields, caller)
            .await
    }

    async fn end_leave(&self, org: &Org, caller: &Caller) -> Answer {
        let mine = self.leave_page(org, caller).await.mine;
        let (id, version) = (mine[0].id.to_string(), mine[0].version.to_string());
        let fields = [("leave_id", id.as_str()), ("version", version.as_str())];
        self.command(&org.host, "/api/leave/end_leave", &fields, caller)
            .await
    }

    async fn put_answer(&self, org: &Org, id: OperationId, player: PlayerId, answer: &str) {
        let mut tx = self.state.db.system().await.unwrap();
        tx.run(
            "insert into rsvp (org_id, operation_id, rsvp_id, player_id, answer, answered_at)
             values ($1, $2, $3, $4, $5, $6)",
            (
                org.id,
                id,
                uuid::Uuid::now_v7(),
                player,
                answer.to_owned(),
                self.now(),
            ),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    /// What somebody answered, with the note.
    async fn answer_of(&self, org: &Org, id: OperationId, player: PlayerId) -> (String, String) {
        let mut tx = self.state.db.system_read().await.unwrap();
        let row: Option<(String, String)> = tx
            .optional(
                "select answer, note from rsvp
                  where org_id = $1 and operation_id = $2 and player_id = $3",
                (org.id, id, player),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        row.unwrap_or_default()
    }

    /// Events of this kind.
    async fn events_of(&self, org: &Org, kind: &str) -> i64 {
        let mut tx = self.state.db.system_read().await.unwrap();
        let (count,): (i64,) = tx
            .one(
                "select count(*) from event where org_id = $1 and kind = $2",
                (org.id, kind.to_owned()),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        count
    }

    /// An operation with a reminder so many minutes before its start.
    async fn reminded_operation(&self, org: &Org, minutes: &str) -> OperationId {
        let mut fields = self.operation_fields(&Planned::default());
        fields.push(("operation[remind][0]", minutes.to_owned()));
        fields.push(("group_id", org.id.root_group().to_string()));
        fields.push(("publish", "now".to_owned()));
        let fields = crate::catalogue::borrow(&fields);
        let path = "/api/operations/plan_operation";
        let answer = self.command(&org.host, path, &fields, &org.founder).await;
        let goto = answer
            .outcome()
            .goto
            .expect("planning leads to the operation");
        goto.rsplit('/').next().unwrap().parse().unwrap()
    }
}

on_both_databases! {
    async fn leave_is_answered_by_leaders_and_never_by_oneself(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let squad = world.group(&org, root, "Squad", true).await;
        let other = world.group(&org, root, "Other", true).await;
        let (smith, player) = world.claimed(&org, "Smith").await;
        world.place(&org, player, squad, None, &org.founder).await.outcome();
        let (leader, player) = world.claimed(&org, "Leader").await;
        world.place(&org, player, squad, Some("In Command"), &org.founder).await.outcome();
        let (elsewhere, player) = world.claimed(&org, "Elsewhere").await;
        world.place(&org, player, other, Some("In Command"), &org.founder).await.outcome();
        world.ask_leave(&org, 1, 5, &smith).await.outcome();
        let overlapping = world.ask_leave(&org, 5, 9, &smith).await;
        assert_eq!(overlapping.error(), AppError::Conflict(ConflictCode::LeaveOverlaps));
        world.ask_leave(&org, 6, 9, &smith).await.outcome();
        world.ask_leave(&org, 1, 5, &leader).await.outcome();

        let inbox: InboxPage = world.read(&org.host, "/api/joining/read_inbox", &leader).await.json();
        assert_eq!(inbox.leave.len(), 2, "those of the own members, not one's own");
        assert_eq!(inbox.leave[0].reason, "Exams", "who answers reads why");
        let id = inbox.leave[0].id;
        for caller in [&smith, &elsewhere] {
            let refused = world.answer_leave(&org, id, "approve", caller).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
        }
        let own = world.leave_page(&org, &leader).await.mine[0].id;
        assert_eq!(world.answer_leave(&org, own, "approve", &leader).await.status, StatusCode::FORBIDDEN);
        world.answer_leave(&org, id, "decline", &leader).await.outcome();
        let again = world.answer_leave(&org, id, "approve", &leader).await;
        assert_eq!(again.error(), AppError::Conflict(ConflictCode::RequestActioned));
        let mine = world.leave_page(&org, &smith).await.mine;
        let states: Vec<_> = mine.iter().map(|line| line.state).collect();
        assert!(states.contains(&LeaveState::Declined) && states.contains(&LeaveState::Pending));
        assert!(world.leave_page(&org, &elsewhere).await.waiting.is_empty());
    }

    async fn leave_signs_off_and_on_again_what_nobody_touched(world: World) {
        let org = world.org("alpha").await;
        let (smith, player) = world.claimed(&org, "Smith").await;
        let at = |days| Planned { starts_in: Duration::days(days), ..Planned::default() };
        let before = world.operation_with(&org, &at(1)).await;
        let attending = world.operation_with(&org, &at(4)).await;
        let silent = world.operation_with(&org, &at(5)).await;
        let touched = world.operation_with(&org, &at(5)).await;
        let after = world.operation_with(&org, &at(20)).await;
        world.put_answer(&org, attending, player, "attending").await;
        world.ask_leave(&org, 3, 8, &smith).await.outcome();
        let id = world.leave_page(&org, &org.founder).await.waiting[0].id;
        world.answer_leave(&org, id, "approve", &org.founder).await.outcome();
        let off = ("declined".to_owned(), "On leave".to_owned());
        for operation in [attending, silent, touched] {
            assert_eq!(world.answer_of(&org, operation, player).await, off);
        }
        for operation in [before, after] {
            assert_eq!(world.answer_of(&org, operation, player).await.0, "", "not of these days");
        }
        let mut tx = world.state.db.system().await.unwrap();
        tx.run(
            "update rsvp set answer = 'maybe', note = 'Perhaps', version = version + 1
              where org_id = $1 and operation_id = $2",
            (org.id, touched),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        world.end_leave(&org, &smith).await.outcome();
        assert_eq!(world.answer_of(&org, attending, player).await.0, "attending");
        assert_eq!(world.answer_of(&org, silent, player).await.0, "");
        assert_eq!(world.answer_of(&org, touched, player).await.0, "maybe", "somebody changed it");
    }

    async fn who_is_on_leave_is_shown_and_excused(world: World) {
        let org = world.org("alpha").await;
        let (smith, player) = world.claimed(&org, "Smith").await;
        let id = world.operation(&org).await;
        world.ask_leave(&org, 2, 6, &smith).await.outcome();
        let leave = world.leave_page(&org, &org.founder).await.waiting[0].id;
        world.answer_leave(&org, leave, "approve", &org.founder).await.outcome();
        let path = format!("/api/roster/read_player?id={player}");
        let on_leave = async || {
            let page: PlayerPage = world.read(&org.host, &path, &org.founder).await.json();
            page.on_leave
        };
        assert!(!on_leave().await);
        world.wait(Duration::days(3) + Duration::hours(1));
        assert!(on_leave().await, "it shows while it lasts");
        let path = format!("/api/attendance/read_sheet?id={id}");
        let sheet: SheetPage = world.read(&org.host, &path, &org.founder).await.json();
        let mut rows = sheet.groups.iter().flat_map(|group| &group.rows);
        let row = rows.find(|row| row.player == player).expect("they are on the sheet");
        let state = sheet.states.iter().find(|state| Some(state.id) == row.offered);
        assert_eq!(state.map(|state| state.name.as_str()), Some("On leave"));
        world.wait(Duration::days(10));
        assert!(!on_leave().await);
    }

    async fn reminders_go_once_to_those_without_answer(world: World) {
        let org = world.org("alpha").await;
        let (_, attending) = world.claimed(&org, "Attending").await;
        let (_, declined) = world.claimed(&org, "Declined").await;
        let (away, _) = world.claimed(&org, "Away").await;
        world.claimed(&org, "Silent").await;
        world.ask_leave(&org, 1, 6, &away).await.outcome();
        let id = world.reminded_operation(&org, "60").await;
        world.put_answer(&org, id, attending, "attending").await;
        world.put_answer(&org, id, declined, "declined").await;
        let leave = world.leave_page(&org, &org.founder).await.waiting[0].id;
        world.answer_leave(&org, leave, "approve", &org.founder).await.outcome();
        worker::catch_up(&world.state).await.unwrap();
        assert_eq!(world.events_of(&org, "operation.reminded").await, 0, "its hour has not come");
        world.wait(Duration::days(3) - Duration::minutes(50));
        let other = world.node(world.state.config.mail.clone()).await;
        let (one, two) = tokio::join!(worker::catch_up(&world.state), worker::catch_up(&other));
        one.and(two).unwrap();
        worker::catch_up(&world.state).await.unwrap();
        assert_eq!(world.events_of(&org, "operation.reminded").await, 1, "once, by either process");
        muster::features::notices::service::catch_up(&world.state).await.unwrap();
        let mut tx = world.state.db.system_read().await.unwrap();
        let told: Vec<(String,)> = tx
            .all(
                "select p.common_name from notice n
                   join player p on p.org_id = n.org_id and p.user_id = n.user_id
                  where n.org_id = $1 and n.topic = 'reminders' order by p.common_name",
                (org.id,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(told.contains(&("Silent".to_owned(),)), "{told:?}");
        for quiet in ["Attending", "Declined", "Away"] {
            assert!(!told.contains(&(quiet.to_owned(),)), "{quiet} is not reminded: {told:?}");
        }
    }

    async fn what_is_too_late_is_not_sent_any_more(world: World) {
        let org = world.org("alpha").await;
        world.claimed(&org, "Silent").await;
        world.reminded_operation(&org, "600").await;
        world.wait(Duration::days(3) - Duration::hours(7));
        worker::catch_up(&world.state).await.unwrap();
        assert_eq!(world.events_of(&org, "operation.reminded").await, 0, "three hours too late");
        world.reminded_operation(&org, "600").await;
        world.wait(Duration::days(3) - Duration::hours(9));
        worker::catch_up(&world.state).await.unwrap();
        assert_eq!(world.events_of(&org, "operation.reminded").await, 1, "an hour late is sent");
    }
}
