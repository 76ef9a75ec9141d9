//! Who may change ranks: the access to do so, and a level above them (security.md §3.2, rule 3).

use super::store;
use crate::{
    domain::{
        AppError, FieldProblem,
        access::{AccessSet, Action, Facts, Granted, Missing, Target, decide, may_give},
        module::Module,
    },
    server::{Ctx, Failure, Result, db::Read, tenancy},
};

/// Refuses what belongs to ranks where the Org's type does without them.
pub(super) fn with_ranks(ctx: &Ctx) -> Result<()> {
    if ctx.tenant()?.modules.has(Module::Ranks) {
        Ok(())
    } else {
        Err(Failure::App(AppError::NotFound))
    }
}

/// Somebody who looks at ranks in order to change them.
#[derive(Clone, Debug)]
pub(super) struct Editor {
    facts: Facts,
    /// What the Org's type offers to put into ranks (§1.6).
    pub(super) offered: AccessSet,
}

/// Proof that somebody may change ranks.
#[derive(Clone, Debug)]
pub(super) struct Authorised {
    editor: Editor,
    #[expect(
        dead_code,
        reason = "carried so that a command cannot be written without a check"
    )]
    granted: Granted,
}

impl Editor {
    /// For pages: what the viewer could do, as far as the request knows.
    pub(super) fn of(ctx: &Ctx, offered: AccessSet) -> Self {
        Self {
            facts: ctx.actor.facts(),
            offered,
        }
    }

    /// The access to change ranks at all.
    pub(super) fn may(&self) -> std::result::Result<Granted, Missing> {
        decide(&self.facts, Action::EditRanks, Target::Org)
    }

    fn without_limit(&self) -> bool {
        self.facts.founder || self.facts.co_founder
    }

    /// Only ranks below this level can be changed; none: all.
    pub(super) fn below(&self) -> Option<i64> {
        (!self.without_limit()).then_some(self.facts.rank.level)
    }

    /// A rank of this level, so nobody changes their own or a higher one.
    pub(super) fn may_change(&self, level: i64) -> std::result::Result<(), Missing> {
        match self.below() {
            Some(below) if level >= below => Err(Missing::NewLevel),
            _ => Ok(()),
        }
    }

    /// Nobody puts an access into a rank that they do not hold.
    pub(super) fn may_add(&self, access: AccessSet) -> std::result::Result<(), Missing> {
        may_give(&self.facts, access, Target::Org)
    }
}

impl Authorised {
    /// See [`Editor::may_change`].
    pub(super) fn may_change(&self, ctx: &Ctx, level: i64) -> Result<()> {
        self.editor
            .may_change(level)
            .map_err(|missing| ctx.refuse(missing))
    }

    /// See [`Editor::may_add`]; only what the Org's type offers can be added.
    pub(super) fn may_add(&self, ctx: &Ctx, access: AccessSet) -> Result<()> {
        if !access.without(self.editor.offered).is_empty() {
            return Err(AppError::field("access", FieldProblem::Unknown).into());
        }
        self.may_hand_on(ctx, access)
    }

    /// See [`Editor::may_add`]; for access that a rank has already, and others are to get.
    pub(super) fn may_hand_on(&self, ctx: &Ctx, access: AccessSet) -> Result<()> {
        self.editor
            .may_add(access)
            .map_err(|missing| ctx.refuse(missing))
    }

    /// See [`Editor::below`].
    pub(super) fn below(&self) -> Option<i64> {
        self.editor.below()
    }
}

/// Reads the facts in the transaction that writes, and decides.
///
/// # Errors
/// `NotFound` where there are no ranks; else what is missing.
pub(super) async fn authorise(tx: &mut Read, ctx: &Ctx) -> Result<Authorised> {
    with_ranks(ctx)?;
    let editor = Editor {
        facts: tenancy::facts(tx, ctx).await?,
        offered: store::ranks::offered(tx).await?,
    };
    let granted = editor.may().map_err(|missing| ctx.refuse(missing))?;
    Ok(Authorised { editor, granted })
}
