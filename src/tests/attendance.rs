//! Attendance (§9.6–9.7): the sheet, what it is credited to, and its figures.

mod appeals;
mod figures;

use crate::support::{Answer, Caller, Org, Planned, World, on_both_databases};
use axum::http::StatusCode;
use chrono::Duration;
use muster::{
    domain::{
        AppError, AttendanceStateId, ConflictCode, FieldProblem, GroupId, OperationId, PlayerId,
    },
    features::attendance::{
        input::seen,
        model::pages::{By, FiguresPage, SheetPage, SheetRow, StatesPage},
    },
};
use std::collections::HashMap;

impl World {
    /// An operation that began an hour ago, for all members unless told otherwise.
    async fn begun(&self, org: &Org, planned: &Planned) -> OperationId {
        let id = self.operation_with(org, planned).await;
        self.wait(planned.starts_in + Duration::hours(1));
        id
    }

    async fn sheet(&self, org: &Org, id: OperationId, caller: &Caller) -> SheetPage {
        let path = format!("/api/attendance/read_sheet?id={id}");
        self.read(&org.host, &path, caller).await.json()
    }

    /// The states by name.
    async fn states(&self, org: &Org) -> HashMap<String, AttendanceStateId> {
        let path = "/api/attendance/read_states";
        let page: StatesPage = self.read(&org.host, path, &org.founder).await.json();
        let state = page
            .states
            .into_iter()
            .map(|state| (state.choice.name, state.choice.id));
        state.collect()
    }

    /// Records people with states by name, as a sheet that was read now does.
    async fn record(
        &self,
        org: &Org,
        id: OperationId,
        marks: &[(PlayerId, &str)],
        caller: &Caller,
    ) -> Answer {
        let sheet = self.sheet(org, id, &org.founder).await;
        self.record_from(org, &sheet, marks, caller).await
    }

    /// The same with a sheet that was read before.
    async fn record_from(
        &self,
        org: &Org,
        sheet: &SheetPage,
        marks: &[(PlayerId, &str)],
        caller: &Caller,
    ) -> Answer {
        let states = self.states(org).await;
        let mut fields = vec![("operation_id".to_owned(), sheet.head.id.to_string())];
        for (player, state) in marks {
            let row = row(sheet, *player);
            let (version, was) = row.map_or((0, None), |row| (row.version, row.state));
            let state = states
                .get(*state)
                .map(ToString::to_string)
                .unwrap_or_default();
            fields.push((format!("marks[p{player}]"), state));
            fields.push((format!("seen[p{player}]"), seen(version, was)));
        }
        let fields: Vec<_> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let path = "/api/attendance/record_sheet";
        self.command(&org.host, path, &fields, caller).await
    }

    /// Answers to an operation, as rows: answering is tested where it is built.
    async fn answered(&self, org: &Org, id: OperationId, player: PlayerId, answer: &str) {
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

    async fn attendance_of(&self, org: &Org, by: By) -> FiguresPage {
        let path = format!("/api/attendance/read_figures?by={}", by.as_str());
        self.read(&org.host, &path, &org.founder).await.json()
    }
}

fn row(sheet: &SheetPage, player: PlayerId) -> Option<&SheetRow> {
    let mut rows = sheet.groups.iter().flat_map(|group| &group.rows);
    rows.find(|row| row.player == player)
}

fn state_of(sheet: &SheetPage, player: PlayerId) -> String {
    let id = row(sheet, player).and_then(|row| row.state);
    let state = sheet.states.iter().find(|state| Some(state.id) == id);
    state.map(|state| state.name.clone()).unwrap_or_default()
}

/// The group under which somebody stands on a sheet.
fn group_of(sheet: &SheetPage, player: PlayerId) -> Option<GroupId> {
    let group = sheet
        .groups
        .iter()
        .find(|group| group.rows.iter().any(|row| row.player == player));
    group.and_then(|group| group.group)
}

on_both_databases! {
    async fn a_leader_records_own_members_and_no_others(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let alpha = world.group(&org, root, "Alpha", true).await;
        let bravo = world.group(&org, root, "Bravo", true).await;
        let (leader, player) = world.claimed(&org, "Leader").await;
        world.place(&org, player, alpha, Some("In Command"), &org.founder).await.outcome();
        let smith = world.player(&org, "Smith").await;
        world.place(&org, smith, alpha, None, &org.founder).await.outcome();
        let jones = world.player(&org, "Jones").await;
        world.place(&org, jones, bravo, None, &org.founder).await.outcome();
        let lone = world.player(&org, "Lone").await;
        let id = world.begun(&org, &Planned::default()).await;

        let sheet = world.sheet(&org, id, &leader).await;
        assert_eq!(group_of(&sheet, smith), Some(alpha));
        let may = |player| row(&sheet, player).map(|row| row.may);
        assert_eq!(
            (may(smith), may(jones), may(lone)),
            (Some(true), Some(false), Some(false)),
            "the sheet offers a leader their own members, and no others"
        );
        world.record(&org, id, &[(smith, "Present")], &leader).await.outcome();
        for other in [jones, lone] {
            let refused = world.record(&org, id, &[(other, "Present")], &leader).await;
            assert!(matches!(refused.error(), AppError::Forbidden(_)), "the command agrees");
        }
        let both = [(smith, "Absent"), (jones, "Present")];
        let refused = world.record(&org, id, &both, &leader).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
        let sheet = world.sheet(&org, id, &leader).await;
        assert_eq!(state_of(&sheet, smith), "Present", "all at once or nothing");
        world.record(&org, id, &[(jones, "Late"), (lone, "Absent")], &org.founder).await.outcome();
    }

    async fn who_organises_records_their_own_and_those_below(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let platoon = world.group(&org, root, "Platoon", false).await;
        let squad = world.group(&org, platoon, "Squad", true).await;
        let other = world.group(&org, root, "Other", true).await;
        let (leader, player) = world.claimed(&org, "Leader").await;
        world.place(&org, player, platoon, Some("In Command"), &org.founder).await.outcome();
        let below = world.player(&org, "Below").await;
        world.place(&org, below, squad, None, &org.founder).await.outcome();
        // In the organising group, but credited to a group of their own.
        let both = world.player(&org, "Both").await;
        world.place(&org, both, platoon, None, &org.founder).await.outcome();
        world.place(&org, both, other, None, &org.founder).await.outcome();
        let outside = world.player(&org, "Outside").await;
        world.place(&org, outside, other, None, &org.founder).await.outcome();
        let planned = Planned { group: Some(platoon), audience: "group", ..Planned::default() };
        let id = world.begun(&org, &planned).await;
        let sheet = world.sheet(&org, id, &leader).await;
        assert!(row(&sheet, outside).is_none(), "the operation was not for them");
        assert_eq!(group_of(&sheet, both), Some(other), "the exclusive group is credited");
        let marks = [(below, "Present"), (both, "Present")];
        world.record(&org, id, &marks, &leader).await.outcome();
        let refused = world.record(&org, id, &[(outside, "Present")], &leader).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
    }

    /// Field defect 1: attendance stays with the group of then.
    async fn a_transfer_between_operation_and_report_stays_with_the_old_group(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let old = world.group(&org, root, "Old", true).await;
        let new = world.group(&org, root, "New", true).await;
        let smith = world.player(&org, "Smith").await;
        world.place(&org, smith, old, None, &org.founder).await.outcome();
        let (old_leader, player) = world.claimed(&org, "Old Leader").await;
        world.place(&org, player, old, Some("In Command"), &org.founder).await.outcome();
        let (new_leader, player) = world.claimed(&org, "New Leader").await;
        world.place(&org, player, new, Some("In Command"), &org.founder).await.outcome();
        let id = world.begun(&org, &Planned::default()).await;
        world.place(&org, smith, new, None, &org.founder).await.outcome();
        let refused = world.record(&org, id, &[(smith, "Present")], &new_leader).await;
        assert!(
            matches!(refused.error(), AppError::Forbidden(_)),
            "the leader of the new group does not change the figures of the old one"
        );
        world.record(&org, id, &[(smith, "Present")], &old_leader).await.outcome();
        let sheet = world.sheet(&org, id, &org.founder).await;
        assert_eq!(group_of(&sheet, smith), Some(old));
        world.record(&org, id, &[(smith, "Late")], &old_leader).await.outcome();
        world.wait(Duration::hours(3));
        let figures = world.attendance_of(&org, By::Groups).await;
        let of = |name: &str| {
            let line = figures.lines.iter().find(|line| line.name == name);
            line.map(|line| line.sums.windows[0].operations)
        };
        assert_eq!((of("Old"), of("New")), (Some(1), Some(0)), "credited to the group of then");
    }

    async fn whoever_was_slower_is_told(world: World) {
        let org = world.org("alpha").await;
        let (smith, jones) = (world.player(&org, "Smith").await, world.player(&org, "Jones").await);
        let id = world.begun(&org, &Planned::default()).await;
        let sheet = world.sheet(&org, id, &org.founder).await;
        world.record_from(&org, &sheet, &[(smith, "Present")], &org.founder).await.outcome();
        // Another one had the same sheet open and changed another row: nobody is in their way.
        world.record_from(&org, &sheet, &[(jones, "Late")], &org.founder).await.outcome();
        let both = [(smith, "Absent"), (jones, "Absent")];
        let refused = world.record_from(&org, &sheet, &both, &org.founder).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::Stale));
        let sheet = world.sheet(&org, id, &org.founder).await;
        assert_eq!(state_of(&sheet, smith), "Present");
        assert_eq!(state_of(&sheet, jones), "Late");
    }

    async fn two_who_save_at_once_leave_one_entry(world: World) {
        let org = world.org("alpha").await;
        let smith = world.player(&org, "Smith").await;
        let id = world.begun(&org, &Planned::default()).await;
        let sheet = world.sheet(&org, id, &org.founder).await;
        let tries = ["Present", "Late", "Absent", "Excused", "Standby", "Present"].map(|state| {
            let (world, org, sheet) = (world.clone(), org.clone(), sheet.clone());
            tokio::spawn(async move {
                let marks = [(smith, state)];
                world.record_from(&org, &sheet, &marks, &org.founder).await.status
            })
        });
        let mut saved = 0;
        for one in tries {
            match one.await.unwrap() {
                StatusCode::OK => saved += 1,
                status => assert_eq!(status, StatusCode::CONFLICT),
            }
        }
        assert!(saved >= 1, "somebody was first");
        let mut tx = world.state.db.system_read().await.unwrap();
        let (entries, version): (i64, i64) = tx
            .one("select count(*), max(version) from attendance where org_id = $1", (org.id,))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!((entries, version), (1, 1), "nobody wrote over what they had not seen");
    }

    async fn nothing_is_recorded_before_it_begins_or_when_it_does_not_take_place(world: World) {
        let org = world.org("alpha").await;
        let smith = world.player(&org, "Smith").await;
        let id = world.operation(&org).await;
        let refused = world.record(&org, id, &[(smith, "Present")], &org.founder).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::NotBegun));
        let reason = [("reason", "Server is down")];
        world.on_operation(&org, "cancel_operation", id, &reason, &org.founder).await.outcome();
        world.wait(Duration::days(4));
        let refused = world.record(&org, id, &[(smith, "Present")], &org.founder).await;
        assert!(matches!(
            refused.error(),
            AppError::Conflict(ConflictCode::OperationState { .. })
        ));
    }

    async fn the_sheet_is_filled_in_at_once(world: World) {
        let org = world.org("alpha").await;
        let mut people = Vec::new();
        for (name, answer) in [("A", "attending"), ("B", "declined"), ("C", "")] {
            people.push((world.player(&org, name).await, answer));
        }
        let id = world.operation(&org).await;
        for (player, answer) in &people {
            if !answer.is_empty() {
                world.answered(&org, id, *player, answer).await;
            }
        }
        world.wait(Duration::days(3) + Duration::hours(1));
        for who in ["attending", "others"] {
            let fields = [("operation_id", id.to_string()), ("who", who.to_owned())];
            let fields = crate::catalogue::borrow(&fields);
            let path = "/api/attendance/fill_sheet";
            world.command(&org.host, path, &fields, &org.founder).await.outcome();
        }
        let sheet = world.sheet(&org, id, &org.founder).await;
        let states: Vec<_> = people.iter().map(|(player, _)| state_of(&sheet, *player)).collect();
        assert_eq!(states, ["Present", "Absent", "Absent"]);
    }

    async fn a_list_names_people_exactly_or_is_refused(world: World) {
        let org = world.org("alpha").await;
        let smith = world.player(&org, "Smith").await;
        let jones = world.player(&org, "Jones").await;
        let id = world.begun(&org, &Planned::default()).await;
        let state = world.states(&org).await["Present"].to_string();
        let text = "[20:31] smith: ready\nJonez, Miller";
        let mut fields = vec![
            ("operation_id", id.to_string()),
            ("text", text.to_owned()),
            ("state_id", state),
        ];
        let path = "/api/attendance/record_list";
        let sent = crate::catalogue::borrow(&fields);
        let refused = world.command(&org.host, path, &sent, &org.founder).await;
        let names = vec!["Jonez".to_owned(), "Miller".to_owned()];
        let expected = AppError::field("text", FieldProblem::UnknownNames { names });
        assert_eq!(refused.error(), expected, "unknown names are listed, nothing is guessed");
        assert_eq!(state_of(&world.sheet(&org, id, &org.founder).await, smith), "");
        fields.push(("leave_out", "true".to_owned()));
        let sent = crate::catalogue::borrow(&fields);
        world.command(&org.host, path, &sent, &org.founder).await.outcome();
        let sheet = world.sheet(&org, id, &org.founder).await;
        assert_eq!(state_of(&sheet, smith), "Present");
        assert_eq!(state_of(&sheet, jones), "");
    }

    async fn visitors_do_not_see_who_was_there(world: World) {
        let org = world.org("alpha").await;
        let planned = Planned { audience: "public", ..Planned::default() };
        let id = world.begun(&org, &planned).await;
        let guest = world.user("A guest").await;
        let path = format!("/api/attendance/read_sheet?id={id}");
        assert_eq!(world.read(&org.host, &path, &guest).await.status, StatusCode::FORBIDDEN);
        let nobody = Caller::default();
        assert_eq!(world.read(&org.host, &path, &nobody).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn a_private_group_of_then_is_not_told(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let hidden = world.group_with(&org, root, "Hidden", true, "private", "closed").await;
        let smith = world.player(&org, "Smith").await;
        world.place(&org, smith, hidden, None, &org.founder).await.outcome();
        let (member, _) = world.claimed(&org, "Member").await;
        let id = world.begun(&org, &Planned::default()).await;
        world.record(&org, id, &[(smith, "Present")], &org.founder).await.outcome();
        world.wait(Duration::hours(3));
        for path in [
            format!("/api/attendance/read_sheet?id={id}"),
            format!("/operations/{id}/attendance"),
            "/attendance".to_owned(),
            "/attendance?by=groups".to_owned(),
            format!("/players/{smith}"),
        ] {
            let answer = match path.starts_with("/api/") {
                true => world.read(&org.host, &path, &member).await,
                false => world.get(&org.host, &path, &member).await,
            };
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(!answer.body.contains("Hidden"), "{path} tells of a private group");
            assert!(!answer.body.contains(&hidden.to_string()), "{path} tells of a private group");
        }
    }
}
