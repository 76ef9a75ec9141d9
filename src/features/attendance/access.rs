//! Who may record whom: judged in the transaction that writes, by groups of then.
//!
//! An entry is credited to the group held when the operation began, so that group decides: whoever
//! may record attendance on its path now records those who were in it then, also those who were
//! moved since; the leader of their new group does not change the old one's figures. Who organised
//! the operation records those of their own group and below it. With the access for the whole
//! organisation anybody is recorded.

use crate::{
    domain::{
        GroupId,
        access::{Action, Facts, Missing, Target, decide},
    },
    features::roster::read_model::Roster,
    server::{Ctx, Result, db::Read, tenancy},
};

/// Refuses those who are no members: who was where is not for visitors.
pub(super) fn members_only(ctx: &Ctx) -> Result<()> {
    let actor = &ctx.actor;
    if actor.player.is_some() || actor.founder || actor.co_founder {
        Ok(())
    } else {
        Err(ctx.refuse(Missing::Membership))
    }
}

/// What the actor may record.
pub(super) struct Recorder<'a> {
    facts: Facts,
    roster: &'a Roster,
}

impl<'a> Recorder<'a> {
    /// As a page knows them.
    pub(super) fn on_page(ctx: &Ctx, roster: &'a Roster) -> Self {
        Self {
            facts: crate::features::roster::service::facts(ctx, roster),
            roster,
        }
    }

    /// As the transaction that writes knows them.
    pub(super) async fn in_tx(tx: &mut Read, ctx: &Ctx, roster: &'a Roster) -> Result<Self> {
        let mut facts = tenancy::facts(tx, ctx).await?;
        if let Some(player) = facts.player {
            facts.roles = roster.role_access_of(player);
            facts.manages = roster.managed_by(player).collect();
        }
        Ok(Self { facts, roster })
    }

    /// Anybody.
    pub(super) fn anybody(&self) -> bool {
        decide(&self.facts, Action::RecordAttendance, Target::Org).is_ok()
    }

    /// Those who were in this group.
    pub(super) fn of_group(&self, group: GroupId) -> std::result::Result<(), Missing> {
        let path = self.roster.path(group);
        let target = Target::Group(&path);
        decide(&self.facts, Action::RecordAttendance, target).map(|_| ())
    }

    /// The actor's own player.
    pub(super) fn player(&self) -> Option<crate::domain::PlayerId> {
        self.facts.player
    }
}
