//! SQL of notices, their cursor and their switches.

use super::model::{Happened, NoticeLine, Topic};
use crate::{
    domain::{
        GroupId, NoticeId, OperationId, OrgId, PlayerId, RequestId, UserId,
        event::{EventData, EventKind},
        time::Instant,
    },
    server::{
        Result,
        db::{Read, System},
    },
};
use std::collections::HashMap;
use uuid::Uuid;

/// An event that was not told yet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct EventRow {
    pub(super) seq: i64,
    pub(super) at: Instant,
    pub(super) actor_id: Option<UserId>,
    actor_name: String,
    kind: String,
    player_id: Option<PlayerId>,
    group_id: Option<GroupId>,
    from_group_id: Option<GroupId>,
    pub(super) operation_id: Option<OperationId>,
    data: String,
    undoes: Option<i64>,
}

impl EventRow {
    /// The event for the rule, and the request it is about; `None` for a kind this version does not
    /// know.
    pub(super) fn happened(
        &self,
        org: &str,
        users: &HashMap<PlayerId, UserId>,
    ) -> Option<(Happened, Option<RequestId>)> {
        let data = serde_json::from_str::<EventData>(&self.data).unwrap_or_default();
        let subject = self
            .player_id
            .and_then(|player| users.get(&player))
            .copied();
        let request = data.request;
        let happened = Happened {
            kind: EventKind::parse(&self.kind)?,
            actor: self.actor_name.clone(),
            by_subject: subject.is_some() && subject == self.actor_id,
            player: self.player_id,
            operation: self.operation_id,
            group: self.group_id,
            from_group: self.from_group_id,
            data,
            undoes: self.undoes.is_some(),
            org: org.to_owned(),
        };
        Some((happened, request))
    }
}

/// Slugs of the Orgs with events that were not told yet.
pub(super) async fn behind(tx: &mut System) -> Result<Vec<(String,)>> {
    tx.all(
        "select o.slug from org o left join notice_cursor c on c.org_id = o.org_id
          where o.event_seq > coalesce(c.seq, 0)",
        (),
    )
    .await
}

/// The slug of one Org, if it has events that were not told yet.
pub(super) async fn is_behind(tx: &mut System, org: OrgId) -> Result<Option<(String,)>> {
    tx.optional(
        "select o.slug from org o left join notice_cursor c on c.org_id = o.org_id
          where o.org_id = $1 and o.event_seq > coalesce(c.seq, 0)",
        (org,),
    )
    .await
}

/// Up to which event people were told.
pub(super) async fn cursor(tx: &mut Read) -> Result<i64> {
    let org = tx.org();
    let row: Option<(i64,)> = tx
        .optional("select seq from notice_cursor where org_id = $1", (org,))
        .await?;
    Ok(row.map_or(0, |(seq,)| seq))
}

/// Moves the cursor, if it still is where it was: of two workers one does. Answers whether it did.
pub(super) async fn advance(tx: &mut Read, from: i64, to: i64) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "insert into notice_cursor (org_id, seq) values ($1, $3)
             on conflict (org_id) do update set seq = $3 where notice_cursor.seq = $2",
            (org, from, to),
        )
        .await?;
    Ok(rows == 1)
}

/// Moves the cursor to the newest event: what happened until now is told to nobody.
pub(super) async fn skip(tx: &mut Read) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into notice_cursor (org_id, seq) select org_id, event_seq from org where org_id = $1
         on conflict (org_id) do update set seq = excluded.seq",
        (org,),
    )
    .await?;
    Ok(())
}

/// The events after a number, in order.
pub(super) async fn events_after(tx: &mut Read, seq: i64, count: i64) -> Result<Vec<EventRow>> {
    let args = (tx.org(), seq, count);
    tx.all(
        "select seq, at, actor_id, actor_name, kind, player_id, group_id, from_group_id,
                operation_id, data, undoes
           from event where org_id = $1 and seq > $2 order by seq limit $3",
        args,
    )
    .await
}

/// The users of all players who have one, also of those who left.
pub(super) async fn users(tx: &mut Read) -> Result<Vec<(PlayerId, UserId)>> {
    let org = tx.org();
    tx.all(
        "select player_id, user_id from player where org_id = $1 and user_id is not null",
        (org,),
    )
    .await
}

/// Founder and co-founders.
pub(super) async fn founders(tx: &mut Read) -> Result<Vec<UserId>> {
    let org = tx.org();
    let rows = tx
        .all(
            "select founder_id from org where org_id = $1
         union
         select p.user_id from co_founder f
           join player p on p.org_id = f.org_id and p.player_id = f.player_id
          where f.org_id = $1 and p.user_id is not null
            and p.standing not in ('left', 'kicked', 'banned')",
            (org,),
        )
        .await?;
    Ok(firsts(rows))
}

/// The one column of each row.
fn firsts<T>(rows: Vec<(T,)>) -> Vec<T> {
    rows.into_iter().map(|(first,)| first).collect()
}

/// Who made a request to join.
pub(super) async fn requester(tx: &mut Read, request: RequestId) -> Result<Option<UserId>> {
    let args = (tx.org(), request);
    let row: Option<(UserId,)> = tx
        .optional(
            "select user_id from join_request where org_id = $1 and request_id = $2",
            args,
        )
        .await?;
    Ok(row.map(|(user,)| user))
}

/// Whose memberships of a group ended at an instant.
pub(super) async fn left_at(tx: &mut Read, group: GroupId, at: Instant) -> Result<Vec<PlayerId>> {
    let args = (tx.org(), group, at);
    let rows = tx
        .all(
            "select distinct player_id from membership
              where org_id = $1 and group_id = $2 and until = $3",
            args,
        )
        .await?;
    Ok(firsts(rows))
}

/// Whose memberships of a group began at an instant.
pub(super) async fn came_at(tx: &mut Read, group: GroupId, at: Instant) -> Result<Vec<PlayerId>> {
    let args = (tx.org(), group, at);
    let rows = tx
        .all(
            "select distinct player_id from membership
              where org_id = $1 and group_id = $2 and since = $3",
            args,
        )
        .await?;
    Ok(firsts(rows))
}

/// Whom a suggestion that was applied at an instant put into a billet.
pub(super) async fn placed_at(
    tx: &mut Read,
    operation: OperationId,
    at: Instant,
) -> Result<Vec<PlayerId>> {
    let args = (tx.org(), operation, at);
    let rows = tx
        .all(
            "select r.player_id from billet b
               join rsvp r on r.org_id = b.org_id and r.operation_id = b.operation_id
                          and r.rsvp_id = b.rsvp_id
              where b.org_id = $1 and b.operation_id = $2 and b.filled_at = $3
                and b.filled_by = 'suggestion' and r.player_id is not null",
            args,
        )
        .await?;
    Ok(firsts(rows))
}

/// What one user is told of one event.
#[derive(Clone, Debug)]
pub(super) struct NewNotice {
    pub(super) user: UserId,
    pub(super) seq: i64,
    pub(super) at: Instant,
    pub(super) topic: Topic,
    pub(super) text: String,
    pub(super) href: String,
}

/// Writes a notice, unless its topic is switched off. Answers whether it did.
pub(super) async fn insert(tx: &mut Read, new: &NewNotice) -> Result<bool> {
    let args = (
        tx.org(),
        NoticeId(Uuid::now_v7()),
        new.user,
        new.seq,
        new.topic.id().to_owned(),
        new.text.clone(),
        new.href.clone(),
        new.at,
    );
    let rows = tx
        .run(
            "insert into notice (org_id, notice_id, user_id, seq, topic, text, href, created_at)
             select $1, $2, u.user_id, $4, $5, $6, $7, $8
               from user_account u
               left join notice_switch s on s.user_id = u.user_id and s.topic = $5
              where u.user_id = $3 and u.disabled_at is null and coalesce(s.in_app, true)",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Queues a mail, unless the topic is switched off. Answers the address if it did.
pub(super) async fn queue_mail(
    tx: &mut Read,
    new: &NewNotice,
    subject: String,
    body: String,
    now: Instant,
) -> Result<Option<(String,)>> {
    let args = (
        Uuid::now_v7(),
        new.user,
        new.topic.id().to_owned(),
        subject,
        body,
        now,
    );
    tx.optional(
        "insert into outbox_mail (mail_id, to_address, subject, body, created_at)
         select $1, u.email, $4, $5, $6
           from user_account u
           left join notice_switch s on s.user_id = u.user_id and s.topic = $3
          where u.user_id = $2 and u.disabled_at is null and coalesce(s.mail, true)
          returning to_address",
        args,
    )
    .await
}

#[derive(sqlx::FromRow)]
struct NoticeRow {
    notice_id: NoticeId,
    seq: i64,
    text: String,
    href: String,
    created_at: Instant,
    unread: bool,
}

impl NoticeRow {
    fn into_line(self) -> NoticeLine {
        NoticeLine {
            id: self.notice_id,
            seq: self.seq,
            text: self.text,
            href: self.href,
            at: self.created_at,
            unread: self.unread,
        }
    }
}

/// A user's notices, newest first, before a number.
pub(super) async fn list(
    tx: &mut Read,
    user: UserId,
    before: i64,
    count: i64,
) -> Result<Vec<NoticeLine>> {
    let args = (tx.org(), user, before, count);
    let rows: Vec<NoticeRow> = tx
        .all(
            "select notice_id, seq, text, href, created_at, read_at is null as unread
               from notice where org_id = $1 and user_id = $2 and seq < $3
              order by seq desc limit $4",
            args,
        )
        .await?;
    Ok(rows.into_iter().map(NoticeRow::into_line).collect())
}

/// How many notices a user has not read.
pub(super) async fn unread(tx: &mut Read, user: UserId) -> Result<i64> {
    let args = (tx.org(), user);
    let (count,): (i64,) = tx
        .one(
            "select count(*) from notice where org_id = $1 and user_id = $2 and read_at is null",
            args,
        )
        .await?;
    Ok(count)
}

/// Marks a user's own notice as read and answers where it leads.
pub(super) async fn read_one(
    tx: &mut Read,
    user: UserId,
    notice: NoticeId,
    now: Instant,
) -> Result<String> {
    let args = (tx.org(), notice, user, now);
    let (href,): (String,) = tx
        .one(
            "update notice set read_at = coalesce(read_at, $4)
              where org_id = $1 and notice_id = $2 and user_id = $3 returning href",
            args,
        )
        .await?;
    Ok(href)
}

/// Marks a user's notices up to a number as read.
pub(super) async fn read_all(tx: &mut Read, user: UserId, up_to: i64, now: Instant) -> Result<()> {
    let args = (tx.org(), user, up_to, now);
    tx.run(
        "update notice set read_at = $4
          where org_id = $1 and user_id = $2 and seq <= $3 and read_at is null",
        args,
    )
    .await?;
    Ok(())
}

/// What a user has switched: topic, in the app, by mail.
pub(super) async fn switches(tx: &mut System, user: UserId) -> Result<Vec<(String, bool, bool)>> {
    tx.all(
        "select topic, in_app, mail from notice_switch where user_id = $1",
        (user,),
    )
    .await
}

/// Keeps a switch.
pub(super) async fn set_switch(
    tx: &mut System,
    user: UserId,
    topic: Topic,
    in_app: bool,
    mail: bool,
) -> Result<()> {
    tx.run(
        "insert into notice_switch (user_id, topic, in_app, mail) values ($1, $2, $3, $4)
         on conflict (user_id, topic) do update set in_app = $3, mail = $4",
        (user, topic.id().to_owned(), in_app, mail),
    )
    .await?;
    Ok(())
}
