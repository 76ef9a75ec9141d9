//! Who takes part in what the demo's company does: attendance of the Saturdays that are over, but for
//! the last, which still waits for its sheet; answers and billets for the next one.

use crate::{
    domain::OperationId,
    features::{
        attendance::{
            self,
            input::{SheetFields, row_key, seen},
        },
        operations::{
            self,
            model::{Answer, Audience, Held},
        },
        roster::{self, model::is_gone},
    },
    server::{Ctx, Result},
};
use chrono::Duration;

/// Answers for the next Saturday, at most.
const ANSWERS: usize = 18;

/// Records and answers everything, by the commands that leaders use.
pub(super) async fn take_part(ctx: &Ctx) -> Result<()> {
    let eyes = operations::service::eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let (from, until) = (ctx.now - Duration::weeks(14), ctx.now + Duration::weeks(2));
    let found = operations::service::operations_between(&mut tx, &eyes, from, until, 100).await?;
    tx.done().await?;
    let saturdays = found
        .into_iter()
        .filter(|operation| operation.audience == Audience::Members);
    let (over, coming): (Vec<_>, Vec<_>) =
        saturdays.partition(|operation| operation.starts_at < ctx.now);
    for (week, operation) in over.iter().rev().skip(1).enumerate() {
        record(ctx, operation.operation_id, week).await?;
    }
    if let Some(next) = coming.first() {
        answer(ctx, next.operation_id).await?;
        fill(ctx, next.operation_id).await?;
    }
    Ok(())
}

/// Most were there; who was not is another one each week.
async fn record(ctx: &Ctx, id: OperationId, week: usize) -> Result<()> {
    let sheet = attendance::service::read_sheet(ctx, id).await?;
    let mut fields = SheetFields::default();
    let rows = sheet.groups.iter().flat_map(|group| &group.rows);
    for (at, row) in rows.enumerate() {
        let name = match (at * 7 + week * 3) % 13 {
            0 => "Absent",
            1 | 2 => "Excused",
            3 => "Late",
            _ => "Present",
        };
        let state = sheet.states.iter().find(|state| state.name == name);
        let Some(state) = state.filter(|_| row.may) else {
            continue;
        };
        let key = row_key(row.player);
        fields
            .seen
            .insert(key.clone(), seen(row.version, row.state));
        fields.marks.insert(key, state.id.to_string());
    }
    attendance::service::record_sheet(ctx, id, fields, "").await?;
    Ok(())
}

/// Who has no log-in is answered for; the others answer themselves.
async fn answer(ctx: &Ctx, id: OperationId) -> Result<()> {
    let roster = roster::service::roster_now(ctx).await?;
    let people = roster
        .players
        .iter()
        .filter(|player| !player.claimed && !is_gone(&player.standing));
    for (at, player) in people.step_by(2).take(ANSWERS).enumerate() {
        let answer = match at % 9 {
            6 => Answer::Maybe,
            7 => Answer::Declined,
            8 => Answer::Late,
            _ => Answer::Attending,
        };
        operations::service::answer_for(ctx, id, player.player_id, answer, "").await?;
    }
    Ok(())
}

/// Every third billet stays free.
async fn fill(ctx: &Ctx, id: OperationId) -> Result<()> {
    let people = operations::service::read_answers(ctx, id).await?.people;
    let mut coming = people.iter().filter(|person| person.answer.comes());
    let sections = operations::service::read_billets(ctx, id).await?.sections;
    let billets = sections.iter().flat_map(|section| &section.billets);
    let open = billets.filter(|billet| billet.held == Held::Open);
    for (_, billet) in open.enumerate().filter(|(at, _)| at % 3 != 2) {
        let Some(person) = coming.next() else { break };
        operations::service::fill_billet(ctx, billet.id, Some(billet.version), person.id).await?;
    }
    Ok(())
}
