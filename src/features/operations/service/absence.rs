//! Answers of those on leave (§6.4): signed off from the operations of these days, and back again
//! when the leave ends early, unless somebody changed the answer meanwhile.

use super::{Eyes, answers};
use crate::{
    domain::{LeaveId, PlayerId, RsvpId, time::Instant},
    features::{
        operations::{
            model::Answer,
            store::{self, absence::Changed},
        },
        roster::read_model::Roster,
    },
    server::{Ctx, Result, db::Write},
};
use std::sync::Arc;
use uuid::Uuid;

/// Somebody's days without operations.
#[derive(Clone, Copy, Debug)]
pub struct Away {
    /// The leave that it is for.
    pub leave: LeaveId,
    /// Who.
    pub player: PlayerId,
    /// Operations that begin from here on…
    pub from: Instant,
    /// …and before this.
    pub until: Option<Instant>,
}

/// Signs somebody off from the published operations of these days that they see, and remembers what
/// they had answered.
///
/// # Errors
/// When the database fails.
pub async fn sign_off(tx: &mut Write, ctx: &Ctx, roster: Arc<Roster>, away: Away) -> Result<()> {
    let eyes = Eyes::of_player(roster, away.player);
    let rows = store::absence::published(tx, &away).await?;
    for row in rows
        .into_iter()
        .filter(|row| eyes.sees(row.group_id, row.shown()))
    {
        let (rsvp, before) = match (row.rsvp_id, row.answer()) {
            (_, Some(Answer::Declined)) => continue,
            (Some(rsvp), answer) => (rsvp, answer),
            (None, _) => (RsvpId(Uuid::now_v7()), None),
        };
        let changed = Changed {
            leave: away.leave,
            operation: row.operation_id,
            rsvp,
            before,
        };
        if row.rsvp_id.is_some() {
            let operation = store::operations::get(tx, row.operation_id).await?;
            answers::decline_in(tx, ctx, &operation, &changed).await?;
        } else {
            store::absence::insert_declined(tx, ctx, away.player, &changed).await?;
        }
        store::absence::remember(tx, &changed).await?;
    }
    Ok(())
}

/// Takes back what [`sign_off`] did for a leave to operations that are still to come. A place among
/// few may have gone to somebody else: who had one has no answer then and is asked again.
///
/// # Errors
/// When the database fails.
pub async fn sign_on(tx: &mut Write, ctx: &Ctx, leave: LeaveId) -> Result<()> {
    for row in store::absence::untouched(tx, leave, ctx.now).await? {
        match row.before() {
            Some(before) if !(before.comes() && row.limited) => {
                store::absence::restore(tx, ctx, row.rsvp_id, before).await?;
            }
            Some(_) => store::absence::restore(tx, ctx, row.rsvp_id, Answer::None).await?,
            None => store::absence::forget(tx, row.rsvp_id).await?,
        }
    }
    store::absence::end(tx, leave).await
}
