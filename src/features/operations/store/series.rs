//! Series of operations, and their occurrences.

use super::operations::Operation;
use crate::{
    domain::{GroupId, OperationId, SeriesId, UserId, time::Instant},
    features::operations::model::OperationShape,
    server::{
        Failure, Result,
        db::{Read, Write},
    },
};
use chrono::NaiveDateTime;

/// A series as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Series {
    /// Its id.
    pub series_id: SeriesId,
    /// The organising group.
    pub group_id: GroupId,
    /// The rule of RFC 5545.
    pub rule: String,
    /// IANA name of the organiser's zone.
    pub zone: String,
    /// Local date and time of the first occurrence.
    starts_local: String,
    /// Shape of those that are still to be made, as JSON.
    shape: String,
    /// Occurrences were made up to here.
    pub made_until: Instant,
    /// No occurrence begins from here on.
    pub ends_before: Option<Instant>,
}

/// How local times are stored.
const LOCAL: &str = "%Y-%m-%dT%H:%M";

/// A local time as it is stored.
fn local_text(local: NaiveDateTime) -> String {
    local.format(LOCAL).to_string()
}

impl Series {
    /// Local date and time of the first occurrence.
    #[must_use]
    pub fn starts_local(&self) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(&self.starts_local, LOCAL).unwrap_or_default()
    }

    /// Shape of those that are still to be made.
    #[must_use]
    pub fn shape(&self) -> OperationShape {
        serde_json::from_str(&self.shape).unwrap_or_default()
    }
}

/// A shape as it is stored.
pub(in crate::features::operations) fn shape_text(shape: &OperationShape) -> Result<String> {
    serde_json::to_string(shape).map_err(|error| Failure::setup(format!("a shape: {error}")))
}

/// A series by id.
pub(in crate::features::operations) async fn get(
    tx: &mut Read,
    series: SeriesId,
) -> Result<Series> {
    let args = (tx.org(), series);
    tx.one(
        "select series_id, group_id, rule, zone, starts_local, shape, made_until, ends_before
           from operation_series where org_id = $1 and series_id = $2",
        args,
    )
    .await
}

/// What a series is to be.
#[derive(Clone, Debug)]
pub(in crate::features::operations) struct NewSeries<'a> {
    pub(in crate::features::operations) id: SeriesId,
    pub(in crate::features::operations) group: GroupId,
    pub(in crate::features::operations) rule: &'a str,
    pub(in crate::features::operations) zone: &'a str,
    pub(in crate::features::operations) starts_local: NaiveDateTime,
    pub(in crate::features::operations) shape: &'a OperationShape,
    pub(in crate::features::operations) made_until: Instant,
}

/// Inserts a series.
pub(in crate::features::operations) async fn insert(
    tx: &mut Write,
    new: &NewSeries<'_>,
    by: Option<UserId>,
) -> Result<()> {
    let args = (
        tx.org(),
        new.id,
        new.group,
        new.rule.to_owned(),
        new.zone.to_owned(),
        local_text(new.starts_local),
        shape_text(new.shape)?,
        new.made_until,
        by,
    );
    tx.run(
        "insert into operation_series (org_id, series_id, group_id, rule, zone, starts_local, shape,
                                       made_until, created_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args,
    )
    .await?;
    Ok(())
}

/// Lets a series make nothing from an instant on.
pub(in crate::features::operations) async fn end(
    tx: &mut Write,
    series: SeriesId,
    before: Instant,
) -> Result<()> {
    let args = (tx.org(), series, before);
    tx.run(
        "update operation_series set ends_before = $3, version = version + 1
          where org_id = $1 and series_id = $2",
        args,
    )
    .await?;
    Ok(())
}

/// Notes up to where occurrences were made; false when somebody else was there first.
pub(in crate::features::operations) async fn advance(
    tx: &mut Write,
    series: SeriesId,
    from: Instant,
    to: Instant,
) -> Result<bool> {
    let args = (tx.org(), series, from, to);
    let rows = tx
        .run(
            "update operation_series set made_until = $4
              where org_id = $1 and series_id = $2 and made_until = $3",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// The occurrences of a series from a slot on, in order of their slots.
pub(in crate::features::operations) async fn from_slot(
    tx: &mut Read,
    series: SeriesId,
    slot: Instant,
) -> Result<Vec<Operation>> {
    let args = (tx.org(), series, slot);
    tx.all(
        super::operations::select_operations!(
            "and o.series_id = $2 and o.slot >= $3 order by o.slot, o.operation_id"
        ),
        args,
    )
    .await
}

/// The last occurrence of a series.
pub(in crate::features::operations) async fn last(
    tx: &mut Read,
    series: SeriesId,
) -> Result<Operation> {
    let args = (tx.org(), series);
    tx.one(
        super::operations::select_operations!("and o.series_id = $2 order by o.slot desc limit 1"),
        args,
    )
    .await
}

/// Deletes a series that has no occurrences any more.
pub(in crate::features::operations) async fn delete(
    tx: &mut Write,
    series: SeriesId,
) -> Result<()> {
    let args = (tx.org(), series);
    tx.run(
        "delete from operation_series where org_id = $1 and series_id = $2",
        args,
    )
    .await?;
    Ok(())
}

/// Gives an occurrence another series and slot.
pub(in crate::features::operations) async fn put_in(
    tx: &mut Write,
    operation: OperationId,
    series: SeriesId,
    slot: Instant,
) -> Result<()> {
    let args = (tx.org(), operation, series, slot);
    tx.run(
        "update operation set series_id = $3, slot = $4 where org_id = $1 and operation_id = $2",
        args,
    )
    .await?;
    Ok(())
}

/// Has anybody a place among the billets of an operation, or a wish for one?
pub(in crate::features::operations) async fn billets_in_use(
    tx: &mut Read,
    operation: OperationId,
) -> Result<bool> {
    let args = (tx.org(), operation);
    let (used,): (bool,) = tx
        .one(
            "select exists (select 1 from billet
                             where org_id = $1 and operation_id = $2 and rsvp_id is not null)
                 or exists (select 1 from billet_wish where org_id = $1 and operation_id = $2)",
            args,
        )
        .await?;
    Ok(used)
}

/// Removes the sections of an operation with their billets.
pub(in crate::features::operations) async fn clear_sections(
    tx: &mut Write,
    operation: OperationId,
) -> Result<()> {
    let args = (tx.org(), operation);
    tx.run(
        "delete from section where org_id = $1 and operation_id = $2",
        args,
    )
    .await?;
    Ok(())
}
