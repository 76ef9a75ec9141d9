//! Ending the memberships that the files do not name (§4.8): each through the roster's own command,
//! all of them one event that takes all back.

use crate::{
    domain::{
        MembershipId,
        event::{EventData, EventKind},
    },
    features::{
        guard::model::LIMIT,
        roster::{self, input::RemoveMember},
        transfer_data::model::{Existing, MembershipClose},
    },
    server::{
        Ctx, Result,
        db::Write,
        events::{self, NewEvent},
    },
};

/// Why they end, in everybody's history.
const REASON: &str = "Not in the imported files";

/// How many may end when nobody said a number.
pub(super) fn allowed(existing: &Existing) -> u32 {
    let players = existing.players.iter();
    let active = players.filter(|player| player.standing == super::ACTIVE);
    LIMIT.allows(u32::try_from(active.count()).unwrap_or(u32::MAX))
}

/// Ends them, before anything is written that needs their places.
pub(super) async fn end_unnamed(
    tx: &mut Write,
    ctx: &Ctx,
    ended: Vec<MembershipClose>,
) -> Result<()> {
    if ended.is_empty() {
        return Ok(());
    }
    let text = match ended.len() {
        1 => "Ended 1 membership that was not in the imported files".to_owned(),
        count => format!("Ended {count} memberships that were not in the imported files"),
    };
    events::begin_bundle(tx);
    let removals = ended
        .into_iter()
        .map(|close| RemoveMember {
            membership_id: MembershipId(close.id),
            reason: REASON.to_owned(),
        })
        .collect();
    roster::service::remove_members_in(tx, ctx, removals).await?;
    let undo = events::end_bundle(tx);
    let data = EventData {
        after: Some(text),
        reason: Some(REASON.to_owned()),
        ..EventData::default()
    };
    events::append(
        tx,
        ctx,
        NewEvent::new(EventKind::BulkApplied, data).undo(undo),
    )
    .await?;
    Ok(())
}
