//! Answers: rows, places and the waitlist.

use crate::{
    domain::{OperationId, PlayerId, RsvpId, time::Instant},
    features::operations::model::{Answer, Confirmed, places::Signed},
    server::{
        Result,
        db::{Read, Write},
    },
};

/// An answer as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::operations) struct Rsvp {
    /// Its id.
    pub(in crate::features::operations) rsvp_id: RsvpId,
    /// To which operation.
    pub(in crate::features::operations) operation_id: OperationId,
    /// Whose; none for a guest.
    pub(in crate::features::operations) player_id: Option<PlayerId>,
    /// Their name now.
    pub(in crate::features::operations) name: String,
    /// What they say.
    #[sqlx(try_from = "String")]
    pub(in crate::features::operations) answer: Answer,
    /// In their words.
    pub(in crate::features::operations) note: String,
    /// What a leader says.
    #[sqlx(try_from = "String")]
    pub(in crate::features::operations) confirmed: Confirmed,
    /// The number of their place.
    pub(in crate::features::operations) place: Option<i64>,
    /// They wait, in this order.
    pub(in crate::features::operations) waiting_since: Option<i64>,
}

impl Rsvp {
    /// As far as it decides about places.
    pub(in crate::features::operations) fn signed(&self) -> Signed {
        Signed {
            id: self.rsvp_id,
            answer: self.answer,
            confirmed: self.confirmed,
            place: self.place,
            waiting: self.waiting_since,
        }
    }

    /// They come, and nothing stands in the way.
    pub(in crate::features::operations) fn is_in(&self) -> bool {
        self.answer.comes() && self.waiting_since.is_none()
    }
}

macro_rules! select_answers {
    ($rest:literal) => {
        concat!(
            "select r.rsvp_id, r.operation_id, r.player_id,
                    coalesce(p.common_name, r.guest_name, '') as name, r.answer, r.note,
                    r.confirmed, r.place, r.waiting_since
               from rsvp r
               left join player p on p.org_id = r.org_id and p.player_id = r.player_id
              where r.org_id = $1 ",
            $rest
        )
    };
}

/// All answers to an operation, in the order in which they were first given.
pub(in crate::features::operations) async fn of_operation(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Vec<Rsvp>> {
    let args = (tx.org(), operation);
    tx.all(
        select_answers!("and r.operation_id = $2 order by r.rsvp_id"),
        args,
    )
    .await
}

/// An answer by id.
pub(in crate::features::operations) async fn get(tx: &mut Read, rsvp: RsvpId) -> Result<Rsvp> {
    let args = (tx.org(), rsvp);
    tx.one(select_answers!("and r.rsvp_id = $2"), args).await
}

/// A player's answer to an operation.
pub(in crate::features::operations) async fn of_player(
    tx: &mut Read,
    operation: OperationId,
    player: PlayerId,
) -> Result<Option<Rsvp>> {
    let args = (tx.org(), operation, player);
    tx.optional(
        select_answers!("and r.operation_id = $2 and r.player_id = $3"),
        args,
    )
    .await
}

/// What a player answered to the operations that begin in a span of time, its ends included.
pub(in crate::features::operations) async fn of_player_between(
    tx: &mut Read,
    player: PlayerId,
    from: Instant,
    until: Instant,
) -> Result<Vec<(OperationId, String, Option<i64>)>> {
    let args = (tx.org(), player, from, until);
    tx.all(
        "select r.operation_id, r.answer, r.waiting_since
           from rsvp r
           join operation o on o.org_id = r.org_id and o.operation_id = r.operation_id
          where r.org_id = $1 and r.player_id = $2 and o.starts_at >= $3 and o.starts_at <= $4",
        args,
    )
    .await
}

/// Operations at the same time to which these players come as well: player and operation.
pub(in crate::features::operations) async fn clashes(
    tx: &mut Read,
    operation: OperationId,
    player: Option<PlayerId>,
) -> Result<Vec<(PlayerId, OperationId)>> {
    let args = (tx.org(), operation, player);
    tx.all(
        "select r.player_id, r.operation_id
           from operation here
           join operation o on o.org_id = here.org_id and o.operation_id <> here.operation_id
                           and o.starts_at < here.ends_at and o.ends_at > here.starts_at
                           and o.state = 'published'
           join rsvp r on r.org_id = o.org_id and r.operation_id = o.operation_id
                      and r.answer in ('attending', 'late') and r.player_id is not null
          where here.org_id = $1 and here.operation_id = $2
            and ($3 is null or r.player_id = $3)
          order by o.starts_at, r.operation_id",
        args,
    )
    .await
}

/// An answer about to be inserted: a player's, or that of a guest by name.
#[derive(Clone, Debug)]
pub(in crate::features::operations) struct NewRsvp {
    pub(in crate::features::operations) id: RsvpId,
    pub(in crate::features::operations) player: Option<PlayerId>,
    /// Name and key of a guest.
    pub(in crate::features::operations) guest: Option<(String, String)>,
    pub(in crate::features::operations) answer: Answer,
    pub(in crate::features::operations) note: String,
}

/// Inserts an answer without a place; the unique keys refuse a second one.
pub(in crate::features::operations) async fn insert(
    tx: &mut Write,
    operation: OperationId,
    new: &NewRsvp,
    now: Instant,
) -> Result<()> {
    let guest = new.guest.clone();
    let args = (
        tx.org(),
        operation,
        new.id,
        new.player,
        guest.as_ref().map(|(name, _)| name.clone()),
        guest.map(|(_, key)| key),
        new.answer.as_str().to_owned(),
        new.note.clone(),
        now,
    );
    tx.run(
        "insert into rsvp (org_id, operation_id, rsvp_id, player_id, guest_name, guest_key, answer, note,
                           answered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args,
    )
    .await?;
    Ok(())
}

/// Changes what somebody says. The place goes; who has one still is given it again by
/// [`set_place`].
pub(in crate::features::operations) async fn update(
    tx: &mut Write,
    rsvp: RsvpId,
    answer: Answer,
    note: &str,
    now: Instant,
) -> Result<()> {
    let args = (
        tx.org(),
        rsvp,
        answer.as_str().to_owned(),
        note.to_owned(),
        now,
    );
    tx.run(
        "update rsvp set answer = $3, note = $4, answered_at = $5, version = version + 1,
                         place = case when $3 in ('attending', 'late') then place end,
                         waiting_since = case when $3 in ('attending', 'late') then waiting_since end
          where org_id = $1 and rsvp_id = $2",
        args,
    )
    .await?;
    Ok(())
}

/// Writes place, turn and what a leader says, as `model::places` left them.
pub(in crate::features::operations) async fn set_place(tx: &mut Write, one: &Signed) -> Result<()> {
    let args = (
        tx.org(),
        one.id,
        one.place,
        one.waiting,
        one.confirmed.as_str().to_owned(),
    );
    tx.run(
        "update rsvp set place = $3, waiting_since = $4, confirmed = $5, version = version + 1
          where org_id = $1 and rsvp_id = $2",
        args,
    )
    .await?;
    Ok(())
}

/// Deletes an answer: a guest's. Its billet must be empty.
pub(in crate::features::operations) async fn delete(tx: &mut Write, rsvp: RsvpId) -> Result<()> {
    let args = (tx.org(), rsvp);
    tx.run("delete from rsvp where org_id = $1 and rsvp_id = $2", args)
        .await?;
    Ok(())
}

/// A player's name and standing.
pub(in crate::features::operations) async fn player(
    tx: &mut Read,
    player: PlayerId,
) -> Result<(String, String)> {
    let args = (tx.org(), player);
    tx.one(
        "select common_name, standing from player where org_id = $1 and player_id = $2",
        args,
    )
    .await
}
