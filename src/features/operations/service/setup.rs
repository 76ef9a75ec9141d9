//! What operations are planned with: categories, campaigns, templates, and the form of an operation
//! filled from them.

use super::{Eyes, finish, reading, shape_of, times};
use crate::{
    domain::{
        AppError, CampaignId, CategoryId, ConflictCode, FieldProblem, OperationId, TemplateId,
        access::{Action, Granted, Target, decide},
        event::{EventData, EventKind, EventLine, Outcome},
        time::{Instant, iso_date},
    },
    features::{
        operations::{
            access::{visible_operation, with_operations},
            input::{self, CategoryFields, OperationFields, RepeatFields, Source, typed_length},
            model::{
                OperationShape, limits,
                pages::{
                    CampaignLine, CategoryLine, CategoryMark, Editing, OperationFormPage,
                    SetupPage, TemplateLine,
                },
            },
            store::{self, operations::Operation},
        },
        roster,
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
        events::{self, NewEvent},
        tenancy,
    },
};
use chrono::{Duration, NaiveDateTime};
use chrono_tz::Tz;
use uuid::Uuid;

/// Decides to set operations up, with facts of the transaction.
async fn configuring(tx: &mut Read, ctx: &Ctx) -> Result<Granted> {
    with_operations(ctx)?;
    let facts = tenancy::facts(tx, ctx).await?;
    decide(&facts, Action::ConfigureOperations, Target::Org).map_err(|missing| ctx.refuse(missing))
}

/// Everything that operations are set up with, for those who may change it.
///
/// # Errors
/// A missing grant.
pub async fn read_setup(ctx: &Ctx) -> Result<SetupPage> {
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    configuring(&mut tx, ctx).await?;
    let categories = store::setup::categories(&mut tx).await?;
    let campaigns = store::setup::campaigns(&mut tx).await?;
    let templates = store::setup::templates(&mut tx).await?;
    tx.done().await?;
    let categories = categories.into_iter().filter(|row| !row.deleted);
    let category = |row: store::setup::CategoryRow| CategoryLine {
        mark: CategoryMark {
            id: row.category_id,
            name: row.name,
            hue: row.hue,
            mark: row.mark,
        },
        counts: row.counts,
        version: row.version,
    };
    let campaign = |row: store::setup::CampaignRow| CampaignLine {
        id: row.campaign_id,
        name: row.name,
        description: row.description,
        ended_at: row.ended_at,
        version: row.version,
    };
    let template = |row: store::setup::TemplateRow| {
        let shape = row.shape();
        let length = crate::features::operations::model::length(shape.minutes);
        let billets = match shape.billets() {
            0 => String::new(),
            1 => ", 1 billet".to_owned(),
            count => format!(", {count} billets"),
        };
        TemplateLine {
            id: row.template_id,
            name: row.name,
            what: format!("{}, {length}{billets}", shape.title),
            version: row.version,
        }
    };
    Ok(SetupPage {
        categories: categories.map(category).collect(),
        campaigns: campaigns.into_iter().map(campaign).collect(),
        templates: templates.into_iter().map(template).collect(),
    })
}

/// Writes an event about what operations are set up with.
async fn tell(tx: &mut Write, ctx: &Ctx, kind: EventKind, what: String) -> Result<EventLine> {
    let data = EventData {
        after: Some(what),
        ..EventData::default()
    };
    events::append(tx, ctx, NewEvent::new(kind, data)).await
}

/// Too many of a thing to choose from.
fn full(field: &str) -> Failure {
    AppError::field(field, FieldProblem::OutOfRange).into()
}

/// Adds a category.
///
/// # Errors
/// Invalid or taken fields, or a missing grant.
pub async fn create_category(ctx: &Ctx, fields: CategoryFields) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    configuring(&mut tx, ctx).await?;
    let fields = fields.validate()?;
    let rows = store::setup::categories(&mut tx).await?;
    if rows.iter().filter(|row| !row.deleted).count() >= limits::SETUP {
        return Err(full("category[name]"));
    }
    let id = CategoryId(Uuid::now_v7());
    store::setup::insert_category(&mut tx, id, &fields).await?;
    let what = format!("Added the category {}", fields.name);
    let line = tell(&mut tx, ctx, EventKind::CategoryEdited, what).await?;
    finish(ctx, tx, line).await
}

/// Changes a category.
///
/// # Errors
/// Invalid or taken fields, a missing grant, or somebody was faster.
pub async fn edit_category(
    ctx: &Ctx,
    id: CategoryId,
    version: i64,
    fields: CategoryFields,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    configuring(&mut tx, ctx).await?;
    let fields = fields.validate()?;
    known_category(&mut tx, id).await?;
    if !store::setup::update_category(&mut tx, id, version, &fields).await? {
        return Err(ConflictCode::Stale.into());
    }
    let what = format!("Changed the category {}", fields.name);
    let line = tell(&mut tx, ctx, EventKind::CategoryEdited, what).await?;
    finish(ctx, tx, line).await
}

/// Deletes a category; operations that have it keep it.
///
/// # Errors
/// A missing grant, or somebody was faster.
pub async fn delete_category(ctx: &Ctx, id: CategoryId, version: i64) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    configuring(&mut tx, ctx).await?;
    let name = known_category(&mut tx, id).await?;
    if !store::setup::delete_category(&mut tx, id, version, ctx.now).await? {
        return Err(ConflictCode::Stale.into());
    }
    let what = format!("Deleted the category {name}");
    let line = tell(&mut tx, ctx, EventKind::CategoryEdited, what).await?;
    finish(ctx, tx, line).await
}

/// The name of a category that there is.
async fn known_category(tx: &mut Read, id: CategoryId) -> Result<String> {
    let rows = store::setup::categories(tx).await?;
    let mut live = rows.into_iter().filter(|row| !row.deleted);
    let row = live.find(|row| row.category_id == id);
    row.map(|row| row.name)
        .ok_or(Failure::App(AppError::NotFound))
}

/// Adds a campaign.
///
/// # Errors
/// Invalid or taken fields, or a missing grant.
pub async fn create_campaign(ctx: &Ctx, name: &str, description: &str) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    configuring(&mut tx, ctx).await?;
    let fields = input::campaign(name, description)?;
    let (_, line) = create_campaign_in(&mut tx, ctx, fields).await?;
    finish(ctx, tx, line).await
}

/// Adds a campaign of a checked name and description; whether the actor may is decided by whoever
/// calls.
///
/// # Errors
/// There are too many, or the name is taken.
pub async fn create_campaign_in(
    tx: &mut Write,
    ctx: &Ctx,
    fields: (String, String),
) -> Result<(CampaignId, EventLine)> {
    let rows = store::setup::campaigns(tx).await?;
    let going_on = rows.iter().filter(|row| row.ended_at.is_none());
    if going_on.count() >= limits::SETUP {
        return Err(full("name"));
    }
    let what = format!("Began the campaign {}", fields.0);
    let id = CampaignId(Uuid::now_v7());
    store::setup::insert_campaign(tx, id, fields).await?;
    let line = tell(tx, ctx, EventKind::CampaignEdited, what).await?;
    Ok((id, line))
}

/// Changes a campaign.
///
/// # Errors
/// Invalid or taken fields, a missing grant, or somebody was faster.
pub async fn edit_campaign(
    ctx: &Ctx,
    id: CampaignId,
    version: i64,
    name: &str,
    description: &str,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    configuring(&mut tx, ctx).await?;
    let fields = input::campaign(name, description)?;
    known_campaign(&mut tx, id).await?;
    let what = format!("Changed the campaign {}", fields.0);
    if !store::setup::update_campaign(&mut tx, id, version, fields).await? {
        return Err(ConflictCode::Stale.into());
    }
    let line = tell(&mut tx, ctx, EventKind::CampaignEdited, what).await?;
    finish(ctx, tx, line).await
}

/// Ends a campaign, or lets it go on.
///
/// # Errors
/// A missing grant, or somebody was faster.
pub async fn end_campaign(ctx: &Ctx, id: CampaignId, version: i64, ended: bool) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    configuring(&mut tx, ctx).await?;
    let name = known_campaign(&mut tx, id).await?;
    let at = ended.then_some(ctx.now);
    if !store::setup::end_campaign(&mut tx, id, version, at).await? {
        return Err(ConflictCode::Stale.into());
    }
    let what = match ended {
        true => format!("Ended the campaign {name}"),
        false => format!("The campaign {name} goes on"),
    };
    let line = tell(&mut tx, ctx, EventKind::CampaignEdited, what).await?;
    finish(ctx, tx, line).await
}

async fn known_campaign(tx: &mut Read, id: CampaignId) -> Result<String> {
    let name = store::setup::campaign_name(tx, id).await?;
    name.ok_or(Failure::App(AppError::NotFound))
}

/// Keeps the shape of an operation as a template.
///
/// # Errors
/// An invalid or taken name, a missing grant, or no such operation for the actor.
pub async fn save_template(ctx: &Ctx, id: OperationId, name: &str) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let operation = visible_operation(&mut tx, ctx, id).await?;
    configuring(&mut tx, ctx).await?;
    let name = input::template_name(name)?;
    if store::setup::templates(&mut tx).await?.len() >= limits::SETUP {
        return Err(full("name"));
    }
    let shape = shape_of(&mut tx, &operation).await?;
    let template = TemplateId(Uuid::now_v7());
    store::setup::insert_template(&mut tx, template, &name, &shape, ctx.now).await?;
    let what = format!("Saved the template {name}");
    let line = tell(&mut tx, ctx, EventKind::TemplateEdited, what).await?;
    finish(ctx, tx, line).await
}

/// Deletes a template.
///
/// # Errors
/// A missing grant, or somebody was faster.
pub async fn delete_template(ctx: &Ctx, id: TemplateId, version: i64) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    configuring(&mut tx, ctx).await?;
    let row = store::setup::template(&mut tx, id).await?;
    if !store::setup::delete_template(&mut tx, id, version).await? {
        return Err(ConflictCode::Stale.into());
    }
    let what = format!("Deleted the template {}", row.name);
    let line = tell(&mut tx, ctx, EventKind::TemplateEdited, what).await?;
    finish(ctx, tx, line).await
}

/// What a new operation begins with, its billets above all.
pub(super) async fn shape_of_source(
    tx: &mut Read,
    ctx: &Ctx,
    source: Source,
) -> Result<OperationShape> {
    match source {
        Source::Blank => Ok(OperationShape::default()),
        Source::Operation(id) => {
            let operation = visible_operation(tx, ctx, id).await?;
            shape_of(tx, &operation).await
        }
        Source::Template(id) => Ok(store::setup::template(tx, id).await?.shape()),
    }
}

/// The form of an operation: to change one, or for a new one that begins from a source; `last` is
/// the one that the actor planned last.
///
/// # Errors
/// The actor may plan nowhere, or not this one.
pub async fn read_operation_form(
    ctx: &Ctx,
    editing: Option<OperationId>,
    source: &str,
) -> Result<OperationFormPage> {
    let eyes = reading::eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let mut page = match editing {
        Some(id) => form_of(&mut tx, ctx, &eyes, id).await?,
        None => new_form(&mut tx, ctx, &eyes, source).await?,
    };
    let categories = store::setup::categories(&mut tx).await?;
    let campaigns = store::setup::campaigns(&mut tx).await?;
    tx.done().await?;
    let chosen = page.fields.category_id.clone();
    page.categories = categories
        .into_iter()
        .filter(|row| !row.deleted || row.category_id.to_string() == chosen)
        .map(|row| (row.category_id, row.name))
        .collect();
    let chosen = page.fields.campaign_id.clone();
    page.campaigns = campaigns
        .into_iter()
        .filter(|row| row.ended_at.is_none() || row.campaign_id.to_string() == chosen)
        .map(|row| (row.campaign_id, row.name))
        .collect();
    page.zones = times::zones().map(ToOwned::to_owned).collect();
    if !page.zones.contains(&page.fields.zone) {
        page.zones.insert(0, page.fields.zone.clone());
    }
    Ok(page)
}

async fn form_of(
    tx: &mut Read,
    ctx: &Ctx,
    eyes: &Eyes,
    id: OperationId,
) -> Result<OperationFormPage> {
    let operation = reading::seen(tx, eyes, id).await?;
    let path = eyes.roster().path(operation.group_id);
    let facts = roster::service::facts(ctx, eyes.roster());
    let decided = decide(&facts, Action::PlanOperations, Target::Group(&path));
    decided.map_err(|missing| ctx.refuse(missing))?;
    let zone = times::zone(&operation.zone);
    let starts = times::local_of(operation.starts_at, zone);
    let repeat = match operation.series_id {
        Some(series) => RepeatFields::of_rule(&store::series::get(tx, series).await?.rule),
        None => RepeatFields::default(),
    };
    Ok(OperationFormPage {
        fields: fields_of(&operation.shape(), zone, starts),
        repeat,
        editing: Some(Editing {
            id,
            version: operation.version,
            title: operation.title.clone(),
            in_series: operation.series_id.is_some(),
            unpublished: operation.state.is_unpublished(),
            group: operation.group_name.clone(),
        }),
        ..OperationFormPage::default()
    })
}

async fn new_form(
    tx: &mut Read,
    ctx: &Ctx,
    eyes: &Eyes,
    source: &str,
) -> Result<OperationFormPage> {
    let groups = groups_to_plan(eyes, &ctx.tenant()?.name);
    if groups.is_empty() {
        let path: Vec<_> = eyes.roster().root().into_iter().collect();
        let facts = roster::service::facts(ctx, eyes.roster());
        decide(&facts, Action::PlanOperations, Target::Group(&path))
            .map_err(|missing| ctx.refuse(missing))?;
    }
    let of_org = times::zone(&ctx.tenant()?.time_zone);
    let begins = begins_from(tx, ctx, eyes, source).await?;
    let (source, shape, group, zone, starts) = match begins {
        Begins::Operation(operation) => {
            let zone = times::zone(&operation.zone);
            let starts = again(times::local_of(operation.starts_at, zone), zone, ctx.now);
            let source = Source::Operation(operation.operation_id);
            let shape = shape_of(tx, &operation).await?;
            (source, shape, Some(operation.group_id), zone, starts)
        }
        Begins::Template(id, shape) => (
            Source::Template(id),
            *shape,
            None,
            of_org,
            tomorrow(of_org, ctx.now),
        ),
        Begins::Blank => {
            let shape = OperationShape {
                minutes: 120,
                remind_before: vec![1440],
                ..OperationShape::default()
            };
            (
                Source::Blank,
                shape,
                None,
                of_org,
                tomorrow(of_org, ctx.now),
            )
        }
    };
    let templates = store::setup::templates(tx).await?;
    let may_plan = |group: &crate::domain::GroupId| groups.iter().any(|known| known.id == *group);
    Ok(OperationFormPage {
        group: group
            .filter(may_plan)
            .or(groups.first().map(|group| group.id)),
        groups,
        templates: templates
            .into_iter()
            .map(|row| (row.template_id, row.name))
            .collect(),
        source: (source.text(), shape.billets() as i64),
        fields: fields_of(&shape, zone, starts),
        ..OperationFormPage::default()
    })
}

/// What a new form begins from.
enum Begins {
    Blank,
    Operation(Box<Operation>),
    Template(TemplateId, Box<OperationShape>),
}

async fn begins_from(tx: &mut Read, ctx: &Ctx, eyes: &Eyes, source: &str) -> Result<Begins> {
    if source == "last" {
        let own = ctx.actor.player.as_ref().map(|(player, _)| *player);
        let rows = store::operations::latest(tx, own, 1).await?;
        let seen = rows.into_iter().find(|row| eyes.sees_operation(row));
        return Ok(seen.map_or(Begins::Blank, |row| Begins::Operation(Box::new(row))));
    }
    Ok(match Source::read(source)? {
        Source::Blank => Begins::Blank,
        Source::Operation(id) => Begins::Operation(Box::new(reading::seen(tx, eyes, id).await?)),
        Source::Template(id) => {
            let row = store::setup::template(tx, id).await?;
            Begins::Template(id, Box::new(row.shape()))
        }
    })
}

/// The groups of which these eyes may plan operations, the whole organisation first.
fn groups_to_plan(eyes: &Eyes, org: &str) -> Vec<roster::model::pages::GroupChoice> {
    let may = |group| {
        let onlooker = eyes.onlooker(group);
        onlooker.plans && onlooker.sees_group
    };
    let root = eyes.roster().root().filter(|root| may(*root));
    let root = root.map(|id| roster::model::pages::GroupChoice {
        id,
        name: org.to_owned(),
        ident: String::new(),
        depth: 0,
    });
    let groups = eyes.roster().groups.iter().filter(|group| may(group.id));
    root.into_iter()
        .chain(groups.map(roster::service::group_choice))
        .collect()
}

/// A shape as it stands in the form.
fn fields_of(shape: &OperationShape, zone: Tz, starts: NaiveDateTime) -> OperationFields {
    let id = |id: Option<String>| id.unwrap_or_default();
    OperationFields {
        title: shape.title.clone(),
        category_id: id(shape.category.map(|id| id.to_string())),
        campaign_id: id(shape.campaign.map(|id| id.to_string())),
        audience: shape.audience.0.as_str().to_owned(),
        date: iso_date(starts.date()),
        time: starts.format("%H:%M").to_string(),
        length: typed_length(shape.minutes),
        zone: zone.name().to_owned(),
        place: shape.place.clone(),
        briefing: shape.briefing.clone(),
        capacity: shape
            .capacity
            .map(|count| count.to_string())
            .unwrap_or_default(),
        answer_before: shape
            .answer_before
            .map(|minutes| minutes.to_string())
            .unwrap_or_default(),
        remind: shape.remind_before.clone(),
    }
}

/// Eight in the evening of the day after this.
fn tomorrow(zone: Tz, now: Instant) -> NaiveDateTime {
    let day = times::local_of(now, zone).date() + Duration::days(1);
    day.and_hms_opt(20, 0, 0).unwrap_or_default()
}

/// The same day of the week and time of day, when it comes next.
fn again(was: NaiveDateTime, zone: Tz, now: Instant) -> NaiveDateTime {
    let now = times::local_of(now, zone);
    let weeks = ((now - was).num_weeks() + 1).max(1);
    was + Duration::weeks(weeks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_comes_on_the_same_day_of_the_week() {
        let was: NaiveDateTime = "2026-03-06T20:00:00".parse().expect("a local time");
        for (now, next) in [
            ("2026-03-01T12:00:00Z", "2026-03-13T20:00:00"),
            ("2026-03-06T21:00:00Z", "2026-03-13T20:00:00"),
            ("2026-03-13T20:30:00Z", "2026-03-20T20:00:00"),
            ("2026-06-01T00:00:00Z", "2026-06-05T20:00:00"),
        ] {
            let expected: NaiveDateTime = next.parse().expect("a local time");
            assert_eq!(again(was, Tz::UTC, times::utc(now)), expected, "{now}");
        }
    }
}
