//! What every answer must carry and what no request may reach (security.md §0, §2.4, §3.3–3.5).

use crate::{
    access_matrix::Routes,
    cast::Cast,
    catalogue::{ENDPOINTS, On, borrow},
    support::{APEX, Answer, Caller, PASSWORD, World, on_both_databases, row_counts},
};
use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode, header, request::Builder},
};
use muster::domain::AppError;

fn value<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Every answer has these.
#[track_caller]
fn check_headers(headers: &HeaderMap, what: &str) {
    let expected = [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000"),
    ];
    for (name, wanted) in expected {
        let found = value(headers, name);
        assert_eq!(found, wanted, "{what} lacks {name}; see server/headers.rs");
    }
    assert!(
        [
            "strict-origin-when-cross-origin",
            "same-origin",
            "no-referrer"
        ]
        .contains(&value(headers, "referrer-policy")),
        "{what} lacks a referrer policy"
    );
    assert!(
        !value(headers, "permissions-policy").is_empty(),
        "{what} lacks a permissions policy"
    );
    let policy = value(headers, "content-security-policy");
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(
            policy.contains(part),
            "{what}: the policy {policy:?} lacks {part}"
        );
    }
    for part in ["unsafe-inline", "unsafe-eval'", "http:", "https:", " *"] {
        let wasm = policy.replace("'wasm-unsafe-eval'", "");
        assert!(
            !wasm.contains(part),
            "{what}: the policy {policy:?} allows {part}"
        );
    }
    assert!(
        !headers.contains_key("access-control-allow-origin"),
        "{what} is open to other origins"
    );
    assert!(!headers.contains_key("x-powered-by") && !headers.contains_key(header::SERVER));
    for cookie in headers.get_all(header::SET_COOKIE) {
        check_cookie(cookie.to_str().unwrap_or_default(), what);
    }
}

/// Cookies are bound to their host and out of reach of scripts.
#[track_caller]
fn check_cookie(cookie: &str, what: &str) {
    let parts: Vec<&str> = cookie.split("; ").collect();
    assert!(
        parts[0].starts_with("__Host-"),
        "{what}: {cookie:?} needs the prefix __Host-"
    );
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(
            parts.contains(&part),
            "{what}: {cookie:?} lacks {part}; use Config::set_cookie"
        );
    }
    assert!(
        !cookie.to_lowercase().contains("domain="),
        "{what}: {cookie:?} must not name a domain"
    );
}

/// Nothing of the inside stands in an answer.
#[track_caller]
fn check_closed(answer: &Answer, what: &str) {
    for piece in [
        "panicked",
        "src/",
        ".rs:",
        "select ",
        "insert into",
        "sqlx",
        "SQLITE",
        "sqlite",
        "postgres",
        "UNIQUE constraint",
        "violates",
        "/home/",
        "backtrace",
        "RUST_",
    ] {
        assert!(
            !answer.body.contains(piece),
            "{what} tells of {piece:?}: {:.800}",
            answer.body
        );
    }
}

/// A request as a browser's form sends it, with whatever headers and body.
async fn post(
    world: &World,
    host: &str,
    path: &str,
    caller: &Caller,
    build: impl Fn(Builder) -> Builder,
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder()
        .method("POST")
        .uri(path)
        .header(header::HOST, host);
    if let Some(cookie) = world.session(host, caller).await {
        request = request.header(header::COOKIE, cookie);
    }
    world.send(build(request).body(body.into()).unwrap()).await
}

fn form(request: Builder) -> Builder {
    request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
}

on_both_databases! {
    async fn every_answer_carries_the_headers(world: World) {
        let cast = Cast::new(&world).await;
        let routes = Routes::make(&cast).await;
        for route in routes.0 {
            for at in [0, 7] {
                let caller = &cast.callers[at];
                for method in [route.method, "HEAD", "OPTIONS", "DELETE", "TRACE"] {
                    let request = world.request(method, &route.host, &route.path, caller).await;
                    let request = request.header(header::ACCEPT, "text/html");
                    let response = world.open(request.body(Body::empty()).unwrap()).await;
                    let what = format!("{method} {}", route.path);
                    assert!(!response.status().is_server_error(), "{what}: {}", response.status());
                    check_headers(response.headers(), &what);
                    let public = ["/healthz", "/readyz", "/pkg/{*file}", "/fonts/{*file}", "/theme.css"];
                    if at == 7 && !public.contains(&route.pattern) && response.status().is_success() {
                        let cache = value(response.headers(), "cache-control");
                        assert!(
                            cache.contains("no-store") || route.pattern == "/live"
                                // The same for whoever knows the address, and asked for each time.
                                || (route.pattern.starts_with("/calendar/feed/")
                                    && cache == "private, no-cache"),
                            "{what} for somebody who is signed in may be stored: {cache:?}"
                        );
                    }
                    let page = value(response.headers(), "content-type").starts_with("text/html");
                    if page && method == "GET" && response.status().is_success() && at == 7
                        && !["/handover", "/session", "/search/palette"].contains(&route.pattern)
                    {
                        let policy = value(response.headers(), "content-security-policy");
                        assert!(policy.contains("script-src 'self' 'nonce-"), "{what}: {policy}");
                        assert!(policy.contains("form-action 'self'"), "{what}: {policy}");
                    }
                }
            }
        }
        for host in ["evil.example", ""] {
            let request = Request::builder().uri("/").header(header::HOST, host);
            let response = world.open(request.body(Body::empty()).unwrap()).await;
            check_headers(response.headers(), "an unknown host");
        }
    }

    async fn two_pages_never_share_a_nonce(world: World) {
        let org = world.org("apple").await;
        let mut seen = std::collections::HashSet::new();
        for _ in 0..5 {
            let page = world.get(&org.host, "/roster", &Caller::default()).await;
            assert!(seen.insert(value(&page.headers, "content-security-policy").to_owned()));
        }
    }

    async fn writes_from_elsewhere_are_refused(world: World) {
        let org = world.org("apple").await;
        world.org("pear").await;
        let before = row_counts(&world).await;
        let path = "/api/roster/create_player";
        let body = "common_name=Intruder&group_id=";
        type Build = fn(Builder) -> Builder;
        let hostile: [(&str, Build); 8] = [
            ("same-site", |r| form(r).header("sec-fetch-site", "same-site")),
            ("cross-site", |r| form(r).header("sec-fetch-site", "cross-site")),
            ("an unknown word", |r| form(r).header("sec-fetch-site", "same-origin, cross-site")),
            ("a sibling's origin", |r| form(r).header("origin", "https://pear.muster.test")),
            ("the apex's origin", |r| form(r).header("origin", "https://muster.test")),
            ("another origin", |r| form(r).header("origin", "https://evil.example")),
            ("no origin at all", form),
            ("a null origin", |r| form(r).header("origin", "null")),
        ];
        for (name, build) in hostile {
            let answer = post(&world, &org.host, path, &org.founder, build, body).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "a command with {name} was let in");
            check_headers(&answer.headers, name);
        }
        // Neither may the upload be sent from elsewhere, nor a sign-in forced upon somebody.
        let site = |r: Builder| form(r).header("sec-fetch-site", "cross-site");
        let upload = post(&world, &org.host, "/import/upload", &org.founder, site, "").await;
        assert_eq!(upload.status, StatusCode::FORBIDDEN);
        let login = format!("login=pear+founder&password={}", PASSWORD.replace(' ', "+"));
        let forced = post(&world, APEX, "/api/accounts/sign_in", &Caller::default(), site, login).await;
        assert_eq!(forced.status, StatusCode::FORBIDDEN, "another site can sign somebody in");
        let sessions = |counts: Vec<(String, i64)>| -> Vec<(String, i64)> {
            counts.into_iter().filter(|(name, _)| name != "session").collect()
        };
        assert_eq!(sessions(before), sessions(row_counts(&world).await), "a refused request wrote");
        let good: [(&str, Build); 3] = [
            ("same-origin", |r| form(r).header("sec-fetch-site", "same-origin")),
            ("the address bar", |r| form(r).header("sec-fetch-site", "none")),
            ("the same origin", |r| form(r).header("origin", "https://apple.muster.test")),
        ];
        for (at, (name, build)) in good.into_iter().enumerate() {
            let body = format!("common_name=Friend+{at}&group_id=");
            let answer = post(&world, &org.host, path, &org.founder, build, body).await;
            assert_eq!(answer.status, StatusCode::OK, "a command with {name} was refused: {answer:?}");
        }
    }

    async fn bodies_have_limits(world: World) {
        let org = world.org("apple").await;
        let site = |r: Builder| form(r).header("sec-fetch-site", "same-origin");
        let page = |r: Builder| {
            r.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::ACCEPT, "text/html")
                .header("sec-fetch-site", "same-origin")
        };
        let large = format!("common_name={}&group_id=", "x".repeat(300 * 1024));
        let path = "/api/roster/create_player";
        let told = |r: Builder| {
            let r = form(r).header("sec-fetch-site", "same-origin");
            r.header(header::CONTENT_LENGTH, (300 * 1024 + 23).to_string())
        };
        let answer = post(&world, &org.host, path, &org.founder, told, large.clone()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{answer:?}");
        let answer = post(&world, &org.host, path, &org.founder, page, large.clone()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "as a plain form: {answer:?}");
        check_headers(&answer.headers, "a refused body");
        // Also in pieces, without a length.
        let chunks = (0..400).map(|_| Ok::<_, std::io::Error>("x".repeat(1024)));
        let stream = Body::from_stream(futures::stream::iter(chunks));
        let answer = post(&world, &org.host, path, &org.founder, site, stream).await;
        assert!(answer.status.is_client_error(), "a body without a length: {}", answer.status);
        // Uploads of strangers are refused before they are read.
        let upload = |r: Builder| {
            r.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
                .header("sec-fetch-site", "same-origin")
                .header(header::CONTENT_LENGTH, "99999999999")
        };
        let stranger = Caller::default();
        let answer = post(&world, &org.host, "/import/upload", &stranger, upload, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let answer = post(&world, &org.host, "/import/upload", &org.founder, upload, "").await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    }

    async fn malformed_requests_are_answered_calmly(world: World) {
        let org = world.org("apple").await;
        let bodies: [&[u8]; 10] = [
            b"", b"&&&===", b"%", b"%zz=%f", b"\xff\xfe\x00", b"name=%00%00&group_id=%00",
            b"{\"json\":true}", b"players[0]=x&players[99999999999]=y&players[=z",
            b"group_id=1&group_id=2&version=99999999999999999999&version=x",
            b"common_name='%20or%201=1;--&player_id=../../etc/passwd&seq=-1&token=%F0%9F%98%80",
        ];
        for endpoint in ENDPOINTS {
            let host = if endpoint.on == On::Apex { APEX } else { org.host.as_str() };
            for body in bodies {
                let what = format!("{} with {:?}", endpoint.path, String::from_utf8_lossy(body));
                let answer = if endpoint.reads {
                    let plain = |b: &u8| b.is_ascii_graphic() && !b"{}\"<>^`|\\#".contains(b);
                    let query: Vec<u8> = body.iter().copied().filter(plain).collect();
                    let query = String::from_utf8(query).unwrap();
                    world.read(host, &format!("{}?{query}", endpoint.path), &org.founder).await
                } else {
                    let site = |r: Builder| form(r).header("sec-fetch-site", "same-origin");
                    post(&world, host, endpoint.path, &org.founder, site, body).await
                };
                assert!(!answer.status.is_server_error(), "{what} answers {answer:?}");
                check_headers(&answer.headers, &what);
                check_closed(&answer, &what);
            }
            for kind in ["application/json", "text/plain", "multipart/form-data", "nonsense"] {
                let build = |r: Builder| {
                    r.header(header::CONTENT_TYPE, kind)
                        .header(header::ACCEPT, "*/*")
                        .header("sec-fetch-site", "same-origin")
                };
                let answer = post(&world, host, endpoint.path, &org.founder, build, "{}").await;
                let what = format!("{} as {kind}", endpoint.path);
                assert!(!answer.status.is_server_error(), "{what} answers {answer:?}");
                check_closed(&answer, &what);
            }
        }
    }

    async fn malformed_uploads_are_answered_calmly(world: World) {
        let org = world.org("apple").await;
        for (kind, body) in [
            ("multipart/form-data", "x"),
            ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n"),
            ("multipart/form-data; boundary=b", "--b--"),
            ("multipart/form-data; boundary=b",
             "--b\r\nContent-Disposition: form-data; name=\"groups\"; filename=\"../../x\"\r\n\r\n\0\x01\r\n--b--"),
            ("application/x-www-form-urlencoded", "groups=x"),
        ] {
            let build = |r: Builder| {
                r.header(header::CONTENT_TYPE, kind).header("sec-fetch-site", "same-origin")
            };
            let answer = post(&world, &org.host, "/import/upload", &org.founder, build, body).await;
            assert!(!answer.status.is_server_error(), "{kind} {body:?} answers {answer:?}");
            check_closed(&answer, kind);
        }
    }

    async fn noise_and_strange_paths_end_early(world: World) {
        let org = world.org("apple").await;
        let before = row_counts(&world).await;
        let long = format!("/{}", "a".repeat(3000));
        for path in [
            "/wp-login.php", "/.env", "/.git/config", "/index.php", "/a/b.asp", "/x.cgi", "/db.sql",
            "/backup.bak", "/..%2f..%2fetc%2fpasswd", "/pkg/..%2f..%2fCargo.toml",
            "/pkg/../Cargo.toml", "/fonts/%2e%2e/%2e%2e/Leptos.toml", "/static/x.js", "/Cargo.toml",
            "/api/nothing", "/api/roster/nothing", "//evil.example", "/%00", "/roster%0d%0aX:y",
            long.as_str(),
        ] {
            let answer = world.get(&org.host, path, &Caller::default()).await;
            assert!(
                answer.status.is_client_error() || answer.status.is_redirection(),
                "{path} answers {}", answer.status
            );
            assert!(!answer.location().starts_with("//"), "{path} leads to another host");
            check_headers(&answer.headers, path);
            check_closed(&answer, path);
            assert!(!answer.body.contains("[package]"), "{path} leaves the site's folder");
        }
        assert_eq!(before, row_counts(&world).await);
    }

    async fn head_is_get_without_a_body(world: World) {
        let org = world.org("apple").await;
        for path in ["/roster", "/log", "/healthz", "/no/such/page", "/settings", "/theme.css"] {
            let get = world.get(&org.host, path, &org.founder).await;
            let request = world.request("HEAD", &org.host, path, &org.founder).await;
            let request = request.header(header::ACCEPT, "text/html");
            let head = world.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(head.status, get.status, "HEAD {path}");
            assert!(head.body.is_empty(), "HEAD {path} has a body");
        }
    }

    async fn nobody_is_sent_to_another_host(world: World) {
        let org = world.org("apple").await;
        let user = world.user("Traveller").await;
        let evil = [
            "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example",
            "javascript:alert(1)", "https:evil.example", "/%0d%0aLocation:%20https://evil.example",
            "http://muster.test.evil.example/", "/\t/evil.example", " //evil.example",
        ];
        let is_local = |target: &str| {
            let rest = target.strip_prefix("https://apple.muster.test").unwrap_or(target);
            let rest = rest.strip_prefix("https://muster.test").unwrap_or(rest);
            rest.is_empty() || (rest.starts_with('/') && !rest.starts_with("//") && !rest.contains('\\'))
        };
        for to in evil {
            let query = crate::support::encode(to);
            for (host, path) in [
                (org.host.as_str(), format!("/sign-in?return={query}")),
                (org.host.as_str(), format!("/sign-in?form=1&return={query}")),
                (APEX, format!("/sign-in?return={query}")),
                (APEX, format!("/handover?host=apple.muster.test&return={query}")),
                (APEX, format!("/handover?host={query}&return=/")),
                (APEX, format!("/handover?host={query}&nonce={}&return=/", "0".repeat(43))),
            ] {
                for caller in [&Caller::default(), &user] {
                    let answer = world.get(host, &path, caller).await;
                    assert!(!answer.status.is_server_error(), "{path}: {answer:?}");
                    let location = answer.location();
                    assert!(is_local(location), "{path} leads to {location:?}");
                    assert!(
                        !answer.body.contains("url=https://evil") && !answer.body.contains("href=\"https://evil")
                            && !answer.body.contains("href=\"//evil") && !answer.body.contains("url=//evil")
                            && !answer.body.contains("href=\"javascript:"),
                        "{path} shows a link to another host: {:.2000}", answer.body
                    );
                    check_headers(&answer.headers, &path);
                }
            }
            let password = PASSWORD;
            let fields = [("login", "Traveller"), ("password", password), ("return_to", to)];
            let outcome = world.command(APEX, "/api/accounts/sign_in", &fields, &Caller::default()).await;
            let goto = outcome.outcome().goto.unwrap_or_default();
            assert!(is_local(&goto), "signing in with return_to={to:?} leads to {goto:?}");
            // The Referer of a plain form, and its hidden field.
            for fields in [vec![("common_name", "")], vec![("common_name", "A B"), ("goto", to)]] {
                let name = format!("Sent {}", muster::server::token::fresh());
                let fields: Vec<(&str, &str)> = fields
                    .into_iter()
                    .map(|(field, value)| if value == "A B" { (field, name.as_str()) } else { (field, value) })
                    .collect();
                let body: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{name}={}", crate::support::encode(value)))
                    .collect();
                let build = |r: Builder| {
                    let r = r
                        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                        .header(header::ACCEPT, "text/html")
                        .header("sec-fetch-site", "same-origin");
                    if to.contains('\t') { r } else { r.header(header::REFERER, to) }
                };
                let path = "/api/roster/create_player";
                let answer = post(&world, &org.host, path, &org.founder, build, body.join("&")).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
                assert!(is_local(answer.location()), "a form with Referer {to:?} leads to {:?}", answer.location());
            }
        }
    }

    async fn forged_results_show_nothing(world: World) {
        let org = world.org("apple").await;
        let forged = "%7B%22code%22%3A%22unavailable%22%2C%22data%22%3A%7B%22trace_id%22%3A%22FORGED%22%7D%7D";
        for query in ["__err", "__path", "error", "flash", "message"] {
            let path = format!("/roster?{query}={forged}&__path=%2Fapi%2Froster%2Fcreate_group");
            let page = world.get(&org.host, &path, &org.founder).await;
            assert!(!page.body.contains("FORGED"), "?{query}= puts text on the page");
        }
        for flash in ["FORGED", "x\" onload=alert(1)", &"a".repeat(4000)] {
            let session = world.session(&org.host, &org.founder).await.unwrap();
            let request = Request::builder()
                .uri("/roster")
                .header(header::HOST, &org.host)
                .header(header::ACCEPT, "text/html")
                .header(header::COOKIE, format!("{session}; __Host-flash={flash}"));
            let page = world.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.body.contains("FORGED"));
        }
    }

    async fn a_flash_is_shown_once_and_keeps_no_password(world: World) {
        let fields = [("login", "nobody"), ("password", "SECRET-SECRET"), ("return_to", "")];
        let refused = world.form(APEX, "/api/accounts/sign_in", &fields, &Caller::default()).await;
        let flash = refused.cookie("__Host-flash").expect("a refused form leaves a flash");
        let mut shown = Vec::new();
        for _ in 0..2 {
            let request = Request::builder()
                .uri("/sign-in")
                .header(header::HOST, APEX)
                .header(header::ACCEPT, "text/html")
                .header(header::COOKIE, &flash);
            let page = world.send(request.body(Body::empty()).unwrap()).await;
            assert!(!page.body.contains("SECRET-SECRET"), "the page repeats the password");
            let at = page.body.find("id=\"login").unwrap_or_default();
            let field: String = page.body[..].chars().skip(at.saturating_sub(200)).take(600).collect();
            shown.push((page.body.contains("value=\"nobody\""), field));
        }
        assert!(shown[0].0, "what was typed is not shown again: {}", shown[0].1);
        assert!(!shown[1].0, "what was typed is shown twice");
    }

    async fn a_panic_is_answered_plainly(world: World) {
        let org = world.org("apple").await;
        let (member, _) = world.claimed(&org, "Member").await;
        // A process put together without its caches panics while it makes a member's page.
        let state = muster::server::state::State::new(
            world.state.config.clone(),
            world.state.db.clone(),
            world.state.clock.clone(),
            Vec::new(),
        );
        let request = world.request("GET", &org.host, "/roster", &member).await;
        let request = request.header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
        let router = muster::app::router(state);
        let response = tower::ServiceExt::oneshot(router, request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        check_headers(response.headers(), "the answer after a panic");
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        assert_eq!(&body[..], b"Something went wrong. Please try again.\n");
    }

    async fn commands_meant_for_the_apex_are_unknown_elsewhere(world: World) {
        let org = world.org("apple").await;
        let maker = crate::catalogue::Maker::new(&world, &org, org.id.root_group());
        for endpoint in ENDPOINTS {
            if endpoint.on == On::Org {
                continue;
            }
            let fields = maker.fields(endpoint.path, &org.founder).await;
            let answer = if endpoint.reads {
                world.read(&org.host, &crate::catalogue::read_path(endpoint, &fields), &org.founder).await
            } else {
                world.command(&org.host, endpoint.path, &borrow(&fields), &org.founder).await
            };
            assert_eq!(
                answer.error(), AppError::NotFound,
                "{} belongs to the apex: begin it with ctx.at_apex()?", endpoint.path
            );
        }
        for endpoint in ENDPOINTS.iter().filter(|endpoint| endpoint.on == On::Org) {
            let shared = ["set_theme", "sign_out", "list_shapes"];
            if shared.iter().any(|name| endpoint.path.ends_with(name)) {
                continue;
            }
            let here = world.group(&org, org.id.root_group(), &maker.name("Here"), true).await;
            let maker = maker.below(here);
            let fields = maker.fields(endpoint.path, &org.founder).await;
            let answer = if endpoint.reads {
                world.read(APEX, &crate::catalogue::read_path(endpoint, &fields), &org.founder).await
            } else {
                world.command(APEX, endpoint.path, &borrow(&fields), &org.founder).await
            };
            assert_eq!(
                answer.error(), AppError::NotFound,
                "{} belongs to an Org's host: nothing of an Org exists at the apex", endpoint.path
            );
        }
    }
}
