//! Servers to measure: Muster on a database file of its own, and a bare route beside it.

use super::{load::Target, people};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{Request, StatusCode, header},
    routing::get,
    serve::ListenerExt,
};
use chrono::Duration;
use leptos::config::LeptosOptions;
use muster::{
    app,
    domain::{GroupId, MembershipId, OrgId, PlayerId, SessionId, UserId},
    features::{
        accounts::{self, input::Registration},
        roster::{input::PlacePlayer, service as roster},
        tenants::{self, input::NewOrg},
    },
    server::{
        Ctx,
        config::{Apex, Config},
        db::Db,
        events,
        mail::MailConfig,
        migrate,
        state::{Clock, State},
        tenancy, token,
    },
};
use std::{
    fs::OpenOptions,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Instant,
};
use tokio::net::TcpListener;
use tower::ServiceExt;
use uuid::Uuid;

/// The apex of every benchmark.
const APEX: &str = "muster.bench";

/// Writes the log as `muster serve` does, to where nobody reads it: it is part of the cost.
pub(crate) fn log_like_a_server() {
    let nowhere = OpenOptions::new().write(true).open("/dev/null").unwrap();
    let filter = tracing_subscriber::EnvFilter::new("info");
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Arc::new(nowhere))
        .init();
}

/// An organisation with people, and an ordinary member of it who looks at pages.
#[derive(Debug)]
pub(crate) struct Org {
    id: OrgId,
    slug: String,
    host: String,
    cookie: String,
    people: usize,
    /// Somebody who can be moved, and between which groups.
    mover: PlayerId,
    between: [GroupId; 2],
    moves: Mutex<usize>,
}

/// A running Muster.
pub(crate) struct Site {
    state: State,
    router: Router,
    address: SocketAddr,
    orgs: Mutex<Vec<&'static Org>>,
    _folder: tempfile::TempDir,
}

fn config(database_url: String) -> Config {
    let apex = Apex::parse(&format!("https://{APEX}")).unwrap();
    Config {
        mail: MailConfig::new(None, None, None, &apex).unwrap(),
        apex,
        leptos: LeptosOptions::builder().output_name("muster").build(),
        database_url,
        database_connections: 8,
        reserved_names: Vec::new(),
        trusted_proxies: Vec::new(),
        json_log: false,
        development: false,
    }
}

/// Serves a router as `muster serve` does.
async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let listener = listener.tap_io(|connection| connection.set_nodelay(true).unwrap());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

impl Site {
    /// Muster on a new SQLite file.
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(format!(
            "sqlite:{}",
            folder.path().join("muster.db").display()
        ));
        let db = Db::connect(&config.database_url, config.database_connections)
            .await
            .unwrap();
        migrate::migrate(&db).await.unwrap();
        let state = app::state(config, db, Clock::system());
        let router = app::router(state.clone());
        let address = serve(router.clone()).await;
        Self {
            state,
            router,
            address,
            orgs: Mutex::default(),
            _folder: folder,
        }
    }

    async fn user(&self, name: &str) -> UserId {
        let ctx = Ctx::for_server(&self.state, None);
        let input = Registration {
            name: name.to_owned(),
            email: format!("{}@example.org", name.replace(' ', ".")),
            password: "correct horse battery".to_owned(),
        };
        accounts::service::create_user(&ctx, input).await.unwrap()
    }

    /// A context with all rights in the organisation of a slug.
    async fn ctx(&self, slug: &str) -> Ctx {
        let tenant = tenancy::by_slug(&self.state.db, &self.state.config, slug)
            .await
            .unwrap();
        Ctx::for_server(&self.state, tenant)
    }

    /// The same for one of the organisations with people.
    pub(crate) async fn ctx_of(&self, org: &Org) -> Ctx {
        self.ctx(&org.slug).await
    }

    async fn found_empty(&self, slug: &str) -> Ctx {
        let founder = self.user(&format!("{slug} founder")).await;
        let input = NewOrg {
            name: slug.to_owned(),
            slug: slug.to_owned(),
            type_id: "muster.unit".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            founder: Some(founder),
            host: None,
        };
        let ctx = Ctx::for_server(&self.state, None);
        tenants::service::found_org(&ctx, input).await.unwrap();
        self.ctx(slug).await
    }

    /// An organisation without people.
    pub(crate) async fn empty(&self, number: usize) -> Ctx {
        self.found_empty(&format!("empty-{number}")).await
    }

    /// An organisation with so many people in so many groups.
    pub(crate) async fn found(&self, people: usize, groups: usize) {
        let slug = format!("people-{people}");
        let ctx = self.found_empty(&slug).await;
        let viewer = self.user(&format!("{slug} viewer")).await;
        let id = ctx.tenant().unwrap().id();
        let filled = people::filled(id.root_group(), people, groups, viewer, ctx.now);
        let mut tx = self.state.db.write(ctx.tenant().unwrap()).await.unwrap();
        roster::apply_bulk(&mut tx, &ctx, filled.bulk, |_| ())
            .await
            .unwrap();
        events::commit(tx, &self.state.hub).await.unwrap();
        let host = format!("{slug}.{APEX}");
        let cookie = self.sign_in(viewer, &host).await;
        let org = Org {
            id,
            slug,
            host,
            cookie,
            people,
            // In the last place of the first group: in no position, and not its leader.
            mover: filled.players[(people - 1) / groups * groups],
            between: [filled.groups[1], filled.groups[0]],
            moves: Mutex::new(0),
        };
        // As long as the process, which measures and ends.
        self.orgs.lock().unwrap().push(Box::leak(Box::new(org)));
    }

    /// The organisation with so many people.
    pub(crate) fn org(&self, people: usize) -> &'static Org {
        self.orgs
            .lock()
            .unwrap()
            .iter()
            .find(|org| org.people == people)
            .unwrap()
    }

    async fn sign_in(&self, user: UserId, host: &str) -> String {
        let secret = token::fresh();
        let now = self.state.clock.now();
        let mut tx = self.state.db.system().await.unwrap();
        tx.run(
            "insert into session (session_id, token_hash, user_id, host, agent, address, created_at,
                 last_seen_at, expires_at)
             values ($1, $2, $3, $4, '', '', $5, $5, $6)",
            (
                SessionId(Uuid::now_v7()),
                token::hash(&secret),
                user,
                host.to_owned(),
                now,
                now + Duration::days(1),
            ),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        format!("{}={secret}", self.state.config.cookie("session"))
    }

    /// So many further organisations, each with ten people in a group and a session.
    pub(crate) async fn found_others(&self, count: i64) {
        let founder = self.user("founder of others").await;
        let now = self.state.clock.now();
        let mut tx = self.state.db.system().await.unwrap();
        tx.run(
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < $1)
             insert into org (org_id, name, name_key, slug, type_id, founder_id, event_seq, created_at)
             select randomblob(16), 'Other ' || i, 'other ' || i, 'other-' || i, 'muster.unit', $2, 0, $3
               from n",
            (count, founder, now),
        )
        .await
        .unwrap();
        for sql in [
            "insert into roster_group (org_id, group_id, parent_id, name, name_key, acronym, kind,
                 exclusive, visibility, policy, founded_at)
             select org_id, org_id, null, name, name_key, 'O', 'Organisation', false, 'public',
                    'closed', $1
               from org where slug like 'other-%'",
            "insert into roster_group (org_id, group_id, parent_id, name, name_key, acronym, kind,
                 exclusive, visibility, policy, founded_at)
             select org_id, randomblob(16), org_id, 'Squad', 'squad', 'S', 'Squad', true, 'public',
                    'closed', $1
               from org where slug like 'other-%'",
            "insert into role (org_id, role_id, group_id, name, name_key)
             select g.org_id, randomblob(16), g.group_id, 'Member', 'member'
               from roster_group g join org o on o.org_id = g.org_id
              where o.slug like 'other-%' and g.parent_id is not null and $1 is not null",
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < 10)
             insert into player (org_id, player_id, common_name, joined_at)
             select org_id, randomblob(16), 'Person ' || i, $1
               from org cross join n where slug like 'other-%'",
            "insert into membership (org_id, membership_id, player_id, group_id, role_id, exclusive,
                 singular, since, common_name, group_name, role_name)
             select p.org_id, randomblob(16), p.player_id, r.group_id, r.role_id, true, false, $1,
                    p.common_name, 'Squad', r.name
               from player p
               join org o on o.org_id = p.org_id and o.slug like 'other-%'
               join role r on r.org_id = p.org_id",
            "insert into session (session_id, token_hash, user_id, host, agent, address, created_at,
                 last_seen_at, expires_at)
             select randomblob(16), hex(randomblob(32)), founder_id, slug || '.muster.bench', '', '',
                    $1, $1, $1
               from org where slug like 'other-%'",
        ] {
            tx.run(sql, (now,)).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// A page, complete, as its viewer gets it.
    pub(crate) async fn page(&self, org: &Org, path: &str) -> Bytes {
        let request = Request::builder()
            .uri(path)
            .header(header::HOST, &org.host)
            .header(header::COOKIE, &org.cookie)
            .header(header::ACCEPT, "text/html")
            .body(Body::empty())
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        to_bytes(response.into_body(), usize::MAX).await.unwrap()
    }

    /// The same as a target of load.
    pub(crate) fn target(&self, org: &Org, path: &str) -> Target {
        Target {
            address: self.address,
            path: path.to_owned(),
            headers: vec![
                ("Host", org.host.clone()),
                ("Cookie", org.cookie.clone()),
                ("Accept", "text/html".to_owned()),
            ],
        }
    }

    /// Milliseconds that something takes.
    pub(crate) async fn time<T>(&self, work: impl Future<Output = T>) -> f64 {
        let begin = Instant::now();
        work.await;
        super::millis(begin.elapsed())
    }

    /// Statements that something takes.
    pub(crate) async fn statements_of<T>(&self, work: impl Future<Output = T>) -> u64 {
        let before = self.state.db.statements();
        work.await;
        self.state.db.statements() - before
    }

    /// Moves somebody to and fro, and answers the statements and the time of the command.
    pub(crate) async fn transfer(&self, org: &Org) -> (u64, std::time::Duration) {
        let ctx = self.ctx(&org.slug).await;
        let number = {
            let mut moves = org.moves.lock().unwrap();
            *moves += 1;
            *moves - 1
        };
        let mut tx = self.state.db.read(ctx.tenant().unwrap()).await.unwrap();
        let (expected,): (MembershipId,) = tx
            .one(
                "select membership_id from membership
                  where org_id = $1 and player_id = $2 and until is null and exclusive",
                (org.id, org.mover),
            )
            .await
            .unwrap();
        tx.done().await.unwrap();
        let input = PlacePlayer {
            player_id: org.mover,
            group_id: org.between[number % 2],
            role_id: None,
            position_id: None,
            expected: Some(expected),
        };
        let before = self.state.db.statements();
        let begin = Instant::now();
        roster::place_player(&ctx, input).await.unwrap();
        (self.state.db.statements() - before, begin.elapsed())
    }
}

/// A server with nothing in it: for each size a route that answers so many bytes from memory.
pub(crate) struct Bare(SocketAddr);

impl Bare {
    /// Serves these sizes.
    pub(crate) async fn serve(sizes: &[usize]) -> Self {
        let mut router = Router::new();
        for size in sizes {
            let bytes = Bytes::from(vec![b'm'; *size]);
            let answer = move || {
                let bytes = bytes.clone();
                async move { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes) }
            };
            router = router.route(&format!("/{size}"), get(answer));
        }
        Self(serve(router).await)
    }

    /// One of the sizes as a target of load.
    pub(crate) fn target(&self, size: usize) -> Target {
        Target {
            address: self.0,
            path: format!("/{size}"),
            headers: Vec::new(),
        }
    }
}
