//! The live stream over a real connection (§20).

use crate::support::{Caller, Org, World, on_both_databases};
use muster::{
    domain::{
        GroupId,
        access::{AccessSet, Action, RankFacts},
    },
    features::{audit::service as audit, notices, roster::service::roster_now},
    server::{Ctx, ctx::Client, tenancy::Actor},
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// Longest wait for something that must come.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long nothing must come to count as nothing.
const SILENCE: Duration = Duration::from_millis(700);

/// How an event of the log begins. The number of one's own unread notices is none.
const NEWS: &str = "event: change";

async fn serve(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = world
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// A browser's event source.
struct Source {
    connection: TcpStream,
    text: String,
    read: usize,
}

impl Source {
    async fn open(
        world: &World,
        address: SocketAddr,
        org: &Org,
        caller: &Caller,
        path: &str,
        last_id: Option<i64>,
    ) -> Self {
        let cookie = world.session(&org.host, caller).await;
        let mut head = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n",
            org.host
        );
        if let Some(cookie) = cookie {
            head.push_str(&format!("Cookie: {cookie}\r\n"));
        }
        if let Some(id) = last_id {
            head.push_str(&format!("Last-Event-ID: {id}\r\n"));
        }
        head.push_str("\r\n");
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(head.as_bytes()).await.unwrap();
        let mut source = Self {
            connection,
            text: String::new(),
            read: 0,
        };
        assert!(
            source.wait_for(": hello").await,
            "no stream: {}",
            source.text
        );
        assert!(source.text.contains("text/event-stream"), "{}", source.text);
        source
    }

    /// Reads on; false at the end of the stream.
    async fn more(&mut self) -> bool {
        let mut buffer = [0; 4096];
        match self.connection.read(&mut buffer).await {
            Ok(0) | Err(_) => false,
            Ok(count) => {
                self.text
                    .push_str(&String::from_utf8_lossy(&buffer[..count]));
                // The last chunk of a chunked answer.
                !self.text.ends_with("\r\n0\r\n\r\n")
            }
        }
    }

    /// Waits until this text has come since the last call.
    async fn wait_for(&mut self, text: &str) -> bool {
        let waiting = async {
            loop {
                if let Some(at) = self.text[self.read..].find(text) {
                    self.read += at + text.len();
                    return true;
                }
                if !self.more().await {
                    return false;
                }
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or(false)
    }

    /// Waits for the end of the stream.
    async fn ends(&mut self) -> bool {
        timeout(PATIENCE, async { while self.more().await {} })
            .await
            .is_ok()
    }

    /// Events of the log that came within a moment.
    async fn events_soon(&mut self) -> usize {
        let _ = timeout(SILENCE, async { while self.more().await {} }).await;
        self.text[self.read..].matches(NEWS).count()
    }
}

async fn seq(world: &World, org: &Org) -> i64 {
    world.ctx(org).await.tenant().unwrap().seq
}

async fn private_group(world: &World, org: &Org) -> GroupId {
    let fields = [
        ("parent_id", org.id.0.to_string()),
        ("name", "Cell".to_owned()),
        ("description", "x".to_owned()),
        ("kind", "Squad".to_owned()),
        ("exclusive", "true".to_owned()),
        ("visibility", "private".to_owned()),
        ("policy", "closed".to_owned()),
    ];
    let fields = crate::catalogue::borrow(&fields);
    let answer = world
        .command(&org.host, "/api/roster/create_group", &fields, &org.founder)
        .await;
    answer.outcome().event.unwrap().group_id.unwrap()
}

on_both_databases! {
    async fn events_arrive_without_asking_again(world: World) {
        let org = world.org("apple").await;
        let other = world.org("pear").await;
        let (member, _) = world.claimed(&org, "Member").await;
        let address = serve(&world).await;
        let mut source = Source::open(&world, address, &org, &member, "/live", None).await;
        let alpha = world.group(&org, org.id.root_group(), "Alpha", true).await;
        let created = seq(&world, &org).await;
        assert!(
            source.wait_for(&format!("data: {{\"seq\":{created},\"area\":\"group\"}}")).await,
            "the event did not arrive: {}", source.text
        );
        assert!(source.text.contains(&format!("id: {created}")));
        assert!(source.text.contains("event: change"));
        // Another Org's events do not.
        world.group(&other, other.id.root_group(), "Bravo", true).await;
        assert_eq!(source.events_soon().await, 0, "an event of another Org arrived: {}", source.text);
        // And neither names nor ids are in it.
        assert!(!source.text.contains("Alpha") && !source.text.contains(&alpha.to_string()));
    }

    async fn a_stream_catches_up(world: World) {
        let org = world.org("apple").await;
        let (member, _) = world.claimed(&org, "Member").await;
        let address = serve(&world).await;
        let before = seq(&world, &org).await;
        for name in ["Alpha", "Bravo", "Charlie"] {
            world.group(&org, org.id.root_group(), name, true).await;
        }
        let mut source = Source::open(&world, address, &org, &member, "/live?after=1", Some(before)).await;
        for at in 1..=3 {
            assert!(source.wait_for(&format!("id: {}", before + at)).await, "{}", source.text);
        }
        assert!(!source.text.contains(&format!("id: {before}\n")), "Last-Event-ID was had already");
        // Without the header the address counts; without both, now.
        let path = format!("/live?after={}", before + 2);
        let mut source = Source::open(&world, address, &org, &member, &path, None).await;
        assert!(source.wait_for(&format!("id: {}", before + 3)).await);
        assert!(!source.text.contains(&format!("id: {}\n", before + 2)));
        let mut source = Source::open(&world, address, &org, &member, "/live", None).await;
        assert_eq!(source.events_soon().await, 0);
        // Nonsense is no reason to fail.
        for path in ["/live?after=-5", "/live?after=999999"] {
            let mut source = Source::open(&world, address, &org, &member, path, None).await;
            source.events_soon().await;
        }
    }

    async fn hidden_events_are_not_sent(world: World) {
        let org = world.org("apple").await;
        let (member, _) = world.claimed(&org, "Member").await;
        let address = serve(&world).await;
        let mut streams = Vec::new();
        for caller in [&member, &Caller::default()] {
            streams.push(Source::open(&world, address, &org, caller, "/live", None).await);
        }
        let mut founder = Source::open(&world, address, &org, &org.founder, "/live", None).await;
        let cell = private_group(&world, &org).await;
        let smith = world.player(&org, "Smith").await;
        let created = seq(&world, &org).await;
        world.place(&org, smith, cell, None, &org.founder).await.outcome();
        let placed = seq(&world, &org).await;
        assert!(founder.wait_for(&format!("id: {placed}")).await);
        let mut member = streams.remove(0);
        let mut stranger = streams.remove(0);
        assert!(member.wait_for(&format!("\"seq\":{created},")).await, "creating a player shows");
        assert_eq!(member.events_soon().await, 0, "a hidden event was sent: {}", member.text);
        assert!(!member.text.contains(&format!("id: {}\n", created - 1)), "{}", member.text);
        assert_eq!(stranger.events_soon().await, 0, "strangers are told of nothing: {}", stranger.text);
        // Nor are they sent when catching up.
        let mut late = Source::open(&world, address, &org, &Caller::default(), "/live?after=0", None).await;
        assert_eq!(late.events_soon().await, 0, "{}", late.text);
    }

    /// An event that came after the roster was read is judged by a newer one, or not shown.
    async fn what_happens_meanwhile_is_hidden_like_everything_else(world: World) {
        let org = world.org("apple").await;
        let (_, player) = world.claimed(&org, "Member").await;
        let tenant = world.ctx(&org).await.tenant().unwrap().clone();
        let rank = RankFacts {
            access: [Action::ReadLog].into_iter().collect(),
            ..RankFacts::default()
        };
        let actor = Actor { player: Some((player, "Member".into())), rank, ..Actor::default() };
        let client = Client::default();
        let ctx = Ctx::new(world.state.clone(), Some(tenant), actor, "test".into(), client);
        let before = ctx.tenant().unwrap().seq;
        roster_now(&ctx).await.unwrap();
        private_group(&world, &org).await;
        let log = audit::list_events(&ctx, None, "").await.unwrap();
        assert_eq!(log.events[0].seq, before, "the log shows what its roster does not know");
        let news = audit::news_after(&ctx, before, before, 100).await.unwrap();
        assert_eq!((news.lines.len(), news.at), (0, before + 1), "a hidden event was sent");
    }

    async fn a_request_arrives_with_those_who_answer(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let club = world.group_with(&org, root, "Club", false, "public", "by_request").await;
        let (leader, player) = world.claimed(&org, "Leader").await;
        world.place(&org, player, club, Some("In Command"), &org.founder).await.outcome();
        let (member, _) = world.claimed(&org, "Member").await;
        let guest = world.user("Guest").await;
        let address = serve(&world).await;
        let mut leader = Source::open(&world, address, &org, &leader, "/live", None).await;
        let mut member = Source::open(&world, address, &org, &member, "/live", None).await;
        let fields = [("group_id", club.to_string())];
        let fields = crate::catalogue::borrow(&fields);
        let asked = world.command(&org.host, "/api/joining/join_group", &fields, &guest).await;
        let told = format!("data: {{\"seq\":{},\"area\":\"request\"}}", asked.seq());
        assert!(leader.wait_for(&told).await, "the request did not arrive: {}", leader.text);
        assert_eq!(member.events_soon().await, 0, "everybody hears of it: {}", member.text);
    }

    async fn a_revoked_session_hears_nothing_more(world: World) {
        let org = world.org("apple").await;
        let (member, _) = world.claimed(&org, "Member").await;
        let address = serve(&world).await;
        let mut source = Source::open(&world, address, &org, &member, "/live", None).await;
        let mut tx = world.state.db.system().await.unwrap();
        tx.run("delete from session where user_id = $1", (member.user,)).await.unwrap();
        tx.commit().await.unwrap();
        world.group(&org, org.id.root_group(), "Alpha", true).await;
        assert!(source.ends().await, "the stream of an ended session goes on");
        assert!(
            !source.text.contains(NEWS),
            "an event was sent after the session had ended: {}", source.text
        );
    }

    async fn a_stream_ends_with_the_rights_it_began_with(world: World) {
        let org = world.org("apple").await;
        let reads = [Action::ReadLog].into_iter().collect();
        let (reader, player) = world.claimed(&org, "Reader").await;
        world.rank(&org, player, 10, reads).await;
        let (other, _) = world.claimed(&org, "Other").await;
        let address = serve(&world).await;
        let mut source = Source::open(&world, address, &org, &reader, "/live", None).await;
        let mut others = Source::open(&world, address, &org, &other, "/live", None).await;
        let alpha = world.group(&org, org.id.root_group(), "Alpha", true).await;
        let told = format!("id: {}\n", seq(&world, &org).await);
        assert!(source.wait_for(&told).await, "no news: {}", source.text);
        world.rank(&org, player, 11, AccessSet::default()).await;
        world.group(&org, alpha, "Bravo", true).await;
        let news = seq(&world, &org).await;
        assert!(source.ends().await, "a stream goes on with rights that were taken");
        assert!(
            !source.text.contains(&format!("id: {news}\n")),
            "an event was sent by a right that was taken: {}", source.text
        );
        assert!(others.wait_for(&format!("id: {news}\n")).await, "others go on: {}", others.text);
        // The same for strangers, who have the rights of the guest rank.
        let guests = async |access: AccessSet| {
            let mut tx = world.state.db.system().await.unwrap();
            tx.run(
                "update rank set access = $2 where org_id = $1 and is_guest",
                (org.id, access.stored()),
            )
            .await
            .unwrap();
            tx.commit().await.unwrap();
        };
        guests(reads).await;
        let mut stranger = Source::open(&world, address, &org, &Caller::default(), "/live", None).await;
        world.group(&org, alpha, "Charlie", true).await;
        let told = format!("id: {}\n", seq(&world, &org).await);
        assert!(stranger.wait_for(&told).await, "no news: {}", stranger.text);
        guests(AccessSet::default()).await;
        world.group(&org, alpha, "Delta", true).await;
        let news = seq(&world, &org).await;
        assert!(stranger.ends().await, "a stranger's stream goes on with rights that were taken");
        assert!(!stranger.text.contains(&format!("id: {news}\n")), "{}", stranger.text);
    }

    async fn a_stream_looks_through_the_eyes_of_its_session(world: World) {
        let org = world.org("apple").await;
        let address = serve(&world).await;
        let player = world.player(&org, "Rook").await.to_string();
        let cell = private_group(&world, &org).await;
        let mut own = Source::open(&world, address, &org, &org.founder, "/live", None).await;
        let fields = [("player_id", player.as_str())];
        let seen = world.command(&org.host, "/api/access/see_as", &fields, &org.founder).await;
        seen.outcome();
        assert!(own.ends().await, "a stream goes on through eyes that its session no longer has");
        let mut theirs = Source::open(&world, address, &org, &org.founder, "/live?after=0", None).await;
        let created = seq(&world, &org).await;
        assert!(theirs.wait_for(&format!("id: {created}\n")).await, "{}", theirs.text);
        let (hidden,): (i64,) = {
            let mut tx = world.state.db.system_read().await.unwrap();
            let row = tx
                .one(
                    "select seq from event where org_id = $1 and group_id = $2",
                    (org.id, cell),
                )
                .await
                .unwrap();
            tx.commit().await.unwrap();
            row
        };
        assert!(
            !theirs.text.contains(&format!("id: {hidden}\n")),
            "a founder who sees as a member hears of what the member does not see"
        );
        world.command(&org.host, "/api/access/stop_seeing_as", &[], &org.founder).await.outcome();
        world.group(&org, org.id.root_group(), "Alpha", true).await;
        assert!(theirs.ends().await, "the stream goes on through the member's eyes");
    }

    async fn the_stream_ends_with_the_server(world: World) {
        let org = world.org("apple").await;
        let address = serve(&world).await;
        let mut source = Source::open(&world, address, &org, &org.founder, "/live", None).await;
        world.state.close();
        assert!(source.ends().await, "the stream outlives the server and holds up its end");
    }

    async fn there_is_no_stream_at_the_apex(world: World) {
        let answer = world.get(crate::support::APEX, "/live", &Caller::default()).await;
        assert_eq!(answer.status.as_u16(), 404);
    }

    async fn the_number_of_unread_notices_arrives(world: World) {
        let org = world.org("apple").await;
        let (member, player) = world.claimed(&org, "Member").await;
        let (other, _) = world.claimed(&org, "Other").await;
        let address = serve(&world).await;
        let mut source = Source::open(&world, address, &org, &member, "/live", None).await;
        let mut others = Source::open(&world, address, &org, &other, "/live", None).await;
        for stream in [&mut source, &mut others] {
            assert!(stream.wait_for("event: notices\ndata: 0\n").await, "{}", stream.text);
        }
        let alpha = world.group(&org, org.id.root_group(), "Alpha", true).await;
        world.place(&org, player, alpha, None, &org.founder).await.outcome();
        notices::service::catch_up(&world.state).await.unwrap();
        assert!(source.wait_for("event: notices\ndata: 1\n").await, "{}", source.text);
        world
            .command(&org.host, "/api/notices/mark_all_read", &[("up_to", "999")], &member)
            .await
            .outcome();
        assert!(source.wait_for("event: notices\ndata: 0\n").await, "{}", source.text);
        others.events_soon().await;
        assert!(
            !others.text[others.read..].contains("event: notices"),
            "somebody else's notices were told: {}", others.text
        );
    }
}
