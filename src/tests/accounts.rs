//! Accounts from the outside: registering, signing in, sessions, the hand-over, claiming (§2).

use crate::support::{APEX, Answer, Caller, Org, PASSWORD, World, encode, on_both_databases};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chrono::Duration;
use muster::{
    domain::{AppError, ConflictCode, FieldProblem, PlayerId},
    features::{accounts::model::SessionLine, roster::model::pages::Choices},
};

/// A browser: keeps its cookies per host.
#[derive(Clone, Default)]
struct Browser {
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn keep(&mut self, host: &str, answer: &Answer) {
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let pair = cookie
                .to_str()
                .unwrap()
                .split(';')
                .next()
                .unwrap()
                .to_owned();
            let name = pair.split('=').next().unwrap().to_owned();
            self.cookies
                .retain(|(at, kept)| at != host || !kept.starts_with(&format!("{name}=")));
            if !pair.ends_with('=') {
                self.cookies.push((host.to_owned(), pair));
            }
        }
    }

    fn request(&self, method: &str, host: &str, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<&str> = self
            .cookies
            .iter()
            .filter(|(at, _)| at == host)
            .map(|(_, pair)| pair.as_str())
            .collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, host)
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookies.join("; "))
    }

    async fn get(&mut self, world: &World, host: &str, path: &str) -> Answer {
        let request = self
            .request("GET", host, path)
            .header(header::ACCEPT, "text/html");
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        self.keep(host, &answer);
        answer
    }

    async fn read(&mut self, world: &World, host: &str, path: &str) -> Answer {
        let request = self
            .request("GET", host, path)
            .header(header::ACCEPT, "application/json");
        world.send(request.body(Body::empty()).unwrap()).await
    }

    async fn command(
        &mut self,
        world: &World,
        host: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        let request = self
            .request("POST", host, path)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = world
            .send(request.body(Body::from(body.join("&"))).unwrap())
            .await;
        self.keep(host, &answer);
        answer
    }

    async fn sign_in(&mut self, world: &World, login: &str, password: &str) -> Answer {
        let fields = [("login", login), ("password", password)];
        self.command(world, APEX, "/api/accounts/sign_in", &fields)
            .await
    }

    async fn sessions(&mut self, world: &World) -> Vec<SessionLine> {
        self.read(world, APEX, "/api/accounts/read_sessions")
            .await
            .json()
    }

    async fn is_signed_in(&mut self, world: &World) -> bool {
        self.read(world, APEX, "/api/accounts/read_account")
            .await
            .status
            == StatusCode::OK
    }

    /// Walks the hand-over to an Org's host and answers the code's address at the Org.
    async fn code(&mut self, world: &World, org: &Org, path: &str) -> String {
        let begin = self
            .get(
                world,
                &org.host,
                &format!("/sign-in?return={}", encode(path)),
            )
            .await;
        let handover = local(begin.location(), APEX);
        let given = self.get(world, APEX, &handover).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{given:?}");
        local(given.location(), &org.host)
    }
}

/// The path of an address on this host.
#[track_caller]
fn local(address: &str, host: &str) -> String {
    let rest = address.strip_prefix(&format!("https://{host}"));
    rest.unwrap_or_else(|| panic!("{address:?} is not on {host}"))
        .to_owned()
}

async fn signed_in(world: &World, name: &str) -> Browser {
    world.user(name).await;
    let mut browser = Browser::default();
    browser.sign_in(world, name, PASSWORD).await.outcome();
    browser
}

async fn invite(world: &World, org: &Org, player: PlayerId) -> String {
    let id = player.to_string();
    let answer = world
        .command(
            &org.host,
            "/api/roster/invite_player",
            &[("player_id", &id)],
            &org.founder,
        )
        .await;
    answer
        .outcome()
        .goto
        .unwrap()
        .split_once("invitation=")
        .unwrap()
        .1
        .to_owned()
}

on_both_databases! {
    async fn registering_signs_in(world: World) {
        let mut browser = Browser::default();
        let fields = [
            ("name", "Ripley"), ("email", "ripley@example.org"), ("password", PASSWORD),
            ("return_to", "/found"),
        ];
        let path = "/api/accounts/register_user";
        let outcome = browser.command(&world, APEX, path, &fields).await.outcome();
        assert_eq!(outcome.goto.as_deref(), Some("/found"));
        assert!(browser.is_signed_in(&world).await);
        // Names and addresses are unique, ignoring case.
        for (name, email, field) in [
            ("RIPLEY", "other@example.org", "name"),
            ("Other", "Ripley@Example.org", "email"),
        ] {
            let fields = [("name", name), ("email", email), ("password", PASSWORD)];
            let error = Browser::default().command(&world, APEX, path, &fields).await.error();
            assert_eq!(error, AppError::field(field, FieldProblem::Taken));
        }
        for (password, problem) in [
            ("short", "too_short"), ("password1234", "common_password"), ("newt newt newt", "common_password"),
        ] {
            let fields = [("name", "Newt"), ("email", "newt@example.org"), ("password", password)];
            let answer = Browser::default().command(&world, APEX, path, &fields).await;
            assert!(
                answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.body.contains("password"),
                "{password:?} must be refused ({problem}): {answer:?}"
            );
        }
    }

    async fn unknown_users_and_wrong_passwords_look_the_same(world: World) {
        world.user("Ripley").await;
        let mut answers = Vec::new();
        // The shortest of several times: others' work on the machine only makes one longer.
        let mut shortest = [std::time::Duration::MAX; 2];
        let alike = |[known, unknown]: [std::time::Duration; 2]| {
            unknown * 4 > known && known * 4 > unknown
        };
        for round in 0..12 {
            let logins = ["Ripley".to_owned(), format!("Nobody {round}")];
            for (at, login) in logins.iter().enumerate() {
                let started = std::time::Instant::now();
                let answer = Browser::default().sign_in(&world, login, "wrong wrong wrong").await;
                shortest[at] = shortest[at].min(started.elapsed());
                assert!(answer.cookie("__Host-session").is_none());
                answers.push((answer.status, answer.body));
            }
            world.wait(Duration::minutes(20));
            if round >= 2 && alike(shortest) {
                break;
            }
        }
        assert!(
            answers.windows(2).all(|pair| pair[0] == pair[1]),
            "the answer tells whether the user exists: {answers:?}"
        );
        assert!(
            alike(shortest),
            "the time tells whether the user exists: known and unknown took {shortest:?}"
        );
        for login in ["ripley@example.org", "nobody@example.org"] {
            let answer = Browser::default().sign_in(&world, login, "wrong wrong wrong").await;
            assert_eq!((answer.status, answer.body), answers[0], "{login}");
        }
        world.wait(Duration::minutes(20));
        Browser::default().sign_in(&world, "RIPLEY", PASSWORD).await.outcome();
        world.wait(Duration::seconds(30));
        Browser::default().sign_in(&world, " Ripley@Example.ORG ", PASSWORD).await.outcome();
    }

    async fn guesses_are_slowed_down(world: World) {
        world.user("Ripley").await;
        for login in ["Ripley", "Nobody"] {
            let mut browser = Browser::default();
            for _ in 0..3 {
                let error = browser.sign_in(&world, login, "wrong wrong wrong").await.error();
                assert_eq!(error, AppError::field("password", FieldProblem::WrongPassword));
            }
            let slowed = browser.sign_in(&world, login, PASSWORD).await;
            assert!(
                matches!(slowed.error(), AppError::TooMany { retry_after } if (1..=10).contains(&retry_after)),
                "after three failures even the right password has to wait"
            );
            assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
        }
        world.wait(Duration::seconds(5));
        Browser::default().sign_in(&world, "Ripley", PASSWORD).await.outcome();
        // The account is forgiven by the success; others' failures do not lock it.
        for _ in 0..3 {
            Browser::default().sign_in(&world, "Ripley", "wrong wrong wrong").await.error();
        }
        world.wait(Duration::hours(1));
        Browser::default().sign_in(&world, "Ripley", PASSWORD).await.outcome();
    }

    async fn sessions_are_listed_and_revoked(world: World) {
        let mut one = signed_in(&world, "Ripley").await;
        let mut two = Browser::default();
        two.sign_in(&world, "Ripley", PASSWORD).await.outcome();
        let mut stranger = signed_in(&world, "Burke").await;
        let listed = one.sessions(&world).await;
        assert_eq!(listed.len(), 2);
        assert_eq!(listed.iter().filter(|session| session.current).count(), 1);
        let other = listed.iter().find(|session| !session.current).unwrap().id.to_string();
        let path = "/api/accounts/revoke_session";
        let refused = stranger.command(&world, APEX, path, &[("session_id", &other)]).await;
        assert_eq!(refused.error(), AppError::NotFound, "a stranger ends somebody's session");
        assert!(two.is_signed_in(&world).await);
        one.command(&world, APEX, path, &[("session_id", &other)]).await.outcome();
        assert!(!two.is_signed_in(&world).await, "a revoked session still counts");
        two.sign_in(&world, "Ripley", PASSWORD).await.outcome();
        one.command(&world, APEX, "/api/accounts/revoke_other_sessions", &[]).await.outcome();
        assert!(!two.is_signed_in(&world).await && one.is_signed_in(&world).await);
        let kept = one.clone();
        one.command(&world, APEX, "/api/accounts/sign_out", &[]).await.outcome();
        assert!(!one.is_signed_in(&world).await);
        assert!(!kept.clone().is_signed_in(&world).await, "signing out must end the session itself");
        assert!(stranger.is_signed_in(&world).await);
    }

    async fn a_new_session_at_every_sign_in(world: World) {
        let mut browser = signed_in(&world, "Ripley").await;
        let before = browser.clone();
        browser.sign_in(&world, "Ripley", PASSWORD).await.outcome();
        assert_ne!(before.cookies, browser.cookies, "signing in again must give another token");
        assert!(!before.clone().is_signed_in(&world).await, "the replaced session must end");
    }

    async fn sessions_end_by_themselves(world: World) {
        let mut idle = signed_in(&world, "Ripley").await;
        world.wait(Duration::days(13));
        assert!(idle.is_signed_in(&world).await);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        world.wait(Duration::days(13));
        assert!(idle.is_signed_in(&world).await, "a session in use is prolonged");
        world.wait(Duration::days(15));
        assert!(!idle.is_signed_in(&world).await, "a session not used for 14 days must end");
        let mut used = Browser::default();
        used.sign_in(&world, "Ripley", PASSWORD).await.outcome();
        for _ in 0..9 {
            world.wait(Duration::days(10));
            used.is_signed_in(&world).await;
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        }
        world.wait(Duration::days(1));
        assert!(!used.is_signed_in(&world).await, "90 days after signing in every session must end");
    }

    async fn another_password_ends_the_other_sessions(world: World) {
        let mut one = signed_in(&world, "Ripley").await;
        let mut two = Browser::default();
        two.sign_in(&world, "Ripley", PASSWORD).await.outcome();
        let path = "/api/accounts/change_password";
        let new = "another horse battery";
        let wrong = [("old_password", "wrong wrong wrong"), ("new_password", new)];
        let error = one.command(&world, APEX, path, &wrong).await.error();
        assert_eq!(error, AppError::field("old_password", FieldProblem::WrongPassword));
        let before = one.clone();
        let fields = [("old_password", PASSWORD), ("new_password", new)];
        one.command(&world, APEX, path, &fields).await.outcome();
        assert!(one.is_signed_in(&world).await, "this browser stays signed in");
        assert!(!two.is_signed_in(&world).await, "other sessions must end");
        assert!(!before.clone().is_signed_in(&world).await, "this browser gets a new token");
        world.wait(Duration::minutes(1));
        Browser::default().sign_in(&world, "Ripley", PASSWORD).await.error();
        world.wait(Duration::minutes(1));
        Browser::default().sign_in(&world, "Ripley", new).await.outcome();
        let mut tx = world.state.db.system_read().await.unwrap();
        let (mails,): (i64,) = tx.one("select count(*) from outbox_mail", ()).await.unwrap();
        assert_eq!(mails, 1, "the user is told by mail");
    }

    async fn a_disabled_user_is_nobody(world: World) {
        let org = world.org("apple").await;
        let mut browser = signed_in(&world, "Ripley").await;
        let code = browser.code(&world, &org, "/roster").await;
        let mut tx = world.state.db.system().await.unwrap();
        tx.run("update user_account set disabled_at = $1 where name = 'Ripley'", (world.now(),))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(!browser.is_signed_in(&world).await, "a disabled user's session still counts");
        let error = Browser::default().sign_in(&world, "Ripley", PASSWORD).await.error();
        assert_eq!(error, AppError::field("password", FieldProblem::WrongPassword));
        browser.get(&world, &org.host, &code).await;
        let there = browser.read(&world, &org.host, "/api/roster/read_choices").await;
        let choices: Choices = there.json();
        assert_eq!(choices, Choices::default(), "a disabled user is offered what leaders are");
        let list = browser.read(&world, &org.host, "/api/audit/list_events").await;
        assert_eq!(list.status, StatusCode::UNAUTHORIZED, "a disabled user got in by a hand-over");
    }

    async fn a_sign_in_is_handed_over(world: World) {
        let founder = world.user("Ripley").await;
        let org = world.org_of("apple", "apple", &founder).await;
        let other = world.org("pear").await;
        let mut browser = Browser::default();
        // Not signed in anywhere: the walk passes the log-in page and comes back.
        let begin = browser.get(&world, &org.host, "/sign-in?return=%2Flog%3Fkind%3Dx").await;
        assert_eq!(begin.status, StatusCode::SEE_OTHER);
        let handover = local(begin.location(), APEX);
        let to_log_in = browser.get(&world, APEX, &handover).await;
        assert!(to_log_in.location().starts_with("/sign-in?return="), "{to_log_in:?}");
        browser.sign_in(&world, "Ripley", PASSWORD).await.outcome();
        let given = browser.get(&world, APEX, &handover).await;
        let code = local(given.location(), &org.host);
        let arrived = browser.get(&world, &org.host, &code).await;
        assert_eq!(arrived.location(), "/log?kind=x", "{arrived:?}");
        let settings = browser.read(&world, &org.host, "/api/tenants/read_settings").await;
        assert_eq!(settings.status, StatusCode::OK, "the founder is signed in at the Org");
        // The same code again, and an invented one.
        for path in [code.as_str(), "/session?code=invented", "/session"] {
            let mut again = Browser::default();
            let refused = again.get(&world, &org.host, path).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{path} worked");
            assert!(refused.cookie("__Host-session").is_none());
        }
        // Another browser has no nonce; the try uses the code up.
        browser.cookies.retain(|(host, _)| host == APEX);
        let code = browser.code(&world, &org, "/").await;
        let mut thief = Browser::default();
        assert_eq!(thief.get(&world, &org.host, &code).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(browser.get(&world, &org.host, &code).await.status, StatusCode::BAD_REQUEST);
        // A thief's own nonce does not help either.
        let code = browser.code(&world, &org, "/").await;
        thief.get(&world, &org.host, "/sign-in").await;
        assert_eq!(thief.get(&world, &org.host, &code).await.status, StatusCode::BAD_REQUEST);
        // Too late.
        let code = browser.code(&world, &org, "/").await;
        world.wait(Duration::seconds(61));
        assert_eq!(browser.get(&world, &org.host, &code).await.status, StatusCode::BAD_REQUEST);
        // On another host.
        let code = browser.code(&world, &org, "/").await;
        let nonce: Vec<(String, String)> = browser
            .cookies
            .iter()
            .filter(|(host, _)| *host == org.host)
            .map(|(_, pair)| (other.host.clone(), pair.clone()))
            .collect();
        browser.cookies.extend(nonce);
        assert_eq!(browser.get(&world, &other.host, &code).await.status, StatusCode::BAD_REQUEST);
        // Only hosts of Orgs are handed to.
        let nonce = "0".repeat(muster::server::token::hash("").len());
        for host in ["evil.example", "nobody.muster.test", "muster.test", ""] {
            let path = format!("/handover?host={host}&nonce={nonce}&return=/");
            let answer = browser.get(&world, APEX, &path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "a code was made for {host:?}");
        }
        // The code page tells nobody else where it was.
        let code = browser.code(&world, &org, "/").await;
        let arrived = browser.get(&world, &org.host, &code).await;
        assert_eq!(arrived.headers[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(arrived.headers[header::CACHE_CONTROL], "no-store");
    }

    async fn founding_leads_to_the_new_host(world: World) {
        let mut browser = signed_in(&world, "Ripley").await;
        let fields = [("name", "Nostromo Crew"), ("type_id", "muster.unit")];
        let outcome = browser.command(&world, APEX, "/api/tenants/found_org", &fields).await.outcome();
        assert!(outcome.leave);
        let page = browser.get(&world, APEX, &outcome.goto.unwrap()).await;
        let host = "nostromo-crew.muster.test";
        let next = page.body.split("url=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let next = local(&next.replace("&amp;", "&"), host);
        let begin = browser.get(&world, host, &next).await;
        let given = browser.get(&world, APEX, &local(begin.location(), APEX)).await;
        let arrived = browser.get(&world, host, &local(given.location(), host)).await;
        assert_eq!(arrived.location(), "/");
        let settings = browser.read(&world, host, "/api/tenants/read_settings").await;
        assert_eq!(settings.status, StatusCode::OK);
    }

    async fn an_invitation_is_used_once(world: World) {
        let org = world.org("apple").await;
        let other = world.org("pear").await;
        let smith = world.player(&org, "Smith").await;
        let jones = world.player(&org, "Jones").await;
        let user = world.user("Newcomer").await;
        let secret = invite(&world, &org, smith).await;
        let accept = |host: String, secret: String, caller: Caller| {
            let world = world.clone();
            async move {
                let path = "/api/roster/accept_invitation";
                world.command(&host, path, &[("token", &secret)], &caller).await
            }
        };
        let page = world.get(&org.host, &format!("/claim/{secret}"), &user).await;
        assert!(page.status == StatusCode::OK && page.body.contains("Smith"));
        let nobody = accept(org.host.clone(), secret.clone(), Caller::default()).await;
        assert_eq!(nobody.error(), AppError::SignInRequired);
        let elsewhere = accept(other.host.clone(), secret.clone(), user.clone()).await;
        assert_eq!(elsewhere.error(), AppError::NotFound, "an invitation works in another Org");
        accept(org.host.clone(), secret.clone(), user.clone()).await.outcome();
        let late = world.user("Latecomer").await;
        let again = accept(org.host.clone(), secret.clone(), late.clone()).await;
        assert_eq!(again.error(), AppError::NotFound, "an invitation works twice");
        let gone = world.get(&org.host, &format!("/claim/{secret}"), &late).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        // Who is a player already cannot be a second one.
        let second = invite(&world, &org, jones).await;
        let already = accept(org.host.clone(), second.clone(), user).await;
        assert_eq!(already.error(), AppError::Conflict(ConflictCode::AlreadyPlayer));
        // A claimed player is not invited again.
        let id = smith.to_string();
        let path = "/api/roster/invite_player";
        let claimed = world.command(&org.host, path, &[("player_id", &id)], &org.founder).await;
        assert_eq!(claimed.error(), AppError::Conflict(ConflictCode::AlreadyClaimed));
        world.wait(Duration::days(14) + Duration::seconds(1));
        let old = accept(org.host.clone(), second, late).await;
        assert_eq!(old.error(), AppError::NotFound, "an invitation older than 14 days works");
    }

    async fn of_two_who_claim_one_wins(world: World) {
        let org = world.org("apple").await;
        let smith = world.player(&org, "Smith").await;
        let secrets = [invite(&world, &org, smith).await, invite(&world, &org, smith).await];
        let mut claims = Vec::new();
        for (at, secret) in secrets.into_iter().enumerate() {
            let user = world.user(&format!("Claimant {at}")).await;
            let (world, host) = (world.clone(), org.host.clone());
            claims.push(tokio::spawn(async move {
                let path = "/api/roster/accept_invitation";
                world.command(&host, path, &[("token", &secret)], &user).await.status
            }));
        }
        let mut won = 0;
        for claim in claims {
            won += i32::from(claim.await.unwrap().is_success());
        }
        assert_eq!(won, 1, "one player, one user");
    }
}
