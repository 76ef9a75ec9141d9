//! Who may do what to groups and their members: facts from the transaction, decision by
//! `domain::access`.

use super::{read_model::Who, service, store::groups};
use crate::{
    domain::{
        AppError, GroupId,
        access::{Action, Granted, Target, decide},
    },
    server::{Ctx, Result, db::Read, error::Failure},
};

/// A group that the actor may act on: the proof, and what the check read on its way.
#[derive(Clone, Debug)]
pub(super) struct Authorised {
    /// The proof.
    #[expect(
        dead_code,
        reason = "carried so that a command cannot be written without a check"
    )]
    pub(super) granted: Granted,
    /// From the group up to the root.
    pub(super) path: Vec<GroupId>,
    /// The group's name.
    pub(super) name: String,
    /// The group takes one membership of a player at a time.
    pub(super) exclusive: bool,
    /// The group takes no members any more.
    pub(super) retired: bool,
}

/// Reads the facts about a group and decides.
///
/// # Errors
/// `NotFound` when there is no such group or the actor may not see it; else what is missing.
pub(super) async fn authorise(
    tx: &mut Read,
    ctx: &Ctx,
    action: Action,
    group: GroupId,
) -> Result<Authorised> {
    let player = ctx.actor.player.as_ref().map(|(id, _)| *id);
    let rows = groups::path(tx, group, player).await?;
    let Some(target) = rows.first() else {
        return Err(Failure::App(AppError::NotFound));
    };
    let path: Vec<GroupId> = rows.iter().map(|row| row.group_id).collect();
    let mut facts = ctx.actor.facts();
    facts.leads = rows
        .iter()
        .filter(|row| row.leads)
        .map(|row| row.group_id)
        .collect();
    facts.manages = rows
        .iter()
        .filter(|row| row.manages)
        .map(|row| row.group_id)
        .collect();
    match decide(&facts, action, Target::Group(&path)) {
        Ok(granted) => Ok(Authorised {
            granted,
            name: target.name.clone(),
            exclusive: target.exclusive,
            retired: target.retired,
            path,
        }),
        Err(missing) => {
            let roster = service::roster_in(tx, ctx).await?;
            let is_root = roster.root() == Some(group);
            let visible = is_root || roster.visible_to(who(ctx)).has(group);
            Err(if visible {
                ctx.refuse(missing)
            } else {
                Failure::App(AppError::NotFound)
            })
        }
    }
}

/// Like [`authorise`] on the parent of a group, for commands that take the group away from there.
/// Of a group that the actor may not see nothing is told, also when they may see its parent.
///
/// # Errors
/// `NotFound` when the actor may not see the group or its parent; else what is missing.
pub(super) async fn authorise_parent(
    tx: &mut Read,
    ctx: &Ctx,
    action: Action,
    parent: GroupId,
    group: GroupId,
) -> Result<Authorised> {
    let refused = match authorise(tx, ctx, action, parent).await {
        Err(refused) => refused,
        allowed => return allowed,
    };
    let roster = service::roster_in(tx, ctx).await?;
    let visible = roster.visible_to(who(ctx)).has(group);
    Err(if visible {
        refused
    } else {
        Failure::App(AppError::NotFound)
    })
}

/// Whose eyes the actor looks through.
pub(super) fn who(ctx: &Ctx) -> Who {
    if ctx.actor.founder || ctx.actor.co_founder {
        return Who::Everything;
    }
    match &ctx.actor.player {
        Some((player, _)) => Who::Player(*player),
        None => Who::Stranger,
    }
}
