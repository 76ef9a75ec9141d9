//! Facts as of any instant, of random histories written row by row, against what one would find by
//! leafing through the same rows on paper. And the number of statements that takes.

use super::{facts, rule};
use crate::support::{Org, World, on_both_databases};
use chrono::{Duration, NaiveDate};
use muster::{
    domain::{
        AttendanceStateId, CategoryId, GroupId, LeaveId, MembershipId, OperationId, PlayerId,
        RankId, RoleId,
        criteria::{Facts, Membership, TimeIn, Wants, Window},
        time::Instant,
    },
    features::operations::model::figures::{Mark, sums},
    server::db::Write,
};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

const PEOPLE: usize = 8;
const GROUPS: usize = 5;
const DAYS: u64 = 300;

/// Numbers that are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// So many increasing instants since the beginning, by the hour.
    fn times(&mut self, beginning: Instant, count: u64) -> Vec<Instant> {
        let mut hours: Vec<u64> = (0..count).map(|_| self.below(DAYS * 24)).collect();
        hours.sort_unstable();
        hours.dedup();
        let at = |hour: u64| beginning + Duration::hours(hour.cast_signed());
        hours.into_iter().map(at).collect()
    }
}

#[derive(Clone, Copy)]
struct Span {
    since: Instant,
    until: Option<Instant>,
}

impl Span {
    fn has(self, at: Instant) -> bool {
        self.since <= at && self.until.is_none_or(|until| until > at)
    }
}

/// Spans from each time to the next; the last is open or ends with the last time.
fn spans(times: &[Instant], open: bool) -> Vec<Span> {
    let mut spans: Vec<Span> = times
        .windows(2)
        .map(|pair| Span {
            since: pair[0],
            until: Some(pair[1]),
        })
        .collect();
    if let Some(since) = times.last().filter(|_| open) {
        spans.push(Span {
            since: *since,
            until: None,
        });
    }
    spans
}

/// What was written.
#[derive(Default)]
struct Story {
    people: Vec<PlayerId>,
    groups: Vec<GroupId>,
    roles: Vec<Vec<RoleId>>,
    joined: HashMap<PlayerId, Instant>,
    ranks: Vec<(PlayerId, i64, Span)>,
    /// Whether it is exclusive, too.
    members: Vec<(PlayerId, GroupId, RoleId, bool, Span)>,
    parents: Vec<(GroupId, GroupId, Span)>,
    categories: Vec<CategoryId>,
    marks: Vec<(PlayerId, Option<CategoryId>, Mark)>,
    leaves: Vec<(PlayerId, NaiveDate, Option<NaiveDate>)>,
}

/// Groups and people through their commands; groups 0 and 1 are exclusive.
async fn cast(world: &World, org: &Org) -> Story {
    let root = org.id.root_group();
    let mut story = Story::default();
    for at in 0..GROUPS {
        let group = world.group(org, root, &format!("Group {at}"), at < 2).await;
        story.groups.push(group);
    }
    for at in 0..PEOPLE {
        story
            .people
            .push(world.player(org, &format!("Person {at}")).await);
    }
    let roster = world.roster(org).await;
    for group in &story.groups {
        let roles = roster.roles_of(*group).iter();
        let plural = roles.filter(|role| !role.singular);
        story.roles.push(plural.map(|role| role.role_id).collect());
    }
    story
}

async fn write_ranks(tx: &mut Write, story: &mut Story, dice: &mut Dice, beginning: Instant) {
    let org = tx.org();
    tx.run("delete from rank_holding where org_id = $1", (org,))
        .await
        .unwrap();
    let ranks: Vec<(RankId, i64)> = tx
        .all(
            "select rank_id, level from rank where org_id = $1 and not is_guest",
            (org,),
        )
        .await
        .unwrap();
    for player in story.people.clone() {
        let joined = beginning + Duration::hours(dice.below(48).cast_signed());
        story.joined.insert(player, joined);
        tx.run(
            "update player set joined_at = $3 where org_id = $1 and player_id = $2",
            (org, player, joined),
        )
        .await
        .unwrap();
        let times = dice.times(beginning, 5);
        for span in spans(&times, dice.below(4) > 0) {
            let (rank, level) = dice.pick(&ranks);
            story.ranks.push((player, level, span));
            tx.run(
                "insert into rank_holding (org_id, holding_id, player_id, rank_id, since, until,
                                           rank_name, level)
                 values ($1, $2, $3, $4, $5, $6, '', 0)",
                (org, Uuid::now_v7(), player, rank, span.since, span.until),
            )
            .await
            .unwrap();
        }
    }
}

async fn write_members(tx: &mut Write, story: &mut Story, dice: &mut Dice, beginning: Instant) {
    let org = tx.org();
    for player in story.people.clone() {
        // One exclusive group after the other, now and then the same again; and some others.
        let times = dice.times(beginning, 7);
        for span in spans(&times, dice.below(3) > 0) {
            if dice.below(6) > 0 {
                write_member(tx, story, dice, player, span, 0..2).await;
            }
        }
        for _ in 0..3 {
            let times = dice.times(beginning, 2);
            for span in spans(&times, false) {
                write_member(tx, story, dice, player, span, 2..GROUPS as u64).await;
            }
        }
    }
    tx.run("delete from group_history where org_id = $1", (org,))
        .await
        .unwrap();
    for at in 0..GROUPS {
        let times = [
            vec![beginning - Duration::days(1)],
            dice.times(beginning, 3),
        ]
        .concat();
        for span in spans(&times, true) {
            // Under an earlier one or the root, so that it stays a tree.
            let above = dice.below(at as u64 + 1) as usize;
            let parent = match above {
                0 => org.root_group(),
                above => story.groups[above - 1],
            };
            story.parents.push((story.groups[at], parent, span));
            tx.run(
                "insert into group_history (org_id, group_id, since, until, name, acronym, parent_id)
                 values ($1, $2, $3, $4, '', '', $5)",
                (org, story.groups[at], span.since, span.until, parent),
            )
            .await
            .unwrap();
        }
    }
}

async fn write_member(
    tx: &mut Write,
    story: &mut Story,
    dice: &mut Dice,
    player: PlayerId,
    span: Span,
    groups: std::ops::Range<u64>,
) {
    let at = (groups.start + dice.below(groups.end - groups.start)) as usize;
    let (group, role) = (story.groups[at], dice.pick(&story.roles[at]));
    let exclusive = at < 2;
    story.members.push((player, group, role, exclusive, span));
    let org = tx.org();
    tx.run(
        "insert into membership (org_id, membership_id, player_id, group_id, role_id, exclusive,
             singular, since, until, common_name, group_name, role_name)
         values ($1, $2, $3, $4, $5, $6, false, $7, $8, '', '', '')",
        (
            org,
            MembershipId(Uuid::now_v7()),
            player,
            group,
            role,
            exclusive,
            span.since,
            span.until,
        ),
    )
    .await
    .unwrap();
}

async fn write_attendance(tx: &mut Write, story: &mut Story, dice: &mut Dice, beginning: Instant) {
    let org = tx.org();
    let mut counting = HashMap::new();
    for at in 0..3 {
        let category = CategoryId(Uuid::now_v7());
        let name = format!("category {at}");
        counting.insert(category, at > 0);
        story.categories.push(category);
        tx.run(
            "insert into operation_category (org_id, category_id, name, name_key, counts)
             values ($1, $2, $3, $3, $4)",
            (org, category, name, at > 0),
        )
        .await
        .unwrap();
    }
    let mut states = Vec::new();
    for (at, (credit, excused, counts)) in [
        (100, false, true),
        (50, false, true),
        (50, true, true),
        (0, true, true),
        (0, false, true),
        (100, false, false),
    ]
    .into_iter()
    .enumerate()
    {
        let state = AttendanceStateId(Uuid::now_v7());
        states.push((state, credit, excused, counts));
        tx.run(
            "insert into attendance_state (org_id, state_id, name, name_key, abbreviation, credit,
                                           excused, counts)
             values ($1, $2, $3, $3, '', $4, $5, $6)",
            (
                org,
                state,
                format!("state {at}"),
                i64::from(credit),
                excused,
                counts,
            ),
        )
        .await
        .unwrap();
    }
    for ended_at in dice.times(beginning, 60) {
        let operation = OperationId(Uuid::now_v7());
        let category = match dice.below(4) as usize {
            3 => None,
            at => Some(story.categories[at]),
        };
        let took_place = dice.below(8) > 0;
        let state = if took_place { "done" } else { "cancelled" };
        tx.run(
            "insert into operation (org_id, operation_id, group_id, category_id, title, zone,
                 starts_at, ends_at, state, created_at, changed_at)
             values ($1, $2, $3, $4, '', 'UTC', $5, $6, $7, $5, $5)",
            (
                org,
                operation,
                org.root_group(),
                category,
                ended_at - Duration::hours(2),
                ended_at,
                state.to_owned(),
            ),
        )
        .await
        .unwrap();
        for player in story.people.clone() {
            if dice.below(4) == 0 {
                continue;
            }
            let (state, credit, excused, counts) = dice.pick(&states);
            let mark = Mark {
                ended_at,
                credit,
                excused,
                counts: counts && took_place && category.is_none_or(|category| counting[&category]),
            };
            story.marks.push((player, category, mark));
            tx.run(
                "insert into attendance (org_id, operation_id, player_id, state_id, common_name,
                                         recorded_at)
                 values ($1, $2, $3, $4, '', $5)",
                (org, operation, player, state, ended_at),
            )
            .await
            .unwrap();
        }
    }
}

async fn write_leaves(tx: &mut Write, story: &mut Story, dice: &mut Dice, beginning: Instant) {
    let org = tx.org();
    for player in story.people.clone() {
        for state in ["approved", "pending", "approved", "declined", "withdrawn"] {
            let from = beginning + Duration::days(dice.below(DAYS).cast_signed());
            let from = from.date_naive();
            let until = from + Duration::days(dice.below(30).cast_signed());
            let until = (dice.below(6) > 0).then_some(until);
            if state == "approved" {
                story.leaves.push((player, from, until));
            }
            tx.run(
                "insert into leave_of_absence (org_id, leave_id, player_id, from_day, until_day,
                                               state, asked_at)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                (
                    org,
                    LeaveId(Uuid::now_v7()),
                    player,
                    from.format("%Y-%m-%d").to_string(),
                    until.map(|day| day.format("%Y-%m-%d").to_string()),
                    state.to_owned(),
                    beginning,
                ),
            )
            .await
            .unwrap();
        }
    }
}

impl Story {
    fn wants(&self) -> Wants {
        let mut wants = Wants {
            rank_level: true,
            on_leave: true,
            ..Wants::default()
        };
        wants.time_in.extend(TimeIn::ALL);
        wants.groups.extend(self.groups.iter().copied());
        wants.roles.extend(self.roles.iter().flatten().copied());
        for days in [None, Some(1), Some(30), Some(90)] {
            let categories = self.categories.iter().copied().map(Some);
            for category in categories.chain([None]) {
                wants.attendance.insert(Window { days, category });
            }
        }
        wants
    }

    /// What one finds by leafing through everything for one person.
    fn on_paper(&self, player: PlayerId, wants: &Wants, at: Instant) -> Facts {
        let days = |since: Instant| u32::try_from((at - since).num_days()).unwrap();
        let mut time_in = BTreeMap::new();
        let mine = || self.ranks.iter().filter(|(who, ..)| *who == player);
        let rank = mine().find(|(.., span)| span.has(at));
        if let Some((.., span)) = rank {
            time_in.insert(TimeIn::Rank, days(span.since));
        }
        let had_one = mine().any(|(.., span)| span.since <= at);
        if self.joined[&player] <= at && (rank.is_some() || !had_one) {
            time_in.insert(TimeIn::Service, days(self.joined[&player]));
        }
        let there = |span: &Span| span.has(at);
        let members = self.members.iter().filter(|(who, ..)| *who == player);
        let members: Vec<_> = members.collect();
        let exclusive = members.iter().find(|row| row.3 && there(&row.4));
        let mut since = exclusive.map(|row| row.4.since);
        while let Some(earlier) = members
            .iter()
            .find(|row| row.3 && Some(row.1) == exclusive.map(|now| now.1) && row.4.until == since)
        {
            since = Some(earlier.4.since);
        }
        time_in.insert(TimeIn::Assignment, since.map_or(0, days));
        let now: Vec<_> = members.iter().filter(|row| there(&row.4)).collect();
        let belongs = |group: &GroupId| {
            if now.iter().any(|row| row.1 == *group) {
                Membership::Member
            } else if now.iter().any(|row| self.is_below(row.1, *group, at)) {
                Membership::Below
            } else {
                Membership::No
            }
        };
        let berlin = at.with_timezone(&chrono_tz::Europe::Berlin).date_naive();
        Facts {
            attendance: wants
                .attendance
                .iter()
                .map(|window| (*window, self.sums(player, *window, at)))
                .collect(),
            time_in,
            rank_level: rank.map(|(_, level, _)| *level),
            groups: wants
                .groups
                .iter()
                .map(|group| (*group, belongs(group)))
                .collect(),
            roles: wants
                .roles
                .iter()
                .map(|role| (*role, now.iter().any(|row| row.2 == *role)))
                .collect(),
            on_leave: Some(self.leaves.iter().any(|(who, from, until)| {
                *who == player && *from <= berlin && until.is_none_or(|until| until >= berlin)
            })),
            ..Facts::default()
        }
    }

    fn sums(
        &self,
        player: PlayerId,
        window: Window,
        at: Instant,
    ) -> muster::domain::criteria::Attendance {
        let marks = self.marks.iter().filter(|(who, category, _)| {
            *who == player && (window.category.is_none() || *category == window.category)
        });
        let marks: Vec<Mark> = marks.map(|(.., mark)| *mark).collect();
        sums(&marks, window.days, at)
    }

    fn is_below(&self, group: GroupId, above: GroupId, at: Instant) -> bool {
        let parent = self
            .parents
            .iter()
            .find(|(below, _, span)| *below == group && span.has(at))
            .map(|(_, parent, _)| *parent);
        parent.is_some_and(|parent| parent == above || self.is_below(parent, above, at))
    }
}

on_both_databases! {
    async fn facts_are_those_of_any_day_in_the_past(world: World) {
        for seed in 0..3 {
            let org = world.org(&format!("org{seed}")).await;
            let mut story = cast(&world, &org).await;
            let mut dice = Dice(seed);
            let beginning = world.minute() - Duration::days(DAYS.cast_signed());
            let ctx = world.ctx(&org).await;
            let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
            write_ranks(&mut tx, &mut story, &mut dice, beginning).await;
            write_members(&mut tx, &mut story, &mut dice, beginning).await;
            write_attendance(&mut tx, &mut story, &mut dice, beginning).await;
            write_leaves(&mut tx, &mut story, &mut dice, beginning).await;
            muster::server::events::commit(tx, &world.state.hub).await.unwrap();
            let wants = story.wants();
            let mut dates = dice.times(beginning, 12);
            // Where something begins or ends, to the second.
            dates.extend(story.members.iter().take(4).map(|row| row.4.since));
            dates.extend(story.marks.iter().step_by(97).map(|(.., mark)| mark.ended_at));
            dates.push(world.minute());
            for at in dates {
                let all = facts(&world, &org, &wants, None, at).await;
                for player in &story.people {
                    let expected = story.on_paper(*player, &wants, at);
                    assert_eq!(
                        all[player], expected,
                        "seed {seed}, {player} as of {at}: the loader (left) and the rows disagree"
                    );
                }
                let some = [story.people[5], story.people[1]];
                let loaded = facts(&world, &org, &wants, Some(&some), at).await;
                assert_eq!(loaded.len(), 2, "asked for two players");
                for player in some {
                    assert_eq!(loaded[&player], all[&player], "alone and among all");
                }
            }
            assert!(facts(&world, &org, &wants, Some(&[]), world.now()).await.is_empty());
        }
    }

    async fn a_rule_takes_the_same_statements_for_any_number_of_people(world: World) {
        let rule = rule(json!({"all": [
            {"attended_percent": 70, "days": 90}, {"attended_count": 3},
            {"time_in": "rank", "days": 1}, {"time_in": "service", "days": 1},
            {"time_in": "assignment", "days": 1}, {"rank_level": 1},
            {"member_of": Uuid::now_v7().to_string()}, {"role": Uuid::now_v7().to_string()},
            {"not": {"on_leave": true}},
        ]}));
        let mut costs = Vec::new();
        for (slug, people) in [("small", 3), ("large", 60)] {
            let org = world.org(slug).await;
            for at in 0..people {
                world.player(&org, &format!("Person {at}")).await;
            }
            let before = world.state.db.statements();
            let ctx = world.ctx(&org).await;
            let reading = world.state.db.statements() - before;
            let before = world.state.db.statements();
            let all = facts(&world, &org, &rule.wants(), None, world.now()).await;
            let cost = world.state.db.statements() - before - reading;
            assert_eq!(all.len(), people + 1, "everybody, and the founder of {:?}", ctx.actor.player);
            costs.push(cost);
        }
        // People, ranks, assignments, memberships, groups, leave, two windows; and on PostgreSQL
        // the name of the tenant.
        assert_eq!(costs[0], costs[1], "statements must not depend on people");
        assert!(costs[0] <= 9, "{} statements for eight kinds of facts", costs[0]);
    }
}
