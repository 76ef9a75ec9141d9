//! SQL of looking through another member's eyes. Sessions belong to no Org.

use crate::{
    domain::{PlayerId, SessionId, time::Instant},
    server::{
        Result,
        db::{System, Write},
    },
};

/// The session looks as this player until then. The look-up of every request decides whether it
/// still may.
pub(super) async fn begin(
    tx: &mut Write,
    session: SessionId,
    player: PlayerId,
    until: Instant,
) -> Result<()> {
    tx.run(
        "update session set see_as = $2, see_as_until = $3 where session_id = $1",
        (session, player, until),
    )
    .await?;
    Ok(())
}

/// The session looks through its user's own eyes.
pub(super) async fn end(tx: &mut System, session: SessionId) -> Result<()> {
    tx.run(
        "update session set see_as = null, see_as_until = null where session_id = $1",
        (session,),
    )
    .await?;
    Ok(())
}
