//! Criteria at work (§7): facts of people as of any instant, and who would qualify.

mod histories;
mod preview;

use crate::support::{Org, World, on_both_databases};
use muster::{
    domain::{
        PlayerId,
        criteria::{Criterion, Facts, Thing, Verdict, Wants, evaluate},
        time::Instant,
    },
    features::{
        criteria::service::{facts_of, names_of},
        roster::service::roster_now,
    },
    server::Ctx,
};
use serde_json::{Value, json};
use std::collections::HashMap;

fn rule(value: Value) -> Criterion {
    Criterion::from_json(&value).unwrap()
}

/// Facts of these players or of everybody.
async fn facts(
    world: &World,
    org: &Org,
    wants: &Wants,
    players: Option<&[PlayerId]>,
    as_of: Instant,
) -> HashMap<PlayerId, Facts> {
    let ctx = world.ctx(org).await;
    let mut tx = world.state.db.read(ctx.tenant().unwrap()).await.unwrap();
    let facts = facts_of(&mut tx, &ctx, wants, players, as_of)
        .await
        .unwrap();
    tx.done().await.unwrap();
    facts
}

async fn verdict(world: &World, org: &Org, value: Value, player: PlayerId) -> Verdict {
    let rule = rule(value);
    let facts = facts(world, org, &rule.wants(), Some(&[player]), world.now()).await;
    evaluate(&rule, &facts[&player]).verdict
}

async fn named(world: &World, ctx: &Ctx, rule: &Criterion) -> Vec<(Thing, Option<String>)> {
    let roster = roster_now(ctx).await.unwrap();
    let mut tx = world.state.db.read(ctx.tenant().unwrap()).await.unwrap();
    let names = names_of(&mut tx, ctx, &roster, [rule]).await.unwrap();
    tx.done().await.unwrap();
    let things = rule.facts().into_iter().filter_map(|fact| fact.thing());
    things.map(|thing| (thing, names.of(thing))).collect()
}

on_both_databases! {
    async fn what_is_not_kept_opens_no_gate_not_even_under_not(world: World) {
        let org = world.org("apple").await;
        let player = world.player(&org, "Smith").await;
        let id = "0190a5b0-0000-7000-8000-000000000001";
        for fact in [
            json!({"qualification": id}), json!({"award": id}), json!({"key": id, "total": 1}),
            json!({"points": -5, "pool": id}), json!({"no_reprimand_days": 1}),
        ] {
            let not = json!({"not": fact.clone()});
            for rule in [fact, not] {
                let verdict = verdict(&world, &org, rule.clone(), player).await;
                assert_eq!(verdict, Verdict::Unknown, "{rule}: what has no rows must stay unknown");
            }
        }
    }

    async fn who_left_has_neither_rank_nor_service_and_has_them_again_when_back(world: World) {
        let org = world.org("apple").await;
        let player = world.player(&org, "Smith").await;
        world.wait(chrono::Duration::days(10));
        let serves = json!({"all": [{"time_in": "service", "days": 5}, {"rank_level": 0}]});
        assert_eq!(verdict(&world, &org, serves.clone(), player).await, Verdict::Met);
        let then = world.now();
        let id = player.to_string();
        let fields = [("player_id", id.as_str()), ("reason", "Test"), ("ban", "false")];
        world.command(&org.host, "/api/roster/kick_player", &fields, &org.founder).await.outcome();
        assert_eq!(verdict(&world, &org, serves.clone(), player).await, Verdict::Unknown);
        let wants = rule(serves.clone()).wants();
        let before = &facts(&world, &org, &wants, Some(&[player]), then).await[&player];
        assert_eq!(evaluate(&rule(serves.clone()), before).verdict, Verdict::Met, "as of before");
        world.wait(chrono::Duration::days(1));
        let fields = [("player_id", id.as_str())];
        world
            .command(&org.host, "/api/roster/reinstate_player", &fields, &org.founder)
            .await
            .outcome();
        assert_eq!(verdict(&world, &org, serves, player).await, Verdict::Met);
    }

    async fn ids_of_another_organisation_find_nothing(world: World) {
        let (apple, orange) = (world.org("apple").await, world.org("orange").await);
        let group = world.group(&orange, orange.id.root_group(), "Orange Alpha", true).await;
        let theirs = world.player(&orange, "Orange Smith").await;
        world.place(&orange, theirs, group, None, &orange.founder).await.outcome();
        let ours = world.player(&apple, "Smith").await;
        let role = world.roster(&orange).await.roles_of(group)[0].role_id;
        let rule = rule(json!({"any": [
            {"member_of": group.to_string(), "or_below": true}, {"role": role.to_string()},
        ]}));
        let wants = rule.wants();
        let now = world.now();
        let found = facts(&world, &apple, &wants, None, now).await;
        assert!(found.contains_key(&ours) && !found.contains_key(&theirs));
        for facts in found.values() {
            assert_eq!(evaluate(&rule, facts).verdict, Verdict::Unmet);
        }
        let found = facts(&world, &apple, &wants, Some(&[theirs]), now).await;
        assert_eq!(found, HashMap::new(), "a player of another Org must not be found");
        for (thing, name) in named(&world, &world.ctx(&apple).await, &rule).await {
            assert_eq!(name, None, "{thing:?} of another Org must have no name here");
        }
    }

    async fn names_of_private_groups_are_for_those_who_see_them(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        let secret = world.group_with(&org, root, "Secret", false, "private", "closed").await;
        let open = world.group(&org, root, "Open", false).await;
        let (member, _) = world.claimed(&org, "Member").await;
        let (insider, inside) = world.claimed(&org, "Insider").await;
        world.place(&org, inside, secret, None, &org.founder).await.outcome();
        let role = world.roster(&org).await.roles_of(secret)[0].clone();
        let rule = rule(json!({"all": [
            {"member_of": secret.to_string()}, {"role": role.role_id.to_string()},
            {"member_of": open.to_string()}, {"rank_level": 0},
        ]}));
        let names = |caller| {
            let (world, org, rule) = (world.clone(), org.clone(), rule.clone());
            async move {
                let named = named(&world, &world.ctx_of(&org, &caller).await, &rule).await;
                named.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
            }
        };
        let seen = names(insider).await;
        let of_secret = format!("{} of Secret", role.name);
        assert_eq!(seen[..3], [Some("Secret".into()), Some(of_secret), Some("Open".into())]);
        assert!(seen[3].is_some(), "the lowest rank of level 0 has a name");
        let hidden = names(member).await;
        assert_eq!(hidden[..3], [None, None, Some("Open".into())]);
    }
}
