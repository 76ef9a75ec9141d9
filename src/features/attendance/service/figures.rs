//! Figures (§9.7): of people, groups and categories, in one statement for a whole Org.

use super::states::module_is_on;
use crate::{
    domain::{GroupId, PlayerId, access::Action},
    features::{
        attendance::{
            access::members_only,
            model::{
                Sums,
                pages::{By, FigureLine, FiguresPage, PersonEntry, PersonPage},
            },
            store,
        },
        operations,
        roster::{self, model::is_gone, read_model::Roster},
    },
    server::{Ctx, Result, db::Read},
};
use std::{collections::HashMap, sync::Arc};

/// People on a page.
const PAGE: usize = 200;
/// Entries that a person's part shows, at most.
const ENTRIES: i64 = 10;

/// What is asked of the page of figures.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// What it is about.
    pub by: By,
    /// Part of a name.
    pub text: String,
    /// Those of this group and of groups below it.
    pub group: Option<GroupId>,
    /// Lines before the first.
    pub from: u32,
}

/// The figures of people, groups or categories.
///
/// # Errors
/// The Org has no operations, or the actor is no member.
pub async fn read_figures(ctx: &Ctx, asked: Asked) -> Result<FiguresPage> {
    module_is_on(ctx)?;
    members_only(ctx)?;
    let roster = roster::service::roster_now(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let mut lines = match asked.by {
        By::People => people(&mut tx, ctx, &roster, asked.group).await?,
        By::Groups => groups(&mut tx, ctx, &roster, asked.group).await?,
        By::Categories => categories(&mut tx, ctx).await?,
    };
    tx.done().await?;
    let wanted = asked.text.trim().to_lowercase();
    lines.retain(|line| line.name.to_lowercase().contains(&wanted));
    let from = asked.from as usize;
    let next = (lines.len() > from + PAGE).then_some((from + PAGE) as u32);
    let visible = roster::service::visible_groups(ctx, &roster);
    let shown = roster.groups.iter().filter(|group| visible.has(group.id));
    let own_eyes = ctx.actor.looker.is_none();
    Ok(FiguresPage {
        by: asked.by,
        text: asked.text,
        group: asked.group,
        groups: shown.map(roster::service::group_choice).collect(),
        lines: lines.into_iter().skip(from).take(PAGE).collect(),
        from: asked.from,
        next,
        may_review: own_eyes && ctx.actor.may(Action::RecordAttendance).is_ok(),
    })
}

/// Those who belong here, by name; who attended nothing has no figures, which is said, too.
async fn people(
    tx: &mut Read,
    ctx: &Ctx,
    roster: &Roster,
    group: Option<GroupId>,
) -> Result<Vec<FigureLine>> {
    let sums: HashMap<PlayerId, Sums> = store::figures::by_player(tx, ctx.now)
        .await?
        .into_iter()
        .collect();
    let visible = roster::service::visible_groups(ctx, roster);
    let below = |within: GroupId, of: GroupId| roster.path(of).contains(&within);
    let line = |player: &roster::read_model::Player| {
        let id = player.player_id;
        let groups = roster.groups_of(id);
        let mut seen = groups.iter().filter(|group| visible.has(**group));
        if group.is_some_and(|within| !seen.any(|of| below(within, *of))) {
            return None;
        }
        let own = roster.exclusive_of(id).map(|(_, group)| group);
        let own = own.filter(|group| visible.has(*group));
        let own = own.and_then(|group| roster.group(group));
        Some(FigureLine {
            name: player.common_name.clone(),
            href: Some(format!("/players/{id}")),
            meta: own.map(|group| group.name.clone()).unwrap_or_default(),
            mark: None,
            sums: sums.get(&id).copied().unwrap_or_default(),
        })
    };
    let here = roster
        .players
        .iter()
        .filter(|player| !is_gone(&player.standing));
    Ok(here.filter_map(line).collect())
}

/// Groups with those below them, in command order; entries count for the group of then. What
/// belongs to a group that the viewer does not see is added to nothing.
async fn groups(
    tx: &mut Read,
    ctx: &Ctx,
    roster: &Roster,
    within: Option<GroupId>,
) -> Result<Vec<FigureLine>> {
    let visible = roster::service::visible_groups(ctx, roster);
    let mut sums: HashMap<GroupId, Sums> = HashMap::new();
    for (group, own) in store::figures::by_group(tx, ctx.now).await? {
        if visible.has(group) {
            for above in roster.path(group) {
                let sum = sums.entry(above).or_default();
                *sum = sum.plus(own);
            }
        }
    }
    let shown = roster.groups.iter().filter(|group| {
        let inside = within.is_none_or(|within| roster.path(group.id).contains(&within));
        visible.has(group.id) && inside
    });
    let line = |group: &roster::read_model::Group| FigureLine {
        name: group.name.clone(),
        href: Some(format!("/groups/{}", group.id)),
        meta: group.ident.clone(),
        mark: None,
        sums: sums.get(&group.id).copied().unwrap_or_default(),
    };
    Ok(shown.map(line).collect())
}

/// Categories in their order; those that do not count, and those without operations, are left out.
async fn categories(tx: &mut Read, ctx: &Ctx) -> Result<Vec<FigureLine>> {
    let sums = store::figures::by_category(tx, ctx.now).await?;
    let marks = operations::service::category_marks(tx).await?;
    let line = |mark: operations::model::pages::CategoryMark| {
        let (_, sums) = sums.iter().find(|(id, _)| *id == mark.id)?;
        Some(FigureLine {
            name: mark.name.clone(),
            href: None,
            meta: String::new(),
            mark: Some(mark),
            sums: Sums { missed: 0, ..*sums },
        })
    };
    Ok(marks.into_iter().filter_map(line).collect())
}

/// A person's part: their figures, and the latest operations that the viewer sees; none for
/// visitors, and where there are no operations.
///
/// # Errors
/// When the database fails.
pub async fn person(
    tx: &mut Read,
    ctx: &Ctx,
    roster: &Arc<Roster>,
    player: PlayerId,
) -> Result<Option<PersonPage>> {
    if module_is_on(ctx).is_err() || members_only(ctx).is_err() {
        return Ok(None);
    }
    let eyes = operations::service::Eyes::of(ctx, roster.clone());
    let visible = roster::service::visible_groups(ctx, roster);
    let sums = store::figures::of_player(tx, ctx.now, player).await?;
    let rows = store::figures::latest(tx, player, ENTRIES).await?;
    let entry = |row: store::figures::LatestRow| PersonEntry {
        operation: row.operation_id,
        title: row.title,
        at: row.starts_at,
        state: row.state,
        tone: row.tone,
        group: row
            .credited
            .filter(|group| visible.has(*group))
            .map(|_| row.credited_name)
            .unwrap_or_default(),
    };
    let seen = |row: &store::figures::LatestRow| eyes.sees(row.group_id, row.shown());
    Ok(Some(PersonPage {
        sums,
        entries: rows.into_iter().filter(seen).map(entry).collect(),
    }))
}
