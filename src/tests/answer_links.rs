//! Personal links in mails (§9.3): who opens one answers for one person to one operation, and all
//! that is no good link is the same.

use crate::{
    answers::answers,
    support::{Answer, Caller, Org, Planned, World, on_both_databases, row_counts},
    tenancy::plain,
};
use axum::http::{StatusCode, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use muster::{
    domain::{AppError, ConflictCode, OperationId, PlayerId, UserId},
    features::{
        notices::service::catch_up,
        operations::{
            model::{self, answers::AnswerLinkPage},
            service,
        },
    },
};

/// Where an answer by link goes.
const ANSWER: &str = "/api/operations/answer_by_link";

/// The texts of the mails to a member of an Org, the oldest first.
async fn mails(world: &World, org: &Org, name: &str) -> Vec<String> {
    catch_up(&world.state).await.unwrap();
    let address = format!("{}.{}@example.org", org.slug, name.to_lowercase());
    let mut tx = world.state.db.system_read().await.unwrap();
    let mails: Vec<(String,)> = tx
        .all(
            "select body from outbox_mail where to_address = $1 order by mail_id",
            (address,),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    mails.into_iter().map(|(body,)| body).collect()
}

/// The secret of the link in a mail, if it has one.
fn link_in(org: &Org, mail: &str) -> Option<String> {
    let start = format!("https://{}/answer/", org.host);
    let mut lines = mail.lines();
    lines.find_map(|line| line.strip_prefix(&start).map(str::to_owned))
}

/// The secret of a user's link to an operation, as a mail would have it now.
async fn link(world: &World, org: &Org, id: OperationId, user: UserId) -> Option<String> {
    let ctx = world.ctx(org).await;
    let mut tx = world.state.db.read(ctx.tenant().unwrap()).await.unwrap();
    let links = service::answer_links(&mut tx, &ctx, id).await.unwrap();
    tx.done().await.unwrap();
    let path = links?.path_for(user);
    Some(path.trim_start_matches("/answer/").to_owned())
}

async fn open(world: &World, org: &Org, token: &str, caller: &Caller) -> Answer {
    world
        .get(&org.host, &format!("/answer/{token}"), caller)
        .await
}

async fn read(world: &World, org: &Org, token: &str) -> Answer {
    let path = format!("/api/operations/read_answer_link?token={token}");
    world.read(&org.host, &path, &Caller::default()).await
}

async fn press(world: &World, org: &Org, token: &str, answer: &str, caller: &Caller) -> Answer {
    let fields = [("token", token), ("answer", answer), ("note", "By mail")];
    world.command(&org.host, ANSWER, &fields, caller).await
}

/// Asserts that a link is in no way different from one that never was.
async fn is_nothing(world: &World, org: &Org, token: &str, why: &str) {
    let never = "A".repeat(token.len());
    let before = row_counts(world).await;
    let nobody = Caller::default();
    for (wrong, unknown) in [
        (
            open(world, org, token, &nobody).await,
            open(world, org, &never, &nobody).await,
        ),
        (
            read(world, org, token).await,
            read(world, org, &never).await,
        ),
        (
            press(world, org, token, "attending", &nobody).await,
            press(world, org, &never, "attending", &nobody).await,
        ),
    ] {
        assert_eq!(wrong.status, StatusCode::NOT_FOUND, "{why}: {}", wrong.body);
        assert_eq!(plain(&wrong, token), plain(&unknown, &never), "{why}");
    }
    assert_eq!(
        row_counts(world).await,
        before,
        "{why}: something was written"
    );
}

async fn run(world: &World, sql: &'static str, org: &Org, player: PlayerId) {
    let mut tx = world.state.db.system().await.unwrap();
    assert_eq!(tx.run(sql, (org.id, player)).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

on_both_databases! {
    async fn a_mail_carries_a_link_that_answers_without_a_session(world: World) {
        let org = world.org("alpha").await;
        let (smith, player) = world.claimed(&org, "Smith").await;
        world.claimed(&org, "Jones").await;
        let id = world.operation(&org).await;
        let mail = mails(&world, &org, "Smith").await.pop().expect("a mail about the operation");
        let token = link_in(&org, &mail).expect("a link in the mail");
        let other = mails(&world, &org, "Jones").await.pop().expect("a mail about the operation");
        assert_ne!(link_in(&org, &other).expect("a link in the mail"), token, "each their own");

        // Looking changes nothing, whoever looks.
        let before = row_counts(&world).await;
        let page = open(&world, &org, &token, &Caller::default()).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains("Patrol") && page.body.contains("Smith"));
        for answer in ["attending", "maybe", "late", "declined"] {
            assert!(page.body.contains(&format!("value=\"{answer}\"")), "a button for {answer}");
        }
        let shown: AnswerLinkPage = read(&world, &org, &token).await.json();
        assert_eq!((shown.title.as_str(), shown.name.as_str()), ("Patrol", "Smith"));
        assert_eq!(shown.mine, None);
        assert_eq!(row_counts(&world).await, before, "opening a link wrote something");
        assert_eq!(page.headers[header::CACHE_CONTROL], "private, no-store");
        assert_eq!(page.headers[header::REFERRER_POLICY], "same-origin");
        assert_eq!(page.headers["x-robots-tag"], "noindex");
        assert!(!page.headers.contains_key(header::SET_COOKIE), "nobody is signed in");

        // The answer is theirs, whoever is signed in where it is pressed.
        let stranger = world.user("Stranger").await;
        for (said, caller) in [("late", &Caller::default()), ("maybe", &stranger)] {
            let outcome = press(&world, &org, &token, said, caller).await.outcome();
            let event = outcome.event.expect("an event");
            assert_eq!((event.player_id, event.actor.as_str()), (Some(player), "Smith"));
            let page = answers(&world, &org, id, &smith).await;
            let mine = page.asked.mine.expect("an answer");
            assert_eq!((mine.answer.as_str(), mine.note.as_str()), (said, "By mail"));
            assert_eq!(page.people.len(), 1, "nobody else answered");
        }
        let shown: AnswerLinkPage = read(&world, &org, &token).await.json();
        assert_eq!(shown.mine.map(|mine| mine.answer), Some(model::Answer::Maybe));
        let mut tx = world.state.db.system_read().await.unwrap();
        let by: Vec<(UserId,)> = tx
            .all(
                "select distinct actor_id from event where org_id = $1 and kind = 'rsvp.answered'",
                (org.id,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(by, [(smith.user.unwrap(),)], "the log has it as theirs");
    }

    async fn a_plain_form_comes_back_and_says_what_came_of_it(world: World) {
        let org = world.org("alpha").await;
        let (smith, _) = world.claimed(&org, "Smith").await;
        let planned = Planned { capacity: "1", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        let (jones, _) = world.claimed(&org, "Jones").await;
        crate::answers::answer(&world, &org, id, "attending", &jones).await.outcome();
        let token = link(&world, &org, id, smith.user.unwrap()).await.unwrap();
        let fields = [("token", token.as_str()), ("answer", "attending")];
        let sent = world.form(&org.host, ANSWER, &fields, &Caller::default()).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        let page = open(&world, &org, &token, &Caller::default()).await;
        assert!(page.body.contains("number 1 on the waitlist"), "{}", page.body);
        // As everywhere: no answer is none, and a note has its limits.
        let refused = press(&world, &org, &token, "none", &Caller::default()).await;
        assert!(matches!(refused.error(), AppError::Invalid(_)));
        let long = "x".repeat(5_000);
        let fields = [("token", token.as_str()), ("answer", "late"), ("note", long.as_str())];
        let refused = world.command(&org.host, ANSWER, &fields, &Caller::default()).await;
        assert!(matches!(refused.error(), AppError::Invalid(_)));
    }

    async fn a_link_opens_nothing_else(world: World) {
        let org = world.org("alpha").await;
        let beta = world.org("beta").await;
        let (smith, _) = world.claimed(&org, "Smith").await;
        let (jones, _) = world.claimed(&org, "Jones").await;
        let first = world.operation(&org).await;
        let second = world.operation(&org).await;
        let (smith_id, jones_id) = (smith.user.unwrap(), jones.user.unwrap());
        let token = link(&world, &org, first, smith_id).await.unwrap();
        press(&world, &org, &token, "attending", &Caller::default()).await.outcome();
        let page = answers(&world, &org, second, &org.founder).await;
        assert!(page.people.is_empty(), "it is a link to one operation");
        let page = world.get(&org.host, &format!("/operations/{first}"), &Caller::default()).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "it signs nobody in");

        // A claim of another, with the signature of this one: operation, user, expiry, signature.
        let others = link(&world, &org, second, jones_id).await.unwrap();
        let bytes = |token: &str| URL_SAFE_NO_PAD.decode(token).unwrap();
        let (ours, theirs) = (bytes(&token), bytes(&others));
        for (part, what) in [(0..16, "operation"), (16..32, "user"), (40..72, "signature")] {
            let mut mixed = ours.clone();
            mixed[part.clone()].copy_from_slice(&theirs[part]);
            is_nothing(&world, &org, &URL_SAFE_NO_PAD.encode(mixed), what).await;
        }
        let mut longer = ours.clone();
        longer[38] = longer[38].wrapping_add(1);
        is_nothing(&world, &org, &URL_SAFE_NO_PAD.encode(longer), "a later expiry").await;
        for at in [0, 20, 39, 40, 71] {
            let mut wrong = ours.clone();
            wrong[at] ^= 1;
            is_nothing(&world, &org, &URL_SAFE_NO_PAD.encode(wrong), "a changed byte").await;
        }
        for cut in [30, 40, 95] {
            is_nothing(&world, &org, &token[..cut], "a cut link").await;
        }
        is_nothing(&world, &org, &format!("{token}AAAA"), "a lengthened link").await;
        is_nothing(&world, &beta, &token, "on the host of another Org").await;
        assert_eq!(read(&world, &org, &token).await.status, StatusCode::OK, "the link itself is good");
    }

    async fn a_link_ends_with_the_answers(world: World) {
        let org = world.org("alpha").await;
        let (smith, _) = world.claimed(&org, "Smith").await;
        let user = smith.user.unwrap();
        let id = world.operation(&org).await;
        let cancelled = world.operation(&org).await;
        let token = link(&world, &org, id, user).await.unwrap();
        let of_cancelled = link(&world, &org, cancelled, user).await.unwrap();
        let reason = [("reason", "Rain")];
        world.on_operation(&org, "cancel_operation", cancelled, &reason, &org.founder).await.outcome();
        is_nothing(&world, &org, &of_cancelled, "it was cancelled").await;
        assert_eq!(link(&world, &org, cancelled, user).await, None, "no links to what is cancelled");
        let told = mails(&world, &org, "Smith").await;
        let links = told.iter().filter_map(|mail| link_in(&org, mail));
        assert_eq!(links.count(), 1, "only to the one that takes place: {told:?}");

        // Moved to a later day: mails of then have a new link, the old one ends as it says.
        let fields = world.operation_fields(&Planned {
            starts_in: Duration::days(5),
            ..Planned::default()
        });
        let fields = crate::catalogue::borrow(&fields);
        press(&world, &org, &token, "maybe", &Caller::default()).await.outcome();
        world.on_operation(&org, "edit_operation", id, &fields, &org.founder).await.outcome();
        let mail = mails(&world, &org, "Smith").await.pop().expect("a mail");
        assert!(mail.contains("was moved to"), "{mail}");
        let newer = link_in(&org, &mail).expect("a link in the mail about the move");
        world.wait(Duration::days(3) + Duration::minutes(5));
        is_nothing(&world, &org, &token, "its time is over").await;
        press(&world, &org, &newer, "attending", &Caller::default()).await.outcome();
        world.wait(Duration::days(2));
        is_nothing(&world, &org, &newer, "the operation has begun").await;
        let refused = crate::answers::answer(&world, &org, id, "attending", &smith).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::AnswersClosed));
    }

    async fn who_is_gone_has_no_link(world: World) {
        let org = world.org("alpha").await;
        // Everybody may see it: what ends the link is that they are no member.
        let planned = Planned { audience: "public", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        let set = [
            ("Left", "update player set standing = 'left' where org_id = $1 and player_id = $2"),
            ("Kicked", "update player set standing = 'kicked' where org_id = $1 and player_id = $2"),
            ("Banned", "update player set standing = 'banned' where org_id = $1 and player_id = $2"),
            ("Released", "update player set user_id = null where org_id = $1 and player_id = $2"),
            (
                "Disabled",
                "update user_account set disabled_at = created_at where user_id =
                     (select user_id from player where org_id = $1 and player_id = $2)",
            ),
        ];
        for (name, sql) in set {
            let (caller, player) = world.claimed(&org, name).await;
            let token = link(&world, &org, id, caller.user.unwrap()).await.unwrap();
            assert_eq!(read(&world, &org, &token).await.status, StatusCode::OK, "{name}");
            run(&world, sql, &org, player).await;
            is_nothing(&world, &org, &token, name).await;
        }
        let visitor = world.user("Visitor").await;
        let token = link(&world, &org, id, visitor.user.unwrap()).await.unwrap();
        is_nothing(&world, &org, &token, "who never was a member").await;
        // Nor does a mail carry one to them.
        let (_, player) = world.claimed(&org, "Gone").await;
        let left = "update player set standing = 'left' where org_id = $1 and player_id = $2";
        run(&world, left, &org, player).await;
        world.operation_with(&org, &planned).await;
        for mail in mails(&world, &org, "Gone").await {
            assert_eq!(link_in(&org, &mail), None, "{mail}");
        }
    }

    async fn who_no_longer_sees_the_operation_has_no_link(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let squad = world.group_with(&org, root, "Squad", true, "private", "closed").await;
        let (smith, player) = world.claimed(&org, "Smith").await;
        world.place(&org, player, squad, None, &org.founder).await.outcome();
        let planned = Planned { group: Some(squad), audience: "group", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        let token = link(&world, &org, id, smith.user.unwrap()).await.unwrap();
        assert_eq!(read(&world, &org, &token).await.status, StatusCode::OK);
        let other = world.group(&org, root, "Other", true).await;
        world.place(&org, player, other, None, &org.founder).await.outcome();
        is_nothing(&world, &org, &token, "they left the group").await;
    }
}
