//! The billet board (§9.4): everybody who could be put somewhere, and, for the one who is chosen,
//! what speaks for and against them at each billet.

use super::{
    answer_pages::clashing_players,
    billet_pages::{Board, Looker, by_section, lines},
    billets::can_be_put,
    eyes, head,
    reading::seen,
    times,
};
use crate::{
    domain::{AppError, BilletId, OperationId, RsvpId},
    features::operations::{
        model::{
            Answer, Held, OperationState,
            answers::{BoardPage, TrayLine, Verdict},
        },
        store::{answers::Rsvp, billets::Billet},
    },
    server::{Ctx, Failure, Result},
};
use std::collections::HashMap;

/// The board, with the verdicts about whom is chosen.
///
/// # Errors
/// `NotFound` when there is none, the actor may not fill its billets, or nobody of this id answered.
pub async fn read_board(ctx: &Ctx, id: OperationId, who: Option<RsvpId>) -> Result<BoardPage> {
    let eyes = eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let operation = seen(&mut tx, &eyes, id).await?;
    let head = head(&mut tx, ctx, &eyes, &operation).await?;
    if !head.can.fill {
        return Err(Failure::App(AppError::NotFound));
    }
    let zone = times::viewer_zone(&mut tx, ctx).await?;
    let board = Board::read(&mut tx, ctx, &eyes, &operation).await?;
    let clashing = clashing_players(&mut tx, &eyes, &operation).await?;
    tx.done().await?;
    let looker = Looker::of(ctx, &eyes, zone, &board.people);
    let lines = lines(ctx, &operation, &board, &looker);
    let titles: HashMap<BilletId, String> = board
        .billets
        .iter()
        .map(|row| (row.billet_id, row.title.clone()))
        .collect();
    let held: HashMap<RsvpId, String> = board
        .billets
        .iter()
        .filter_map(|row| Some((row.rsvp_id?, row.title.clone())))
        .collect();
    let mut wishes: HashMap<RsvpId, Vec<BilletId>> = HashMap::new();
    for wish in &board.wishes {
        wishes.entry(wish.rsvp_id).or_default().push(wish.billet_id);
    }
    let roster = eyes.roster();
    let tray = board.people.iter().filter(|row| can_be_put(row).is_ok());
    let tray = tray.map(|row| {
        let player = row.player_id.and_then(|player| roster.player(player));
        let rank = player.and_then(|player| player.rank_id);
        let titles_of = |ids: &Vec<BilletId>| {
            let wanted = ids.iter().filter_map(|id| titles.get(id).cloned());
            wanted.collect()
        };
        TrayLine {
            rsvp: row.rsvp_id,
            name: row.name.clone(),
            rank: rank
                .and_then(|rank| roster.ladder.title(rank, &[]))
                .map(|rank| rank.name.clone())
                .unwrap_or_default(),
            answer: row.answer,
            clashes: row
                .player_id
                .is_some_and(|player| clashing.contains(&player)),
            wishes: wishes.get(&row.rsvp_id).map(titles_of).unwrap_or_default(),
            billet: held.get(&row.rsvp_id).cloned(),
        }
    });
    let mut tray: Vec<TrayLine> = tray.collect();
    tray.sort_by_key(|line| (line.billet.is_some(), line.name.to_lowercase()));
    let chosen = board.people.iter().find(|row| Some(row.rsvp_id) == who);
    if who.is_some() && chosen.is_none() {
        return Err(Failure::App(AppError::NotFound));
    }
    let chosen = chosen.filter(|row| can_be_put(row).is_ok()).cloned();
    let mut verdicts = HashMap::new();
    if let Some(row) = &chosen {
        let clashes = row
            .player_id
            .is_some_and(|player| clashing.contains(&player));
        let wanted = wishes.remove(&row.rsvp_id).unwrap_or_default();
        for billet in &board.billets {
            let said = verdict(&board, row, billet, clashes, &wanted);
            verdicts.insert(billet.billet_id, said);
        }
    }
    Ok(BoardPage {
        open: operation.state == OperationState::Published,
        sections: by_section(&board.sections, lines),
        tray,
        who: chosen.map(|row| row.rsvp_id),
        verdicts,
        head,
    })
}

/// What speaks for and against somebody at a billet.
fn verdict(
    board: &Board,
    row: &Rsvp,
    billet: &Billet,
    clashes: bool,
    wanted: &[BilletId],
) -> Verdict {
    if billet.rsvp_id == Some(row.rsvp_id) {
        return Verdict::Here;
    }
    if billet.rsvp_id.is_some() {
        return Verdict::Never("Somebody else has it".to_owned());
    }
    if billet.held == Held::Blocked {
        return Verdict::Never("Blocked".to_owned());
    }
    if let Some(lacks) = lacks(board, row, billet) {
        return Verdict::Lacks(lacks);
    }
    let mut doubts = Vec::new();
    if billet.held == Held::Reserved {
        doubts.push(match billet.held_note.as_str() {
            "" => "Reserved".to_owned(),
            note => format!("Reserved: {note}"),
        });
    }
    if clashes {
        doubts.push("Comes to another operation at the same time".to_owned());
    }
    if row.answer == Answer::Maybe {
        doubts.push("May not come".to_owned());
    }
    match wanted.iter().position(|id| *id == billet.billet_id) {
        Some(0) => {}
        Some(at) => doubts.push(format!("Preference {}", at + 1)),
        None if !wanted.is_empty() => doubts.push("Would like another".to_owned()),
        None => {}
    }
    match doubts.is_empty() {
        true => Verdict::Fits,
        false => Verdict::Doubts(doubts.join(". ")),
    }
}

fn lacks(board: &Board, row: &Rsvp, billet: &Billet) -> Option<String> {
    if billet.needs.is_empty() {
        return None;
    }
    let Some(player) = row.player_id else {
        return Some("A guest, of whom nothing is known".to_owned());
    };
    let explanation = board.judge.judge(&billet.needs, player);
    (!explanation.met()).then(|| board.judge.lacks(&explanation))
}
