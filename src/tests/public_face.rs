//! What an organisation shows to everybody: its public page, its robots.txt, the search at the apex;
//! and what caches may keep of it (security.md §3.4).

use crate::{
    access_matrix::Routes,
    cast::Cast,
    catalogue::borrow,
    support::{APEX, Answer, Caller, Org, World, on_both_databases},
};
use axum::{
    body::Body,
    http::{StatusCode, header},
};
use muster::{
    domain::{AppError, FieldProblem, GroupId},
    features::tenants::model::{OrgSearch, PublicFace},
};

fn value<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let value = answer.headers.get(name);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

async fn describe(world: &World, org: &Org, description: &str) {
    let mut tx = world.state.db.system_read().await.unwrap();
    let (version, name): (i64, String) = tx
        .one("select version, name from org where org_id = $1", (org.id,))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let fields = [
        ("name", name),
        ("time_zone", "UTC".to_owned()),
        ("accent_hue", "30".to_owned()),
        ("description", description.to_owned()),
        ("version", version.to_string()),
    ];
    let path = "/api/tenants/edit_org";
    let done = world
        .command(&org.host, path, &borrow(&fields), &org.founder)
        .await;
    done.outcome();
}

async fn group(world: &World, org: &Org, parent: GroupId, name: &str, visibility: &str) -> GroupId {
    let fields = [
        ("parent_id", parent.to_string()),
        ("name", name.to_owned()),
        ("description", format!("What {name} does.")),
        ("kind", "Squad".to_owned()),
        ("visibility", visibility.to_owned()),
        ("policy", "open".to_owned()),
    ];
    let path = "/api/roster/create_group";
    let made = world
        .command(&org.host, path, &borrow(&fields), &org.founder)
        .await;
    made.outcome().event.unwrap().group_id.unwrap()
}

async fn search(world: &World, text: &str, page: u32) -> OrgSearch {
    let path = format!(
        "/api/tenants/search_orgs?text={}&page={page}",
        crate::support::encode(text)
    );
    world.read(APEX, &path, &Caller::default()).await.json()
}

fn names(found: &[muster::features::tenants::model::FoundOrg]) -> Vec<&str> {
    found.iter().map(|org| org.name.as_str()).collect()
}

on_both_databases! {
    async fn visitors_see_the_public_page_and_players_the_roster(world: World) {
        let org = world.org("apple").await;
        describe(&world, &org, "We *fly* together.\n\n<script>alert(1)</script> More.").await;
        let wing = group(&world, &org, org.id.root_group(), "Wing", "public").await;
        let flight = group(&world, &org, wing, "Flight", "public").await;
        for (name, at) in [("Zoe", wing), ("Ann", flight)] {
            let player = world.player(&org, name).await;
            world.place(&org, player, at, None, &org.founder).await.outcome();
        }
        let guest = world.user("Guest").await;
        for caller in [&Caller::default(), &guest] {
            for path in ["/", "/about"] {
                let page = world.get(&org.host, path, caller).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                for text in [
                    "<em>fly</em>", "Wing", "2 people in 2 groups", "Open to everybody", "href=\"/join\"",
                    "property=\"og:title\" content=\"apple\"",
                    "property=\"og:description\" content=\"We fly together.\"",
                    "href=\"https://apple.muster.test/\" rel=\"canonical\"",
                ] {
                    assert!(page.body.contains(text), "{path} lacks {text:?}: {}", page.body);
                }
                assert!(!page.body.contains("<script>alert"), "{path} runs what somebody wrote");
                assert!(!page.body.contains("What Wing does."), "descriptions of groups are for members (§5.2)");
            }
        }
        let start = world.get(&org.host, "/", &org.founder).await;
        assert_eq!((start.status, start.location()), (StatusCode::FOUND, "/roster"));
        let about = world.get(&org.host, "/about", &org.founder).await;
        assert!(about.body.contains("What Wing does."), "members read descriptions: {}", about.body);
        assert_eq!(world.get(APEX, "/about", &guest).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_type_without_joining_shows_no_way_in(world: World) {
        let admin = world.site_admin("Admin").await;
        let mut fields = crate::catalogue::org_type("example.closed");
        fields.retain(|(name, _)| *name != "modules[]");
        world.command(APEX, "/api/tenants/create_org_type", &borrow(&fields), &admin).await.outcome();
        let org = world.org_of_type("example.closed", "closed", "Closed", &admin).await;
        group(&world, &org, org.id.root_group(), "Wing", "public").await;
        let page = world.get(&org.host, "/", &Caller::default()).await;
        assert!(page.body.contains("Wing") && !page.body.contains("href=\"/join"), "{}", page.body);
    }

    async fn private_groups_and_their_people_are_not_counted(world: World) {
        let org = world.org("apple").await;
        let secret = group(&world, &org, org.id.root_group(), "Secret", "private").await;
        let below = group(&world, &org, secret, "Below", "public").await;
        let player = world.player(&org, "Zoe").await;
        world.place_expecting(&org, player, below, None, None, &org.founder).await.outcome();
        let face: PublicFace = world.read(&org.host, "/api/tenants/read_public_face", &org.founder).await.json();
        assert!(face.groups.top.is_empty() && face.groups.people == 0 && face.groups.groups == 0, "{face:?}");
        for text in ["Secret", "Below"] {
            let found = search(&world, text, 1).await;
            assert!(found.exact.is_empty() && found.partial.is_empty(), "{text} finds {found:?}");
        }
        let found = search(&world, "apple", 1).await;
        assert_eq!(found.exact[0].people, 0);
    }

    /// Who has a cookie gets nothing that others could be given, and nobody's page sets one.
    async fn caches_keep_the_public_page_of_strangers_and_nothing_else(world: World) {
        let cast = Cast::new(&world).await;
        let host = &cast.org.host;
        for path in ["/", "/about"] {
            let page = world.get(host, path, &Caller::default()).await;
            assert_eq!(value(&page, "cache-control"), "public, max-age=60", "{path}");
            assert!(value(&page, "vary").contains("cookie"), "{path} needs Vary: Cookie");
            assert!(!page.headers.contains_key(header::SET_COOKIE));
            // Any cookie, also one that is good for nothing.
            for cookie in ["__Host-session=old", "__Host-flash=x", "theme=dark"] {
                let request = world.request("GET", host, path, &Caller::default()).await;
                let request = request.header(header::ACCEPT, "text/html").header(header::COOKIE, cookie);
                let page = world.send(request.body(Body::empty()).unwrap()).await;
                assert!(value(&page, "cache-control").starts_with("private"), "{path} with {cookie}");
                assert!(value(&page, "vary").contains("cookie"));
            }
        }
        let routes = Routes::make(&cast).await;
        let assets = ["/healthz", "/readyz", "/pkg/{*file}", "/fonts/{*file}", "/theme.css", "/live"];
        for route in routes.0.iter().filter(|route| route.method == "GET") {
            for (at, caller) in cast.callers.iter().enumerate() {
                let request = world.request("GET", &route.host, &route.path, caller).await;
                let request = request.header(header::ACCEPT, "text/html").body(Body::empty()).unwrap();
                let response = world.open(request).await;
                let head = |name: &str| {
                    let value = response.headers().get(name);
                    value.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
                };
                // Calendar programs keep a feed and ask each time whether it is still so.
                if assets.contains(&route.pattern) || route.pattern.starts_with("/calendar/feed/") {
                    continue;
                }
                let keeps = head("cache-control");
                let face = route.host != APEX && ["/", "/about"].contains(&route.pattern);
                if at > 0 && response.status().is_success() {
                    assert!(keeps.contains("private, no-store"), "{} for {at}: {keeps}", route.path);
                } else if keeps.contains("public") {
                    assert!(face, "{} of a stranger is kept by caches: {keeps}", route.path);
                }
                let listed = face
                    || (route.host != APEX && route.pattern == "/roster")
                    || (route.host == APEX && route.pattern == "/");
                let page = head("content-type").starts_with("text/html");
                if page && !["/handover", "/session"].contains(&route.pattern) {
                    let wanted = if listed { "" } else { "noindex" };
                    assert_eq!(head("x-robots-tag"), wanted, "{}", route.path);
                }
            }
        }
    }

    async fn robots_are_told_per_host(world: World) {
        let org = world.org("apple").await;
        let robots = world.get(&org.host, "/robots.txt", &Caller::default()).await;
        assert!(value(&robots, "content-type").starts_with("text/plain"));
        for line in ["User-agent: *", "Allow: /$", "Allow: /about$", "Allow: /roster$", "Disallow: /"] {
            assert!(robots.body.lines().any(|found| found == line), "{line} is missing: {}", robots.body);
        }
        let apex = world.get(APEX, "/robots.txt", &Caller::default()).await;
        assert!(apex.body.contains("Allow: /$") && !apex.body.contains("/roster"), "{}", apex.body);
        let nobody = world.get("nobody.muster.test", "/robots.txt", &Caller::default()).await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    }

    async fn organisations_are_found_by_their_name_and_by_public_groups(world: World) {
        let founder = world.user("Founder").await;
        let ranger = world.org_of("rangers", "Rangers", &founder).await;
        let wings = world.org_of("wings", "100% Wings", &founder).await;
        world.org_of("ranger-two", "Rangers Two", &founder).await;
        describe(&world, &wings, "# Pilots\n\nand more").await;
        let alpha = group(&world, &wings, wings.id.root_group(), "Rangers", "public").await;
        let player = world.player(&wings, "Zoe").await;
        world.place(&wings, player, alpha, None, &founder).await.outcome();
        let found = search(&world, " RANGERS ", 1).await;
        assert_eq!(names(&found.exact), ["100% Wings", "Rangers"], "by group and by name");
        assert_eq!(names(&found.partial), ["Rangers Two"]);
        let wing = &found.exact[0];
        assert_eq!((wing.people, wing.summary.as_str(), wing.type_name.as_str()), (1, "Pilots", "Unit"));
        assert_eq!(wing.href, "https://wings.muster.test/");
        assert_eq!(names(&search(&world, "ang", 1).await.partial), ["100% Wings", "Rangers", "Rangers Two"]);
        // Signs of patterns mean themselves.
        assert_eq!(names(&search(&world, "0%", 1).await.partial), ["100% Wings"]);
        assert!(search(&world, "_", 1).await.partial.is_empty());
        assert_eq!(search(&world, "", 1).await.partial.len(), 3);
        // What is retired is found no more.
        let fields = [("group_id", alpha.to_string()), ("version", "1".into()), ("members", "unassigned".into())];
        world.command(&wings.host, "/api/roster/retire_group", &borrow(&fields), &founder).await.outcome();
        assert_eq!(names(&search(&world, "rangers", 1).await.exact), ["Rangers"]);
        let long = "x".repeat(101);
        let path = format!("/api/tenants/search_orgs?text={long}");
        let answer = world.read(APEX, &path, &Caller::default()).await;
        assert_eq!(answer.error(), AppError::field("text", FieldProblem::TooLong { max: 100 }));
        let page = world.get(APEX, "/orgs?q=Rangers", &Caller::default()).await;
        assert!(page.body.contains("Of this name") && page.body.contains("With this in a name"), "{}", page.body);
        assert!(world.get(APEX, "/", &Caller::default()).await.body.contains("href=\"/orgs\""));
        assert!(world.get(APEX, "/", &founder).await.body.contains("href=\"/orgs\""));
        drop(ranger);
    }

    async fn many_organisations_come_in_pages(world: World) {
        let founder = world.user("Founder").await;
        for number in 10..33 {
            world.org_of(&format!("club-{number}"), &format!("Club {number}"), &founder).await;
        }
        let first = search(&world, "club", 1).await;
        assert_eq!((first.partial.len(), first.more), (20, true));
        let second = search(&world, "club", 2).await;
        assert_eq!(names(&second.partial), ["Club 30", "Club 31", "Club 32"]);
        assert!(!second.more);
        let page = world.get(APEX, "/orgs?q=club", &Caller::default()).await;
        assert!(page.body.contains("/orgs?q=club&amp;page=2"), "{}", page.body);
    }
}
