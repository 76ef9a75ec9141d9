//! What suggestions look back at.

use crate::{
    domain::{PlayerId, time::Instant},
    server::{Result, db::Read},
};

/// Of how many of the last operations with billets people were left out, though they came.
pub(in crate::features::operations) async fn left_out(
    tx: &mut Read,
    now: Instant,
    last: i64,
) -> Result<Vec<(PlayerId, i64)>> {
    let args = (tx.org(), now, last);
    tx.all(
        "select r.player_id, count(*) as times
           from (select o.operation_id from operation o
                  where o.org_id = $1 and o.ends_at <= $2
                    and o.state in ('published', 'done', 'archived')
                    and exists (select 1 from billet b
                                 where b.org_id = $1 and b.operation_id = o.operation_id)
                  order by o.ends_at desc, o.operation_id desc limit $3) l
           join rsvp r on r.org_id = $1 and r.operation_id = l.operation_id
           left join billet b on b.org_id = r.org_id and b.operation_id = r.operation_id
                             and b.rsvp_id = r.rsvp_id
          where r.player_id is not null and r.answer in ('attending', 'late')
            and b.billet_id is null
          group by r.player_id",
        args,
    )
    .await
}
