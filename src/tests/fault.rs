//! The real process, ended by force and in good order: what was acknowledged is there afterwards.
//!
//! `MUSTER_FAULT_ROUNDS` sets how often the process is killed in the middle of writes, and in the
//! middle of sending mails (10).

mod browser;
mod mails;
mod server;

use crate::support::{World, on_both_databases};
use browser::{Browser, Pending, Reply};
use muster::{
    domain::{PlayerId, event::EventKind, event::Outcome},
    server::{
        config,
        db::{Db, Dialect},
    },
};
use server::{Server, Site};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::task::JoinSet;

/// Leaders who work at the same time.
const LEADERS: usize = 4;
/// In this time a server must have come to its end.
const END: Duration = Duration::from_secs(10);

/// What leaders were told was done: number and kind of the event, and about whom.
#[derive(Clone, Debug, Default)]
struct Journal(Arc<Mutex<Vec<(i64, EventKind, PlayerId)>>>);

impl Journal {
    /// Notes an answer; anything but success ends the test.
    fn note(&self, reply: &Reply) -> PlayerId {
        assert_eq!(reply.status, 200, "a command was refused: {}", reply.body);
        let outcome: Outcome = serde_json::from_str(&reply.body).unwrap();
        let event = outcome.event.expect("every command writes an event");
        let player = event.player_id.expect("both commands are about somebody");
        self.0.lock().unwrap().push((event.seq, event.kind, player));
        player
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// A leader: creates people and puts them into a group until the server is gone.
async fn lead(browser: Browser, group: String, journal: Journal, name: String) {
    for number in 0.. {
        let name = format!("{name} {number}");
        let fields = [("common_name", name.as_str()), ("group_id", "")];
        let Ok(reply) = browser.command("roster/create_player", &fields).await else {
            return;
        };
        let player = journal.note(&reply).to_string();
        let fields = [("player_id", player.as_str()), ("group_id", &group)];
        let Ok(reply) = browser.command("roster/place_player", &fields).await else {
            return;
        };
        journal.note(&reply);
    }
}

fn leaders(browser: &Browser, group: &str, journal: &Journal, round: usize) -> JoinSet<()> {
    let mut leaders = JoinSet::new();
    for leader in 0..LEADERS {
        let name = format!("Recruit {round} {leader}");
        leaders.spawn(lead(
            browser.clone(),
            group.to_owned(),
            journal.clone(),
            name,
        ));
    }
    leaders
}

/// Waits until so many answers have come.
async fn acknowledged(journal: &Journal, count: usize) {
    let wait = async {
        while journal.len() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(END, wait)
        .await
        .expect("leaders get answers");
}

/// Looks into the database beside the server: everything in the journal is there, and whole.
async fn verify(site: &Site, journal: &Journal) {
    let db = Db::connect(&site.database_url, 2).await.unwrap();
    let mut tx = db.system_read().await.unwrap();
    if db.dialect() == Dialect::Sqlite {
        let (found,): (String,) = tx.one("pragma integrity_check", ()).await.unwrap();
        assert_eq!(found, "ok", "the file is damaged");
        let broken: Vec<(String,)> = tx.all("pragma foreign_key_check", ()).await.unwrap();
        assert!(broken.is_empty(), "rows point to nothing: {broken:?}");
    }
    let events: Vec<(i64, String, Option<PlayerId>)> = tx
        .all("select seq, kind, player_id from event order by seq", ())
        .await
        .unwrap();
    let (newest,): (i64,) = tx.one("select event_seq from org", ()).await.unwrap();
    let players: Vec<(PlayerId,)> = tx.all("select player_id from player", ()).await.unwrap();
    let placed: Vec<(PlayerId,)> = tx
        .all("select player_id from membership where until is null", ())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    db.close().await;

    let numbers = events.iter().map(|(seq, _, _)| *seq);
    assert!(
        numbers.eq(1..=newest),
        "the numbers of the log have gaps up to {newest}: {events:?}"
    );
    let events: HashMap<i64, (&str, Option<PlayerId>)> = events
        .iter()
        .map(|(seq, kind, player)| (*seq, (kind.as_str(), *player)))
        .collect();
    let players: HashSet<PlayerId> = players.into_iter().map(|(id,)| id).collect();
    let placed: HashSet<PlayerId> = placed.into_iter().map(|(id,)| id).collect();
    for (seq, kind, player) in journal.0.lock().unwrap().iter() {
        let kept = events.get(seq);
        assert_eq!(
            kept,
            Some(&(kind.as_str(), Some(*player))),
            "event {seq} was acknowledged"
        );
        assert!(players.contains(player), "player {player} was acknowledged");
        let is_placed = *kind != EventKind::MemberAdded || placed.contains(player);
        assert!(is_placed, "the membership of {player} was acknowledged");
    }
}

/// An organisation made by the command line, its founder's browser, and a group to fill.
async fn founded(site: &Site) -> (Server, Browser, String) {
    site.run(&[
        "user",
        "create",
        "--name",
        "Ada",
        "--email",
        "ada@example.org",
        "--password",
        PASSWORD,
    ])
    .await;
    site.run(&[
        "org",
        "create",
        "--name",
        "Apple",
        "--slug",
        "apple",
        "--founder",
        "Ada",
        "--type",
        "muster.unit",
    ])
    .await;
    let server = site.start().await;
    let browser = Browser::sign_in(server.address, "apple", "Ada", PASSWORD).await;
    let root = {
        let db = Db::connect(&site.database_url, 1).await.unwrap();
        let mut tx = db.system_read().await.unwrap();
        let (id,): (muster::domain::OrgId,) = tx.one("select org_id from org", ()).await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
        id.root_group().to_string()
    };
    let fields = [
        ("parent_id", root.as_str()),
        ("name", "Alpha"),
        ("description", "For tests"),
        ("kind", "Squad"),
        ("exclusive", "true"),
        ("visibility", "public"),
        ("policy", "closed"),
    ];
    let reply = browser
        .command("roster/create_group", &fields)
        .await
        .unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
    let outcome: Outcome = serde_json::from_str(&reply.body).unwrap();
    (
        server,
        browser,
        outcome.event.unwrap().group_id.unwrap().to_string(),
    )
}

/// The password of the only user.
const PASSWORD: &str = "correct horse battery";

on_both_databases! {
    async fn acknowledged_writes_survive_a_kill(world: World) {
        let rounds = config::env("MUSTER_FAULT_ROUNDS").and_then(|text| text.parse().ok());
        let site = Site::on(&world).await;
        let (mut server, mut browser, group) = founded(&site).await;
        let journal = Journal::default();
        for round in 0..rounds.unwrap_or(10) {
            let before = journal.len();
            let mut leaders = leaders(&browser, &group, &journal, round);
            acknowledged(&journal, before + LEADERS).await;
            let moment = Duration::from_micros(rand::random_range(0..200_000));
            tokio::time::sleep(moment).await;
            server.kill().await;
            while let Some(ended) = leaders.join_next().await {
                ended.unwrap();
            }
            server = site.start().await;
            verify(&site, &journal).await;
            // The session outlives the process as well.
            browser = browser.at(server.address);
        }
    }

    async fn a_graceful_end_finishes_what_was_begun(world: World) {
        let site = Site::on(&world).await;
        let (server, browser, group) = founded(&site).await;
        let journal = Journal::default();
        let live = browser.follow().await;
        let mut leaders = leaders(&browser, &group, &journal, 0);
        acknowledged(&journal, LEADERS).await;
        // Requests whose second half comes only after the signal.
        let mut begun: Vec<Pending> = Vec::new();
        for number in 0..LEADERS {
            let name = format!("Straggler {number}");
            let fields = [("common_name", name.as_str()), ("group_id", "")];
            begun.push(browser.begin_command("roster/create_player", &fields).await);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        server.terminate().await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        for pending in begun {
            let reply = pending.finish().await.expect("a request in flight is answered");
            journal.note(&reply);
        }
        tokio::time::timeout(END, live.ended()).await.expect("a live stream ends with the server");
        let status = tokio::time::timeout(END, server.ended()).await.expect("the server ends soon");
        assert!(status.success(), "{status}: {}", site.log());
        while let Some(ended) = leaders.join_next().await {
            ended.unwrap();
        }
        verify(&site, &journal).await;
    }
}
