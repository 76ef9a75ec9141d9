//! Importing (§19.1): real data, counted again by other code than the program's.

use crate::{
    catalogue::upload,
    support::{Org, World, on_both_databases, row_counts},
};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use muster::{
    domain::AppError,
    features::{
        roster::service::roster_as_of,
        transfer_data::{
            input::{Choices, Upload, Uploads},
            model::{
                Report,
                pages::{RunPage, RunState},
            },
            service::{Imported, run_import},
        },
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

/// Used where the real data is not at hand.
const GROUPS: &str = "group,parent,kind,description,founded,retired
core,,team,The core,2018-11-04T00:00:00Z,
lang,core,team,\"Language, syntax\",2018-11-04T00:00:00Z,
old,core,working-group,,2018-11-04T00:00:00Z,2019-03-01T00:00:00Z
";
const MEMBERS: &str = "player,group,role,since,until
Ann,core,lead,2018-11-04T21:28:43+01:00,
Ann,lang,member,2019-05-31T23:00:00-04:00,
Bob,lang,lead,2018-11-05T00:00:00Z,2019-06-01T10:00:00Z
Bob,lang,member,2019-06-01T10:00:00Z,
Cid,old,member,2018-11-05T00:00:00Z,2019-03-01T00:00:00Z
cid,lang,member,2019-01-01T00:00:00Z,
";

/// The real organisation, or the small one.
fn data() -> (String, String) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/rust-teams");
    let read = |name: &str| std::fs::read_to_string(folder.join(name));
    match (read("groups.csv"), read("memberships.csv")) {
        (Ok(groups), Ok(members)) => (groups, members),
        _ => (GROUPS.to_owned(), MEMBERS.to_owned()),
    }
}

/// Rows of a CSV file by column name: RFC 4180 in twenty lines, apart from the program's parser.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut table: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let record = table.last_mut().unwrap();
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                record.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(String::new()),
            '\n' if !quoted => table.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => record.last_mut().unwrap().push(other),
        }
    }
    table.retain(|record| record.len() > 1);
    let header = table.remove(0);
    table
        .into_iter()
        .map(|record| header.iter().cloned().zip(record).collect())
        .collect()
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    (!text.is_empty()).then(|| {
        text.parse::<DateTime<chrono::FixedOffset>>()
            .unwrap()
            .to_utc()
    })
}

fn uploads(groups: &str, members: &str) -> Arc<Uploads> {
    let file = |name: &str, text: &str| Upload {
        name: name.into(),
        bytes: text.as_bytes().to_vec(),
    };
    Arc::new(Uploads {
        groups: file("groups.csv", groups),
        memberships: file("memberships.csv", members),
        players: None,
    })
}

async fn import(
    world: &World,
    org: &Org,
    files: &Arc<Uploads>,
    dry: bool,
    merge: bool,
) -> Imported {
    let choices = Choices {
        merge_case: merge,
        ..Choices::default()
    };
    run_import(
        &world.ctx(org).await,
        files.clone(),
        &choices,
        dry,
        |_, _| (),
    )
    .await
    .unwrap()
}

fn without_dry(report: &Report) -> Report {
    Report {
        dry_run: false,
        ..report.clone()
    }
}

async fn seq(world: &World, org: &Org) -> i64 {
    world.ctx(org).await.tenant().unwrap().seq
}

on_both_databases! {
    async fn a_whole_organisation_comes_in(world: World) {
        let org = world.org("rust").await;
        let (groups, members) = data();
        let files = uploads(&groups, &members);
        let (group_rows, member_rows) = (rows(&groups), rows(&members));
        let people: BTreeSet<String> =
            member_rows.iter().map(|row| row["player"].to_lowercase()).collect();
        // The dry run gives the same counts and writes nothing.
        let before = row_counts(&world).await;
        let dry = import(&world, &org, &files, true, true).await;
        assert_eq!(before, row_counts(&world).await, "a dry run has written something");
        assert!(dry.report.dry_run && dry.refused.is_none());
        let started = std::time::Instant::now();
        let real = import(&world, &org, &files, false, true).await;
        println!("imported {} intervals in {:?}", member_rows.len(), started.elapsed());
        assert_eq!(without_dry(&dry.report), without_dry(&real.report));
        let report = &real.report;
        assert_eq!(report.groups.created as usize, group_rows.len(), "groups: {:?}", report.groups);
        assert_eq!(report.players.created as usize, people.len(), "people: {:?}", report.players);
        let rows_told = report.memberships.created + report.memberships.unchanged + report.memberships.skipped;
        assert_eq!(rows_told as usize, member_rows.len(), "{:?}", report.memberships);
        assert_eq!(report.memberships.skipped, 0, "{:#?}", report.problems);
        if group_rows.len() > 200 {
            assert_eq!((group_rows.len(), people.len(), member_rows.len()), (261, 735, 2443));
        }
        // Those who are in the roster now.
        let open: BTreeSet<(String, String)> = member_rows
            .iter()
            .filter(|row| row["until"].is_empty())
            .map(|row| (row["group"].clone(), row["player"].to_lowercase()))
            .collect();
        let retired: BTreeSet<&String> = group_rows
            .iter()
            .filter(|row| !row["retired"].is_empty())
            .map(|row| &row["group"])
            .collect();
        let roster = world.roster(&org).await;
        let shown: BTreeSet<(String, String)> = roster
            .groups
            .iter()
            .flat_map(|group| {
                let members = roster.members_of(group.id);
                members.iter().map(|member| (group.name.clone(), member.common_name.to_lowercase()))
            })
            .collect();
        let expected: BTreeSet<(String, String)> =
            open.into_iter().filter(|(group, _)| !retired.contains(group)).collect();
        assert_eq!(shown, expected, "the roster now");
        // Again: nothing changes, not even the log.
        let (before, newest) = (row_counts(&world).await, seq(&world, &org).await);
        let again = import(&world, &org, &files, false, true).await.report;
        for counts in [again.groups, again.players, again.memberships, again.roles] {
            assert_eq!((counts.created, counts.updated, counts.skipped), (0, 0, 0), "{again:?}");
        }
        assert_eq!(before, row_counts(&world).await, "importing again has changed something");
        assert_eq!(newest, seq(&world, &org).await);
    }

    async fn the_past_is_what_the_file_says(world: World) {
        let org = world.org("rust").await;
        let (groups, members) = data();
        import(&world, &org, &uploads(&groups, &members), false, true).await;
        let ctx = world.ctx(&org).await;
        for day in ["2019-06-01", "2018-11-04", "2020-02-29", "2023-12-31"] {
            let end = time(&format!("{day}T00:00:00Z")).unwrap() + chrono::Duration::days(1);
            let there = |row: &BTreeMap<String, String>, from: &str, to: &str| {
                time(&row[from]).is_some_and(|at| at < end) && time(&row[to]).is_none_or(|at| at >= end)
            };
            let alive: BTreeSet<String> = rows(&groups)
                .iter()
                .filter(|row| there(row, "founded", "retired"))
                .map(|row| row["group"].clone())
                .collect();
            let expected: BTreeSet<(String, String, String)> = rows(&members)
                .iter()
                .filter(|row| there(row, "since", "until") && alive.contains(&row["group"]))
                .map(|row| (row["group"].clone(), row["player"].to_lowercase(), row["role"].to_lowercase()))
                .collect();
            let roster = roster_as_of(&ctx, day).await.unwrap();
            let shown_groups: BTreeSet<String> =
                roster.groups.iter().map(|group| group.name.clone()).collect();
            let missing: Vec<_> = alive.difference(&shown_groups).collect();
            let extra: Vec<_> = shown_groups.difference(&alive).collect();
            assert!(missing.is_empty() && extra.is_empty(), "groups on {day}: missing {missing:?}, too many {extra:?}");
            let shown: BTreeSet<(String, String, String)> = roster
                .groups
                .iter()
                .flat_map(|group| {
                    roster.members_of(group.id).iter().map(|member| {
                        (group.name.clone(), member.common_name.to_lowercase(), member.role_name.to_lowercase())
                    })
                })
                .collect();
            let missing: Vec<_> = expected.difference(&shown).collect();
            let extra: Vec<_> = shown.difference(&expected).collect();
            assert!(
                missing.is_empty() && extra.is_empty(),
                "the roster of {day}: {} people shown; missing {missing:?}, too many {extra:?}",
                shown.len()
            );
            println!("{day}: {} groups, {} posts", shown_groups.len(), shown.len());
        }
    }

    async fn without_merging_handles_stay_apart(world: World) {
        let org = world.org("rust").await;
        let (groups, members) = data();
        let report = import(&world, &org, &uploads(&groups, &members), false, false).await.report;
        let people: BTreeSet<String> = rows(&members).iter().map(|row| row["player"].clone()).collect();
        assert_eq!(report.players.created as usize, people.len());
        let similar = report.problems.iter().any(|problem| problem.code.as_str() == "similar_names");
        assert!(similar, "handles that differ only in case are reported");
    }

    async fn bad_rows_are_named_and_the_rest_comes_in(world: World) {
        let org = world.org("apple").await;
        let groups = "group,parent,colour\nAlpha,,red\nBravo,Nowhere,red\nCharlie,Delta,\nDelta,Charlie,\n,,\n";
        let members = "player,group,role,since,until
Ann,Alpha,member,2020-01-01T00:00:00Z,
Bob,Zulu,member,,
Cid,Alpha,member,2021-01-01T00:00:00Z,2020-01-01T00:00:00Z
Dan,Alpha,member,yesterday,
Eve,Alpha,member,2020-01-01T00:00:00Z,2020-06-01T00:00:00Z
Eve,Alpha,member,2020-03-01T00:00:00Z,2020-09-01T00:00:00Z
";
        let files = uploads(groups, members);
        let report = import(&world, &org, &files, false, false).await.report;
        let codes: BTreeSet<(u32, &str)> =
            report.problems.iter().map(|problem| (problem.line, problem.code.as_str())).collect();
        for (line, code) in [
            (1, "unknown_column"), (3, "unknown_parent"), (4, "parent_cycle"), (5, "parent_cycle"),
            (3, "unknown_group"), (4, "reversed_interval"), (5, "bad_date"), (7, "overlapping_intervals"),
        ] {
            assert!(codes.contains(&(line, code)), "{code} at line {line} is not reported: {codes:?}");
        }
        let roster = world.roster(&org).await;
        let names: Vec<&str> = roster.groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["Alpha"]);
        assert_eq!(roster.members_of(roster.groups[0].id).len(), 1, "Ann alone is in it now");
        // All or nothing, when asked.
        let other = world.org("pear").await;
        let before = row_counts(&world).await;
        let strict = Choices { strict: true, ..Choices::default() };
        let ctx = world.ctx(&other).await;
        let refused = run_import(&ctx, files, &strict, false, |_, _| ()).await.unwrap();
        assert!(refused.refused.is_some());
        assert_eq!(before, row_counts(&world).await, "a refused import has written something");
    }

    async fn files_that_are_no_tables_write_nothing(world: World) {
        let org = world.org("apple").await;
        let junk = |bytes: Vec<u8>| {
            Arc::new(Uploads {
                groups: Upload { name: "g.csv".into(), bytes },
                memberships: Upload { name: "m.csv".into(), bytes: b"player,group,role\n".to_vec() },
                players: None,
            })
        };
        let before = row_counts(&world).await;
        for bytes in [
            Vec::new(),
            b"\xff\xfe\x00g".to_vec(),
            b"nothing\nto see\n".to_vec(),
            b"group,group\na,b\n".to_vec(),
            b"\0\0\0\0".to_vec(),
            b"\x89PNG\r\n\x1a\n".to_vec(),
            vec![b'"'; 100_000],
            vec![b'a'; 17 * 1024 * 1024],
        ] {
            let start = bytes.iter().take(8).copied().collect::<Vec<u8>>();
            let files = junk(bytes);
            let imported = import(&world, &org, &files, false, false).await;
            assert!(!imported.report.problems.is_empty(), "{start:?} has no problem");
            assert_eq!(before, row_counts(&world).await, "{start:?} has written something");
        }
    }

    async fn the_page_imports_like_the_command(world: World) {
        let org = world.org("apple").await;
        let answer = upload(&world, &org, GROUPS, MEMBERS, &org.founder).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        let page = answer.location().to_owned();
        let id = page.rsplit('/').next().unwrap().to_owned();
        let read = || async {
            let path = format!("/api/transfer_data/read_import?import_id={id}");
            world.read(&org.host, &path, &org.founder).await.json::<RunPage>()
        };
        let checked = read().await;
        assert_eq!(checked.state, RunState::Checked);
        assert!(world.roster(&org).await.groups.is_empty(), "checking writes nothing");
        let counts = checked.counts.clone();
        let start = || async {
            let path = "/api/transfer_data/start_import";
            world.command(&org.host, path, &[("import_id", &id)], &org.founder).await
        };
        start().await.outcome();
        let mut done = read().await;
        for _ in 0..200 {
            if done.state != RunState::Running {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
            done = read().await;
        }
        assert_eq!(done.state, RunState::Done);
        assert_eq!(done.counts, counts, "the import wrote other counts than the check announced");
        assert_eq!(world.roster(&org).await.groups.len(), 2, "core and lang live");
        assert!(matches!(start().await.error(), AppError::Conflict(_)), "a run is done once");
        let report = world.get(&org.host, &format!("{page}/report.csv"), &org.founder).await;
        assert_eq!(report.status, StatusCode::OK);
        assert!(report.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert!(report.body.lines().next().unwrap().contains("line"));
    }
}
