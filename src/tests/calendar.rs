//! The calendar and its feeds (§9.2). What a feed says is read by other people's code
//! (`calendar/read_feed.py`), so that nobody agrees only with themself.

use crate::support::{Answer, Caller, Org, Planned, World, on_both_databases};
use axum::{
    body::Body,
    http::{StatusCode, header},
};
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use muster::{
    domain::{AppError, ConflictCode, OperationId, PlayerId, event::EventKind},
    features::operations::model::{
        calendar::{CalendarEntry, CalendarPage, DayPart, MovePage},
        feeds::FeedsPage,
    },
};
use serde_json::Value;
use std::process::Command;
use uuid::Uuid;

/// The calendar, with this query.
async fn calendar(world: &World, org: &Org, query: &str, caller: &Caller) -> CalendarPage {
    let path = format!("/api/operations/read_calendar?{query}");
    world.read(&org.host, &path, caller).await.json()
}

fn entries(page: &CalendarPage) -> impl Iterator<Item = &CalendarEntry> {
    page.days.iter().flat_map(|day| &day.entries)
}

/// Each operation once, whatever days it goes on over: tests may run late in the evening.
fn beginnings(page: &CalendarPage) -> impl Iterator<Item = &CalendarEntry> {
    entries(page).filter(|entry| matches!(entry.part, DayPart::Whole | DayPart::First))
}

fn titles(page: &CalendarPage) -> Vec<&str> {
    entries(page).map(|entry| entry.title.as_str()).collect()
}

/// Plans an operation at a local time of a zone, as the founder.
async fn plan_at(
    world: &World,
    org: &Org,
    more: &[(&'static str, &str)],
    local: NaiveDateTime,
    zone: &str,
) -> OperationId {
    let planned = Planned::default();
    let mut fields = world.operation_fields(&planned);
    fields.retain(|(name, _)| {
        !["operation[date]", "operation[time]", "operation[zone]"].contains(name)
            && more.iter().all(|(other, _)| other != name)
    });
    fields.push(("operation[date]", local.date().to_string()));
    fields.push(("operation[time]", local.format("%H:%M").to_string()));
    fields.push(("operation[zone]", zone.to_owned()));
    fields.push(("group_id", org.id.root_group().to_string()));
    if more.iter().all(|(name, _)| *name != "publish") {
        fields.push(("publish", "now".to_owned()));
    }
    fields.extend(
        more.iter()
            .map(|(name, value)| (*name, (*value).to_owned())),
    );
    let path = "/api/operations/plan_operation";
    let fields = crate::catalogue::borrow(&fields);
    let answer = world.command(&org.host, path, &fields, &org.founder).await;
    let goto = answer
        .outcome()
        .goto
        .expect("planning leads to the operation");
    goto.rsplit('/').next().unwrap().parse().unwrap()
}

/// Writes down what a player answered, and puts them in a billet.
async fn answered(
    world: &World,
    org: &Org,
    operation: OperationId,
    player: PlayerId,
    answer: &str,
    billet: Option<&str>,
) {
    let ctx = world.ctx(org).await;
    let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
    let (rsvp, section) = (Uuid::now_v7(), Uuid::now_v7());
    tx.run(
        "insert into rsvp (org_id, operation_id, rsvp_id, player_id, answer, answered_at)
         values ($1, $2, $3, $4, $5, $6)",
        (
            org.id,
            operation,
            rsvp,
            player,
            answer.to_owned(),
            world.now(),
        ),
    )
    .await
    .unwrap();
    if let Some(title) = billet {
        tx.run(
            "insert into section (org_id, operation_id, section_id, name, sort_order)
             values ($1, $2, $3, 'Alpha', 0)",
            (org.id, operation, section),
        )
        .await
        .unwrap();
        tx.run(
            "insert into billet (org_id, operation_id, billet_id, section_id, title, sort_order,
                                 rsvp_id, filled_at, filled_by)
             values ($1, $2, $3, $4, $5, 0, $6, $7, 'leader')",
            (
                org.id,
                operation,
                Uuid::now_v7(),
                section,
                title.to_owned(),
                rsvp,
                world.now(),
            ),
        )
        .await
        .unwrap();
    }
    muster::server::events::commit(tx, &world.state.hub)
        .await
        .unwrap();
}

/// Makes a feed and answers the path of its address.
async fn feed(world: &World, org: &Org, answers: &[&str], caller: &Caller) -> String {
    let mut fields = vec![("name", "My phone")];
    fields.extend(answers.iter().map(|answer| ("answers[]", *answer)));
    let path = "/api/operations/make_feed";
    let made = world.command(&org.host, path, &fields, caller).await;
    let goto = made
        .outcome()
        .goto
        .expect("making leads to the page with the address");
    let (_, secret) = goto.split_once("made=").expect("the secret");
    format!("/calendar/feed/{secret}.ics")
}

async fn feeds(world: &World, org: &Org, query: &str, caller: &Caller) -> FeedsPage {
    let path = format!("/api/operations/read_feeds{query}");
    world.read(&org.host, &path, caller).await.json()
}

/// Reads an address as a calendar program does: without a session.
async fn fetch(world: &World, org: &Org, path: &str) -> Answer {
    world.get(&org.host, path, &Caller::default()).await
}

/// The titles in a feed, in order.
fn summaries(text: &str) -> Vec<String> {
    let unfolded = text.replace("\r\n ", "");
    unfolded
        .lines()
        .filter_map(|line| line.strip_prefix("SUMMARY:"))
        .map(str::to_owned)
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told of their Python by the environment"
)]
fn python() -> String {
    std::env::var("MUSTER_PYTHON").expect(
        "MUSTER_PYTHON names no Python with what src/tests/calendar/requirements.txt lists; run \
         `.tools/setup.sh python` once, and the tests with `make test` or `.tools/with.sh cargo test`",
    )
}

/// What other people's code finds in a feed.
fn read_by_others(text: &str, rule: &str, start: &str, zone: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("feed.ics");
    std::fs::write(&file, text).unwrap();
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/tests/calendar/read_feed.py"
    );
    let output = Command::new(python())
        .arg(script)
        .arg(file)
        .args([rule, start, zone])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "the feed cannot be read; see what the script says: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The next Friday that is at least a week away.
fn friday(world: &World) -> NaiveDate {
    let mut day = world.now().date_naive() + Duration::days(7);
    while day.weekday() != chrono::Weekday::Fri {
        day += Duration::days(1);
    }
    day
}

on_both_databases! {
    async fn the_calendar_shows_what_the_viewer_sees_in_their_zone(world: World) {
        let org = world.org("alpha").await;
        let (member, _) = world.claimed(&org, "Smith").await;
        let day = friday(&world);
        let at = |text: &str| day.and_time(text.parse().unwrap());
        plan_at(&world, &org, &[("operation[title]", "Evening")], at("20:00:00"), "Europe/Berlin").await;
        let all = [("operation[title]", "Open day"), ("operation[audience]", "public"), ("operation[length]", "50:00")];
        plan_at(&world, &org, &all, at("10:00:00"), "Europe/Berlin").await;
        let own = [("operation[title]", "Staff"), ("operation[audience]", "group"), ("publish", "draft")];
        plan_at(&world, &org, &own, at("12:00:00"), "Europe/Berlin").await;

        let week = |zone: &str| format!("asked[view]=week&asked[date]={day}&asked[zone]={zone}");
        let nobody = Caller::default();
        let page = calendar(&world, &org, &week("Europe/Berlin"), &nobody).await;
        assert_eq!(titles(&page), ["Open day"; 3], "a visitor sees what is public, on each of its days");
        assert!(!page.is_member && !page.plans && entries(&page).all(|entry| !entry.moves));
        let page = calendar(&world, &org, &week("Europe/Berlin"), &member).await;
        assert_eq!(titles(&page), ["Open day", "Evening", "Open day", "Open day"]);
        assert_eq!(page.days[4].date, day.to_string(), "weeks begin on Monday");
        assert_eq!(page.days[4].entries[1].clock, "20:00");
        assert_eq!(page.days[4].entries[1].there, "", "the organiser's clocks are the viewer's");
        let page = calendar(&world, &org, &week("Europe/Berlin"), &org.founder).await;
        assert_eq!(titles(&page), ["Open day", "Staff", "Evening", "Open day", "Open day"]);
        assert!(page.plans && entries(&page).all(|entry| entry.moves));

        // Late in the evening in Berlin is the next day in Tokyo.
        let page = calendar(&world, &org, &week("Asia/Tokyo"), &member).await;
        let saturday = &page.days[5];
        let evening = saturday.entries.iter().find(|entry| entry.title == "Evening").unwrap();
        assert!(["03:00", "04:00"].contains(&evening.clock.as_str()), "{}", evening.clock);
        assert!(evening.there.contains("20:00–22:00 Berlin time"), "{}", evening.there);
        let html = world.get(&org.host, &format!("/calendar?view=week&date={day}"), &member).await;
        assert_eq!(html.status, StatusCode::OK);
        assert!(html.body.contains("Only those who plan"), "no handle, and the reason");
        assert!(!html.body.contains("data-drag"));
    }

    async fn the_calendar_can_be_filtered(world: World) {
        let org = world.org("alpha").await;
        let (member, player) = world.claimed(&org, "Smith").await;
        let root = org.id.root_group();
        let squad = world.group(&org, root, "Squad", true).await;
        let starts = Duration::days(7);
        let plan = |title: &str, group, hours| Planned {
            title: title.into(),
            group: Some(group),
            starts_in: starts + Duration::hours(hours),
            ..Planned::default()
        };
        let patrol = world.operation_with(&org, &plan("Patrol", squad, 0)).await;
        let raid = world.operation_with(&org, &plan("Raid", root, 1)).await;
        let talk = world.operation_with(&org, &plan("Talk", root, 1)).await;
        answered(&world, &org, patrol, player, "attending", Some("Driver")).await;
        answered(&world, &org, raid, player, "maybe", None).await;
        answered(&world, &org, talk, player, "declined", None).await;

        let date = (world.now() + starts).date_naive();
        let asked = format!("asked[view]=agenda&asked[date]={date}");
        let page = calendar(&world, &org, &asked, &member).await;
        let mine: Vec<(&str, &str, &str)> = beginnings(&page)
            .map(|entry| (entry.title.as_str(), entry.billet.as_str(), entry.clash.as_str()))
            .collect();
        assert_eq!(
            mine,
            [("Patrol", "Driver", "Raid"), ("Raid", "", "Patrol"), ("Talk", "", "")],
            "who declines does not clash"
        );
        for (more, expected) in [
            (format!("asked[group]={squad}"), vec!["Patrol"]),
            (format!("asked[group]={root}"), vec!["Patrol", "Raid", "Talk"]),
            ("asked[answer]=maybe".to_owned(), vec!["Raid"]),
            ("asked[answer]=none".to_owned(), vec![]),
            ("asked[answer]=nonsense".to_owned(), vec![]),
            (format!("asked[category]={}", Uuid::now_v7()), vec![]),
        ] {
            let page = calendar(&world, &org, &format!("{asked}&{more}"), &member).await;
            let found: Vec<&str> = beginnings(&page).map(|entry| entry.title.as_str()).collect();
            assert_eq!(found, expected, "{more}");
        }
        let reason = [("reason", "Rain")];
        world.on_operation(&org, "cancel_operation", raid, &reason, &org.founder).await.outcome();
        let page = calendar(&world, &org, &asked, &member).await;
        assert!(entries(&page).all(|entry| entry.clash.is_empty()), "what is cancelled does not clash");
        let html = world.get(&org.host, &format!("/calendar?view=agenda&date={date}"), &member).await;
        let plain = html.body.replace("<!>", "");
        assert!(plain.contains("<s>Raid</s>"), "what is cancelled is struck through");
    }

    async fn a_month_of_operations_takes_a_fixed_number_of_statements(world: World) {
        let few = world.org("few").await;
        let many = world.org("many").await;
        world.operation(&few).await;
        for at in 0..200_i32 {
            let planned = Planned {
                title: format!("Operation {at}"),
                starts_in: Duration::hours(3 * i64::from(at) + 3),
                ..Planned::default()
            };
            world.operation_with(&many, &planned).await;
        }
        for path in ["/calendar", "/calendar?view=week", "/calendar?view=agenda", "/calendar/feed/public.ics"] {
            let mut costs = Vec::new();
            for org in [&few, &many] {
                for caller in [&Caller::default(), &org.founder] {
                    // Once before, so that both find the roster in its cache.
                    world.get(&org.host, path, caller).await;
                    let before = world.state.db.statements();
                    let answer = world.get(&org.host, path, caller).await;
                    assert_eq!(answer.status, StatusCode::OK);
                    costs.push(world.state.db.statements() - before);
                }
            }
            let (few, many) = costs.split_at(2);
            assert_eq!(few, many, "{path}: a statement for each operation; read them as a set");
            assert!(costs.iter().all(|cost| *cost <= 20), "{path}: {costs:?}");
        }
    }

    async fn a_feed_is_its_owners_and_ends_with_them(world: World) {
        let org = world.org("alpha").await;
        let (member, player) = world.claimed(&org, "Smith").await;
        let (other, _) = world.claimed(&org, "Jones").await;
        let root = org.id.root_group();
        let closed = world.group_with(&org, root, "Closed", false, "private", "closed").await;
        let plan = |title: &str, group, audience| Planned {
            title: title.into(),
            group: Some(group),
            audience,
            ..Planned::default()
        };
        let patrol = world.operation_with(&org, &plan("Patrol", root, "members")).await;
        world.operation_with(&org, &plan("Open day", root, "public")).await;
        world.operation_with(&org, &plan("Secret", closed, "public")).await;
        answered(&world, &org, patrol, player, "attending", Some("Driver, 2nd")).await;

        let own = feed(&world, &org, &[], &member).await;
        let coming = feed(&world, &org, &["attending", "late"], &member).await;
        let silent = feed(&world, &org, &["none"], &member).await;
        for (path, expected) in [
            (own.as_str(), vec!["Patrol – Driver\\, 2nd", "Open day"]),
            (&coming, vec!["Patrol – Driver\\, 2nd"]),
            (&silent, vec!["Open day"]),
            ("/calendar/feed/public.ics", vec!["Open day"]),
        ] {
            let answer = fetch(&world, &org, path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            let mut found = summaries(&answer.body);
            found.sort_by_key(|title| !title.starts_with("Patrol"));
            assert_eq!(found, expected, "{path}");
            assert_eq!(answer.headers[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
            assert_eq!(answer.headers[header::CACHE_CONTROL], "private, no-cache");
            assert!(answer.body.lines().count() > 10 && !answer.body.replace("\r\n", "").contains('\n'));
        }

        // Only its owner knows of it, and nobody reads its secret in the database.
        let listed = feeds(&world, &org, "", &member).await;
        assert_eq!(listed.feeds.len(), 3);
        assert!(listed.feeds.iter().all(|feed| feed.last_read_at.is_some()), "read just now");
        assert_eq!(listed.made, None);
        assert_eq!(feeds(&world, &org, "", &other).await.feeds, []);
        let secret = own.trim_start_matches("/calendar/feed/").trim_end_matches(".ics");
        let query = format!("?made={secret}");
        let made = feeds(&world, &org, &query, &member).await.made.expect("its owner is shown it");
        assert!(made.ends_with(&own));
        assert_eq!(feeds(&world, &org, &query, &other).await.made, None);
        let mut tx = world.state.db.system_read().await.unwrap();
        let hashes: Vec<(String,)> = tx.all("select token_hash from calendar_feed", ()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(hashes.iter().all(|(hash,)| hash != secret));

        // Somebody else cannot end it; its owner can.
        let newest = listed.feeds[0].id.to_string();
        let fields = [("feed_id", newest.as_str())];
        let revoke = "/api/operations/revoke_feed";
        let refused = world.command(&org.host, revoke, &fields, &other).await;
        assert_eq!(refused.error(), AppError::NotFound);
        world.command(&org.host, revoke, &fields, &member).await.outcome();
        let unknown = fetch(&world, &org, &format!("/calendar/feed/{}.ics", "x".repeat(43))).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        let same = |answer: &Answer| (answer.status, answer.body.clone(), answer.headers.len());
        let elsewhere = world.org("beta").await;
        for answer in [
            fetch(&world, &org, &silent).await,
            fetch(&world, &org, "/calendar/feed/public").await,
            fetch(&world, &elsewhere, &own).await,
        ] {
            assert_eq!(same(&answer), same(&unknown), "revoked, unknown and foreign are told apart");
        }

        // What the owner may see is asked when it is read.
        let id = player.to_string();
        let kick = [("player_id", id.as_str()), ("reason", "For tests")];
        world.command(&org.host, "/api/roster/kick_player", &kick, &org.founder).await.outcome();
        let answer = fetch(&world, &org, &own).await;
        assert_eq!(same(&answer), same(&unknown), "who was removed reads on");
    }

    async fn a_feed_is_sent_again_only_when_it_changed(world: World) {
        let org = world.org("alpha").await;
        let (member, _) = world.claimed(&org, "Smith").await;
        let id = world.operation(&org).await;
        let path = feed(&world, &org, &[], &member).await;
        world.wait(Duration::seconds(5));
        let first = fetch(&world, &org, &path).await;
        let get = async |name: header::HeaderName, value: &str| {
            let request = world.request("GET", &org.host, &path, &Caller::default()).await;
            let request = request.header(name, value).body(Body::empty()).unwrap();
            world.send(request).await
        };
        let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
        let date = first.headers[header::LAST_MODIFIED].to_str().unwrap().to_owned();
        for (name, value) in [(header::IF_NONE_MATCH, &tag), (header::IF_MODIFIED_SINCE, &date)] {
            let again = get(name, value).await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED);
            assert_eq!(again.body, "");
            assert_eq!(again.headers[header::ETAG], tag.as_str());
        }
        world.on_operation(&org, "cancel_operation", id, &[("reason", "Rain")], &org.founder).await.outcome();
        for (name, value) in [(header::IF_NONE_MATCH, &tag), (header::IF_MODIFIED_SINCE, &date)] {
            let again = get(name, value).await;
            assert_eq!(again.status, StatusCode::OK);
            assert!(again.body.contains("STATUS:CANCELLED\r\n"));
            assert!(again.body.contains("SEQUENCE:1\r\n"));
            assert!(again.body.contains("DESCRIPTION:Cancelled: Rain\\n"));
        }
    }

    async fn other_peoples_code_agrees_on_every_instant(world: World) {
        const WEEKS: i64 = 56;
        let org = world.org("alpha").await;
        let (member, _) = world.claimed(&org, "Smith").await;
        let first = friday(&world).and_hms_opt(20, 0, 0).unwrap();
        for week in 0..WEEKS {
            plan_at(&world, &org, &[], first + Duration::weeks(week), "Europe/Berlin").await;
        }
        let path = feed(&world, &org, &[], &member).await;
        let text = fetch(&world, &org, &path).await.body;
        let rule = format!("FREQ=WEEKLY;COUNT={WEEKS}");
        let start = first.format("%Y-%m-%dT%H:%M:%S").to_string();
        let found = read_by_others(&text, &rule, &start, "Europe/Berlin");
        let events = found["events"].as_array().unwrap();
        let expected = found["expected"].as_array().unwrap();
        assert_eq!(found["zones"], serde_json::json!(["Europe/Berlin"]));
        assert_eq!(events.len(), expected.len(), "something is missing in the feed");
        let mut offsets: Vec<&str> = Vec::new();
        for (event, expected) in events.iter().zip(expected) {
            for way in ["by_block", "by_name", "by_library"] {
                assert_eq!(&event[way], expected, "{way}: the feed names another instant");
            }
            assert_eq!(event["minutes"], 120);
            offsets.push(event["offset"].as_str().unwrap());
        }
        offsets.dedup();
        assert!(offsets.len() >= 3, "both changes of the clocks are in a year: {offsets:?}");

        // The calendar shows what clocks there show.
        for (zone, name) in [("America/New_York", "new_york"), ("Australia/Sydney", "sydney")] {
            let mut shown = Vec::new();
            let mut date = first.date() - Duration::days(1);
            while shown.len() < expected.len() {
                let asked = format!("asked[view]=agenda&asked[date]={date}&asked[zone]={zone}");
                let page = calendar(&world, &org, &asked, &member).await;
                let begins = entries(&page).filter(|entry| entry.part.as_str() != "last");
                shown.extend(begins.map(|entry| format!("{}T{}", entry.date, entry.clock)));
                date = page.next.parse().unwrap();
            }
            let expected: Vec<&str> = expected.iter().map(|one| one[name].as_str().unwrap()).collect();
            assert_eq!(shown, expected, "{zone}");
        }
    }

    async fn other_peoples_code_reads_every_text(world: World) {
        let org = world.org("alpha").await;
        let (member, _) = world.claimed(&org, "Smith").await;
        // No backslash before an n: icalendar 6 takes it for a line break; our own test has that.
        let title = "Überfall; \\x, \"Nacht\" 🎖️🪖: ".to_owned() + &"ä€🦊".repeat(20);
        let place = "Hügel, 3; C:\\server";
        let briefing = "# Plan\n\nMeet, at; the \\gate\\ 🎖️.\n\n- one\n- two\n\n".to_owned() + &"lang ".repeat(300);
        let more = [
            ("operation[title]", title.as_str()),
            ("operation[place]", place),
            ("operation[briefing]", briefing.as_str()),
        ];
        let local = friday(&world).and_hms_opt(20, 0, 0).unwrap();
        let id = plan_at(&world, &org, &more, local, "Australia/Lord_Howe").await;
        let path = feed(&world, &org, &[], &member).await;
        let text = fetch(&world, &org, &path).await.body;
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "a line is longer than 75 octets: {line}");
        }
        let found = read_by_others(&text, "", "", "");
        let event = &found["events"][0];
        assert_eq!(event["summary"], title.trim());
        assert_eq!(event["location"], place);
        assert_eq!(event["status"], "CONFIRMED");
        assert_eq!(event["transparency"], "TRANSPARENT", "who has not answered is free");
        assert_eq!(event["uid"], format!("{id}@{}", crate::support::APEX));
        assert_eq!(event["url"], format!("https://{}/operations/{id}", org.host));
        let description = event["description"].as_str().unwrap();
        let group = world.ctx(&org).await.tenant().unwrap().name.clone();
        let begins = format!("Organised by {group}\n\nPlan\nMeet, at; the \\gate\\ 🎖️.\none\ntwo\nlang lang");
        assert!(description.starts_with(&begins), "{description}");
        assert!(description.ends_with('…') && description.chars().count() < 800);
        assert_eq!(event["by_block"], event["by_name"]);
    }

    async fn moving_keeps_the_local_time(world: World) {
        let org = world.org("alpha").await;
        let (member, _) = world.claimed(&org, "Smith").await;
        // From one side of Berlin's change of clocks to the other.
        let year = world.now().year() + 1;
        let sunday = NaiveDate::from_ymd_opt(year, 3, 31).unwrap();
        let sunday = sunday - Duration::days(i64::from(sunday.weekday().num_days_from_sunday()));
        let friday = sunday - Duration::days(2);
        let local = friday.and_hms_opt(20, 0, 0).unwrap();
        let id = plan_at(&world, &org, &[], local, "Europe/Berlin").await;
        let starts = async || {
            let mut tx = world.state.db.system_read().await.unwrap();
            let (at, revision): (chrono::DateTime<Utc>, i64) = tx
                .one("select starts_at, revision from operation where operation_id = $1", (id,))
                .await
                .unwrap();
            tx.commit().await.unwrap();
            (at.with_timezone(&Tz::Europe__Berlin).naive_local(), revision)
        };
        let (from, monday) = (format!("{friday}T19"), (sunday + Duration::days(1)).to_string());
        let fields = [("from", from.as_str()), ("to", monday.as_str())];
        let moved = world.on_operation(&org, "drop_operation", id, &fields, &org.founder).await;
        assert_eq!(moved.outcome().event.unwrap().kind, EventKind::OperationMoved);
        assert_eq!(starts().await, (local + Duration::days(3), 1), "20:00 stays 20:00");
        let to = format!("{friday}T21");
        let from = format!("{monday}T20");
        let fields = [("from", from.as_str()), ("to", to.as_str())];
        world.on_operation(&org, "drop_operation", id, &fields, &org.founder).await.outcome();
        assert_eq!(starts().await.0, local + Duration::hours(1));

        // The time that the change leaves out is read with the offset before it.
        let date = sunday.to_string();
        let fields = [("date", date.as_str()), ("time", "02:30")];
        world.on_operation(&org, "move_operation", id, &fields, &org.founder).await.outcome();
        let expected = Tz::Europe__Berlin
            .from_local_datetime(&sunday.and_hms_opt(3, 30, 0).unwrap())
            .unwrap()
            .naive_local();
        assert_eq!(starts().await.0, expected);

        // Whoever may not plan is refused, with nothing changed, and told on the page.
        let refused = world.on_operation(&org, "move_operation", id, &fields, &member).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
        let page = world.get(&org.host, &format!("/operations/{id}/move"), &member).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        let path = format!("/api/operations/read_move?id={id}&from={from}&to={monday}");
        let page: MovePage = world.read(&org.host, &path, &org.founder).await.json();
        assert_eq!((page.date, page.time.as_str()), (sunday.to_string(), "03:30"));
        let stale = [("operation_id", id.to_string()), ("version", "1".into()), ("date", date), ("time", "21:00".into())];
        let stale = crate::catalogue::borrow(&stale);
        let refused = world.command(&org.host, "/api/operations/move_operation", &stale, &org.founder).await;
        assert_eq!(refused.error(), AppError::Conflict(ConflictCode::Stale));
        let past = [("date", "2020-01-01"), ("time", "20:00")];
        let refused = world.on_operation(&org, "move_operation", id, &past, &org.founder).await;
        assert!(matches!(refused.error(), AppError::Invalid(_)), "nobody can come to what was");
        world.on_operation(&org, "cancel_operation", id, &[("reason", "Rain")], &org.founder).await.outcome();
        let refused = world.on_operation(&org, "drop_operation", id, &[("from", "2026-03-06"), ("to", "2026-03-07")], &org.founder).await;
        assert!(matches!(refused.error(), AppError::Conflict(ConflictCode::OperationState { .. })));
    }
}
