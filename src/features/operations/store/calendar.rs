//! What the calendar and its feeds read beside the operations themselves.

use crate::{
    domain::{OperationId, PlayerId, time::Instant},
    features::operations::model::Answer,
    server::{Result, db::Read},
};

/// What a player has to do with an operation.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::operations) struct Mine {
    /// Which.
    pub(in crate::features::operations) operation_id: OperationId,
    /// What they answered.
    #[sqlx(try_from = "String")]
    pub(in crate::features::operations) answer: Answer,
    /// They wait for a place.
    pub(in crate::features::operations) waits: bool,
    /// The name of their section, when they have a billet.
    pub(in crate::features::operations) section: Option<String>,
    /// Their billet.
    pub(in crate::features::operations) billet: Option<String>,
}

/// What a player has to do with the operations that lie in a span of time, even in part.
pub(in crate::features::operations) async fn mine_between(
    tx: &mut Read,
    player: PlayerId,
    from: Instant,
    until: Instant,
) -> Result<Vec<Mine>> {
    let args = (tx.org(), player, from, until);
    tx.all(
        "select r.operation_id, r.answer, r.waiting_since is not null as waits,
                s.name as section, b.title as billet
           from rsvp r
           join operation o on o.org_id = r.org_id and o.operation_id = r.operation_id
           left join billet b
             on b.org_id = r.org_id and b.operation_id = r.operation_id and b.rsvp_id = r.rsvp_id
           left join section s
             on s.org_id = b.org_id and s.operation_id = b.operation_id
            and s.section_id = b.section_id
          where r.org_id = $1 and r.player_id = $2 and o.ends_at > $3 and o.starts_at < $4",
        args,
    )
    .await
}
