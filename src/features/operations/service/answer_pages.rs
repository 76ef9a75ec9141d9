//! Reading answers: what the viewer said and can say, and everybody's list.

use super::{Eyes, eyes, head, reading::seen};
use crate::{
    domain::{OperationId, PlayerId, RsvpId},
    features::{
        operations::{
            model::{
                OperationState,
                answers::{AnswerLine, AnswersPage, Asked, MyAnswer},
                places::{self, Signed},
            },
            store::{
                answers::{self, Rsvp},
                billets,
                operations::{self, Operation},
            },
        },
        roster::model::is_gone,
    },
    server::{Ctx, Result, db::Read},
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Operations at the same time that are looked at for clashes.
const CLASHES: i64 = 50;

/// Everybody who answered an operation.
///
/// # Errors
/// `NotFound` when there is none or the actor does not see it.
pub async fn read_answers(ctx: &Ctx, id: OperationId) -> Result<AnswersPage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let operation = seen(&mut tx, &eyes, id).await?;
    let head = head(&mut tx, ctx, &eyes, &operation).await?;
    let rows = answers::of_operation(&mut tx, id).await?;
    let titles = billet_titles(&mut tx, id).await?;
    let asked = asked(&mut tx, ctx, &eyes, &operation).await?;
    let hidden = ctx.actor.player.is_none() && !ctx.actor.founder;
    let clashing = match head.can.fill {
        true => clashing_players(&mut tx, &eyes, &operation).await?,
        false => HashSet::new(),
    };
    tx.done().await?;
    let turns = turns(&rows);
    let line = |row: &Rsvp| AnswerLine {
        id: row.rsvp_id,
        player: row.player_id,
        name: row.name.clone(),
        answer: row.answer,
        note: row.note.clone(),
        confirmed: row.confirmed,
        place: row.place,
        turn: turns.get(&row.rsvp_id).copied(),
        billet: titles.get(&row.rsvp_id).cloned(),
        clashes: row.is_in()
            && row
                .player_id
                .is_some_and(|player| clashing.contains(&player)),
    };
    let mut people: Vec<AnswerLine> = rows.iter().map(line).collect();
    people.sort_by_key(|line| {
        let comes = line.answer.comes() && line.turn.is_none();
        (
            !comes,
            line.place,
            line.turn.is_none(),
            line.turn,
            line.answer,
            line.id,
        )
    });
    let answered: HashSet<PlayerId> = rows.iter().filter_map(|row| row.player_id).collect();
    let players = eyes.roster().players.iter();
    let others = players
        .filter(|player| head.can.fill && !is_gone(&player.standing))
        .filter(|player| !answered.contains(&player.player_id))
        .map(|player| (player.player_id, player.common_name.clone()))
        .collect();
    if hidden {
        people.clear();
    }
    Ok(AnswersPage {
        head,
        asked,
        people,
        others,
        hidden,
    })
}

/// What the viewer can say about an operation, and what they said.
///
/// # Errors
/// When the database fails.
pub(super) async fn asked(
    tx: &mut Read,
    ctx: &Ctx,
    eyes: &Eyes,
    operation: &Operation,
) -> Result<Asked> {
    let Some((player, _)) = ctx.actor.player.clone() else {
        return Ok(Asked::default());
    };
    let id = operation.operation_id;
    let own_eyes = ctx.actor.looker.is_none();
    let known = eyes.roster().player(player);
    let here = known.is_some_and(|known| !is_gone(&known.standing));
    let open = own_eyes && here && operation.state == OperationState::Published;
    let mine = match answers::of_player(tx, id, player).await? {
        None => None,
        Some(row) => {
            let turn = match row.waiting_since {
                None => None,
                Some(_) => {
                    let rows = answers::of_operation(tx, id).await?;
                    turns(&rows).get(&row.rsvp_id).copied()
                }
            };
            let billet = billets::held_by(tx, id, row.rsvp_id).await?;
            Some(MyAnswer {
                answer: row.answer,
                note: row.note.clone(),
                confirmed: row.confirmed,
                place: row.place,
                turn,
                billet: billet.map(|billet| billet.title),
                clashes: own_clashes(tx, eyes, operation, player).await?,
            })
        }
    };
    Ok(Asked {
        open,
        only_off: ctx.now >= operation.answers_end(),
        mine,
    })
}

/// Everybody's turn on the waitlist, from 1.
pub(super) fn turns(rows: &[Rsvp]) -> HashMap<RsvpId, i64> {
    let signed: Vec<Signed> = rows.iter().map(Rsvp::signed).collect();
    places::order(&signed).into_iter().zip(1..).collect()
}

/// Titles of the billets that people have.
pub(super) async fn billet_titles(
    tx: &mut Read,
    operation: OperationId,
) -> Result<HashMap<RsvpId, String>> {
    let rows = billets::of_operation(tx, operation).await?;
    let held = rows
        .into_iter()
        .filter_map(|row| Some((row.rsvp_id?, row.title)));
    Ok(held.collect())
}

/// Other operations at the same time to which the viewer comes and that they see.
async fn own_clashes(
    tx: &mut Read,
    eyes: &Eyes,
    operation: &Operation,
    player: PlayerId,
) -> Result<Vec<(OperationId, String)>> {
    let clashes = answers::clashes(tx, operation.operation_id, Some(player)).await?;
    if clashes.is_empty() {
        return Ok(Vec::new());
    }
    let ids: BTreeSet<OperationId> = clashes.into_iter().map(|(_, id)| id).collect();
    let others = seen_meanwhile(tx, eyes, operation).await?;
    let named = others
        .into_iter()
        .filter(|other| ids.contains(&other.operation_id));
    Ok(named
        .map(|other| (other.operation_id, other.title))
        .collect())
}

/// Players who come to an operation at the same time that the viewer sees.
pub(super) async fn clashing_players(
    tx: &mut Read,
    eyes: &Eyes,
    operation: &Operation,
) -> Result<HashSet<PlayerId>> {
    let clashes = answers::clashes(tx, operation.operation_id, None).await?;
    if clashes.is_empty() {
        return Ok(HashSet::new());
    }
    let others = seen_meanwhile(tx, eyes, operation).await?;
    let seen: HashSet<OperationId> = others.iter().map(|other| other.operation_id).collect();
    let visible = clashes.into_iter().filter(|(_, id)| seen.contains(id));
    Ok(visible.map(|(player, _)| player).collect())
}

async fn seen_meanwhile(
    tx: &mut Read,
    eyes: &Eyes,
    operation: &Operation,
) -> Result<Vec<Operation>> {
    let (from, until) = (operation.starts_at, operation.ends_at);
    let mut rows = operations::between(tx, from, until, CLASHES).await?;
    rows.retain(|row| eyes.sees_operation(row));
    Ok(rows)
}
