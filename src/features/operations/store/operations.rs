//! Operations: rows, lists, their changes of state.

use crate::{
    domain::{CampaignId, CategoryId, GroupId, OperationId, PlayerId, SeriesId, time::Instant},
    features::operations::model::{
        Audience, OperationState,
        pages::Counts,
        shape::{OperationShape, ShapeAudience, read_reminders},
        sight::Shown,
    },
    server::{
        Result,
        db::{Read, Write},
    },
};

/// An operation as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Operation {
    /// Its id.
    pub operation_id: OperationId,
    /// The organising group.
    pub group_id: GroupId,
    /// Its name now.
    pub group_name: String,
    /// For whom it is.
    #[sqlx(try_from = "String")]
    pub audience: Audience,
    /// Its category.
    pub category_id: Option<CategoryId>,
    /// Its campaign.
    pub campaign_id: Option<CampaignId>,
    /// Its series.
    pub series_id: Option<SeriesId>,
    /// When the rule of the series says that it begins.
    pub slot: Option<Instant>,
    /// It was changed by itself.
    pub detached: bool,
    /// Its title.
    pub title: String,
    /// Markdown.
    pub briefing: String,
    /// Place or server.
    pub place: String,
    /// IANA name of the organiser's zone.
    pub zone: String,
    /// It begins.
    pub starts_at: Instant,
    /// It ends.
    pub ends_at: Instant,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub state: OperationState,
    /// When it is to be published.
    pub publish_at: Option<Instant>,
    /// When it was published first.
    pub published_at: Option<Instant>,
    /// Why it was cancelled.
    pub cancel_reason: String,
    /// Answers are taken until then; none: until it begins.
    pub answer_until: Option<Instant>,
    /// Places; none is no limit.
    pub capacity: Option<i64>,
    /// Members take free billets themselves.
    pub self_service: bool,
    /// Stages of release, as JSON.
    pub release: String,
    /// The player who planned it, if they are one still.
    pub organiser_id: Option<PlayerId>,
    /// Their name then.
    pub organiser_name: String,
    /// Reminders, in minutes before the start, separated by spaces.
    pub remind_before: String,
    /// When it was planned.
    pub created_at: Instant,
    /// How often calendars had to take over a change.
    pub revision: i64,
    /// When they had to last.
    pub changed_at: Instant,
    /// For optimistic locking.
    pub version: i64,
}

impl Operation {
    /// What decides who sees it.
    #[must_use]
    pub fn shown(&self) -> Shown {
        Shown::new(self.state, self.published_at.is_some(), self.audience)
    }

    /// Until when answers are taken.
    #[must_use]
    pub fn answers_end(&self) -> Instant {
        self.answer_until.unwrap_or(self.starts_at)
    }

    /// Its shape without its billets, which are rows of their own.
    #[must_use]
    pub fn shape(&self) -> OperationShape {
        let until_start = |until: Instant| (self.starts_at - until).num_minutes();
        OperationShape {
            title: self.title.clone(),
            category: self.category_id,
            campaign: self.campaign_id,
            briefing: self.briefing.clone(),
            place: self.place.clone(),
            minutes: (self.ends_at - self.starts_at).num_minutes(),
            audience: ShapeAudience(self.audience),
            capacity: self.capacity,
            self_service: self.self_service,
            release: self.release.clone(),
            remind_before: read_reminders(&self.remind_before),
            answer_before: self.answer_until.map(until_start),
            publish_before: None,
            sections: Vec::new(),
        }
    }
}

macro_rules! select_operations {
    ($rest:literal) => {
        concat!(
            "select o.operation_id, o.group_id, g.name as group_name, o.audience, o.category_id, o.campaign_id, o.series_id,
                    o.slot, o.detached, o.title, o.briefing, o.place, o.zone, o.starts_at, o.ends_at,
                    o.state, o.publish_at, o.published_at, o.cancel_reason, o.answer_until,
                    o.capacity, o.self_service, o.release, o.organiser_id, o.organiser_name,
                    o.remind_before, o.created_at, o.revision, o.changed_at, o.version
               from operation o
               join roster_group g on g.org_id = o.org_id and g.group_id = o.group_id
              where o.org_id = $1 ",
            $rest
        )
    };
}

pub(super) use select_operations;

/// An operation by id.
pub(in crate::features::operations) async fn get(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Operation> {
    let args = (tx.org(), operation);
    tx.one(select_operations!("and o.operation_id = $2"), args)
        .await
}

/// An operation by id, if there is one.
pub(in crate::features::operations) async fn find(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Option<Operation>> {
    let args = (tx.org(), operation);
    tx.optional(select_operations!("and o.operation_id = $2"), args)
        .await
}

/// Players who attend an operation, come late or may come.
pub(in crate::features::operations) async fn coming_players(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Vec<PlayerId>> {
    let args = (tx.org(), operation);
    let rows: Vec<(PlayerId,)> = tx
        .all(
            "select player_id from rsvp
              where org_id = $1 and operation_id = $2 and player_id is not null
                and answer in ('attending', 'late', 'maybe')",
            args,
        )
        .await?;
    Ok(rows.into_iter().map(|(player,)| player).collect())
}

/// Operations that end after an instant and begin before another, in order of time.
pub(in crate::features::operations) async fn between(
    tx: &mut Read,
    from: Instant,
    until: Instant,
    count: i64,
) -> Result<Vec<Operation>> {
    let args = (tx.org(), from, until, count);
    tx.all(
        select_operations!(
            "and o.ends_at > $2 and o.starts_at < $3 order by o.starts_at, o.operation_id limit $4"
        ),
        args,
    )
    .await
}

/// Operations that are to come or going on, after a place in their order.
pub(in crate::features::operations) async fn coming(
    tx: &mut Read,
    now: Instant,
    after: (Instant, OperationId),
    count: i64,
) -> Result<Vec<Operation>> {
    let args = (tx.org(), now, after.0, after.1, count);
    tx.all(
        select_operations!(
            "and o.ends_at > $2 and (o.starts_at > $3 or (o.starts_at = $3 and o.operation_id > $4))
              order by o.starts_at, o.operation_id limit $5"
        ),
        args,
    )
    .await
}

/// Operations that are over, before a place in their order, the latest first.
pub(in crate::features::operations) async fn past(
    tx: &mut Read,
    now: Instant,
    before: (Instant, OperationId),
    count: i64,
) -> Result<Vec<Operation>> {
    let args = (tx.org(), now, before.0, before.1, count);
    tx.all(
        select_operations!(
            "and o.ends_at <= $2 and (o.starts_at < $3 or (o.starts_at = $3 and o.operation_id < $4))
              order by o.starts_at desc, o.operation_id desc limit $5"
        ),
        args,
    )
    .await
}

/// The operations that somebody planned, the latest first: what "copy last" begins from.
pub(in crate::features::operations) async fn latest(
    tx: &mut Read,
    organiser: Option<PlayerId>,
    count: i64,
) -> Result<Vec<Operation>> {
    let args = (tx.org(), organiser, count);
    tx.all(
        select_operations!(
            "and o.state <> 'cancelled' and (o.organiser_id = $2 or $2 is null)
              order by o.starts_at desc, o.operation_id desc limit $3"
        ),
        args,
    )
    .await
}

#[derive(sqlx::FromRow)]
struct CountsRow {
    operation_id: OperationId,
    #[sqlx(flatten)]
    counts: Counts,
}

macro_rules! select_counts {
    // The condition stands inside too: not every planner carries it there by itself.
    ($which:literal) => {
        concat!(
            "select o.operation_id, coalesce(r.attending, 0) as attending, coalesce(r.late, 0) as late,
                    coalesce(r.maybe, 0) as maybe, coalesce(r.declined, 0) as declined,
                    coalesce(r.waiting, 0) as waiting, coalesce(b.billets, 0) as billets,
                    coalesce(b.filled, 0) as filled
               from operation o
               left join (
                    select operation_id,
                           count(case when answer in ('attending', 'late') and waiting_since is null
                                      then 1 end) as attending,
                           count(case when answer = 'late' and waiting_since is null then 1 end) as late,
                           count(case when answer = 'maybe' then 1 end) as maybe,
                           count(case when answer = 'declined' then 1 end) as declined,
                           count(waiting_since) as waiting
                      from rsvp where org_id = $1 and operation_id ",
            $which,
            "         group by operation_id
               ) r on r.operation_id = o.operation_id
               left join (
                    select operation_id, count(case when held <> 'blocked' then 1 end) as billets,
                           count(rsvp_id) as filled
                      from billet where org_id = $1 and operation_id ",
            $which,
            "         group by operation_id
               ) b on b.operation_id = o.operation_id
              where o.org_id = $1 and o.operation_id ",
            $which
        )
    };
}

/// How many said what about an operation.
pub(in crate::features::operations) async fn counts(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Counts> {
    let args = (tx.org(), operation);
    let row: CountsRow = tx.one(select_counts!("= $2"), args).await?;
    Ok(row.counts)
}

/// How many said what about the operations that begin in a span of time, its ends included.
pub(in crate::features::operations) async fn counts_between(
    tx: &mut Read,
    from: Instant,
    until: Instant,
) -> Result<Vec<(OperationId, Counts)>> {
    let args = (tx.org(), from, until);
    let rows: Vec<CountsRow> = tx
        .all(
            select_counts!(
                "in (select operation_id from operation
                      where org_id = $1 and starts_at >= $2 and starts_at <= $3)"
            ),
            args,
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.operation_id, row.counts))
        .collect())
}

/// An operation about to be inserted.
#[derive(Clone, Debug)]
pub(in crate::features::operations) struct NewOperation {
    /// Its id.
    pub(in crate::features::operations) id: OperationId,
    /// The organising group.
    pub(in crate::features::operations) group: GroupId,
    /// IANA name of the organiser's zone.
    pub(in crate::features::operations) zone: String,
    /// It begins.
    pub(in crate::features::operations) starts_at: Instant,
    /// Everything that does not depend on when.
    pub(in crate::features::operations) shape: OperationShape,
    /// The series, and the slot in it.
    pub(in crate::features::operations) series: Option<(SeriesId, Instant)>,
    /// `draft`, `scheduled` or `published`.
    pub(in crate::features::operations) state: OperationState,
    /// When it is to be published.
    pub(in crate::features::operations) publish_at: Option<Instant>,
    /// The player who plans it.
    pub(in crate::features::operations) organiser: Option<PlayerId>,
    /// Their name.
    pub(in crate::features::operations) organiser_name: String,
}

/// Minutes before the start as an instant.
fn before_start(starts_at: Instant, minutes: Option<i64>) -> Option<Instant> {
    minutes.map(|minutes| starts_at - chrono::Duration::minutes(minutes))
}

/// Inserts an operation without billets. False when its slot was made already.
pub(in crate::features::operations) async fn insert(
    tx: &mut Write,
    new: &NewOperation,
    now: Instant,
) -> Result<bool> {
    let shape = &new.shape;
    let published_at = (new.state == OperationState::Published).then_some(now);
    let args = (
        tx.org(),
        new.id,
        new.group,
        shape.audience.0.as_str().to_owned(),
        shape.category,
        shape.campaign,
        new.series.map(|(series, _)| series),
        new.series.map(|(_, slot)| slot),
        shape.title.clone(),
        shape.briefing.clone(),
        shape.place.clone(),
        new.zone.clone(),
        new.starts_at,
        new.starts_at + chrono::Duration::minutes(shape.minutes),
        new.state.as_str().to_owned(),
        new.publish_at,
        published_at,
        before_start(new.starts_at, shape.answer_before),
        shape.capacity,
        shape.self_service,
        shape.release.clone(),
        new.organiser,
        new.organiser_name.clone(),
        shape.stored_reminders(),
        now,
    );
    let rows = tx
        .run(
            "insert into operation (org_id, operation_id, group_id, audience, category_id, campaign_id,
                 series_id, slot, title, briefing, place, zone, starts_at, ends_at, state, publish_at,
                 published_at, answer_until, capacity, self_service, release, organiser_id,
                 organiser_name, remind_before, created_at, changed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                     $19, $20, $21, $22, $23, $24, $25, $25)
             on conflict (org_id, series_id, slot) do nothing",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// What is changed of an operation.
#[derive(Clone, Debug)]
pub(in crate::features::operations) struct Change<'a> {
    pub(in crate::features::operations) zone: &'a str,
    pub(in crate::features::operations) starts_at: Instant,
    pub(in crate::features::operations) shape: &'a OperationShape,
    pub(in crate::features::operations) detached: bool,
}

/// Changes an operation; false when the version is another.
pub(in crate::features::operations) async fn update(
    tx: &mut Write,
    operation: OperationId,
    version: i64,
    change: &Change<'_>,
    now: Instant,
) -> Result<bool> {
    let shape = change.shape;
    let args = (
        tx.org(),
        operation,
        version,
        shape.audience.0.as_str().to_owned(),
        shape.category,
        shape.campaign,
        shape.title.clone(),
        shape.briefing.clone(),
        shape.place.clone(),
        change.zone.to_owned(),
        change.starts_at,
        change.starts_at + chrono::Duration::minutes(shape.minutes),
        before_start(change.starts_at, shape.answer_before),
        shape.capacity,
        shape.self_service,
        shape.release.clone(),
        shape.stored_reminders(),
        change.detached,
        now,
    );
    let rows = tx
        .run(
            "update operation
                set audience = $4, category_id = $5, campaign_id = $6, title = $7, briefing = $8,
                    place = $9, zone = $10, starts_at = $11, ends_at = $12, answer_until = $13,
                    capacity = $14, self_service = $15, release = $16, remind_before = $17,
                    detached = $18, changed_at = $19, revision = revision + 1, version = version + 1,
                    publish_at = case when publish_at > $11 then $11 else publish_at end
              where org_id = $1 and operation_id = $2 and version = $3",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// A change of state. Whatever is none becomes empty.
#[derive(Clone, Debug)]
pub(in crate::features::operations) struct StateChange {
    pub(in crate::features::operations) state: OperationState,
    pub(in crate::features::operations) publish_at: Option<Instant>,
    pub(in crate::features::operations) published_at: Option<Instant>,
    pub(in crate::features::operations) reason: String,
}

/// Changes the state of an operation; false when the version is another.
pub(in crate::features::operations) async fn set_state(
    tx: &mut Write,
    operation: OperationId,
    version: i64,
    change: StateChange,
    now: Instant,
) -> Result<bool> {
    let args = (
        tx.org(),
        operation,
        version,
        change.state.as_str().to_owned(),
        change.publish_at,
        change.published_at,
        change.reason,
        now,
    );
    let rows = tx
        .run(
            "update operation
                set state = $4, publish_at = $5, published_at = $6, cancel_reason = $7,
                    changed_at = $8, revision = revision + 1, version = version + 1
              where org_id = $1 and operation_id = $2 and version = $3",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Deletes an operation with everything about it; false when the version is another.
pub(in crate::features::operations) async fn delete(
    tx: &mut Write,
    operation: OperationId,
    version: i64,
) -> Result<bool> {
    // Billets hold on to those who fill them.
    let args = (tx.org(), operation);
    tx.run(
        "delete from billet where org_id = $1 and operation_id = $2",
        args,
    )
    .await?;
    let args = (tx.org(), operation, version);
    let rows = tx
        .run(
            "delete from operation where org_id = $1 and operation_id = $2 and version = $3",
            args,
        )
        .await?;
    Ok(rows == 1)
}
