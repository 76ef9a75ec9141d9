//! Suggesting who should be in which open billet (§9.5): a preview with reasons, then one command.
//!
//! Only people who come, have a place and no billet are put anywhere; whoever has a billet stays.
//! What is applied is reckoned again inside of the transaction: if it is not what was looked at, it is
//! refused.

use super::{
    answers::takes_answers, billet_pages::Board, billets::Undo, event_of, eyes, finish, head,
    reading::seen, suggest::suggest,
};
use crate::{
    domain::{
        AppError, BilletId, ConflictCode, FieldProblem, OperationId, PlayerId,
        access::Action,
        criteria::Criterion,
        event::{EventData, EventKind, Outcome},
    },
    features::{
        operations::{
            access::{Eyes, operation_for_write},
            model::{
                FilledBy, Held,
                answers::{SuggestedLine, SuggestionPage},
                suggestion::{self, Billet, Candidate, Input, Left, Suggestion, Weights, limits},
            },
            store::{answers, billets, operations::Operation, suggestions},
        },
        roster::{self, read_model::Roster},
    },
    server::{Ctx, Failure, Result, db::Read, events, token},
};
use std::collections::{HashMap, HashSet};

/// Reads weights as they were typed.
///
/// # Errors
/// One that is too great.
pub fn weights(preference: u8, qualification: u8, fairness: u8) -> Result<Weights> {
    let typed = [
        ("preference", preference),
        ("qualification", qualification),
        ("fairness", fairness),
    ];
    for (field, weight) in typed {
        if weight > limits::WEIGHT {
            return Err(AppError::field(field, FieldProblem::OutOfRange).into());
        }
    }
    Ok(Weights {
        preference,
        qualification,
        fairness,
    })
}

/// What would be suggested, with the reasons.
///
/// # Errors
/// `NotFound` when there is none or the actor may not fill its billets.
pub async fn read_suggestion(
    ctx: &Ctx,
    id: OperationId,
    weights: Weights,
) -> Result<SuggestionPage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let operation = seen(&mut tx, &eyes, id).await?;
    let head = head(&mut tx, ctx, &eyes, &operation).await?;
    if !head.can.fill {
        return Err(Failure::App(AppError::NotFound));
    }
    let board = Board::read(&mut tx, ctx, &eyes, &operation).await?;
    let left_out = suggestions::left_out(&mut tx, ctx.now, i64::from(limits::LEFT_OUT)).await?;
    tx.done().await?;
    let input = input(&board, eyes.roster(), left_out, weights);
    let suggestion = best(&input)?;
    let sections: HashMap<_, _> = board.sections.iter().cloned().collect();
    let titles: HashMap<BilletId, (String, String)> = board
        .billets
        .iter()
        .map(|row| {
            let section = sections.get(&row.section_id).cloned().unwrap_or_default();
            (row.billet_id, (section, row.title.clone()))
        })
        .collect();
    let names: HashMap<PlayerId, &str> = board
        .people
        .iter()
        .filter_map(|row| Some((row.player_id?, row.name.as_str())))
        .collect();
    let name = |player: &PlayerId| names.get(player).copied().unwrap_or_default().to_owned();
    let line = |billet: &BilletId, who: String, why: String| {
        let (section, title) = titles.get(billet).cloned().unwrap_or_default();
        SuggestedLine {
            section,
            title,
            name: who,
            why,
        }
    };
    let placed = suggestion.placed.iter().map(|one| {
        let reasons: Vec<String> = one.reasons.iter().map(|reason| reason.told()).collect();
        line(&one.billet, name(&one.player), reasons.join(", "))
    });
    let empty = suggestion.empty.iter();
    let empty = empty.map(|(billet, why)| line(billet, String::new(), why.told().to_owned()));
    let left = suggestion.left.iter().map(|(player, why)| {
        let told = match why {
            Left::FitsNone => why.told("", ""),
            Left::Outdone { billet, by, .. } => {
                let (_, title) = titles.get(billet).cloned().unwrap_or_default();
                why.told(&title, &name(by))
            }
        };
        SuggestedLine {
            name: name(player),
            why: told,
            ..SuggestedLine::default()
        }
    });
    Ok(SuggestionPage {
        placed: placed.collect(),
        empty: empty.collect(),
        left: left.collect(),
        mark: mark(&suggestion),
        weights: (weights.preference, weights.qualification, weights.fairness),
        open: takes_answers(&operation).is_ok(),
        head,
    })
}

/// Fills the billets as it was suggested.
///
/// # Errors
/// A missing grant, no answers are taken, nothing to fill, or things have changed since.
pub async fn apply_suggestion(
    ctx: &Ctx,
    id: OperationId,
    weights: Weights,
    looked_at: &str,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::FillBillets;
    let (operation, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    takes_answers(&operation)?;
    let suggestion = suggestion_in(&mut tx, ctx, &operation, weights).await?;
    if mark(&suggestion) != looked_at || suggestion.placed.is_empty() {
        return Err(ConflictCode::PlanStale.into());
    }
    let mut undo = Undo::default();
    let people = answers::of_operation(&mut tx, id).await?;
    for placed in &suggestion.placed {
        let row = people
            .iter()
            .find(|row| row.player_id == Some(placed.player));
        let row = row.ok_or(ConflictCode::PlanStale)?;
        let by = FilledBy::Suggestion;
        if !billets::fill(&mut tx, placed.billet, row.rsvp_id, by, ctx.now).await? {
            return Err(ConflictCode::PlanStale.into());
        }
        billets::stop_waiting(&mut tx, id, row.rsvp_id).await?;
        undo.empty.push((placed.billet, row.rsvp_id));
    }
    let filled = match suggestion.placed.len() {
        1 => "1 billet".to_owned(),
        many => format!("{many} billets"),
    };
    let data = EventData {
        after: Some(filled),
        ..EventData::default()
    };
    let event = event_of(&operation, EventKind::BilletsSuggested, data).undo(Some(undo.kept()));
    let line = events::append(&mut tx, ctx, event).await?;
    let path = format!("/operations/{id}/billets");
    Ok(finish(ctx, tx, line).await?.and_goto(path))
}

async fn suggestion_in(
    tx: &mut Read,
    ctx: &Ctx,
    operation: &Operation,
    weights: Weights,
) -> Result<Suggestion> {
    let roster = roster::service::roster_in(tx, ctx).await?;
    let eyes = Eyes::of(ctx, roster);
    let board = Board::read(tx, ctx, &eyes, operation).await?;
    let left_out = suggestions::left_out(tx, ctx.now, i64::from(limits::LEFT_OUT)).await?;
    best(&input(&board, eyes.roster(), left_out, weights))
}

/// The best fill. [`input`] keeps within the limits, so there is one.
fn best(input: &Input) -> Result<Suggestion> {
    let too_many = |_| AppError::field("operation_id", FieldProblem::OutOfRange);
    suggest(input).map_err(|refused| too_many(refused).into())
}

/// What a suggestion is known by: who should be where.
fn mark(suggestion: &Suggestion) -> String {
    let pairs = suggestion.placed.iter();
    let pairs = pairs.map(|one| format!("{} {}", one.billet, one.player));
    token::hash(&pairs.collect::<Vec<_>>().join("\n"))
}

/// The open billets, and those who could be in one.
fn input(
    board: &Board,
    roster: &Roster,
    left_out: Vec<(PlayerId, i64)>,
    weights: Weights,
) -> Input {
    let left_out: HashMap<PlayerId, i64> = left_out.into_iter().collect();
    let placed: HashSet<_> = board.billets.iter().filter_map(|row| row.rsvp_id).collect();
    let mut preferences: HashMap<_, Vec<BilletId>> = HashMap::new();
    for wish in &board.wishes {
        preferences
            .entry(wish.rsvp_id)
            .or_default()
            .push(wish.billet_id);
    }
    let highest = roster.ladder.rungs().first().map_or(0, |rung| rung.level);
    let tier = |level: i64| {
        let scaled = level * i64::from(limits::TIER) / highest.max(1);
        u8::try_from(scaled.clamp(0, i64::from(limits::TIER))).unwrap_or_default()
    };
    let mut candidates = Vec::new();
    for (signed_up, row) in (0..).zip(&board.people) {
        let Some(player) = row.player_id else {
            continue;
        };
        if !row.is_in() || placed.contains(&row.rsvp_id) {
            continue;
        }
        let rank = roster.player(player).and_then(|known| known.rank_id);
        let missed = left_out.get(&player).copied().unwrap_or_default();
        let mut preferences = preferences.remove(&row.rsvp_id).unwrap_or_default();
        preferences.truncate(limits::PREFERENCES);
        candidates.push(Candidate {
            id: player,
            preferences,
            tier: tier(roster.ladder.facts(rank).level),
            left_out: u8::try_from(missed)
                .unwrap_or(limits::LEFT_OUT)
                .min(limits::LEFT_OUT),
            signed_up,
        });
    }
    candidates.truncate(limits::CANDIDATES);
    // Few rules are different: each is judged once for each person.
    let mut judged: HashMap<String, Vec<bool>> = HashMap::new();
    let mut open = Vec::new();
    for (order, row) in (0..).zip(&board.billets) {
        if row.held != Held::Open || row.rsvp_id.is_some() {
            continue;
        }
        let fits = judged.entry(row.needs.clone()).or_insert_with(|| {
            let meets = |one: &Candidate| board.judge.meets(&row.needs, one.id);
            candidates.iter().map(meets).collect()
        });
        let wants = Criterion::parse(&row.needs).map_or(0, |rule| rule.facts().len());
        open.push(Billet {
            id: row.billet_id,
            order,
            tier: u8::try_from(wants * 3)
                .unwrap_or(limits::TIER)
                .min(limits::TIER),
            fits: fits.clone(),
        });
    }
    open.truncate(suggestion::limits::BILLETS);
    Input {
        billets: open,
        candidates,
        fixed: Vec::new(),
        weights,
    }
}
