//! Who may do what to groups and their members: facts from the transaction, decision by
//! `domain::access`.

use super::{
    read_model::{Step, Who, path_opens},
    service,
    store::{groups, members, players},
};
use crate::{
    domain::{
        AppError, GroupId, PlayerId, RankId,
        access::{
            AccessSet, Action, Facts, Granted, Missing, Person, Target, decide, may_give, untouched,
        },
    },
    server::{Ctx, Result, db::Read, error::Failure, tenancy},
};

/// A group that the actor may act on: the proof, and what the check read on its way.
#[derive(Clone, Debug)]
pub struct Authorised {
    /// The proof.
    #[expect(
        dead_code,
        reason = "carried so that a command cannot be written without a check"
    )]
    pub(super) granted: Granted,
    /// What is known of the actor on that path.
    facts: Facts,
    /// From the group up to the root.
    pub(super) path: Vec<GroupId>,
    /// The group's name.
    pub name: String,
    /// The group takes one membership of a player at a time.
    pub(super) exclusive: bool,
    /// The group takes no members any more.
    pub retired: bool,
}

impl Authorised {
    /// Nobody acts on the founder, and only the founder on co-founders (§3.1, §5.3).
    ///
    /// # Errors
    /// `Forbidden`.
    pub(super) fn may_touch(&self, ctx: &Ctx, player: &players::PlayerRow) -> Result<()> {
        let person = Person {
            id: player.player_id,
            founder: player.founder,
            co_founder: player.co_founder,
            level: player.level.unwrap_or_default(),
            path: &self.path,
        };
        untouched(&self.facts, &person).map_err(|missing| ctx.refuse(missing))
    }

    /// Nobody gives an access in a group that they do not have there themselves.
    ///
    /// # Errors
    /// The access that is missing.
    pub(super) fn may_give(&self, ctx: &Ctx, access: AccessSet) -> Result<()> {
        may_give(&self.facts, access, Target::Group(&self.path))
            .map_err(|missing| ctx.refuse(missing))
    }
}

/// Reads the facts about a group and decides.
///
/// # Errors
/// `NotFound` when there is no such group or the actor may not see it; else what is missing.
pub async fn authorise(
    tx: &mut Read,
    ctx: &Ctx,
    action: Action,
    group: GroupId,
) -> Result<Authorised> {
    let standpoint = facts_on_path(tx, ctx, group).await?;
    // A rank reaches every group, but nobody acts on one that they do not see (§5.2).
    standpoint.must_see(tx, ctx, group).await?;
    let Standpoint {
        facts,
        path,
        target,
        ..
    } = standpoint;
    let decided = decide(&facts, action, Target::Group(&path));
    let granted = decided.map_err(|missing| ctx.refuse(missing))?;
    Ok(Authorised {
        granted,
        facts,
        name: target.name,
        exclusive: target.exclusive,
        retired: target.retired,
        path,
    })
}

/// How the actor stands to a group, for features with a rule of their own.
#[derive(Clone, Debug)]
pub struct OnPath {
    /// The actor, with what roles and managing give on the path.
    pub facts: Facts,
    /// From the group up to the root.
    pub path: Vec<GroupId>,
    /// The path alone tells that they see the group; else only the roster knows (§5.2).
    pub opens: bool,
    /// They are its member or manager, or lead or manage a group above it. Of members of groups
    /// below it the path does not know.
    pub belongs: bool,
}

/// Reads how the actor stands to a group.
///
/// # Errors
/// `NotFound` when there is no such group; whether the actor may see it is not asked.
pub async fn on_path(tx: &mut Read, ctx: &Ctx, group: GroupId) -> Result<OnPath> {
    let standpoint = facts_on_path(tx, ctx, group).await?;
    let opens = path_opens(eyes(ctx, &standpoint.facts), &standpoint.steps);
    let steps = &standpoint.steps;
    let belongs = steps.first().is_some_and(|step| step.inside)
        || steps.iter().any(|step| step.leads)
        || !standpoint.facts.manages.is_empty();
    Ok(OnPath {
        facts: standpoint.facts,
        path: standpoint.path,
        opens,
        belongs,
    })
}

/// Decides an action on a group, for other features; answers the group's name.
///
/// # Errors
/// `NotFound` when there is no such group or the actor may not see it; else what is missing.
pub async fn authorise_group(
    tx: &mut Read,
    ctx: &Ctx,
    action: Action,
    group: GroupId,
) -> Result<String> {
    let authorised = authorise(tx, ctx, action, group).await?;
    Ok(authorised.name)
}

/// What is known of the actor on the path from a group up to the root.
struct Standpoint {
    facts: Facts,
    /// From the group up to the root.
    path: Vec<GroupId>,
    /// How the actor stands to each group of the path.
    steps: Vec<Step>,
    /// The group itself.
    target: groups::PathRow,
}

impl Standpoint {
    /// Asks the roster only where the path leaves it open: reading it inside a write makes everybody
    /// wait.
    async fn must_see(&self, tx: &mut Read, ctx: &Ctx, group: GroupId) -> Result<()> {
        let eyes = eyes(ctx, &self.facts);
        if path_opens(eyes, &self.steps) {
            return Ok(());
        }
        let roster = service::roster_in(tx, ctx).await?;
        if roster.visible_to(eyes).has(group) {
            Ok(())
        } else {
            Err(Failure::App(AppError::NotFound))
        }
    }
}

async fn facts_on_path(tx: &mut Read, ctx: &Ctx, group: GroupId) -> Result<Standpoint> {
    let root = tx.org().root_group();
    let mut facts = tenancy::facts(tx, ctx).await?;
    let rows = groups::path(tx, group, facts.player).await?;
    let mut path = Vec::new();
    let mut steps: Vec<Step> = Vec::new();
    for row in &rows {
        // One row for each role that the actor holds there.
        if path.last() != Some(&row.group_id) {
            path.push(row.group_id);
            steps.push(Step {
                private: row.private && row.group_id != root,
                ..Step::default()
            });
        }
        if let Some(step) = steps.last_mut() {
            step.inside |= row.member || row.manages;
            step.leads |= row.leadership;
        }
        let access = row.access();
        if !access.is_empty() {
            let given = facts.roles.entry(row.group_id).or_default();
            *given = given.union(access);
        }
        if row.manages {
            facts.manages.insert(row.group_id);
        }
    }
    let target = rows
        .into_iter()
        .next()
        .ok_or(Failure::App(AppError::NotFound))?;
    Ok(Standpoint {
        facts,
        path,
        steps,
        target,
    })
}

/// A player that somebody wants to act on, with what decides whether they may.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Who.
    pub id: PlayerId,
    /// Their name.
    pub common_name: String,
    /// The user who claimed them.
    pub user: Option<crate::domain::UserId>,
    /// `active`, `left`, `kicked`, `banned`, or what an import said.
    pub standing: String,
    /// Their rank.
    pub rank: Option<RankId>,
    /// Name of their rank.
    pub rank_name: String,
    /// What it grants.
    pub access: AccessSet,
    level: i64,
    founder: bool,
    co_founder: bool,
    path: Vec<GroupId>,
    facts: Facts,
}

impl Subject {
    /// Reads a player and what is known of the actor about them.
    ///
    /// # Errors
    /// `NotFound`, also for strangers who may not see the player.
    pub async fn read(tx: &mut Read, ctx: &Ctx, player: PlayerId) -> Result<Self> {
        let root = tx.org().root_group();
        let row = players::get(tx, player).await?;
        let open = members::open_of_player(tx, player, root).await?;
        let scope = open.iter().find(|row| row.exclusive);
        let scope = scope.map_or(root, |row| row.group_id);
        let Standpoint { facts, path, .. } = facts_on_path(tx, ctx, scope).await?;
        Ok(Self {
            id: player,
            common_name: row.common_name,
            user: row.user_id,
            standing: row.standing,
            rank: row.rank_id,
            rank_name: row.rank_name.unwrap_or_default(),
            access: AccessSet::parse(&row.access.unwrap_or_default()),
            level: row.level.unwrap_or_default(),
            founder: row.founder,
            co_founder: row.co_founder,
            path,
            facts,
        })
    }

    /// The player as decisions see them.
    #[must_use]
    pub fn person(&self) -> Person<'_> {
        Person {
            id: self.id,
            founder: self.founder,
            co_founder: self.co_founder,
            level: self.level,
            path: &self.path,
        }
    }

    /// Decides an action on the player.
    ///
    /// # Errors
    /// What is missing.
    pub fn decide(&self, action: Action) -> std::result::Result<Granted, Missing> {
        decide(&self.facts, action, Target::Person(&self.person()))
    }

    /// Decides giving the player a rank of this level and access.
    ///
    /// # Errors
    /// What is missing.
    pub fn decide_rank(
        &self,
        level: i64,
        access: AccessSet,
    ) -> std::result::Result<Granted, Missing> {
        let action = if level > self.level {
            Action::Promote
        } else {
            Action::Demote
        };
        let person = self.person();
        let target = Target::NewRank {
            person: &person,
            level,
            gains: access.without(self.access),
        };
        decide(&self.facts, action, target)
    }

    /// Decides an action on the player as if their rank had this level: for those who are gone.
    ///
    /// # Errors
    /// What is missing.
    pub fn decide_at(&self, action: Action, level: i64) -> std::result::Result<Granted, Missing> {
        let person = Person {
            level,
            ..self.person()
        };
        decide(&self.facts, action, Target::Person(&person))
    }

    /// What is known of the actor, on the path of the player's group.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Level of the player's rank.
    #[must_use]
    pub fn level(&self) -> i64 {
        self.level
    }
}

/// Reads a player and decides an action on them.
///
/// # Errors
/// `NotFound` when there is no such player or the actor may not see them; else what is missing.
pub async fn authorise_player(
    tx: &mut Read,
    ctx: &Ctx,
    action: Action,
    player: PlayerId,
) -> Result<(Subject, Granted)> {
    let subject = Subject::read(tx, ctx, player).await?;
    match subject.decide(action) {
        Ok(granted) => Ok((subject, granted)),
        Err(missing) => Err(refuse_player(tx, ctx, player, missing).await?),
    }
}

/// The refusal of an action on a player; strangers are not told of people they may not see.
///
/// # Errors
/// When the database fails.
pub async fn refuse_player(
    tx: &mut Read,
    ctx: &Ctx,
    player: PlayerId,
    missing: Missing,
) -> Result<Failure> {
    if who(ctx) == Who::Stranger {
        let roster = service::roster_in(tx, ctx).await?;
        let visible = roster.visible_to(Who::Stranger);
        let shown = |group: &GroupId| visible.has(*group);
        if !roster.groups_of(player).iter().any(shown) {
            return Ok(Failure::App(AppError::NotFound));
        }
    }
    Ok(ctx.refuse(missing))
}

/// Like [`authorise`] on the parent of a group, for commands that take the group away from there.
/// Nobody acts on a group that they do not see, also when they may do everything to its parent.
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
    let standpoint = facts_on_path(tx, ctx, group).await?;
    standpoint.must_see(tx, ctx, group).await?;
    authorise(tx, ctx, action, parent).await
}

/// Whose eyes the actor looks through, as far as the request knows.
pub(super) fn who(ctx: &Ctx) -> Who {
    eyes(ctx, &ctx.actor.facts())
}

/// Whose eyes the actor of these facts looks through.
fn eyes(ctx: &Ctx, facts: &Facts) -> Who {
    if let (Some(looker), Some((player, _))) = (&ctx.actor.looker, &ctx.actor.player)
        && !looker.sees_all
    {
        return Who::Both {
            looker: looker.player,
            player: *player,
        };
    }
    Who::of(facts)
}
