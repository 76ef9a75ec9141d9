//! What waits for the worker, in all Orgs.

use crate::{
    domain::{OperationId, SeriesId, time::Instant},
    server::{Result, db::System},
};

/// Operations whose hour of publication has come, with the slugs of their Orgs, the first due first.
pub(in crate::features::operations) async fn to_publish(
    tx: &mut System,
    now: Instant,
    count: i64,
) -> Result<Vec<(String, OperationId)>> {
    tx.all(
        "select g.slug, o.operation_id from operation o join org g on g.org_id = o.org_id
          where o.state = 'scheduled' and o.publish_at <= $1 order by o.publish_at limit $2",
        (now, count),
    )
    .await
}

/// Published operations that are over, with the slugs of their Orgs.
pub(in crate::features::operations) async fn to_end(
    tx: &mut System,
    now: Instant,
    count: i64,
) -> Result<Vec<(String, OperationId)>> {
    tx.all(
        "select g.slug, o.operation_id from operation o join org g on g.org_id = o.org_id
          where o.state = 'published' and o.ends_at <= $1 order by o.ends_at limit $2",
        (now, count),
    )
    .await
}

/// Series made up to before an instant, with the slugs of their Orgs.
pub(in crate::features::operations) async fn to_extend(
    tx: &mut System,
    until: Instant,
    count: i64,
) -> Result<Vec<(String, SeriesId)>> {
    tx.all(
        "select g.slug, s.series_id from operation_series s join org g on g.org_id = s.org_id
          where s.ends_before is null and s.made_until < $1 order by s.made_until limit $2",
        (until, count),
    )
    .await
}
