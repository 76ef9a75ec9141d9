//! SQL of requests to join, and nothing else.

use super::model::RequestState;
use crate::{
    domain::{GroupId, PlayerId, RequestId, UserId, time::Instant},
    server::{
        Result,
        db::{Read, Write},
    },
};

/// A request with the player of whoever asked, if they have one.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct RequestRow {
    pub(super) request_id: RequestId,
    pub(super) group_id: GroupId,
    pub(super) user_id: UserId,
    pub(super) common_name: String,
    pub(super) note: String,
    state: String,
    pub(super) created_at: Instant,
    pub(super) actioned_at: Option<Instant>,
    pub(super) actioned_name: String,
    pub(super) answer: String,
    pub(super) player_id: Option<PlayerId>,
    pub(super) group_name: String,
}

impl RequestRow {
    pub(super) fn state(&self) -> RequestState {
        RequestState::parse(&self.state)
    }
}

macro_rules! select_requests {
    ($rest:literal) => {
        concat!(
            "select r.request_id, r.group_id, r.user_id, r.common_name, r.note, r.state, r.created_at,
                    r.actioned_at, r.actioned_name, r.answer, p.player_id,
                    g.name as group_name
               from join_request r
               join roster_group g on g.org_id = r.org_id and g.group_id = r.group_id
               left join player p on p.org_id = r.org_id and p.user_id = r.user_id
              where r.org_id = $1 and ",
            $rest
        )
    };
}

/// A request; `NotFound` for one of another Org.
pub(super) async fn get(tx: &mut Read, request: RequestId) -> Result<RequestRow> {
    let args = (tx.org(), request);
    tx.one(select_requests!("r.request_id = $2"), args).await
}

/// For so many groups [`pending`] asks at once.
pub(super) const GROUPS_AT_ONCE: usize = 8;

/// What waits for an answer in any of these groups, [`GROUPS_AT_ONCE`] at most, newest first.
pub(super) async fn pending(
    tx: &mut Read,
    groups: &[GroupId],
    most: i64,
) -> Result<Vec<RequestRow>> {
    let org = tx.org();
    // The databases share no way to bind a list, but null is equal to nothing.
    let group = |at: usize| groups.get(at).copied();
    tx.all(
        select_requests!(
            "r.state = 'pending' and r.group_id in ($3, $4, $5, $6, $7, $8, $9, $10)
              order by r.created_at desc, r.request_id desc limit $2"
        ),
        (
            org,
            most,
            group(0),
            group(1),
            group(2),
            group(3),
            group(4),
            group(5),
            group(6),
            group(7),
        ),
    )
    .await
}

/// A user's requests, newest first.
pub(super) async fn of_user(tx: &mut Read, user: UserId, most: i64) -> Result<Vec<RequestRow>> {
    let args = (tx.org(), user, most);
    tx.all(
        select_requests!("r.user_id = $2 order by r.created_at desc, r.request_id desc limit $3"),
        args,
    )
    .await
}

/// A group's requests, newest first, those that wait before all others.
pub(super) async fn of_group(tx: &mut Read, group: GroupId, most: i64) -> Result<Vec<RequestRow>> {
    let args = (tx.org(), group, most);
    tx.all(
        select_requests!(
            "r.group_id = $2
              order by case when r.state = 'pending' then 0 else 1 end, r.created_at desc,
                       r.request_id desc limit $3"
        ),
        args,
    )
    .await
}

/// How many requests wait, by group; nobody answers those of a retired one.
pub(super) async fn count_pending(tx: &mut Read) -> Result<Vec<(GroupId, i64)>> {
    let args = (tx.org(),);
    tx.all(
        "select r.group_id, count(*)
           from join_request r
           join roster_group g on g.org_id = r.org_id and g.group_id = r.group_id
          where r.org_id = $1 and r.state = 'pending' and g.retired_at is null
          group by r.group_id",
        args,
    )
    .await
}

/// The user's pending requests.
pub(super) async fn pending_of_user(tx: &mut Read, user: UserId) -> Result<Vec<RequestRow>> {
    let args = (tx.org(), user);
    tx.all(
        select_requests!("r.user_id = $2 and r.state = 'pending'"),
        args,
    )
    .await
}

/// A request about to be made.
pub(super) struct NewRequest<'a> {
    pub(super) id: RequestId,
    pub(super) group: GroupId,
    pub(super) user: UserId,
    pub(super) common_name: &'a str,
    pub(super) note: &'a str,
}

/// Inserts a request. A second pending one for the same group breaks `join_request_pending_key`.
pub(super) async fn insert(tx: &mut Write, new: NewRequest<'_>, now: Instant) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into join_request (org_id, request_id, group_id, user_id, common_name, note, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        (
            org,
            new.id,
            new.group,
            new.user,
            new.common_name.to_owned(),
            new.note.to_owned(),
            now,
        ),
    )
    .await?;
    Ok(())
}

/// How a request ends.
pub(super) struct Ending<'a> {
    pub(super) state: RequestState,
    pub(super) at: Instant,
    /// None for the server's own commands.
    pub(super) by: Option<UserId>,
    pub(super) name: &'a str,
    pub(super) answer: &'a str,
}

/// Ends a pending request; answers false when it had ended before. Of several who answer at once
/// one gets true.
pub(super) async fn end(tx: &mut Write, request: RequestId, ending: Ending<'_>) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update join_request
                set state = $3, actioned_at = $4, actioned_by = $5, actioned_name = $6, answer = $7
              where org_id = $1 and request_id = $2 and state = 'pending'",
            (
                org,
                request,
                ending.state.as_str().to_owned(),
                ending.at,
                ending.by,
                ending.name.to_owned(),
                ending.answer.to_owned(),
            ),
        )
        .await?;
    Ok(rows == 1)
}
