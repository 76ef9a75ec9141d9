//! What it costs to judge everybody by one rule (§7.3), after a year of operations.

use crate::{
    SIZES, TIMES, median,
    site::{Org, Site},
    step,
    table::Table,
};
use muster::{
    domain::criteria::{Criterion, evaluate},
    features::criteria::service::facts_of,
    server::events,
};

/// A rule that asks for every kind of fact that there is.
const RULE: &str = r#"{"all": [
    {"attended_percent": 60, "days": 90}, {"attended_count": 10}, {"rank_level": 1},
    {"time_in": "rank", "days": 30}, {"time_in": "service", "days": 30},
    {"time_in": "assignment", "days": 30}, {"not": {"on_leave": true}},
    {"member_of": "ORG", "or_below": true}
]}"#;

/// One operation a week, and what became of it for everybody.
async fn attend(site: &Site, org: &Org) {
    let ctx = site.ctx_of(org).await;
    let tenant = ctx.tenant().unwrap();
    let mut tx = ctx.state.db.write(tenant).await.unwrap();
    for week in 1..=52 {
        let ended = ctx.now - chrono::Duration::weeks(week);
        let begun = ended - chrono::Duration::hours(2);
        tx.run(
            "insert into operation (org_id, operation_id, group_id, title, zone, starts_at, ends_at,
                                    state, created_at, changed_at)
             values ($1, randomblob(16), $1, 'Weekly', 'UTC', $2, $3, 'done', $2, $2)",
            (tenant.id(), begun, ended),
        )
        .await
        .unwrap();
    }
    tx.run(
        "insert into attendance (org_id, operation_id, player_id, state_id, common_name, recorded_at)
         select p.org_id, o.operation_id, p.player_id, s.state_id, p.common_name, o.ends_at
           from player p
           join operation o on o.org_id = p.org_id
           join attendance_state s on s.org_id = p.org_id and s.used_for = 'present'
          where p.org_id = $1",
        (tenant.id(),),
    )
    .await
    .unwrap();
    events::commit(tx, &ctx.state.hub).await.unwrap();
}

/// Everybody, judged; how many pass.
async fn judge(site: &Site, org: &Org) -> usize {
    let ctx = site.ctx_of(org).await;
    let tenant = ctx.tenant().unwrap();
    let rule = Criterion::parse(&RULE.replace("ORG", &tenant.id().to_string())).unwrap();
    let mut tx = ctx.state.db.read(tenant).await.unwrap();
    let facts = facts_of(&mut tx, &ctx, &rule.wants(), None, ctx.now)
        .await
        .unwrap();
    tx.done().await.unwrap();
    let verdicts = facts.values().map(|facts| evaluate(&rule, facts));
    verdicts.filter(|explanation| explanation.met()).count()
}

/// Measures one rule for Orgs of every size.
pub(crate) async fn rules(table: &mut Table, site: &Site) {
    step("criteria");
    let (mut times, mut statements) = (Vec::new(), Vec::new());
    for (people, _) in SIZES {
        let org = site.org(people);
        attend(site, org).await;
        statements.push(site.statements_of(judge(site, org)).await);
        let mut each = Vec::new();
        for _ in 0..TIMES / 3 {
            each.push(site.time(judge(site, org)).await);
        }
        times.push(median(each));
    }
    table.line(
        "One rule of eight facts for 50 / 500 / 5,000 people, 52 operations each".into(),
        format!("{:.1} / {:.1} / {:.0} ms", times[0], times[1], times[2]),
        "< 1 s",
        times[2] < 1_000.0,
    );
    table.line(
        "Statements for that".into(),
        format!("{statements:?}"),
        "the same",
        statements.iter().all(|count| *count == statements[0]),
    );
}
