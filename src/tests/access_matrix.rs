//! Who may do what: every server function and every route × every caller, compared with the
//! committed table `access_matrix.txt`. Read the table to review access; a changed cell in a diff
//! is a changed right.

use crate::{
    cast::{CALLERS, Cast, TARGET_LEVEL},
    catalogue::{ENDPOINTS, Maker, borrow, upload},
    support::{APEX, Caller, World, on_both_databases, row_counts},
};
use axum::{
    body::Body,
    http::{StatusCode, header},
};
use leptos::server_fn;
use std::{collections::BTreeSet, fmt::Write as _, path::Path};

const TABLE: &str = include_str!("access_matrix.txt");

/// What a caller gets, in one word.
fn outcome(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200 => "ok",
        302 | 303 | 307 => "sent on",
        400 => "bad",
        401 => "sign in",
        403 => "forbidden",
        404 => "not found",
        405 => "not allowed",
        409 => "conflict",
        422 => "invalid",
        429 => "too many",
        _ => "FAILURE",
    }
}

fn line(table: &mut String, name: &str, cells: &[&str]) {
    write!(table, "{name:<40}").unwrap();
    for cell in cells {
        write!(table, " {cell:<16}").unwrap();
    }
    let kept = table.trim_end().len();
    table.truncate(kept);
    table.push('\n');
}

/// Cells that the table holds for this row.
fn committed(name: &str) -> Option<Vec<&'static str>> {
    let row = TABLE
        .lines()
        .find(|row| row.get(..40).is_some_and(|head| head.trim() == name))?;
    Some(
        row.as_bytes()[40..]
            .chunks(17)
            .map(|cell| str::from_utf8(cell).unwrap().trim())
            .collect(),
    )
}

#[track_caller]
fn compare(part: &str, found: &str) {
    let (_, rest) = TABLE.split_once(&format!("# {part}\n")).unwrap_or_default();
    let expected = rest.split("\n# ").next().unwrap_or_default().trim_end();
    if expected == found.trim_end() {
        return;
    }
    let changed: Vec<String> = found
        .lines()
        .filter(|line| !expected.lines().any(|other| other == *line))
        .map(|line| {
            let name = line.get(..40).unwrap_or(line);
            let before = expected.lines().find(|other| other.starts_with(name));
            format!(
                "  committed: {}\n  found:     {line}",
                before.unwrap_or("(no row)")
            )
        })
        .collect();
    panic!(
        "access has changed. If a right was given or taken by mistake, correct the check in \
         service.rs or access.rs; if this is meant, write the table below under \"# {part}\" in \
         src/tests/access_matrix.txt.\n{}\n\n{found}",
        changed.join("\n")
    );
}

/// Undoes what a call changed about the caller itself, so that the next call meets the same caller.
pub(crate) async fn reset(cast: &Cast, path: &str) {
    match path {
        // Whoever became a player is a stranger again, and their name free.
        "/api/roster/accept_invitation"
        | "/api/joining/join_group"
        | "/api/joining/join_groups" => {
            let mut tx = cast.world.state.db.system().await.unwrap();
            for guest in [1, 11] {
                let name = cast.maker.name("Former");
                tx.run(
                    "update player set user_id = null, common_name = $3
                      where org_id = $1 and user_id = $2",
                    (cast.org.id, cast.callers[guest].user, name),
                )
                .await
                .unwrap();
            }
            tx.commit().await.unwrap();
        }
        "/api/transfer_data/start_import" => cast.maker.imports_done().await,
        _ => {}
    }
}

on_both_databases! {
    async fn server_functions_answer_as_the_table_says(world: World) {
        let registered: BTreeSet<&str> =
            server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
        let listed: BTreeSet<&str> = ENDPOINTS.iter().map(|endpoint| endpoint.path).collect();
        let missing: Vec<_> = registered.difference(&listed).collect();
        let gone: Vec<_> = listed.difference(&registered).collect();
        assert!(
            missing.is_empty() && gone.is_empty(),
            "give each server function a row in ENDPOINTS and an arm in Maker::fields \
             (src/tests/catalogue.rs): missing {missing:?}, gone {gone:?}"
        );
        let cast = Cast::new(&world).await;
        let mut table = String::new();
        line(&mut table, "server function", &CALLERS);
        for endpoint in ENDPOINTS {
            let mut cells = Vec::new();
            for caller in &cast.callers {
                let fields = cast.maker.fields(endpoint.path, caller).await;
                let answer = cast.maker.call(endpoint, &fields, caller).await;
                if outcome(answer.status) == "FAILURE" || answer.status == StatusCode::BAD_REQUEST {
                    panic!("{} with {fields:?} answered {answer:?}", endpoint.path);
                }
                reset(&cast, endpoint.path).await;
                cells.push(outcome(answer.status));
            }
            line(&mut table, endpoint.path, &cells);
        }
        compare("Server functions", &table);
    }

    async fn nothing_is_written_by_get_or_without_a_right(world: World) {
        let cast = Cast::new(&world).await;
        for caller in &cast.callers {
            world.session(APEX, caller).await;
            world.session(&cast.org.host, caller).await;
        }
        for endpoint in ENDPOINTS {
            let fields = cast.maker.fields(endpoint.path, &cast.org.founder).await;
            let host = cast.maker.host(endpoint).to_owned();
            let before = row_counts(&world).await;
            for (name, caller) in CALLERS.iter().zip(&cast.callers) {
                let path = crate::catalogue::read_path(endpoint, &fields);
                let answer = world.read(&host, &path, caller).await;
                if !endpoint.reads {
                    assert!(
                        matches!(answer.status.as_u16(), 404 | 405),
                        "{} answers {} to GET; a function that writes must not have `input = GetUrl`",
                        endpoint.path,
                        answer.status
                    );
                }
                let after = row_counts(&world).await;
                assert_eq!(
                    before, after,
                    "GET {path} by {name} wrote something; reads must use Db::read only"
                );
                if endpoint.reads {
                    continue;
                }
                let refused = committed(endpoint.path).and_then(|cells| {
                    let at = CALLERS.iter().position(|caller| caller == name)?;
                    cells.get(at).copied()
                });
                if matches!(refused, Some("sign in" | "forbidden" | "not found")) {
                    world.command(&host, endpoint.path, &borrow(&fields), caller).await;
                    let after = row_counts(&world).await;
                    assert_eq!(
                        before, after,
                        "{} was refused to {name} but wrote something", endpoint.path
                    );
                }
            }
        }
    }

    async fn routes_answer_as_the_table_says(world: World) {
        let cast = Cast::new(&world).await;
        let routes = Routes::make(&cast).await;
        let mut missing: Vec<String> = muster::app::router::routes()
            .iter()
            .map(|route| route.path().to_owned())
            .chain(plain_routes())
            .filter(|path| !routes.0.iter().any(|route| route.pattern == path))
            .collect();
        missing.sort();
        missing.dedup();
        assert!(
            missing.is_empty(),
            "give each route a row in Routes::make (src/tests/access_matrix.rs): {missing:?}"
        );
        let mut table = String::new();
        line(&mut table, "route", &CALLERS);
        let before = row_counts_but_sessions(&world).await;
        for route in routes.0.iter().filter(|route| route.method == "GET") {
            let mut cells = Vec::new();
            for caller in &cast.callers {
                let status = route.send(&world, caller).await;
                assert_ne!(outcome(status), "FAILURE", "{} answered {status}", route.path);
                cells.push(outcome(status));
            }
            let site = if route.host == APEX { "apex" } else { "org" };
            line(&mut table, &format!("{site} {}", route.pattern), &cells);
        }
        let after = row_counts_but_sessions(&world).await;
        assert_eq!(before, after, "a page wrote something while it was made; GET must not write");
        let mut cells = Vec::new();
        for caller in &cast.callers {
            let members = "player,group,role\n";
            let answer = upload(&world, &cast.org, "group,parent\nNew,\n", members, caller).await;
            cells.push(outcome(answer.status));
        }
        line(&mut table, "org POST /import/upload", &cells);
        compare("Routes", &table);
    }
}

/// Pages may hand over sign-ins and touch sessions, nothing else.
async fn row_counts_but_sessions(world: &World) -> Vec<(String, i64)> {
    let counts = row_counts(world).await;
    counts
        .into_iter()
        .filter(|(name, _)| name != "session" && name != "handover_code")
        .collect()
}

/// A route and a request for it.
pub(crate) struct Route {
    pub(crate) pattern: &'static str,
    pub(crate) method: &'static str,
    pub(crate) host: String,
    pub(crate) path: String,
}

impl Route {
    /// Streams do not end, so only the head of the answer is looked at.
    async fn send(&self, world: &World, caller: &Caller) -> StatusCode {
        let request = world
            .request(self.method, &self.host, &self.path, caller)
            .await;
        let request = request
            .header(header::ACCEPT, "text/html")
            .body(Body::empty())
            .unwrap();
        world.open(request).await.status()
    }
}

/// Every route once, with a path that leads to something.
pub(crate) struct Routes(pub(crate) Vec<Route>);

impl Routes {
    pub(crate) async fn make(cast: &Cast) -> Self {
        let maker: &Maker = &cast.maker;
        let (player, group, membership) = maker.member().await;
        let (offers, role) = maker.role().await;
        let (posts, _, position) = maker.position().await;
        let (_, secret) = maker.invitation().await;
        let import = maker.import().await;
        let (_, plan) = maker.plan(&cast.org.founder).await;
        let (rank, rank_set) = (maker.rank(TARGET_LEVEL).await, maker.rank_set().await);
        let ranked = maker.ranked(TARGET_LEVEL).await;
        let joinable = maker.joinable("open").await;
        let (_, asked) = maker.request().await;
        let (operation, _) = maker.begun().await;
        let (raid, billet) = maker.raid().await;
        let secret_in = maker.check_in_secret().await;
        let answer_token = maker.answer_token().await;
        let host = &cast.org.host;
        let nonce = "0".repeat(muster::server::token::hash("").len());
        let apex = |pattern: &'static str| (APEX.to_owned(), pattern, pattern.to_owned());
        let org = |pattern: &'static str, path: String| (host.clone(), pattern, path);
        let plain = |pattern: &'static str| (host.clone(), pattern, pattern.to_owned());
        let all = vec![
            apex("/"),
            apex("/register"),
            apex("/sign-in"),
            apex("/account"),
            apex("/account/sessions"),
            apex("/found"),
            apex("/orgs"),
            apex("/site/types"),
            apex("/site/types/new"),
            (
                APEX.to_owned(),
                "/site/types/{id}",
                "/site/types/muster.unit".into(),
            ),
            (
                APEX.to_owned(),
                "/handover",
                format!("/handover?host={host}&nonce={nonce}"),
            ),
            plain("/"),
            plain("/about"),
            plain("/shortcuts"),
            plain("/robots.txt"),
            plain("/sign-in"),
            org("/claim/{token}", format!("/claim/{secret}")),
            plain("/roster"),
            plain("/start"),
            plain("/groups/new"),
            org("/groups/{id}", format!("/groups/{group}")),
            org("/groups/{id}/edit", format!("/groups/{group}/edit")),
            org("/groups/{id}/move", format!("/groups/{group}/move")),
            org("/groups/{id}/retire", format!("/groups/{group}/retire")),
            org("/groups/{id}/add", format!("/groups/{group}/add")),
            org("/groups/{id}/ranks", format!("/groups/{group}/ranks")),
            org("/plans/{id}", format!("/plans/{plan}")),
            plain("/access"),
            plain("/criteria/preview"),
            org("/players/{id}/access", format!("/players/{player}/access")),
            plain("/founding"),
            org("/groups/{id}/managers", format!("/groups/{group}/managers")),
            org("/groups/{id}/join", format!("/groups/{joinable}/join")),
            org("/groups/{id}/leave", format!("/groups/{joinable}/leave")),
            org("/groups/{id}/requests", format!("/groups/{asked}/requests")),
            plain("/absence"),
            plain("/attendance"),
            plain("/attendance/corrections"),
            plain("/attendance/states"),
            org("/check-in/{token}", format!("/check-in/{secret_in}")),
            org(
                "/operations/{id}/attendance",
                format!("/operations/{operation}/attendance"),
            ),
            org(
                "/operations/{id}/report",
                format!("/operations/{operation}/report"),
            ),
            plain("/join"),
            plain("/leave"),
            plain("/inbox"),
            org(
                "/groups/{id}/members/{membership}",
                format!("/groups/{group}/members/{membership}"),
            ),
            org(
                "/groups/{id}/roles/new",
                format!("/groups/{group}/roles/new"),
            ),
            org(
                "/groups/{id}/roles/{role}",
                format!("/groups/{offers}/roles/{role}"),
            ),
            org(
                "/groups/{id}/positions/new",
                format!("/groups/{group}/positions/new"),
            ),
            org(
                "/groups/{id}/positions/{position}",
                format!("/groups/{posts}/positions/{position}"),
            ),
            org("/groups/{id}/rank-set", format!("/groups/{group}/rank-set")),
            plain("/ranks"),
            plain("/ranks/new"),
            plain("/ranks/sets/new"),
            org("/ranks/sets/{id}", format!("/ranks/sets/{rank_set}")),
            org("/ranks/{id}", format!("/ranks/{rank}")),
            plain("/operations"),
            plain("/calendar"),
            plain("/calendar/feeds"),
            org("/calendar/feed/{file}", "/calendar/feed/public.ics".into()),
            plain("/operations/new"),
            plain("/operations/setup"),
            org("/operations/{id}", format!("/operations/{operation}")),
            org(
                "/operations/{id}/move",
                format!("/operations/{operation}/move"),
            ),
            org(
                "/operations/{id}/edit",
                format!("/operations/{operation}/edit"),
            ),
            org(
                "/operations/{id}/manage",
                format!("/operations/{operation}/manage"),
            ),
            org(
                "/operations/{id}/history",
                format!("/operations/{operation}/history"),
            ),
            plain("/players/new"),
            org("/players/{id}/rank", format!("/players/{ranked}/rank")),
            org("/players/{id}/kick", format!("/players/{ranked}/kick")),
            org("/players/{id}", format!("/players/{player}")),
            org("/players/{id}/edit", format!("/players/{player}/edit")),
            org("/players/{id}/move", format!("/players/{player}/move")),
            org(
                "/operations/{id}/answers",
                format!("/operations/{raid}/answers"),
            ),
            org(
                "/operations/{id}/billets",
                format!("/operations/{raid}/billets"),
            ),
            org(
                "/operations/{id}/billets/edit",
                format!("/operations/{raid}/billets/edit"),
            ),
            org(
                "/operations/{id}/billets/{billet}",
                format!("/operations/{raid}/billets/{billet}"),
            ),
            org(
                "/operations/{id}/board",
                format!("/operations/{raid}/board"),
            ),
            org(
                "/operations/{id}/suggest",
                format!("/operations/{raid}/suggest"),
            ),
            org("/answer/{token}", format!("/answer/{answer_token}")),
            org("/search", "/search?q=Squad".into()),
            org("/search/palette", "/search/palette?q=Squad".into()),
            plain("/log"),
            plain("/notices"),
            plain("/notices/settings"),
            plain("/import"),
            org("/import/{id}", format!("/import/{import}")),
            org(
                "/import/{id}/report.csv",
                format!("/import/{import}/report.csv"),
            ),
            plain("/settings"),
            plain("/live"),
            plain("/session"),
            plain("/theme.css"),
            plain("/healthz"),
            plain("/readyz"),
            org("/pkg/{*file}", "/pkg/nothing.js".into()),
            org("/fonts/{*file}", "/fonts/nothing.woff2".into()),
            org("/{*any}", "/no/such/page".into()),
        ];
        let get = |(host, pattern, path)| Route {
            pattern,
            method: "GET",
            host,
            path,
        };
        let mut routes: Vec<Route> = all.into_iter().map(get).collect();
        routes.push(Route {
            pattern: "/import/upload",
            method: "POST",
            host: host.clone(),
            path: "/import/upload".into(),
        });
        Self(routes)
    }
}

/// Paths of `.route("…")` in the program's source: axum does not list its routes.
fn plain_routes() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let parts = text.split(".route(\"").skip(1);
                found.extend(parts.filter_map(|part| Some(part.split_once('"')?.0.to_owned())));
            }
        }
    }
    let mut found = Vec::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut found,
    );
    assert!(
        found.len() >= 8,
        "the search for routes in the source finds no routes any more"
    );
    found
}
