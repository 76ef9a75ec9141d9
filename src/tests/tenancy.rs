//! The wall between organisations (§1.5): through Org A's host, whatever belongs to Org B is the
//! same as what never was.

use crate::{
    catalogue::{ENDPOINTS, Fields, Maker, borrow, call_on},
    support::{APEX, Answer, Caller, Org, World, on_both_databases, row_counts},
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use muster::{domain::AppError, server::db::Dialect};
use uuid::Uuid;

/// A word that stands only in Org B.
const MARK: &str = "Zebra";

/// Two Orgs with the same names; B has a marked group, private, and a marked player besides.
struct Pair {
    a: Maker,
    b: Maker,
    /// Every id that B issued, and its name.
    secrets: Vec<String>,
}

async fn furnish(world: &World, org: &Org) -> Maker {
    let here = world.group(org, org.id.root_group(), "Here", true).await;
    let maker = Maker::new(world, org, here);
    for _ in 0..2 {
        maker.member().await;
    }
    maker.position().await;
    maker
}

impl Pair {
    async fn new(world: &World) -> Self {
        let (a, b) = (world.org("apple").await, world.org("banana").await);
        let a = furnish(world, &a).await;
        let b = furnish(world, &b).await;
        let fields = [
            ("parent_id", b.org.id.0.to_string()),
            ("name", format!("{MARK} Group")),
            ("description", format!("{MARK} description")),
            ("kind", "Squad".to_owned()),
            ("exclusive", "true".to_owned()),
            ("visibility", "private".to_owned()),
            ("policy", "closed".to_owned()),
        ];
        let hidden = b
            .founder("/api/roster/create_group", &borrow(&fields))
            .await
            .outcome();
        let hidden = hidden.event.unwrap().group_id.unwrap();
        let player = world.player(&b.org, &format!("{MARK} Player")).await;
        world
            .place(&b.org, player, hidden, None, &b.org.founder)
            .await
            .outcome();
        let mut pair = Self {
            a,
            b,
            secrets: Vec::new(),
        };
        pair.secrets = pair.secrets_of_b(world).await;
        pair
    }

    async fn secrets_of_b(&self, world: &World) -> Vec<String> {
        let mut tx = world.state.db.system_read().await.unwrap();
        let ids: Vec<(Uuid,)> = tx
            .all(
                "select player_id from player where org_id = $1
                 union select group_id from roster_group where org_id = $1
                 union select role_id from role where org_id = $1
                 union select position_id from position where org_id = $1
                 union select membership_id from membership where org_id = $1
                 union select rank_id from rank where org_id = $1
                 union select rank_set_id from rank_set where org_id = $1
                 union select import_id from import_run where org_id = $1
                 union select rsvp_id from rsvp where org_id = $1
                 union select billet_id from billet where org_id = $1
                 union select invitation_id from invitation where org_id = $1",
                (self.b.org.id,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut secrets: Vec<String> = ids.into_iter().map(|(id,)| id.to_string()).collect();
        secrets.push(MARK.to_owned());
        secrets
    }

    /// Nothing of B stands in an answer to A, apart from what A itself sent.
    #[track_caller]
    fn nothing_of_b(&self, answer: &Answer, sent: &str, what: &str) {
        let text = format!("{:?} {}", answer.headers, answer.body).replace(sent, "");
        for secret in &self.secrets {
            assert!(
                !text.contains(secret.as_str()),
                "{what} on Org A's host shows {secret:?} of Org B; look for a statement without \
                 `org_id = $1` behind it\n{text}"
            );
        }
    }
}

/// What an answer says, without what is different in any two answers.
pub(crate) fn plain(answer: &Answer, id: &str) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date"))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or("?")))
        .collect();
    headers.sort();
    let mut text = format!("{}\n{}\n{}", answer.status, headers.join("\n"), answer.body);
    for start in [
        "nonce-",
        "nonce=\"",
        // Leptos writes the nonce there, too.
        "crossorigin=\"",
        "__Host-flash=",
        "\"now\":\"",
        "\\\"now\\\":\\\"",
    ] {
        text = without(&text, start);
    }
    in_order(&text).replace(id, "ID")
}

/// Leptos writes what a page's resources held behind the document as they become ready, which is a
/// matter of chance: here they stand in order.
fn in_order(page: &str) -> String {
    let Some((document, behind)) = page.split_once("</body>") else {
        return page.to_owned();
    };
    let behind = without_list(behind, "__PENDING_RESOURCES=[");
    let mut parts: Vec<&str> = behind
        .split("</script>")
        .flat_map(|script| script.split("__RESOLVED_RESOURCES["))
        .map(|part| part.trim_start_matches("<script nonce=\"\">").trim())
        .collect();
    parts.sort_unstable();
    format!("{document}</body>{}", parts.join("\n"))
}

/// The text without the numbers that follow `start`.
fn without_list(text: &str, start: &str) -> String {
    match text.split_once(start) {
        Some((before, after)) => {
            let is_list = |c: char| c.is_ascii_digit() || c == ',';
            format!("{before}{start}{}", after.trim_start_matches(is_list))
        }
        None => text.to_owned(),
    }
}

/// The text without the word that follows `start`.
pub(crate) fn without(text: &str, start: &str) -> String {
    let mut parts = text.split(start);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(['\'', '"', ';', '\\']).unwrap_or(part.len());
        kept.push_str(start);
        kept.push_str(&part[end..]);
    }
    kept
}

/// A random id of version 7 that nobody was given.
pub(crate) fn never_issued() -> String {
    Uuid::now_v7().to_string()
}

/// Every way to put one of B's ids, or a never issued one, into A's arguments.
fn foreign_variants(a: &Fields, b: &Fields) -> Vec<(usize, Fields, String, Fields, String)> {
    let mut variants = Vec::new();
    for at in 0..a.len() {
        let theirs = &b[at].1;
        let random = if Uuid::parse_str(theirs).is_ok() {
            never_issued()
        } else if a[at].0 == "token" {
            muster::server::token::fresh()
        } else {
            continue;
        };
        let with = |value: &str| {
            let mut fields = a.clone();
            fields[at].1 = value.to_owned();
            fields
        };
        variants.push((at, with(theirs), theirs.clone(), with(&random), random));
    }
    variants
}

on_both_databases! {
    async fn server_functions_do_not_know_ids_of_other_orgs(world: World) {
        let mut pair = Pair::new(&world).await;
        let mut compared = 0;
        for endpoint in ENDPOINTS {
            // Sessions are the user's own everywhere; `accounts` has tests for them.
            if endpoint.path.starts_with("/api/accounts/") {
                continue;
            }
            let founder = &pair.a.org.founder.clone();
            let ours = pair.a.fields(endpoint.path, founder).await;
            let theirs = pair.b.fields(endpoint.path, &pair.b.org.founder).await;
            pair.secrets = pair.secrets_of_b(&world).await;
            let host = pair.a.host(endpoint).to_owned();
            for (at, foreign, foreign_id, random, random_id) in foreign_variants(&ours, &theirs) {
                let what = format!("{} with a foreign {}", endpoint.path, ours[at].0);
                let rows = row_counts(&world).await;
                let by_foreign = call_on(&world, &host, endpoint, &foreign, founder).await;
                let by_random = call_on(&world, &host, endpoint, &random, founder).await;
                assert_eq!(
                    plain(&by_foreign, &foreign_id),
                    plain(&by_random, &random_id),
                    "{what} differs from one that never was; answer NotFound for both"
                );
                assert_ne!(by_foreign.status, StatusCode::OK, "{what} was carried out");
                assert!(!by_foreign.status.is_server_error(), "{what}: {by_foreign:?}");
                pair.nothing_of_b(&by_foreign, &foreign_id, &what);
                let after = row_counts(&world).await;
                assert_eq!(rows, after, "{what} changed rows");
                // As a plain form, too.
                if !endpoint.reads {
                    let form = world.form(&host, endpoint.path, &borrow(&foreign), founder).await;
                    pair.nothing_of_b(&form, &foreign_id, &what);
                    let page = shown_after(&world, &host, &form, founder).await;
                    pair.nothing_of_b(&page, &foreign_id, &what);
                }
                compared += 1;
            }
            // The unchanged call shows nothing of B either.
            let answer = call_on(&world, &host, endpoint, &ours, founder).await;
            pair.nothing_of_b(&answer, "\u{0}", endpoint.path);
            if endpoint.path.ends_with("start_import") {
                pair.a.imports_done().await;
            }
        }
        assert!(compared > 30, "only {compared} foreign arguments were tried");
    }

    async fn pages_do_not_know_ids_of_other_orgs(world: World) {
        let pair = Pair::new(&world).await;
        let (player, group, membership) = pair.b.member().await;
        let (_, role, position) = pair.b.position().await;
        let (_, secret) = pair.b.invitation().await;
        let import = pair.b.import().await;
        let (rank, rank_set) = (pair.b.rank(50).await, pair.b.rank_set().await);
        let operation = pair.b.operation().await;
        let (_, own_group, _) = pair.a.member().await;
        let secrets = pair.secrets_of_b(&world).await;
        let pair = Pair { secrets, ..pair };
        let paths: Vec<(String, String)> = vec![
            ("/groups/ID".into(), group.to_string()),
            ("/groups/ID".into(), pair.b.org.id.0.to_string()),
            ("/groups/ID/edit".into(), group.to_string()),
            ("/groups/ID/move".into(), group.to_string()),
            ("/groups/ID/retire".into(), group.to_string()),
            ("/groups/ID/add".into(), group.to_string()),
            ("/groups/ID/managers".into(), group.to_string()),
            ("/groups/ID/roles/new".into(), group.to_string()),
            ("/groups/ID/positions/new".into(), group.to_string()),
            ("/groups/new?parent=ID".into(), group.to_string()),
            (format!("/groups/{own_group}/members/ID"), membership.to_string()),
            (format!("/groups/{own_group}/roles/ID"), role.to_string()),
            (format!("/groups/{own_group}/positions/ID"), position.to_string()),
            ("/players/ID".into(), player.to_string()),
            ("/players/ID/edit".into(), player.to_string()),
            ("/players/ID/move".into(), player.to_string()),
            ("/players/ID/rank".into(), player.to_string()),
            ("/players/ID/kick".into(), player.to_string()),
            ("/groups/ID/rank-set".into(), group.to_string()),
            ("/ranks/ID".into(), rank.to_string()),
            ("/ranks/sets/ID".into(), rank_set.to_string()),
            ("/operations/ID".into(), operation.to_string()),
            ("/operations/ID/edit".into(), operation.to_string()),
            ("/operations/ID/move".into(), operation.to_string()),
            ("/calendar?group=ID&view=agenda".into(), group.to_string()),
            ("/operations/ID/manage".into(), operation.to_string()),
            ("/operations/ID/history".into(), operation.to_string()),
            ("/operations/new?source=operation:ID".into(), operation.to_string()),
            ("/players/new?group=ID".into(), group.to_string()),
            ("/import/ID".into(), import.clone()),
            ("/import/ID/report.csv".into(), import),
            ("/claim/ID".into(), secret),
        ];
        for caller in [Caller::default(), pair.a.org.founder.clone(), pair.b.org.founder.clone()] {
            for (pattern, foreign) in &paths {
                let random = if Uuid::parse_str(foreign).is_ok() {
                    never_issued()
                } else {
                    muster::server::token::fresh()
                };
                let host = &pair.a.org.host;
                let by_foreign =
                    world.get(host, &pattern.replace("ID", foreign), &caller).await;
                let by_random = world.get(host, &pattern.replace("ID", &random), &caller).await;
                assert_eq!(
                    plain(&by_foreign, foreign),
                    plain(&by_random, &random),
                    "{pattern} tells a foreign id from one that never was"
                );
                pair.nothing_of_b(&by_foreign, foreign, pattern);
            }
            for path in [
                "/", "/about", "/robots.txt", "/roster", "/roster?view=tree", "/roster?view=chart", "/roster?view=table",
                "/roster?edit=1", "/roster?filter=Zebra", "/roster?as_of=2026-01-01", "/log",
                "/search?q=Zebra", "/search?q=Player", "/players/new", "/groups/new", "/import",
                "/calendar", "/calendar?view=week", "/calendar?view=agenda", "/calendar/feed/public.ics",
                "/operations", "/operations?past=true", "/operations/new?source=last", "/operations/setup",
                "/settings", "/theme.css", "/no/such/page", "/criteria/preview",
                "/criteria/preview?show=unmet&rule=%7B%22rank_level%22:999%7D",
            ] {
                let answer = world.get(&pair.a.org.host, path, &caller).await;
                pair.nothing_of_b(&answer, "Zebra", path);
            }
        }
        let apex = world.get(APEX, "/", &Caller::default()).await;
        pair.nothing_of_b(&apex, "\u{0}", "the apex's start page for strangers");
        let apex = world.get(APEX, "/", &pair.a.org.founder).await;
        assert!(!apex.body.contains("banana"), "the apex lists an Org of somebody else");
    }

    async fn undo_reaches_only_own_events(world: World) {
        let pair = Pair::new(&world).await;
        // B's log is longer; its newest numbers do not exist in A.
        let seq = |maker: &Maker| {
            let (world, org) = (world.clone(), maker.org.clone());
            async move { world.ctx(&org).await.tenant().unwrap().seq }
        };
        let (a, b) = (seq(&pair.a).await, seq(&pair.b).await);
        assert!(a < b, "the test needs a longer log in B");
        let undo = |seq: i64| {
            let pair = &pair;
            async move {
                pair.a.founder("/api/audit/undo_event", &[("seq", &seq.to_string())]).await.error()
            }
        };
        assert_eq!(undo(b).await, AppError::NotFound);
        assert_eq!(undo(b + 1000).await, AppError::NotFound);
        assert_eq!(seq(&pair.b).await, b, "Org B's log has changed");
    }

    async fn hosts_that_are_nobodys_say_nothing(world: World) {
        world.org("apple").await;
        let ask = |build: Box<dyn Fn(axum::http::request::Builder) -> axum::http::request::Builder + Send>| {
            let world = world.clone();
            async move {
                let request = build(Request::builder().header(header::ACCEPT, "text/html"));
                world.send(request.body(Body::empty()).unwrap()).await
            }
        };
        let nobody = ask(Box::new(|r| r.uri("/roster").header("host", "nobody.muster.test"))).await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
        assert!(!nobody.body.contains("apple") && nobody.body.len() < 400);
        type Build = Box<dyn Fn(axum::http::request::Builder) -> axum::http::request::Builder + Send>;
        let refused: Vec<(&str, Build)> = vec![
            ("another unknown host", Box::new(|r| r.uri("/roster").header("host", "evil.example"))),
            ("two hosts", Box::new(|r| {
                r.uri("/roster").header("host", "apple.muster.test").header("host", "pear.muster.test")
            })),
            ("the same host twice", Box::new(|r| {
                r.uri("/roster").header("host", "apple.muster.test").header("host", "apple.muster.test")
            })),
            ("no host", Box::new(|r| r.uri("/roster"))),
            ("an absolute target", Box::new(|r| {
                r.uri("http://apple.muster.test/roster").header("host", "apple.muster.test")
            })),
            ("an absolute target of another host", Box::new(|r| {
                r.uri("http://apple.muster.test/roster").header("host", "evil.example")
            })),
            ("a forged forwarded host", Box::new(|r| {
                r.uri("/roster").header("host", "evil.example")
                    .header("x-forwarded-host", "apple.muster.test")
            })),
            ("a forged Forwarded", Box::new(|r| {
                r.uri("/roster").header("host", "evil.example")
                    .header("forwarded", "host=apple.muster.test")
            })),
            ("an empty host", Box::new(|r| r.uri("/roster").header("host", ""))),
            ("a host with a path", Box::new(|r| r.uri("/roster").header("host", "apple.muster.test/x"))),
            ("a host with a user", Box::new(|r| r.uri("/roster").header("host", "x@apple.muster.test"))),
            ("a label too many", Box::new(|r| r.uri("/roster").header("host", "a.apple.muster.test"))),
            ("a longer suffix", Box::new(|r| r.uri("/roster").header("host", "apple.muster.test.evil.example"))),
        ];
        for (name, build) in refused {
            let answer = ask(build).await;
            assert_eq!(
                plain(&answer, "-"),
                plain(&nobody, "-"),
                "{name} must be answered like a host that is nobody's"
            );
        }
        type Same = (&'static str, Build);
        let same: Vec<Same> = vec![
            ("a port", Box::new(|r| r.uri("/roster").header("host", "apple.muster.test:8443"))),
            ("a trailing dot", Box::new(|r| r.uri("/roster").header("host", "apple.muster.test."))),
            ("upper case", Box::new(|r| r.uri("/roster").header("host", "APPLE.Muster.TEST"))),
            ("a forged forwarded host", Box::new(|r| {
                r.uri("/roster").header("host", "apple.muster.test")
                    .header("x-forwarded-host", "evil.example").header("forwarded", "host=evil.example")
            })),
        ];
        for (name, build) in same {
            let answer = ask(build).await;
            assert_eq!(answer.status, StatusCode::OK, "{name} must not matter");
            assert!(!answer.body.contains("evil.example"), "{name} got into the page");
            assert!(!answer.body.contains(":8443"), "the port of the Host header got into the page");
        }
    }

    async fn a_session_of_one_host_is_nobody_on_another(world: World) {
        let founder = world.user("Founder of two").await;
        let a = world.org_of("apple", "apple", &founder).await;
        let b = world.org_of("banana", "banana", &founder).await;
        let cookie = world.session(&a.host, &founder).await.unwrap();
        for (host, expected) in [(&a.host, StatusCode::OK), (&b.host, StatusCode::UNAUTHORIZED)] {
            let request = Request::builder()
                .uri("/api/tenants/read_settings")
                .header("host", host)
                .header("cookie", &cookie);
            let answer = world.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(
                answer.status, expected,
                "a session counts only on the host that began it (tenancy::resolve_org)"
            );
        }
        let apex = Request::builder()
            .uri("/api/accounts/read_account")
            .header("host", APEX)
            .header("cookie", &cookie);
        let answer = world.send(apex.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "an Org's session counts at the apex");
    }

    async fn tenant_transactions_see_one_org(world: World) {
        let pair = Pair::new(&world).await;
        let (a, b) = (pair.a.org.id, pair.b.org.id);
        let ctx = world.ctx(&pair.a.org).await;
        let row_security = world.state.db.dialect() == Dialect::Postgres;
        if row_security {
            // Statements that forget `org_id = $1`, on purpose: the second wall must hold.
            let mut tx = world.state.db.read(ctx.tenant().unwrap()).await.unwrap();
            for sql in [
                "select distinct org_id from player", "select distinct org_id from co_founder",
                "select distinct org_id from roster_group", "select distinct org_id from group_history",
                "select distinct org_id from role", "select distinct org_id from position",
                "select distinct org_id from membership", "select distinct org_id from group_manager",
                "select distinct org_id from invitation", "select distinct org_id from event",
                "select distinct org_id from import_run", "select distinct org_id from rank",
                "select distinct org_id from rank_holding", "select distinct org_id from rank_set",
                "select distinct org_id from rank_title", "select distinct org_id from group_rank_set",
            ] {
                let orgs: Vec<(Uuid,)> = tx.all(sql, ()).await.unwrap();
                assert!(
                    orgs.iter().all(|(org,)| *org == a.0),
                    "row security lets {sql:?} see another Org; add the table to migrations/postgres"
                );
            }
            tx.done().await.unwrap();
            let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
            let touched = tx.run("update player set common_name = 'x' where org_id = $1", (b,)).await;
            assert_eq!(touched.unwrap(), 0, "row security lets A's transaction write B's rows");
            let planted = tx
                .run(
                    "insert into player (org_id, player_id, common_name, joined_at)
                     values ($1, $2, 'Planted', $3)",
                    (b, muster::domain::PlayerId(Uuid::now_v7()), world.now()),
                )
                .await;
            assert!(planted.is_err(), "row security lets A's transaction plant rows in B");
            drop(tx);
        }
        // On both: no row of A can point to a row of B.
        let (their_player, their_group, _) = pair.b.member().await;
        let (_, own_group, _) = pair.a.member().await;
        let own_role = pair.a.role_named(own_group, "Member").await;
        let now = world.now();
        let id = || muster::domain::MembershipId(Uuid::now_v7());
        const JOIN: &str = "insert into membership (org_id, membership_id, player_id, group_id, role_id,
            exclusive, singular, since, common_name, group_name, role_name)
            values ($1, $2, $3, $4, $5, true, false, $6, 'x', 'x', 'x')";
        for (player, group) in [(their_player, own_group), (their_player, their_group)] {
            let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
            let pointed = tx.run(JOIN, (a, id(), player, group, own_role, now)).await;
            assert!(pointed.is_err(), "a membership of A points into B; keep foreign keys composite");
            drop(tx);
        }
        let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
        let hung = tx
            .run(
                "update roster_group set parent_id = $3 where org_id = $1 and group_id = $2",
                (a, own_group, their_group),
            )
            .await;
        assert!(hung.is_err(), "a group of A hangs below one of B");
        drop(tx);
        let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
        let managed = tx
            .run(
                "insert into group_manager (org_id, group_id, player_id, since)
                 values ($1, $2, $3, $4)",
                (a, own_group, their_player, now),
            )
            .await;
        assert!(managed.is_err(), "a manager of A is a player of B");
    }

    async fn two_orgs_drawn_at_once_do_not_mix(world: World) {
        let pair = Pair::new(&world).await;
        let (a, b) = (pair.a.org.clone(), pair.b.org.clone());
        let apart: Vec<_> = (0..200)
            .map(|n| {
                let (world, org) = (world.clone(), if n % 2 == 0 { a.clone() } else { b.clone() });
                let view = ["cards", "tree", "chart", "table"][n / 2 % 4];
                tokio::spawn(async move {
                    let caller = if n % 3 == 0 { Caller::default() } else { org.founder.clone() };
                    (n, world.get(&org.host, &format!("/roster?view={view}"), &caller).await)
                })
            })
            .collect();
        for page in apart {
            let (n, page) = page.await.unwrap();
            assert_eq!(page.status, StatusCode::OK);
            let (own, other) = if n % 2 == 0 { (&a, &b) } else { (&b, &a) };
            assert!(
                !page.body.contains(&other.id.0.to_string()),
                "the roster of {} shows something of {}; look for state shared between requests",
                own.slug, other.slug
            );
            if n % 2 == 0 {
                pair.nothing_of_b(&page, "\u{0}", "the roster, asked for at the same time");
            } else if n % 3 != 0 {
                assert!(page.body.contains(MARK), "Org B's founder sees all of Org B");
            }
        }
    }
}

/// The page to which a plain form leads, with its flash.
async fn shown_after(world: &World, host: &str, form: &Answer, caller: &Caller) -> Answer {
    let session = world.session(host, caller).await.unwrap_or_default();
    let flash = form.cookie("__Host-flash").unwrap_or_default();
    let target = form.location().to_owned();
    assert!(
        target.starts_with('/'),
        "a form leads to a page of the same host, not {target:?}"
    );
    let request = Request::builder()
        .uri(target)
        .header(header::HOST, host)
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, format!("{session}; {flash}"));
    world.send(request.body(Body::empty()).unwrap()).await
}
