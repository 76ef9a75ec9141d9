//! Commands and queries on one's own notices, and the worker that makes them.

mod worker;

pub use worker::{catch_up, run};

use super::{
    model::{NoticePage, PAGE, Switch, Topic},
    store,
};
use crate::{
    domain::{AppError, FieldProblem, NoticeId, event::Outcome},
    server::{Ctx, Result, db::Read, events},
};
use std::collections::BTreeSet;

/// The viewer's own notices in this Org, newest first, before a number.
///
/// # Errors
/// Not signed in, looking through another's eyes, or at the apex.
pub async fn list_notices(ctx: &Ctx, before: Option<i64>) -> Result<NoticePage> {
    let tenant = ctx.tenant()?;
    let user = ctx.user()?.id;
    ctx.own_eyes()?;
    let mut tx = ctx.state.db.read(tenant).await?;
    let before = before.unwrap_or(i64::MAX);
    let mut notices = store::list(&mut tx, user, before, PAGE as i64 + 1).await?;
    let unread = store::unread(&mut tx, user).await?;
    tx.done().await?;
    let next = (notices.len() > PAGE).then(|| notices[PAGE - 1].seq);
    notices.truncate(PAGE);
    Ok(NoticePage {
        notices,
        unread,
        next,
    })
}

/// How many of the viewer's notices in this Org are unread; none for strangers, and none through
/// another's eyes.
///
/// # Errors
/// When the database fails.
pub async fn unread(ctx: &Ctx) -> Result<i64> {
    let Some(user) = ctx.actor.user.as_ref().filter(|_| ctx.own_eyes().is_ok()) else {
        return Ok(0);
    };
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let count = store::unread(&mut tx, user.id).await?;
    tx.done().await?;
    Ok(count)
}

/// Marks one of the viewer's notices as read and goes where it leads.
///
/// # Errors
/// Not signed in, or no notice of theirs.
pub async fn open_notice(ctx: &Ctx, notice: NoticeId) -> Result<Outcome> {
    let tenant = ctx.tenant()?;
    let user = ctx.user()?.id;
    let mut tx = ctx.state.db.write_beside(tenant).await?;
    let href = store::read_one(&mut tx, user, notice, ctx.now).await?;
    events::commit_notices(tx, &ctx.state.hub, &BTreeSet::from([user])).await?;
    Ok(Outcome::goto(href))
}

/// Marks the viewer's notices up to a number as read: those they have seen, not those that came
/// meanwhile.
///
/// # Errors
/// Not signed in, or at the apex.
pub async fn mark_all_read(ctx: &Ctx, up_to: i64) -> Result<Outcome> {
    let tenant = ctx.tenant()?;
    let user = ctx.user()?.id;
    let mut tx = ctx.state.db.write_beside(tenant).await?;
    store::read_all(&mut tx, user, up_to, ctx.now).await?;
    events::commit_notices(tx, &ctx.state.hub, &BTreeSet::from([user])).await?;
    Ok(Outcome::goto("/notices"))
}

/// Where the viewer wants to be told of each topic, in all Orgs.
///
/// # Errors
/// Not signed in, or looking through another's eyes.
pub async fn read_switches(ctx: &Ctx) -> Result<Vec<Switch>> {
    ctx.tenant()?;
    let user = ctx.user()?.id;
    ctx.own_eyes()?;
    let mut tx = ctx.state.db.system_read().await?;
    let rows = store::switches(&mut tx, user).await?;
    tx.commit().await?;
    let of = |topic: Topic| {
        let row = rows.iter().find(|(id, ..)| id == topic.id());
        Switch {
            topic,
            in_app: row.is_none_or(|(_, in_app, _)| *in_app),
            mail: row.is_none_or(|(_, _, mail)| *mail),
        }
    };
    Ok(Topic::ALL.iter().copied().map(of).collect())
}

/// Keeps where the viewer wants to be told: of the topics listed, nowhere else.
///
/// # Errors
/// Not signed in, or no such topic.
pub async fn set_switches(ctx: &Ctx, in_app: &[String], mail: &[String]) -> Result<Outcome> {
    ctx.tenant()?;
    let user = ctx.user()?.id;
    let (in_app, mail) = (topics("in_app", in_app)?, topics("mail", mail)?);
    let mut tx = ctx.state.db.system().await?;
    for topic in Topic::ALL {
        store::set_switch(
            &mut tx,
            user,
            *topic,
            in_app.contains(topic),
            mail.contains(topic),
        )
        .await?;
    }
    tx.commit().await?;
    Ok(Outcome::goto("/notices"))
}

fn topics(field: &str, ids: &[String]) -> Result<BTreeSet<Topic>> {
    let unknown = || AppError::field(field, FieldProblem::Unknown);
    let parsed = ids.iter().map(|id| Topic::parse(id).ok_or_else(unknown));
    Ok(parsed.collect::<std::result::Result<_, _>>()?)
}

/// Tells nobody of what happened in this Org until now: for history that is written afterwards.
///
/// # Errors
/// When the database fails.
pub async fn tell_nothing_so_far(tx: &mut Read) -> Result<()> {
    store::skip(tx).await
}
