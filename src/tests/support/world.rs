//! A database of its own, the router on it, and people to act.

mod acting;
mod planning;

pub(crate) use planning::Planned;

use super::Answer;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use chrono::{DateTime, Duration, Utc};
use leptos::config::LeptosOptions;
use muster::{
    app,
    domain::{OrgId, SessionId, UserId},
    features::{
        accounts::{self, input::Registration},
        roster::{read_model::Roster, service as roster},
        tenants::{self, input::NewOrg},
    },
    server::{
        Ctx,
        config::{Apex, Config},
        ctx::Client,
        db::Db,
        mail::MailConfig,
        migrate,
        state::{Clock, State},
        tenancy, token,
    },
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use tokio::sync::OnceCell;
use tower::ServiceExt;
use uuid::Uuid;

/// The apex of all tests.
pub(crate) const APEX: &str = "muster.test";
/// The password of every user.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// One test's world. Cheap to clone.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) state: State,
    router: Router,
    /// Seconds that the clock was turned forward.
    turned: Arc<AtomicI64>,
    /// Keeps the folder of an SQLite file as long as the world.
    _folder: Option<Arc<tempfile::TempDir>>,
    /// Name of the PostgreSQL database.
    database: Option<String>,
}

/// Who sends a request: a session cookie, or nobody.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    pub(crate) user: Option<UserId>,
    /// The session's secret; it is good on every host of the test.
    token: Option<String>,
}

impl Caller {
    /// The same person, with a session of their own.
    pub(crate) fn again(&self) -> Self {
        Self {
            user: self.user,
            token: self.token.as_ref().map(|_| token::fresh()),
        }
    }
}

/// An organisation and its founder.
#[derive(Clone, Debug)]
pub(crate) struct Org {
    pub(crate) id: OrgId,
    pub(crate) slug: String,
    pub(crate) host: String,
    pub(crate) founder: Caller,
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told of their PostgreSQL by the environment"
)]
fn postgres_url() -> String {
    std::env::var("MUSTER_TEST_POSTGRES_URL").expect(
        "MUSTER_TEST_POSTGRES_URL names no PostgreSQL; run the tests with `make test`, which starts one",
    )
}

/// An empty database that was migrated once: every test works on a copy, which is much faster than
/// migrating anew. Of SQLite the bytes of the file, of PostgreSQL the name of the template.
static MIGRATED_FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
static MIGRATED_DATABASE: OnceCell<String> = OnceCell::const_new();

async fn migrated_file() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("muster.db");
    migrated(&format!("sqlite:{}", file.display())).await;
    // Closing the last connection wrote the whole log back into the file.
    std::fs::read(&file).unwrap()
}

async fn migrated_database() -> String {
    let server = postgres_url();
    let name = format!("muster_migrated_{}", std::process::id());
    for statement in ["drop database if exists", "create database"] {
        let statement = format!("{statement} {name}");
        World::administer(&server, &statement).await.unwrap();
    }
    migrated(&beside(&server, &name)).await;
    name
}

async fn migrated(url: &str) {
    let db = Db::connect(url, 2).await.unwrap();
    migrate::migrate(&db).await.unwrap();
    db.close().await;
}

/// The address of another database of the same server.
fn beside(server: &str, database: &str) -> String {
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{database}")
}

fn config(database_url: String) -> Config {
    let apex = Apex::parse(&format!("https://{APEX}")).unwrap();
    Config {
        mail: MailConfig::new(None, None, None, &apex).unwrap(),
        apex,
        leptos: LeptosOptions::builder()
            .output_name("muster")
            .site_root("target/site")
            .build(),
        database_url,
        database_connections: 8,
        reserved_names: vec!["BZFlag".into(), "Developers".into(), "Local".into()],
        trusted_proxies: Vec::new(),
        json_log: false,
        development: false,
    }
}

impl World {
    /// A world on a new SQLite file.
    pub(crate) async fn sqlite() -> Self {
        let migrated = MIGRATED_FILE.get_or_init(migrated_file).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("muster.db");
        std::fs::write(&file, migrated).unwrap();
        let url = format!("sqlite:{}", file.display());
        Self::on(url, Some(Arc::new(folder)), None).await
    }

    /// A world in a new PostgreSQL database.
    pub(crate) async fn postgres() -> Self {
        let template = MIGRATED_DATABASE.get_or_init(migrated_database).await;
        let server = postgres_url();
        let database = format!("muster_{}", Uuid::now_v7().simple());
        let statement = format!("create database {database} template {template}");
        Self::administer(&server, &statement).await.unwrap();
        Self::on(beside(&server, &database), None, Some(database)).await
    }

    #[expect(
        clippy::disallowed_types,
        clippy::disallowed_methods,
        reason = "the name of the database is made by this test"
    )]
    async fn administer(server: &str, statement: &str) -> Result<(), sqlx::Error> {
        use sqlx::{AssertSqlSafe, Connection, Executor};
        let mut connection = sqlx::PgConnection::connect(server).await?;
        let statement = AssertSqlSafe(statement.to_owned());
        connection.execute(statement).await.map(|_| ())
    }

    /// Removes the database again, so that a run of all tests does not fill the server. One that
    /// the server's own cleaning is at work in stays; it goes with the whole server.
    pub(crate) async fn drop_database(self) {
        self.state.db.close().await;
        if let Some(database) = self.database {
            let statement = format!("drop database if exists {database} with (force)");
            let _ = Self::administer(&postgres_url(), &statement).await;
        }
    }

    async fn on(
        url: String,
        folder: Option<Arc<tempfile::TempDir>>,
        database: Option<String>,
    ) -> Self {
        let config = config(url);
        let db = Db::connect(&config.database_url, config.database_connections)
            .await
            .unwrap();
        let turned = Arc::new(AtomicI64::new(0));
        let clock = {
            let turned = turned.clone();
            let system = Clock::system();
            Clock::from_fn(move || system.now() + Duration::seconds(turned.load(Ordering::Relaxed)))
        };
        let state = app::state(config, db, clock);
        let router = app::router(state.clone());
        Self {
            state,
            router,
            turned,
            _folder: folder,
            database,
        }
    }

    /// Another process on the same database and by the same clock, with this way out for mails.
    pub(crate) async fn node(&self, mail: MailConfig) -> State {
        let config = Config {
            mail,
            database_connections: 2,
            ..self.state.config.clone()
        };
        let db = Db::connect(&config.database_url, config.database_connections)
            .await
            .unwrap();
        app::state(config, db, self.state.clock.clone())
    }

    /// The same process as a developer's machine would run it.
    pub(crate) fn in_development(&self) -> State {
        let config = Config {
            development: true,
            ..self.state.config.clone()
        };
        app::state(config, self.state.db.clone(), self.state.clock.clone())
    }

    /// The way out for mails that leads to a mail server.
    pub(crate) fn mail_to(&self, smtp: &str, lease_seconds: u64) -> MailConfig {
        let apex = &self.state.config.apex;
        MailConfig::new(Some(smtp.to_owned()), None, Some(lease_seconds), apex).unwrap()
    }

    /// Turns the clock forward.
    pub(crate) fn wait(&self, duration: Duration) {
        self.turned
            .fetch_add(duration.num_seconds(), Ordering::Relaxed);
    }

    /// The time of this world.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.state.clock.now()
    }

    // --- people and organisations ----------------------------------------------------------------

    /// A registered user with a session that is good on every host.
    pub(crate) async fn user(&self, name: &str) -> Caller {
        let ctx = Ctx::for_server(&self.state, None);
        let input = Registration {
            name: name.to_owned(),
            email: format!("{}@example.org", name.replace(' ', ".").to_lowercase()),
            password: PASSWORD.to_owned(),
        };
        let user = accounts::service::create_user(&ctx, input).await.unwrap();
        Caller {
            user: Some(user),
            token: Some(token::fresh()),
        }
    }

    /// A user who registered by themself, with a session that is good on every host.
    pub(crate) async fn registered(&self, name: &str) -> Caller {
        let mut tx = self.state.db.system_read().await.unwrap();
        let (user,): (UserId,) = tx
            .one(
                "select user_id from user_account where name = $1",
                (name.to_owned(),),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Caller {
            user: Some(user),
            token: Some(token::fresh()),
        }
    }

    /// An organisation with this name as its slug, founded by a new user.
    pub(crate) async fn org(&self, slug: &str) -> Org {
        let founder = self.user(&format!("{slug} founder")).await;
        self.org_of(slug, slug, &founder).await
    }

    /// An administrator of the installation (§21).
    pub(crate) async fn site_admin(&self, name: &str) -> Caller {
        let caller = self.user(name).await;
        let ctx = Ctx::for_server(&self.state, None);
        accounts::service::set_site_admin(&ctx, caller.user.unwrap(), true)
            .await
            .unwrap();
        caller
    }

    /// An organisation of a founder.
    pub(crate) async fn org_of(&self, slug: &str, name: &str, founder: &Caller) -> Org {
        self.org_of_type("muster.unit", slug, name, founder).await
    }

    /// An organisation of this type.
    pub(crate) async fn org_of_type(
        &self,
        type_id: &str,
        slug: &str,
        name: &str,
        founder: &Caller,
    ) -> Org {
        let ctx = Ctx::for_server(&self.state, None);
        let input = NewOrg {
            name: name.to_owned(),
            slug: slug.to_owned(),
            type_id: type_id.to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            founder: founder.user,
            host: None,
        };
        tenants::service::found_org(&ctx, input).await.unwrap();
        let tenant = tenancy::by_slug(&self.state.db, &self.state.config, slug)
            .await
            .unwrap()
            .expect("the Org that was just founded");
        let host = format!("{slug}.{APEX}");
        Org {
            id: tenant.id(),
            slug: slug.to_owned(),
            host,
            founder: founder.clone(),
        }
    }

    /// A context with all rights in an organisation, as the server's own commands have it.
    pub(crate) async fn ctx(&self, org: &Org) -> Ctx {
        let tenant = tenancy::by_slug(&self.state.db, &self.state.config, &org.slug)
            .await
            .unwrap();
        Ctx::for_server(&self.state, tenant)
    }

    /// A context as a request of this caller has it now.
    pub(crate) async fn ctx_of(&self, org: &Org, caller: &Caller) -> Ctx {
        let cookie = self.session(&org.host, caller).await;
        let secret = cookie.and_then(|cookie| Some(cookie.split_once('=')?.1.to_owned()));
        let (tenant, actor) =
            tenancy::resolve_org(&self.state, &org.host, secret.as_deref(), self.now())
                .await
                .unwrap()
                .unwrap();
        Ctx::new(
            self.state.clone(),
            Some(tenant),
            actor,
            "test".into(),
            Client::default(),
        )
    }

    /// The roster as the server sees it now.
    pub(crate) async fn roster(&self, org: &Org) -> Arc<Roster> {
        roster::roster_now(&self.ctx(org).await).await.unwrap()
    }

    /// Everybody looks through their own eyes again.
    pub(crate) async fn own_eyes(&self) {
        let mut tx = self.state.db.system().await.unwrap();
        tx.run("update session set see_as = null, see_as_until = null", ())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    // --- requests --------------------------------------------------------------------------------

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Sends any request and leaves the body where it is: for streams, which do not end.
    pub(crate) async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// The router, to be served over a real connection.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// A request as a browser on this host makes it.
    pub(crate) async fn request(
        &self,
        method: &str,
        host: &str,
        path: &str,
        caller: &Caller,
    ) -> axum::http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, host)
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = self.session(host, caller).await {
            request = request.header(header::COOKIE, cookie);
        }
        request
    }

    /// The caller's session cookie on this host; the session is made when it is first needed.
    pub(crate) async fn session(&self, host: &str, caller: &Caller) -> Option<String> {
        let (user, secret) = (caller.user?, caller.token.as_ref()?);
        let secret = format!("{secret}{}", host.replace('.', "-"));
        let now = self.now();
        let mut tx = self.state.db.system().await.unwrap();
        tx.run(
            "insert into session (session_id, token_hash, user_id, host, agent, address, created_at,
                 last_seen_at, expires_at)
             values ($1, $2, $3, $4, '', '', $5, $5, $6) on conflict (token_hash) do nothing",
            (
                SessionId(Uuid::now_v7()),
                token::hash(&secret),
                user,
                host.to_owned(),
                now,
                now + Duration::days(365),
            ),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        Some(format!("{}={secret}", self.state.config.cookie("session")))
    }

    /// A page.
    pub(crate) async fn get(&self, host: &str, path: &str, caller: &Caller) -> Answer {
        let request = self.request("GET", host, path, caller).await;
        self.send(
            request
                .header(header::ACCEPT, "text/html")
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    /// A page, with the cookie of a session that is not made anew when it has ended.
    pub(crate) async fn expired(&self, host: &str, path: &str, caller: &Caller) -> Answer {
        let secret = caller.token.as_deref().unwrap_or_default();
        let secret = format!("{secret}{}", host.replace('.', "-"));
        let cookie = format!("{}={secret}", self.state.config.cookie("session"));
        let request = Request::builder()
            .uri(path)
            .header(header::HOST, host)
            .header(header::COOKIE, cookie)
            .header(header::ACCEPT, "text/html");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A read of the browser's program.
    pub(crate) async fn read(&self, host: &str, path: &str, caller: &Caller) -> Answer {
        let request = self.request("GET", host, path, caller).await;
        let request = request.header(header::ACCEPT, "application/json");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A command of the browser's program.
    pub(crate) async fn command(
        &self,
        host: &str,
        endpoint: &str,
        fields: &[(&str, &str)],
        caller: &Caller,
    ) -> Answer {
        self.post(host, endpoint, fields, caller, "application/json")
            .await
    }

    /// A plain form, as without JavaScript.
    pub(crate) async fn form(
        &self,
        host: &str,
        endpoint: &str,
        fields: &[(&str, &str)],
        caller: &Caller,
    ) -> Answer {
        self.post(host, endpoint, fields, caller, "text/html").await
    }

    async fn post(
        &self,
        host: &str,
        endpoint: &str,
        fields: &[(&str, &str)],
        caller: &Caller,
        accept: &str,
    ) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        let request = self
            .request("POST", host, endpoint, caller)
            .await
            .header(header::ACCEPT, accept)
            .header(header::REFERER, format!("https://{host}/roster"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.join("&"))).unwrap())
            .await
    }
}

/// Percent-encodes everything but unreserved characters (RFC 3986 §2.3).
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
