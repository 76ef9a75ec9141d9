//! The mail queue against a real mail server: everything leaves, once if SMTP allows it, and nothing
//! is lost whatever the server does or whoever dies.

use crate::support::{Mode, Org, Sink, World, on_both_databases};
use chrono::Duration;
use muster::{
    domain::event::{EventData, EventKind},
    features::notices,
    server::{
        Ctx,
        events::{self, NewEvent},
        housekeeping, mail,
        mail::{Postman, Round, deliver_due},
    },
};
use std::{collections::HashSet, time::Duration as Pause};

/// Longest wait for something that must come.
const PATIENCE: Pause = Pause::from_secs(60);

/// Queues mails to `0@example.org`, `1@example.org` …
async fn queue(world: &World, count: usize) {
    let ctx = Ctx::for_server(&world.state, None);
    let mut tx = world.state.db.system().await.unwrap();
    for number in 0..count {
        let to = format!("{number}@example.org");
        mail::queue(&mut tx, &ctx, &to, "Orders", "Muster at seven. Grüße!\n")
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}

fn postman(world: &World, sink: &Sink) -> Postman {
    Postman::new(&world.mail_to(&sink.url(), 60)).unwrap()
}

/// Delivers until nothing is due.
async fn deliver_all(world: &World, postman: &Postman) {
    while deliver_due(&world.state, postman).await.unwrap() != Round::Idle {}
}

/// State of the queue: sent, failed, tries in all, leased.
async fn queue_state(world: &World) -> (i64, i64, i64, i64) {
    let mut tx = world.state.db.system_read().await.unwrap();
    let state = tx
        .one(
            "select count(sent_at), count(failed_at), cast(coalesce(sum(attempts), 0) as bigint),
                    count(lease) from outbox_mail",
            (),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    state
}

/// An Org in which so many things happened to somebody who wants to know.
pub(crate) async fn eventful(world: &World, count: usize) -> Org {
    let org = world.org("apple").await;
    let (_, player) = world.claimed(&org, "Member").await;
    let ctx = world.ctx(&org).await;
    let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
    for number in 0..count {
        let data = EventData {
            player: Some("Member".into()),
            after: Some(format!("Grade {number}")),
            ..EventData::default()
        };
        let event = NewEvent::new(EventKind::Promoted, data).player(player);
        events::append(&mut tx, &ctx, event).await.unwrap();
    }
    events::commit(tx, &world.state.hub).await.unwrap();
    org
}

/// Checks that each of so many mails came, and answers how many came twice.
pub(crate) fn duplicates(sink: &Sink, count: usize) -> usize {
    let mails = sink.mails();
    let ids: HashSet<String> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
    let subjects: HashSet<String> = mails.iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(
        ids.len(),
        count,
        "mails are lost, or one has two Message-IDs"
    );
    assert_eq!(subjects.len(), count, "an event was not told by mail");
    mails.len() - count
}

on_both_databases! {
    async fn a_mail_leaves_once(world: World) {
        let sink = Sink::start().await;
        let postman = postman(&world, &sink);
        queue(&world, 45).await;
        deliver_all(&world, &postman).await;
        assert_eq!(queue_state(&world).await, (45, 0, 45, 0));
        deliver_all(&world, &postman).await;
        let mails = sink.mails();
        let people: HashSet<String> = mails.iter().map(|mail| mail.to.clone()).collect();
        assert_eq!((mails.len(), people.len()), (45, 45));
        let mail = &mails[0];
        assert_eq!(mail.header("From"), "Muster <muster@muster.test>");
        assert_eq!(mail.header("Subject"), "Orders");
        assert_eq!(mail.header("To"), mail.to);
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert!(mail.header("Message-ID").ends_with("@muster.test>"));
        let body = mail.body();
        assert!(body.starts_with("Muster at seven. Grüße!\n\n-- \nMuster, https://muster.test\n"), "{body}");
    }

    async fn nothing_leaves_without_a_mail_server(world: World) {
        queue(&world, 3).await;
        mail::run(world.state.clone()).await;
        assert_eq!(queue_state(&world).await, (0, 0, 0, 0));
    }

    async fn what_is_refused_for_now_is_tried_again(world: World) {
        let sink = Sink::start().await;
        let postman = postman(&world, &sink);
        queue(&world, 3).await;
        sink.behave(Mode::Refuse(451));
        deliver_all(&world, &postman).await;
        assert_eq!(queue_state(&world).await, (0, 0, 3, 0));
        sink.behave(Mode::Take);
        deliver_all(&world, &postman).await;
        assert_eq!(sink.count(), 0, "the pause was not kept");
        world.wait(Duration::seconds(61));
        deliver_all(&world, &postman).await;
        assert_eq!(queue_state(&world).await, (3, 0, 6, 0));
        assert_eq!(sink.count(), 3);
    }

    async fn tries_come_to_an_end(world: World) {
        let sink = Sink::start().await;
        let postman = postman(&world, &sink);
        queue(&world, 1).await;
        sink.behave(Mode::Refuse(451));
        for _ in 0..20 {
            deliver_all(&world, &postman).await;
            world.wait(Duration::hours(7));
        }
        assert_eq!(queue_state(&world).await, (0, 1, 12, 0));
    }

    async fn what_is_refused_for_ever_is_not_tried_again(world: World) {
        let sink = Sink::start().await;
        let postman = postman(&world, &sink);
        queue(&world, 2).await;
        sink.behave(Mode::Refuse(550));
        deliver_all(&world, &postman).await;
        sink.behave(Mode::Take);
        world.wait(Duration::days(3));
        deliver_all(&world, &postman).await;
        assert_eq!(queue_state(&world).await, (0, 2, 2, 0));
        assert_eq!(sink.count(), 0);
        let mut tx = world.state.db.system_read().await.unwrap();
        let (error,): (String,) =
            tx.one("select last_error from outbox_mail limit 1", ()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(error.contains("no mail for this one"), "the row should say why: {error}");
    }

    async fn a_server_that_is_down_costs_no_mail_its_tries(world: World) {
        let mut sink = Sink::start().await;
        let postman = postman(&world, &sink);
        queue(&world, 30).await;
        sink.go_down().await;
        for _ in 0..20 {
            assert_eq!(deliver_due(&world.state, &postman).await.unwrap(), Round::Down);
        }
        sink.come_up();
        // Nor one that lets nobody in, even if it says "for ever".
        for code in [421, 554] {
            sink.behave(Mode::Greet(code));
            assert_eq!(deliver_due(&world.state, &postman).await.unwrap(), Round::Down);
        }
        assert_eq!(queue_state(&world).await, (0, 0, 0, 0));
        sink.behave(Mode::Take);
        deliver_all(&world, &postman).await;
        assert_eq!(queue_state(&world).await, (30, 0, 30, 0));
        assert_eq!(sink.count(), 30);
    }

    async fn an_answer_that_is_lost_makes_a_duplicate_that_can_be_recognised(world: World) {
        let sink = Sink::start().await;
        let postman = postman(&world, &sink);
        queue(&world, 2).await;
        sink.behave(Mode::DropAfterData);
        deliver_all(&world, &postman).await;
        assert_eq!(queue_state(&world).await, (0, 0, 2, 0));
        sink.behave(Mode::Take);
        world.wait(Duration::seconds(61));
        deliver_all(&world, &postman).await;
        let mails = sink.mails();
        let ids: HashSet<String> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
        assert_eq!((mails.len(), ids.len()), (4, 2), "both copies of a mail have its one Message-ID");
    }

    async fn several_processes_send_each_mail_once(world: World) {
        let sink = Sink::start().await;
        queue(&world, 120).await;
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let node = world.node(world.mail_to(&sink.url(), 60)).await;
            nodes.spawn(async move {
                let postman = Postman::new(&node.config.mail).unwrap();
                while deliver_due(&node, &postman).await.unwrap() != Round::Idle {}
                node.db.close().await;
            });
        }
        while let Some(ended) = nodes.join_next().await {
            ended.unwrap();
        }
        assert_eq!(queue_state(&world).await, (120, 0, 120, 0));
        let people: HashSet<String> = sink.mails().into_iter().map(|mail| mail.to).collect();
        assert_eq!((sink.count(), people.len()), (120, 120));
    }

    async fn a_row_adds_no_header_and_no_recipient(world: World) {
        let sink = Sink::start().await;
        let postman = postman(&world, &sink);
        let ctx = Ctx::for_server(&world.state, None);
        let mut tx = world.state.db.system().await.unwrap();
        for (to, subject, body) in [
            ("ada@example.org", "Hello\r\nBcc: eve@example.org\r\n\r\nBody", "Text"),
            ("ada@example.org", "Dots", ".\r\n.\r\nRCPT TO:<eve@example.org>\r\n..\r\nEnd"),
            ("ada@example.org>\r\nRCPT TO:<eve@example.org", "Never", "Text"),
            ("ada@example.org, eve@example.org", "Never", "Text"),
        ] {
            mail::queue(&mut tx, &ctx, to, subject, body).await.unwrap();
        }
        tx.commit().await.unwrap();
        deliver_all(&world, &postman).await;
        assert_eq!(queue_state(&world).await, (2, 2, 4, 0));
        let mails = sink.mails();
        assert!(mails.iter().all(|mail| mail.to == "ada@example.org"), "{mails:?}");
        assert_eq!(mails[0].header("Subject"), "Hello Bcc: eve@example.org Body");
        assert!(!mails[0].text.contains("\r\nBcc:"), "{}", mails[0].text);
        let body = mails[1].body();
        assert!(body.starts_with(".\n.\nRCPT TO:<eve@example.org>\n..\nEnd\n"), "{body}");
    }

    async fn old_mails_are_cleared_away(world: World) {
        let sink = Sink::start().await;
        queue(&world, 2).await;
        deliver_all(&world, &postman(&world, &sink)).await;
        queue(&world, 1).await;
        world.wait(Duration::days(29));
        housekeeping::clean(&world.state.db, world.now()).await.unwrap();
        assert_eq!(queue_state(&world).await, (2, 0, 2, 0));
        world.wait(Duration::days(2));
        queue(&world, 1).await;
        housekeeping::clean(&world.state.db, world.now()).await.unwrap();
        assert_eq!(queue_state(&world).await, (0, 0, 0, 0));
        let mut tx = world.state.db.system_read().await.unwrap();
        let (rows,): (i64,) = tx.one("select count(*) from outbox_mail", ()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(rows, 1, "the new one stays");
    }

    /// Workers that are ended in the middle of whatever they do, a hundred times, while they tell
    /// a thousand events: each mail comes. It may come twice only when its worker was killed after
    /// the server had said 250 and before that was written down; nothing in SMTP lets two machines
    /// agree on that (RFC 1047). Mails are sent one after the other, so that is at most one each time.
    /// The sink answers at once and the database writes to the disk, so most of a worker's life lies
    /// in that gap here; between machines it is the smaller part.
    async fn no_mail_is_lost_when_workers_are_killed(world: World) {
        const MAILS: usize = 1_000;
        const KILLS: usize = 100;
        let sink = Sink::start().await;
        eventful(&world, MAILS).await;
        let lease = 2;
        let mut begun_by = 0;
        for _ in 0..KILLS {
            let node = world.node(world.mail_to(&sink.url(), lease)).await;
            let workers = [
                tokio::spawn(notices::service::run(node.clone())),
                tokio::spawn(mail::run(node.clone())),
            ];
            let enough = sink.count() + rand::random_range(0..MAILS / KILLS);
            let reached = async {
                while sink.count() < enough {
                    tokio::time::sleep(Pause::from_millis(1)).await;
                }
            };
            let _ = tokio::time::timeout(Pause::from_secs(1), reached).await;
            tokio::time::sleep(Pause::from_micros(rand::random_range(0..40_000))).await;
            for worker in &workers {
                worker.abort();
            }
            for worker in workers {
                let _ = worker.await;
            }
            begun_by += usize::from(sink.count() < MAILS);
            node.db.close().await;
            world.wait(Duration::seconds(lease as i64));
        }
        let node = world.node(world.mail_to(&sink.url(), lease)).await;
        notices::service::catch_up(&node).await.unwrap();
        let postman = Postman::new(&node.config.mail).unwrap();
        let rest = async {
            while deliver_due(&node, &postman).await.unwrap() != Round::Idle {}
        };
        tokio::time::timeout(PATIENCE, rest).await.expect("the rest is sent");
        node.db.close().await;
        let twice = duplicates(&sink, MAILS);
        println!("{MAILS} mails, {KILLS} kills ({begun_by} before all were sent), {twice} duplicates");
        assert!(twice <= KILLS, "{twice} duplicates of {KILLS} kills: more than SMTP must cost");
        let mut tx = world.state.db.system_read().await.unwrap();
        let (told,): (i64,) = tx.one("select count(*) from notice", ()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(told as usize, MAILS, "each event is told exactly once");
        assert_eq!(queue_state(&world).await.0 as usize, MAILS);
        assert!(sink.connections() >= KILLS / 2, "the workers were killed while they sent");
    }
}
