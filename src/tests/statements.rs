//! Pages and commands take a fixed number of statements, whatever the size of the Org. `begin` and
//! `commit` are not counted; on PostgreSQL naming the tenant is one statement more for each
//! transaction.

use crate::support::{Caller, Org, Planned, World, on_both_databases};
use axum::{
    body::Body,
    http::{StatusCode, header},
};
use muster::{
    domain::{GroupId, PlayerId, access::Action},
    features::transfer_data::{
        input::{Choices, Upload, Uploads},
        service::run_import,
    },
};
use std::{fmt::Write as _, sync::Arc};

/// An Org with so many people in so many groups, each leading group above the next ten.
async fn filled(world: &World, slug: &str, people: usize, groups: usize) -> Org {
    let org = world.org(slug).await;
    let mut group_rows = "group,parent\n".to_owned();
    let mut member_rows = "player,group,role\n".to_owned();
    for at in 0..groups {
        let parent = if at < 10 {
            String::new()
        } else {
            format!("Group {}", at % 10)
        };
        writeln!(group_rows, "Group {at},{parent}").unwrap();
    }
    for at in 0..people {
        let role = if at < groups { "leader" } else { "member" };
        writeln!(member_rows, "Person {at},Group {},{role}", at % groups).unwrap();
    }
    let file = |name: &str, text: String| Upload {
        name: name.into(),
        bytes: text.into_bytes(),
    };
    let uploads = Uploads {
        groups: file("groups.csv", group_rows),
        memberships: file("memberships.csv", member_rows),
        players: None,
    };
    let ctx = world.ctx(&org).await;
    let imported = run_import(
        &ctx,
        Arc::new(uploads),
        &Choices::default(),
        false,
        |_, _| (),
    )
    .await
    .unwrap();
    assert_eq!(
        imported.report.memberships.created as usize, people,
        "{:?}",
        imported.report
    );
    org
}

/// Statements that a page takes.
async fn cost(world: &World, org: &Org, path: &str, caller: &Caller) -> u64 {
    let request = world.request("GET", &org.host, path, caller).await;
    let request = request
        .header(header::ACCEPT, "text/html")
        .body(Body::empty())
        .unwrap();
    let before = world.state.db.statements();
    let answer = world.send(request).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    world.state.db.statements() - before
}

/// Writes an event, so that nothing kept in memory counts any more.
async fn chill(world: &World, org: &Org) {
    let name = format!("Newcomer {}", world.ctx(org).await.tenant().unwrap().seq);
    world.player(org, &name).await;
}

/// Who asked is kept for a moment and until something is written. A test counts without it, or it
/// would depend on the machine's speed.
async fn forget_who_asked(world: &World) {
    world
        .state
        .db
        .system()
        .await
        .unwrap()
        .commit()
        .await
        .unwrap();
}

async fn first_of(world: &World, org: &Org) -> (GroupId, PlayerId) {
    let roster = world.roster(org).await;
    let group = roster.groups[0].id;
    (group, roster.members_of(group)[0].player_id)
}

on_both_databases! {
    async fn pages_take_a_fixed_number_of_statements(world: World) {
        let small = filled(&world, "small", 10, 3).await;
        let large = filled(&world, "large", 500, 60).await;
        let sheets = [world.operation(&small).await, world.operation(&large).await];
        world.wait(chrono::Duration::days(4));
        let mut operations = Vec::new();
        for (org, count) in [(&small, 2), (&large, 30)] {
            let planned = Planned { audience: "public", ..Planned::default() };
            let first = world.operation_with(org, &planned).await;
            for _ in 1..count {
                world.operation_with(org, &planned).await;
            }
            operations.push(first);
        }
        let mut table = String::new();
        let mut failures = Vec::new();
        for name in [
            "/operations", "operation",
            "/roster", "/roster?view=table", "/roster?edit=1", "/roster?as_of=2020-01-01",
            "/roster?filter=Person", "group", "player", "/log", "/search?q=Person", "/access",
            "player's access", "/settings",
            "/attendance", "/attendance?by=groups", "sheet",
            "/criteria/preview?rule=%7B%22any%22:[%7B%22rank_level%22:9%7D,%7B%22on_leave%22:true%7D]%7D",
        ] {
            let mut costs = Vec::new();
            for (at, org) in [&small, &large].into_iter().enumerate() {
                let operation = operations[at];
                let (group, player) = first_of(&world, org).await;
                let path = match name {
                    "operation" => format!("/operations/{operation}"),
                    "group" => format!("/groups/{group}"),
                    "player" => format!("/players/{player}"),
                    "sheet" => format!("/operations/{}/attendance", sheets[at]),
                    "player's access" => format!("/players/{player}/access"),
                    other => other.to_owned(),
                };
                for caller in [&Caller::default(), &org.founder] {
                    let members_only = [
                        "/roster?edit=1", "/log", "/access", "player's access", "/settings",
                        "/attendance", "/attendance?by=groups", "sheet",
                    ];
                    let members_only = members_only.contains(&name) || name.starts_with("/criteria");
                    if caller.user.is_none() && members_only {
                        continue;
                    }
                    chill(&world, org).await;
                    let cold = cost(&world, org, &path, caller).await;
                    forget_who_asked(&world).await;
                    let warm = cost(&world, org, &path, caller).await;
                    costs.push((cold, warm));
                }
            }
            let (few, many) = costs.split_at(costs.len() / 2);
            writeln!(table, "{name:<28} 10 people {few:?}, 500 people {many:?}").unwrap();
            if few != many || costs.iter().any(|(cold, warm)| *cold > 30 || *warm > 15 || warm > cold) {
                failures.push(name);
            }
            if name == "/roster" && costs.iter().any(|(_, warm)| *warm > 2) {
                failures.push("/roster, warm");
            }
        }
        println!("statements (cold, warm) for strangers and founders:\n{table}");
        assert!(
            failures.is_empty(),
            "{failures:?} take more statements for more people, or too many at all; read sets, not \
             rows one by one:\n{table}"
        );
    }

    async fn placing_many_into_a_private_group_reads_the_roster_once(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let (officer, player) = world.claimed(&org, "Officer").await;
        world.rank(&org, player, 50, [Action::AssignMembers].into_iter().collect()).await;
        let mut costs = Vec::new();
        for visibility in ["public", "private"] {
            let group = world.group_with(&org, root, visibility, true, visibility, "closed").await;
            // The officer sees the private group because of this one, which is beside every path.
            let below = world.group(&org, group, &format!("Below {visibility}"), false).await;
            world.place(&org, player, below, None, &org.founder).await.outcome();
            let mut body = format!("group_id={group}");
            for at in 0..20 {
                let player = world.player(&org, &format!("Person {at} {visibility}")).await;
                write!(body, "&players[{at}]={player}").unwrap();
            }
            let request = world
                .request("POST", &org.host, "/api/roster/place_players", &officer)
                .await
                .header(header::ACCEPT, "application/json")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .unwrap();
            forget_who_asked(&world).await;
            let before = world.state.db.statements();
            world.send(request).await.outcome();
            costs.push(world.state.db.statements() - before);
        }
        println!("statements of placing 20 people, public and private: {costs:?}");
        assert!(
            costs[1] <= costs[0] + 15,
            "placing 20 people takes {} statements in a public group and {} in a private one: ask \
             whether a group shows once for each group, not once for each person",
            costs[0], costs[1]
        );
    }

    async fn a_transfer_takes_a_fixed_number_of_statements(world: World) {
        let mut costs = Vec::new();
        for (slug, people, groups) in [("small", 10, 3), ("large", 500, 60)] {
            let org = filled(&world, slug, people, groups).await;
            let root = org.id.root_group();
            let from = world.group(&org, root, "From", true).await;
            let to = world.group(&org, root, "To", true).await;
            let smith = world.player(&org, "Smith").await;
            world.place(&org, smith, from, None, &org.founder).await.outcome();
            let expected = world.roster(&org).await.exclusive_of(smith).unwrap().0;
            let body = format!("player_id={smith}&group_id={to}&role_id=&expected={expected}");
            let request = world
                .request("POST", &org.host, "/api/roster/place_player", &org.founder)
                .await
                .header(header::ACCEPT, "application/json")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .unwrap();
            forget_who_asked(&world).await;
            let before = world.state.db.statements();
            world.send(request).await.outcome();
            costs.push(world.state.db.statements() - before);
        }
        println!("statements of a transfer: {costs:?}");
        assert_eq!(costs[0], costs[1], "a transfer must cost the same in every Org");
        assert!(costs[0] <= 16, "a transfer takes {} statements", costs[0]);
    }
}
