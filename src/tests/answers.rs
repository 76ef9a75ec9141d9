//! Answering operations (§9.3): places, the waitlist, deadlines, guests, and a leader's word.

use crate::support::{Caller, Org, Planned, World, on_both_databases};
use axum::http::StatusCode;
use chrono::Duration;
use muster::{
    domain::{AppError, ConflictCode, OperationId, PlayerId, RsvpId, event::EventKind},
    features::{
        notices::{model::NoticePage, service as notices},
        operations::{
            model::{
                Answer, Confirmed,
                answers::{AnswerLine, AnswersPage},
            },
            service,
        },
    },
    server::Failure,
};

/// How often somebody tries who finds all connections to the database taken.
const TRIES: usize = 10;

/// Who answered, as somebody sees it.
pub(crate) async fn answers(
    world: &World,
    org: &Org,
    id: OperationId,
    caller: &Caller,
) -> AnswersPage {
    let path = format!("/api/operations/read_answers?id={id}");
    world.read(&org.host, &path, caller).await.json()
}

/// Says whether somebody comes.
pub(crate) async fn answer(
    world: &World,
    org: &Org,
    id: OperationId,
    answer: &str,
    caller: &Caller,
) -> crate::support::Answer {
    let id = id.to_string();
    let fields = [("operation_id", id.as_str()), ("answer", answer)];
    let path = "/api/operations/answer_operation";
    world.command(&org.host, path, &fields, caller).await
}

async fn line(world: &World, org: &Org, id: OperationId, name: &str) -> AnswerLine {
    let page = answers(world, org, id, &org.founder).await;
    let mut lines = page.people.into_iter();
    lines.find(|line| line.name == name).expect(name)
}

async fn confirm(
    world: &World,
    org: &Org,
    rsvp: RsvpId,
    confirmed: &str,
    caller: &Caller,
) -> crate::support::Answer {
    let rsvp = rsvp.to_string();
    let fields = [("rsvp_id", rsvp.as_str()), ("confirmed", confirmed)];
    let path = "/api/operations/confirm_answer";
    world.command(&org.host, path, &fields, caller).await
}

/// Changes the capacity through the form.
async fn set_capacity(world: &World, org: &Org, id: OperationId, capacity: &'static str) {
    let planned = Planned {
        capacity,
        ..Planned::default()
    };
    let fields = world.operation_fields(&planned);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    world
        .on_operation(org, "edit_operation", id, &fields, &org.founder)
        .await
        .outcome();
}

async fn members(world: &World, org: &Org, count: usize) -> Vec<(Caller, PlayerId)> {
    let mut members = Vec::new();
    for number in 0..count {
        members.push(world.claimed(org, &format!("Member {number:03}")).await);
    }
    members
}

/// What somebody was told about places.
async fn told(world: &World, org: &Org, caller: &Caller) -> Vec<String> {
    notices::catch_up(&world.state).await.unwrap();
    let path = "/api/notices/list_notices";
    let page: NoticePage = world.read(&org.host, path, caller).await.json();
    let texts = page.notices.into_iter().map(|notice| notice.text);
    texts.filter(|text| text.contains("place")).collect()
}

/// Places and turns by name, in the order of the list.
async fn standing(world: &World, org: &Org, id: OperationId) -> Vec<(Option<i64>, Option<i64>)> {
    let page = answers(world, org, id, &org.founder).await;
    page.people
        .iter()
        .map(|line| (line.place, line.turn))
        .collect()
}

on_both_databases! {
    async fn one_answers_and_changes_ones_mind(world: World) {
        let org = world.org("alpha").await;
        let id = world.operation(&org).await;
        let (smith, _) = world.claimed(&org, "Smith").await;
        for said in ["attending", "late", "maybe", "declined", "attending"] {
            answer(&world, &org, id, said, &smith).await.outcome();
            let page = answers(&world, &org, id, &smith).await;
            let mine = page.asked.mine.expect("an answer");
            assert_eq!(mine.answer, Answer::parse(said).unwrap());
            assert_eq!(page.people.len(), 1, "one answer, however often it changes");
        }
        let refused = answer(&world, &org, id, "none", &smith).await;
        assert!(matches!(refused.error(), AppError::Invalid(_)));
        let visitor = world.user("Visitor").await;
        let refused = answer(&world, &org, id, "attending", &visitor).await;
        assert_eq!(refused.error(), AppError::NotFound, "they do not see it");
        let public = Planned { audience: "public", ..Planned::default() };
        let public = world.operation_with(&org, &public).await;
        let refused = answer(&world, &org, public, "attending", &visitor).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)), "only players answer");
        let page = answers(&world, &org, public, &visitor).await;
        assert!(page.hidden && page.people.is_empty(), "visitors are not told who comes");
    }

    async fn after_the_deadline_one_only_signs_off(world: World) {
        let org = world.org("alpha").await;
        let (smith, player) = world.claimed(&org, "Smith").await;
        let (jones, _) = world.claimed(&org, "Jones").await;
        let id = world.operation(&org).await;
        answer(&world, &org, id, "attending", &smith).await.outcome();
        world.wait(Duration::days(3) + Duration::minutes(5));
        let refused = answer(&world, &org, id, "attending", &jones).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::AnswersClosed));
        let refused = answer(&world, &org, id, "maybe", &smith).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::AnswersClosed));
        answer(&world, &org, id, "declined", &smith).await.outcome();
        let (operation, player) = (id.to_string(), player.to_string());
        let fields = [
            ("operation_id", operation.as_str()),
            ("player_id", player.as_str()),
            ("answer", "attending"),
        ];
        let path = "/api/operations/answer_for";
        let refused = world.command(&org.host, path, &fields, &jones).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
        world.command(&org.host, path, &fields, &org.founder).await.outcome();
        assert_eq!(line(&world, &org, id, "Smith").await.answer, Answer::Attending);
    }

    async fn places_move_with_sign_offs_and_the_capacity(world: World) {
        let org = world.org("alpha").await;
        let planned = Planned { capacity: "2", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        let people = members(&world, &org, 4).await;
        for (caller, _) in &people {
            answer(&world, &org, id, "attending", caller).await.outcome();
        }
        let (first, second) = ((Some(1), None), (Some(2), None));
        let waits = |turn| (None, Some(turn));
        assert_eq!(standing(&world, &org, id).await, [first, second, waits(1), waits(2)]);
        answer(&world, &org, id, "declined", &people[0].0).await.outcome();
        assert_eq!(line(&world, &org, id, "Member 002").await.place, Some(1));
        assert_eq!(told(&world, &org, &people[2].0).await, ["You have a place in Patrol"]);
        assert_eq!(told(&world, &org, &people[3].0).await, Vec::<String>::new());

        set_capacity(&world, &org, id, "1").await;
        let lost = line(&world, &org, id, "Member 001").await;
        assert_eq!((lost.place, lost.turn), (None, Some(1)), "before who waited all the time");
        assert_eq!(told(&world, &org, &people[1].0).await.len(), 1);
        set_capacity(&world, &org, id, "").await;
        assert_eq!(told(&world, &org, &people[1].0).await.len(), 2, "one notice each way");
        assert_eq!(told(&world, &org, &people[3].0).await.len(), 1);
        let page = answers(&world, &org, id, &org.founder).await;
        assert_eq!(page.head.counts.attending, 3);
        assert_eq!(page.head.counts.waiting, 0);
    }

    async fn three_hundred_want_ten_places(world: World) {
        let org = world.org("alpha").await;
        let planned = Planned { capacity: "10", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        let mut callers = Vec::new();
        for number in 0..300 {
            let (caller, _) = world.claimed(&org, &format!("Member {number:03}")).await;
            callers.push(world.ctx_of(&org, &caller).await);
        }
        let mut running = tokio::task::JoinSet::new();
        for ctx in callers {
            running.spawn(async move {
                // Whoever is told that the server cannot do it now tries again.
                for _ in 0..TRIES {
                    match service::answer_operation(&ctx, id, Answer::Attending, "").await {
                        Err(Failure::Database(_)) => {}
                        answered => return answered,
                    }
                }
                panic!("no connection to the database came free in {TRIES} tries");
            });
        }
        let mut order = Vec::new();
        while let Some(done) = running.join_next().await {
            let event = done.unwrap().expect("signed up").event.expect("an event");
            order.push((event.seq, event.player_id));
        }
        order.sort_unstable_by_key(|(seq, _)| *seq);
        let page = answers(&world, &org, id, &org.founder).await;
        assert_eq!(page.people.len(), 300, "nobody twice");
        let order: Vec<_> = order.into_iter().map(|(_, player)| player).collect();
        let listed: Vec<_> = page.people.iter().map(|line| line.player).collect();
        assert_eq!(listed, order, "places and turns go by the order of signing up");
        let places: Vec<_> = page.people.iter().filter_map(|line| line.place).collect();
        assert_eq!(places, (1..=10).collect::<Vec<i64>>());
        let turns: Vec<_> = page.people.iter().filter_map(|line| line.turn).collect();
        assert_eq!(turns, (1..=290).collect::<Vec<i64>>());

        let before = world.ctx(&org).await.tenant().unwrap().seq;
        set_capacity(&world, &org, id, "25").await;
        let mut tx = world.state.db.system_read().await.unwrap();
        let moved: Vec<(PlayerId,)> = tx
            .all(
                "select player_id from event where org_id = $1 and seq > $2 and kind = $3 order by seq",
                (org.id, before, EventKind::PlaceGiven.as_str().to_owned()),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let moved: Vec<_> = moved.into_iter().map(|(player,)| Some(player)).collect();
        assert_eq!(moved, order[10..25], "one event each, in order, is one notice each");
    }

    async fn two_answers_of_one_person_at_once_are_one(world: World) {
        let org = world.org("alpha").await;
        let id = world.operation(&org).await;
        let (smith, _) = world.claimed(&org, "Smith").await;
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let ctx = world.ctx_of(&org, &smith).await;
            running.spawn(async move {
                service::answer_operation(&ctx, id, Answer::Attending, "").await
            });
        }
        while let Some(done) = running.join_next().await {
            done.unwrap().expect("answered");
        }
        assert_eq!(standing(&world, &org, id).await.len(), 1);
    }

    async fn a_leader_confirms_and_puts_on_standby(world: World) {
        let org = world.org("alpha").await;
        let planned = Planned { capacity: "1", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        let people = members(&world, &org, 2).await;
        for (caller, _) in &people {
            answer(&world, &org, id, "attending", caller).await.outcome();
        }
        let first = line(&world, &org, id, "Member 000").await;
        let refused = confirm(&world, &org, first.id, "standby", &people[1].0).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
        confirm(&world, &org, first.id, "standby", &org.founder).await.outcome();
        assert_eq!(line(&world, &org, id, "Member 001").await.place, Some(1));
        assert_eq!(line(&world, &org, id, "Member 000").await.place, None);
        answer(&world, &org, id, "declined", &people[1].0).await.outcome();
        let first = line(&world, &org, id, "Member 000").await;
        assert_eq!((first.place, first.confirmed), (Some(1), Confirmed::Open));
        let second = line(&world, &org, id, "Member 001").await;
        let refused = confirm(&world, &org, second.id, "confirmed", &org.founder).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::NotComing));
    }

    async fn guests_come_by_name(world: World) {
        let org = world.org("alpha").await;
        let planned = Planned { capacity: "1", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        let (smith, _) = world.claimed(&org, "Smith").await;
        let operation = id.to_string();
        let path = "/api/operations/add_guest";
        let fields = [("operation_id", operation.as_str()), ("guest_name", "Old Friend")];
        world.command(&org.host, path, &fields, &org.founder).await.outcome();
        let again = [("operation_id", operation.as_str()), ("guest_name", "old friend")];
        let refused = world.command(&org.host, path, &again, &org.founder).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::AlreadyAnswered));
        answer(&world, &org, id, "attending", &smith).await.outcome();
        let guest = line(&world, &org, id, "Old Friend").await;
        assert_eq!(guest.place, Some(1));
        let rsvp = guest.id.to_string();
        let path = "/api/operations/remove_guest";
        let fields = [("rsvp_id", rsvp.as_str())];
        let refused = world.command(&org.host, path, &fields, &smith).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
        world.command(&org.host, path, &fields, &org.founder).await.outcome();
        assert_eq!(line(&world, &org, id, "Smith").await.place, Some(1));
    }

    async fn clashes_are_shown_and_not_refused(world: World) {
        let org = world.org("alpha").await;
        let (smith, _) = world.claimed(&org, "Smith").await;
        let first = world.operation(&org).await;
        let second = world.operation(&org).await;
        let later = Planned { starts_in: Duration::days(5), ..Planned::default() };
        let later = world.operation_with(&org, &later).await;
        answer(&world, &org, first, "attending", &smith).await.outcome();
        answer(&world, &org, later, "attending", &smith).await.outcome();
        let outcome = answer(&world, &org, second, "attending", &smith).await.outcome();
        let said = outcome.event.expect("an event").data;
        assert_eq!(said.reason, None, "the log is read by those who do not see the other one");
        let mine = answers(&world, &org, second, &smith).await.asked.mine.unwrap();
        let ids: Vec<_> = mine.clashes.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, [first]);
        assert!(line(&world, &org, second, "Smith").await.clashes);
        assert!(!line(&world, &org, later, "Smith").await.clashes);
    }

    async fn what_is_not_published_takes_no_answers(world: World) {
        let org = world.org("alpha").await;
        let (smith, _) = world.claimed(&org, "Smith").await;
        let draft = Planned { publish: "draft", ..Planned::default() };
        let id = world.operation_with(&org, &draft).await;
        let refused = answer(&world, &org, id, "attending", &smith).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        world.on_operation(&org, "publish_operation", id, &[], &org.founder).await.outcome();
        let reason = [("reason", "Server is down")];
        world.on_operation(&org, "cancel_operation", id, &reason, &org.founder).await.outcome();
        let refused = answer(&world, &org, id, "attending", &smith).await;
        let state = "Cancelled".to_owned();
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::OperationState { state }));
    }
}
