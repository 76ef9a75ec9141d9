//! What the demo's company does together: a campaign, its operation on Saturdays for twelve weeks
//! back and half a year ahead, and a training of those who fly.

use crate::{
    domain::{GroupId, event::EventData, time::Instant},
    features::operations::{
        model::{Audience, Held, OperationShape, ShapeBillet, ShapeSection, shape},
        service::{self, Plan, recurrence::instant_of},
    },
    server::{Ctx, Result, db::Write},
};
use chrono::{Datelike, Duration, NaiveTime, Weekday};
use chrono_tz::Tz;

/// For how many weeks the company has met.
const WEEKS: i64 = 12;

/// Plans everything, what was as well: the log tells of it as of today, because it is in order of
/// time and the year's history is in it already.
pub(super) async fn plan_operations(
    tx: &mut Write,
    ctx: &Ctx,
    company: GroupId,
    flyers: GroupId,
) -> Result<()> {
    let (campaign, _) = service::create_campaign_in(
        tx,
        ctx,
        (
            "Northern Shield".to_owned(),
            "Holding the coast until spring.".to_owned(),
        ),
    )
    .await?;
    let categories = service::categories(tx).await?;
    let category = |name: &str| {
        let found = categories.iter().find(|row| row.name == name);
        found.map(|row| row.category_id)
    };
    let saturdays = OperationShape {
        title: "Operation Northern Shield".into(),
        category: category("Operation"),
        campaign: Some(campaign),
        briefing: BRIEFING.into(),
        place: "Server 1, password on the board".into(),
        minutes: 150,
        capacity: Some(30),
        self_service: true,
        remind_before: vec![1440, 60],
        answer_before: Some(60),
        publish_before: Some(shape::AT_ONCE),
        sections: sections(),
        ..OperationShape::default()
    };
    let first = at_eight(ctx.now - Duration::weeks(WEEKS), Weekday::Sat);
    let plan = Plan {
        group: company,
        zone: Tz::UTC,
        starts_at: first,
        shape: saturdays,
        publish_at: Some(ctx.now),
        series: None,
    };
    service::plan_series(tx, ctx, plan, "FREQ=WEEKLY;BYDAY=SA").await?;
    let training = OperationShape {
        title: "Formation flying".into(),
        category: category("Training"),
        briefing: "Pairs, then fours. Bring a **headset** and fuel for an hour.".into(),
        place: "Airfield".into(),
        minutes: 90,
        audience: shape::ShapeAudience(Audience::Group),
        ..OperationShape::default()
    };
    for (days, publish) in [(-10, true), (4, true), (18, false)] {
        let plan = Plan {
            group: flyers,
            zone: Tz::UTC,
            starts_at: at_eight(ctx.now + Duration::days(days), Weekday::Wed),
            shape: training.clone(),
            publish_at: publish.then_some(ctx.now),
            series: None,
        };
        service::plan_in(tx, ctx, plan, EventData::default()).await?;
    }
    Ok(())
}

/// Eight in the evening of the first such day of the week after an instant.
fn at_eight(from: Instant, weekday: Weekday) -> Instant {
    let days = (1..=7).map(|days| from.date_naive() + Duration::days(days));
    let day = days.into_iter().find(|day| day.weekday() == weekday);
    let evening = NaiveTime::from_hms_opt(20, 0, 0).unwrap_or_default();
    let day = day.unwrap_or_else(|| from.date_naive());
    instant_of(Tz::UTC, day.and_time(evening))
}

const BRIEFING: &str = "# Situation\n\nThe coast road is open again. **Anvil** takes the bridge and \
    holds it; **Hammer** screens to the north.\n\n# Tasks\n\n- Form up at 19:50\n- Radio check on \
    40.0\n- No vehicles beyond the bridge\n";

fn sections() -> Vec<ShapeSection> {
    let billet = |title: &str| ShapeBillet {
        title: title.to_owned(),
        ..ShapeBillet::default()
    };
    let squad = |name: &str| ShapeSection {
        name: name.to_owned(),
        billets: [
            "Squad leader",
            "Medic",
            "Rifleman",
            "Rifleman",
            "Gunner",
            "Anti-tank",
        ]
        .map(billet)
        .into(),
    };
    let command = ShapeSection {
        name: "Command".into(),
        billets: vec![
            ShapeBillet {
                held: Held::Reserved,
                held_note: "For the company commander".into(),
                ..billet("Commander")
            },
            billet("Signaller"),
        ],
    };
    let aircrew = ShapeSection {
        name: "Aircrew".into(),
        billets: vec![billet("Pilot"), billet("Co-pilot"), billet("Crew chief")],
    };
    vec![command, squad("Anvil"), squad("Hammer"), aircrew]
}
