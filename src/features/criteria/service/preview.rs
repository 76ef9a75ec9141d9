//! Who would pass a rule, before anything depends on it (§7.2).

use super::{choices, facts_of, names_of};
use crate::{
    domain::{
        AppError,
        access::{Action, Missing},
        criteria::{Criterion, Explanation, Thing, Told, evaluate},
    },
    features::{
        criteria::model::{
            PAGE, Person, PreviewPage, RuleRow,
            rows::{read_rows, rows_of},
        },
        operations,
        roster::{self, model::is_gone},
    },
    server::{Ctx, Result, flash},
};

/// Name of the rows' field on the page.
const FIELD: &str = "rows";

/// Everybody whom the actor sees, judged by a rule that is given as JSON or as the rows of a form.
/// Of a group that the actor does not see nothing is known here, so that nobody can find out who is
/// in it.
///
/// # Errors
/// The actor plans no operations, what was typed is no rule, or the database fails.
pub async fn read_preview(
    ctx: &Ctx,
    json: &str,
    rows: Vec<RuleRow>,
    shows_met: bool,
    page: u32,
) -> Result<PreviewPage> {
    let eyes = operations::service::eyes(ctx).await?;
    may_preview(ctx, &eyes)?;
    let roster = eyes.roster();
    let visible = roster::service::visible_groups(ctx, roster);
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let mut shown = PreviewPage {
        choices: choices(&mut tx, ctx, roster).await?,
        rows,
        shows_met,
        ..PreviewPage::default()
    };
    let rule = if shown.rows.is_empty() {
        Criterion::parse(json).map_err(|error| shown.problem = Some(error.to_string()))
    } else {
        read_rows(&shown.rows, FIELD, &shown.choices).map_err(|error| match error {
            AppError::Invalid(errors) => shown.errors = errors,
            _ => shown.problem = Some(String::new()),
        })
    };
    let Ok(rule) = rule else {
        tx.done().await?;
        return Ok(shown);
    };
    let names = names_of(&mut tx, ctx, roster, [&rule]).await?;
    let mut wants = rule.wants();
    wants.groups.retain(|id| names.has(Thing::Group(*id)));
    wants.roles.retain(|id| names.has(Thing::Role(*id)));
    let facts = facts_of(&mut tx, ctx, &wants, None, ctx.now).await?;
    tx.done().await?;

    let told = |explanation: &Explanation| -> Told { explanation.told(&|thing| names.of(thing)) };
    let seen = roster::service::shown_players(ctx, roster, &visible);
    let mut people = Vec::new();
    for player in &roster.players {
        let hidden = seen
            .as_ref()
            .is_some_and(|seen| !seen.contains(&player.player_id));
        let Some(facts) = facts.get(&player.player_id) else {
            continue;
        };
        if hidden || is_gone(&player.standing) {
            continue;
        }
        let explanation = evaluate(&rule, facts);
        if explanation.met() {
            shown.met += 1;
        } else {
            shown.unmet += 1;
        }
        if explanation.met() == shows_met {
            people.push((player, explanation));
        }
    }
    people.sort_by_cached_key(|(player, _)| (player.common_name.to_lowercase(), player.player_id));
    let pages = people.len().div_ceil(PAGE).max(1);
    let at = usize::try_from(page).unwrap_or(0).min(pages - 1);
    let here = people.iter().skip(at * PAGE).take(PAGE);
    shown.people = here
        .map(|(player, explanation)| Person {
            id: player.player_id,
            name: player.common_name.clone(),
            told: told(explanation),
        })
        .collect();
    shown.page = u32::try_from(at).unwrap_or_default();
    shown.pages = u32::try_from(pages).unwrap_or(u32::MAX);
    shown.demand = rule.demand(&|thing| names.of(thing));
    shown.rule = flash::encode_query(&rule.to_json().to_string());
    shown.rows = rows_of(&rule, &shown.choices);
    Ok(shown)
}

/// Rules are tried out by those who write them: planners, also of a single group, and those who
/// configure operations.
fn may_preview(ctx: &Ctx, eyes: &operations::service::Eyes) -> Result<()> {
    let groups = eyes.roster().groups.iter().map(|group| group.id);
    let mut groups = eyes.roster().root().into_iter().chain(groups);
    let plans = groups.any(|group| eyes.may(Action::PlanOperations, group));
    if plans || ctx.actor.may(Action::ConfigureOperations).is_ok() {
        Ok(())
    } else {
        Err(ctx.refuse(Missing::Access(Action::PlanOperations)))
    }
}
