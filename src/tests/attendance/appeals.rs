//! Appeals, corrections, checking in, and the report.

use super::*;
use muster::features::{
    attendance::model::pages::{CorrectionsPage, ReportPage},
    joining::model::InboxPage,
    operations::model::OperationState,
};

async fn inbox(world: &World, org: &Org, caller: &Caller) -> InboxPage {
    world
        .read(&org.host, "/api/joining/read_inbox", caller)
        .await
        .json()
}

async fn appeal(world: &World, org: &Org, id: OperationId, caller: &Caller) -> Answer {
    let id = id.to_string();
    let fields = [
        ("operation_id", id.as_str()),
        ("text", "My microphone was broken"),
    ];
    world
        .command(&org.host, "/api/attendance/make_appeal", &fields, caller)
        .await
}

async fn answer(
    world: &World,
    org: &Org,
    id: &str,
    (verdict, note): (&str, &str),
    caller: &Caller,
) -> Answer {
    let fields = [("appeal_id", id), ("verdict", verdict), ("note", note)];
    world
        .command(&org.host, "/api/attendance/answer_appeal", &fields, caller)
        .await
}

on_both_databases! {
    async fn an_appeal_is_answered_once_and_never_by_oneself(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let squad = world.group(&org, root, "Squad", true).await;
        let (smith, player) = world.claimed(&org, "Smith").await;
        world.place(&org, player, squad, Some("In Command"), &org.founder).await.outcome();
        let (leader, other) = world.claimed(&org, "Leader").await;
        let platoon = world.group(&org, root, "Other", true).await;
        world.place(&org, other, platoon, Some("In Command"), &org.founder).await.outcome();
        let id = world.begun(&org, &Planned::default()).await;
        world.record(&org, id, &[(player, "Absent")], &org.founder).await.outcome();
        appeal(&world, &org, id, &smith).await.outcome();
        let refused = appeal(&world, &org, id, &smith).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::AlreadyRequested));

        assert!(inbox(&world, &org, &smith).await.appeals.is_empty(), "it is not one's own to answer");
        assert!(inbox(&world, &org, &leader).await.appeals.is_empty(), "nor of another group");
        let waiting = inbox(&world, &org, &org.founder).await.appeals;
        let [one] = waiting.as_slice() else { panic!("one appeal waits, not {waiting:?}") };
        let appeal_id = one.id.to_string();
        for (caller, who) in [(&smith, "themself"), (&leader, "a leader elsewhere")] {
            let refused = answer(&world, &org, &appeal_id, ("grant", ""), caller).await;
            assert!(matches!(refused.error(), AppError::Forbidden(_)), "answered by {who}");
        }
        let refused = answer(&world, &org, &appeal_id, ("decline", ""), &org.founder).await;
        assert!(matches!(refused.error(), AppError::Invalid(_)), "to decline takes a reason");
        answer(&world, &org, &appeal_id, ("grant", "Seen"), &org.founder).await.outcome();
        let refused = answer(&world, &org, &appeal_id, ("decline", "No"), &org.founder).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::RequestActioned));
        let sheet = world.sheet(&org, id, &smith).await;
        assert_eq!(state_of(&sheet, player), "Present");
        let refused = appeal(&world, &org, id, &smith).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::NothingToAppeal));

        let mut tx = world.state.db.system().await.unwrap();
        let changed = tx
            .run(
                "update attendance_appeal set answer = 'Another' where org_id = $1",
                (org.id,),
            )
            .await;
        assert!(changed.is_err(), "an answered appeal is immutable in the database, too");
    }

    async fn corrections_are_kept_for_review(world: World) {
        let org = world.org("alpha").await;
        let smith = world.player(&org, "Smith").await;
        let (member, _) = world.claimed(&org, "Member").await;
        let id = world.begun(&org, &Planned::default()).await;
        world.record(&org, id, &[(smith, "Absent")], &org.founder).await.outcome();
        world.record(&org, id, &[(smith, "Late")], &org.founder).await.outcome();
        world.wait(Duration::days(10));
        world.record(&org, id, &[(smith, "")], &org.founder).await.outcome();
        let path = "/api/attendance/read_corrections";
        assert_eq!(world.read(&org.host, path, &member).await.status, StatusCode::FORBIDDEN);
        let page: CorrectionsPage = world.read(&org.host, path, &org.founder).await.json();
        let lines: Vec<_> = page
            .lines
            .iter()
            .map(|line| (line.before.as_str(), line.after.as_str(), line.late, line.reviewed))
            .collect();
        assert_eq!(lines, [("Late", "", true, false), ("Absent", "Late", false, false)]);
        let review = "/api/attendance/review_corrections";
        world.command(&org.host, review, &[], &org.founder).await.outcome();
        let page: CorrectionsPage = world.read(&org.host, path, &org.founder).await.json();
        assert!(page.lines.iter().all(|line| line.reviewed));
    }

    async fn a_check_in_is_open_for_minutes(world: World) {
        let org = world.org("alpha").await;
        let (smith, player) = world.claimed(&org, "Smith").await;
        let (jones, _) = world.claimed(&org, "Jones").await;
        let id = world.begun(&org, &Planned::default()).await;
        let id_text = id.to_string();
        let path = "/api/attendance/open_check_in";
        for minutes in ["4", "61", "x"] {
            let fields = [("operation_id", id_text.as_str()), ("minutes", minutes)];
            let refused = world.command(&org.host, path, &fields, &org.founder).await;
            assert!(matches!(refused.error(), AppError::Invalid(_)), "{minutes} minutes");
        }
        let fields = [("operation_id", id_text.as_str()), ("minutes", "15")];
        let refused = world.command(&org.host, path, &fields, &smith).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
        let goto = world.command(&org.host, path, &fields, &org.founder).await.outcome().goto;
        let goto = goto.expect("the page with the link");
        let secret = goto.split_once("check_in=").expect("the link").1.to_owned();
        let page = world.get(&org.host, &format!("/check-in/{secret}"), &smith).await;
        assert_eq!(page.status, StatusCode::OK);
        let check_in = async |caller: &Caller| {
            let fields = [("secret", secret.as_str())];
            world.command(&org.host, "/api/attendance/check_in", &fields, caller).await
        };
        assert_eq!(state_of(&world.sheet(&org, id, &smith).await, player), "", "a GET writes nothing");
        check_in(&smith).await.outcome();
        assert_eq!(state_of(&world.sheet(&org, id, &smith).await, player), "Present");
        assert_eq!(check_in(&smith).await.status, StatusCode::CONFLICT);
        world.wait(Duration::minutes(16));
        assert_eq!(check_in(&jones).await.error(), AppError::NotFound, "the link is good no more");
    }

    async fn a_report_is_filed_once_and_ends_the_operation(world: World) {
        let org = world.org("alpha").await;
        let smith = world.player(&org, "Smith").await;
        let (member, _) = world.claimed(&org, "Member").await;
        let id = world.begun(&org, &Planned::default()).await;
        let present = world.states(&org).await["Present"].to_string();
        let (marks, seen_of) = (format!("marks[p{smith}]"), format!("seen[p{smith}]"));
        let id_text = id.to_string();
        let file = async |version: &str, text: &str, caller: &Caller| {
            let fields = [
                ("operation_id", id_text.as_str()),
                ("version", version),
                ("text", text),
                (marks.as_str(), present.as_str()),
                (seen_of.as_str(), "0."),
            ];
            world.command(&org.host, "/api/attendance/file_report", &fields, caller).await
        };
        assert!(matches!(file("0", "Held", &member).await.error(), AppError::Forbidden(_)));
        file("0", "**Held**<script>alert(1)</script>", &org.founder).await.outcome();
        let again = file("0", "Held", &org.founder).await;
        assert_eq!(again.error(), AppError::Conflict(ConflictCode::Stale), "filed once");
        let path = format!("/api/attendance/read_report?id={id}");
        let page: ReportPage = world.read(&org.host, &path, &member).await.json();
        assert_eq!(page.sheet.head.state, OperationState::Done);
        assert!(page.html.contains("<strong>Held</strong>") && !page.html.contains("<script"));
        assert_eq!(page.text, "", "the source is for those who may change it");
        assert_eq!(state_of(&page.sheet, smith), "Present");
    }
}
