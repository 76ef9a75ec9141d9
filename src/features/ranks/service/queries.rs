//! What pages of ranks read.

use crate::{
    domain::{
        AppError, GroupId, PlayerId, RankId, RankSetId,
        access::{Action, Missing},
    },
    features::{
        ranks::{
            access::{Editor, with_ranks},
            model::{
                ChangePage, GroupSetPage, HoldingLine, LadderPage, PlayerRank, RankPage, RankTitle,
                SetLine, SetPage, limits,
            },
            store,
        },
        roster::{
            self,
            access::{Subject, refuse_player},
            read_model::Visible,
        },
    },
    server::{Ctx, Failure, Result, db::Read},
};

/// Ranks are the business of those who belong here.
fn for_members(ctx: &Ctx) -> Result<()> {
    with_ranks(ctx)?;
    let belongs = ctx.actor.player.is_some() || ctx.actor.founder || ctx.actor.co_founder;
    if belongs {
        Ok(())
    } else {
        Err(ctx.refuse(Missing::Membership))
    }
}

/// Refuses a page that only serves to change ranks.
fn for_editors(ctx: &Ctx, editor: &Editor) -> Result<()> {
    with_ranks(ctx)?;
    let granted = editor.may();
    granted.map(|_| ()).map_err(|missing| ctx.refuse(missing))
}

/// The ladder.
///
/// # Errors
/// The actor is no player here, or there are no ranks.
pub async fn ladder_page(ctx: &Ctx) -> Result<LadderPage> {
    for_members(ctx)?;
    let roster = roster::service::roster_now(ctx).await?;
    let visible = roster::service::visible_groups(ctx, &roster);
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let editor = Editor::of(ctx, store::ranks::offered(&mut tx).await?);
    let ranks = store::ranks::all(&mut tx).await?;
    let sets = set_lines(&mut tx, &visible).await?;
    tx.done().await?;
    Ok(LadderPage {
        ranks: ranks.into_iter().map(|row| row.into_line()).collect(),
        sets,
        refused: editor.may().err(),
        below: editor.below(),
    })
}

/// Rank sets with the number of groups that use them, as far as these are seen.
async fn set_lines(tx: &mut Read, visible: &Visible) -> Result<Vec<SetLine>> {
    let choices = store::sets::choices(tx).await?;
    let users = |set: RankSetId| {
        choices
            .iter()
            .filter(|(group, chosen)| *chosen == set && visible.has(*group))
            .count()
    };
    let sets = store::sets::all(tx).await?;
    Ok(sets
        .into_iter()
        .map(|set| SetLine {
            id: set.rank_set_id,
            groups: u32::try_from(users(set.rank_set_id)).unwrap_or(u32::MAX),
            name: set.name,
        })
        .collect())
}

/// The form of a rank, or of a new one.
///
/// # Errors
/// The actor may not change ranks, or there is no such rank.
pub async fn rank_page(ctx: &Ctx, rank: Option<RankId>) -> Result<RankPage> {
    with_ranks(ctx)?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let editor = Editor::of(ctx, store::ranks::offered(&mut tx).await?);
    for_editors(ctx, &editor)?;
    let ranks = store::ranks::all(&mut tx).await?;
    tx.done().await?;
    let found = match rank {
        Some(id) => {
            let row = ranks.iter().find(|row| row.rank_id == id);
            Some(row.ok_or(Failure::App(AppError::NotFound))?.clone())
        }
        None => None,
    };
    let refused = found
        .as_ref()
        .and_then(|row| editor.may_change(row.level).err());
    let others = ranks
        .into_iter()
        .filter(|row| Some(row.rank_id) != rank && !row.is_guest)
        .filter(|row| editor.may_change(row.level).is_ok())
        .map(|row| row.into_title())
        .collect();
    let offers = editor.offered.iter().map(|action| {
        let missing = editor.may_add([action].into_iter().collect()).err();
        (action, missing)
    });
    Ok(RankPage {
        offers: offers.collect(),
        rank: found.map(|row| row.into_line()),
        refused,
        others,
        highest: editor.below().map_or(limits::LEVEL, |level| level - 1),
    })
}

/// The page of a rank set.
///
/// # Errors
/// The actor may not change ranks, or there is no such set.
pub async fn set_page(ctx: &Ctx, set: RankSetId) -> Result<SetPage> {
    with_ranks(ctx)?;
    let roster = roster::service::roster_now(ctx).await?;
    let visible = roster::service::visible_groups(ctx, &roster);
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let editor = Editor::of(ctx, store::ranks::offered(&mut tx).await?);
    for_editors(ctx, &editor)?;
    let row = store::sets::get(&mut tx, set).await?;
    let titles = store::sets::titles(&mut tx, set).await?;
    let ranks = store::ranks::all(&mut tx).await?;
    let choices = store::sets::choices(&mut tx).await?;
    tx.done().await?;
    let titled = |rank: &RankTitle| {
        let title = titles.iter().find(|title| title.rank_id == rank.id)?;
        Some(RankTitle {
            id: rank.id,
            name: title.name.clone(),
            abbreviation: title.abbreviation.clone(),
            insignia: title.insignia.clone(),
            level: rank.level,
        })
    };
    let uses = |group: GroupId| {
        choices
            .iter()
            .any(|(other, chosen)| *other == group && *chosen == set)
    };
    Ok(SetPage {
        id: set,
        name: row.name,
        version: row.version,
        titles: ranks
            .into_iter()
            .filter(|rank| !rank.is_guest)
            .map(|rank| {
                let rank = rank.into_title();
                let own = titled(&rank);
                (rank, own)
            })
            .collect(),
        groups: roster
            .groups
            .iter()
            .filter(|group| visible.has(group.id) && uses(group.id))
            .map(|group| (group.id, group.name.clone()))
            .collect(),
    })
}

/// The page on which a group chooses its rank set.
///
/// # Errors
/// The actor does not lead the group, or there is no such group for them.
pub async fn group_set_page(ctx: &Ctx, group: GroupId) -> Result<GroupSetPage> {
    with_ranks(ctx)?;
    let roster = roster::service::roster_now(ctx).await?;
    let visible = roster::service::visible_groups(ctx, &roster);
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    if group == tx.org().root_group() {
        return Err(Failure::App(AppError::NotFound));
    }
    let action = Action::EditStructure;
    let name = roster::access::authorise_group(&mut tx, ctx, action, group).await?;
    let page = GroupSetPage {
        id: group,
        name,
        chosen: store::sets::of_group(&mut tx, group).await?,
        sets: set_lines(&mut tx, &visible).await?,
    };
    tx.done().await?;
    Ok(page)
}

/// A player's ranks over time, newest first, and since when they hold the present one. Reasons are
/// for those who may read the log.
///
/// # Errors
/// When the database fails.
pub async fn history_of(
    tx: &mut Read,
    ctx: &Ctx,
    player: PlayerId,
    title: Option<&RankTitle>,
) -> Result<PlayerRank> {
    let with_reasons = ctx.actor.may(Action::ReadLog).is_ok();
    let history = store::holdings::history(tx, player).await?;
    let open = history.iter().find(|row| row.until.is_none());
    Ok(PlayerRank {
        title: title.cloned(),
        since: open.map(|row| row.since),
        history: history
            .into_iter()
            .map(|row| HoldingLine {
                name: row.rank_name,
                since: row.since,
                until: row.until,
                reason: if with_reasons {
                    row.reason
                } else {
                    String::new()
                },
            })
            .collect(),
    })
}

/// The page on which a player is promoted or demoted.
///
/// # Errors
/// The actor may do neither, or there is no such player for them.
pub async fn player_rank_page(ctx: &Ctx, player: PlayerId) -> Result<ChangePage> {
    with_ranks(ctx)?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let subject = Subject::read(&mut tx, ctx, player).await?;
    let no_promotion = subject.decide(Action::Promote).err();
    let no_demotion = subject.decide(Action::Demote).err();
    if let (Some(missing), Some(_)) = (no_promotion, no_demotion) {
        return Err(refuse_player(&mut tx, ctx, player, missing).await?);
    }
    if roster::model::is_gone(&subject.standing) {
        return Err(crate::domain::ConflictCode::PlayerGone.into());
    }
    let open = store::holdings::open(&mut tx, player).await?;
    let ranks = store::ranks::all(&mut tx).await?;
    tx.done().await?;
    let mut now = None;
    let mut others = Vec::new();
    for rank in ranks {
        let access = rank.access;
        let (is_guest, is_now) = (rank.is_guest, subject.rank == Some(rank.rank_id));
        let title = rank.into_title();
        if is_now {
            now = Some(title);
        } else if !is_guest {
            let missing = subject.decide_rank(title.level, access).err();
            others.push((title, missing));
        }
    }
    Ok(ChangePage {
        id: player,
        name: subject.common_name.clone(),
        now,
        expected: open.map_or_else(String::new, |open| open.holding_id.to_string()),
        no_promotion,
        no_demotion,
        ranks: others,
    })
}
