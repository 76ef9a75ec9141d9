//! What pages of joining show: offers, own requests, and what waits for an answer.

use super::module_is_on;
use crate::{
    domain::{
        AppError, GroupId, MembershipId, OrgId, PlayerId, RequestId,
        access::{AccessSet, Action, Facts, Missing, Target, decide},
        module::Module,
        time::Instant,
    },
    features::{
        attendance,
        joining::{
            model::{
                Answered, InboxPage, JoinPage, MyRequest, Newcomer, Offer, OfferPage, RequestState,
                RequestsPage, Stands, Waiting, Way, way,
            },
            store::{self, RequestRow},
        },
        leave,
        roster::{
            self,
            model::{
                Policy, Visibility,
                pages::{GroupChoice, PlayerChoice},
            },
            read_model::{Group, Roster, Visible},
        },
    },
    server::{Ctx, Failure, Result, db::Read, markdown},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Requests that the inbox shows, at most.
const INBOX: usize = 100;
/// Own requests, and requests of one group.
const HISTORY: i64 = 200;

// --- ways in -------------------------------------------------------------------------------------

/// The viewer, as far as joining is concerned.
#[derive(Default)]
struct Me {
    signed_in: bool,
    banned: bool,
    player: Option<PlayerId>,
    pending: HashMap<GroupId, (RequestId, Instant)>,
    newcomer: Option<Newcomer>,
}

impl Me {
    async fn of(tx: &mut Read, ctx: &Ctx, roster: &Roster) -> Result<Self> {
        let Some(user) = &ctx.actor.user else {
            return Ok(Self::default());
        };
        // What somebody asked is theirs alone, and what the looker asked is none of this (§3.6).
        let pending = match ctx.own_eyes() {
            Ok(()) => store::pending_of_user(tx, user.id).await?,
            Err(_) => Vec::new(),
        };
        let mut me = Self {
            signed_in: true,
            player: ctx.actor.player.as_ref().map(|(player, _)| *player),
            pending: pending
                .into_iter()
                .map(|row| (row.group_id, (row.request_id, row.created_at)))
                .collect(),
            ..Self::default()
        };
        if me.player.is_none() {
            let known = roster::service::user_player(tx, user.id).await?;
            let key = user.name.to_lowercase();
            me.newcomer = known.is_none().then(|| Newcomer {
                name: user.name.clone(),
                taken: is_taken(roster, &key),
            });
            me.banned = known.is_some_and(|known| known.standing == "banned");
        }
        Ok(me)
    }

    fn member_of(&self, roster: &Roster, group: GroupId) -> Option<MembershipId> {
        let members = roster.members_of(group);
        let own = members
            .iter()
            .find(|member| Some(member.player_id) == self.player)?;
        Some(own.membership_id)
    }

    fn way(&self, roster: &Roster, group: &Group) -> Way {
        let stands = Stands {
            signed_in: self.signed_in,
            banned: self.banned,
            member: self.member_of(roster, group.id),
            pending: self.pending.get(&group.id).copied(),
            confirm: self.player.is_none() || self.from(roster, group).is_some(),
        };
        way(
            stands,
            group.policy,
            group.visibility == Visibility::Private,
        )
    }

    /// The exclusive group that joining this one would end.
    fn from(&self, roster: &Roster, group: &Group) -> Option<String> {
        let (_, from) = roster.exclusive_of(self.player?)?;
        let from = roster.group(from)?;
        (group.exclusive && from.id != group.id).then(|| from.name.clone())
    }
}

/// Has a player of the Org this name, given in lower case?
fn is_taken(roster: &Roster, key: &str) -> bool {
    roster
        .players
        .iter()
        .any(|player| player.common_name.to_lowercase() == key)
}

/// What the viewer can do about belonging to a group, for the group's own page.
///
/// # Errors
/// When the database fails.
pub async fn way_into(tx: &mut Read, ctx: &Ctx, roster: &Roster, group: &Group) -> Result<Way> {
    if !ctx.tenant()?.modules.has(Module::Joining) {
        return Ok(Way::None);
    }
    Ok(Me::of(tx, ctx, roster).await?.way(roster, group))
}

fn offer(ctx: &Ctx, roster: &Roster, me: &Me, group: &Group) -> Offer {
    let way = me.way(roster, group);
    // Members of the organisation see the description, others do not (§5.2). It stands only where
    // somebody decides by it.
    let belongs = ctx.actor.player.is_some() || ctx.actor.founder;
    let decides = matches!(way, Way::Join { .. } | Way::Ask | Way::Requested { .. });
    let description_html = if belongs && decides {
        markdown::render(&group.description)
    } else {
        String::new()
    };
    let private = group.visibility == Visibility::Private;
    Offer {
        group: roster::service::group_choice(group),
        kind: group.kind.clone(),
        description_html,
        exclusive: group.exclusive,
        policy: if private {
            Policy::Closed
        } else {
            group.policy
        },
        members: roster.members_of(group.id).len() as u32,
        way,
        from: me.from(roster, group),
        managers: managers(roster, group.id),
    }
}

/// Who adds people: the group's managers, or else those who lead it.
fn managers(roster: &Roster, group: GroupId) -> Vec<PlayerChoice> {
    let choice = |id: PlayerId| {
        roster.player(id).map(|player| PlayerChoice {
            id,
            name: player.common_name.clone(),
        })
    };
    let managers = roster.managers.get(&group).into_iter().flatten();
    let managers: Vec<PlayerChoice> = managers.filter_map(|id| choice(*id)).collect();
    if !managers.is_empty() {
        return managers;
    }
    let roles = roster.roles_of(group);
    let leads = |role| {
        roles
            .iter()
            .any(|known| known.role_id == role && known.leadership)
    };
    roster
        .members_of(group)
        .iter()
        .filter(|member| leads(member.role_id))
        .filter_map(|member| choice(member.player_id))
        .collect()
}

/// The groups that the viewer sees with the way into each, and the viewer's own requests: none
/// through another's eyes.
///
/// # Errors
/// When joining is switched off, or the database fails.
pub async fn read_join(ctx: &Ctx) -> Result<JoinPage> {
    module_is_on(ctx)?;
    let roster = roster::service::roster_now(ctx).await?;
    let visible = roster::service::visible_groups(ctx, &roster);
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let me = Me::of(&mut tx, ctx, &roster).await?;
    let rows = match &ctx.actor.user {
        Some(user) if ctx.own_eyes().is_ok() => store::of_user(&mut tx, user.id, HISTORY).await?,
        _ => Vec::new(),
    };
    tx.done().await?;
    let mine = rows
        .into_iter()
        .map(|row| my_request(&roster, &visible, row))
        .collect();
    let offers = roster
        .groups
        .iter()
        .filter(|group| visible.has(group.id))
        .map(|group| offer(ctx, &roster, &me, group))
        .collect();
    Ok(JoinPage {
        offers,
        mine,
        newcomer: me.newcomer,
    })
}

fn my_request(roster: &Roster, visible: &Visible, row: RequestRow) -> MyRequest {
    MyRequest {
        id: row.request_id,
        group: visible_choice(roster, visible, row.group_id),
        state: row.state(),
        note: row.note,
        at: row.created_at,
        actioned_at: row.actioned_at,
        by: row.actioned_name,
        answer: row.answer,
    }
}

fn visible_choice(roster: &Roster, visible: &Visible, group: GroupId) -> Option<GroupChoice> {
    roster
        .group(group)
        .filter(|group| visible.has(group.id))
        .map(roster::service::group_choice)
}

/// One group with the way into it.
///
/// # Errors
/// When joining is switched off, there is no such group, or the viewer may not see it.
pub async fn read_offer(ctx: &Ctx, group: GroupId) -> Result<OfferPage> {
    module_is_on(ctx)?;
    let roster = roster::service::roster_now(ctx).await?;
    let visible = roster::service::visible_groups(ctx, &roster);
    let group = roster
        .group(group)
        .filter(|group| visible.has(group.id))
        .ok_or(Failure::App(AppError::NotFound))?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let me = Me::of(&mut tx, ctx, &roster).await?;
    tx.done().await?;
    Ok(OfferPage {
        offer: offer(ctx, &roster, &me, group),
        newcomer: me.newcomer,
    })
}

// --- what waits ----------------------------------------------------------------------------------

/// What somebody may answer, read once for many requests.
struct Answerer {
    roster: Arc<Roster>,
    visible: Visible,
    facts: Facts,
}

impl Answerer {
    /// None for those who may answer requests for no group at all.
    async fn of(ctx: &Ctx) -> Result<Option<Self>> {
        let roster = roster::service::roster_now(ctx).await?;
        let facts = roster::service::facts(ctx, &roster);
        let somewhere = |access: &AccessSet| access.has(Action::AssignMembers);
        let answers = decide(&facts, Action::AssignMembers, Target::Org).is_ok()
            || !facts.manages.is_empty()
            || facts.roles.values().any(somewhere);
        Ok(answers.then(|| Self {
            visible: roster::service::visible_groups(ctx, &roster),
            facts,
            roster,
        }))
    }

    /// May they answer requests for this group? The command decides the same.
    fn may_answer(&self, group: GroupId) -> bool {
        let path = self.roster.path(group);
        self.visible.has(group)
            && self.roster.group(group).is_some()
            && decide(&self.facts, Action::AssignMembers, Target::Group(&path)).is_ok()
    }

    fn waiting(&self, row: RequestRow) -> Option<Waiting> {
        let group = self.roster.group(row.group_id)?;
        let from = row
            .player_id
            .filter(|_| group.exclusive)
            .and_then(|player| self.roster.exclusive_of(player))
            .and_then(|(_, from)| visible_choice(&self.roster, &self.visible, from))
            .map(|from| from.name);
        let key = row.common_name.to_lowercase();
        Some(Waiting {
            id: row.request_id,
            group: roster::service::group_choice(group),
            name_taken: row.player_id.is_none() && is_taken(&self.roster, &key),
            name: row.common_name,
            player: row.player_id,
            note: row.note,
            at: row.created_at,
            from,
        })
    }
}

/// Everything that waits for the viewer (§14.2).
///
/// # Errors
/// Not signed in, no player here, looking through another's eyes, joining is switched off, or the
/// database fails.
pub async fn read_inbox(ctx: &Ctx) -> Result<InboxPage> {
    module_is_on(ctx)?;
    if ctx.actor.player.is_none() && !ctx.actor.founder {
        return Err(ctx.refuse(Missing::Membership));
    }
    ctx.own_eyes()?;
    let inbox = InboxPage {
        leave: leave::service::waiting(ctx).await?,
        appeals: attendance::service::waiting_appeals(ctx).await?,
        ..InboxPage::default()
    };
    let Some(answerer) = Answerer::of(ctx).await? else {
        return Ok(inbox);
    };
    // First the groups, then their requests: those for other groups are no reason to show fewer.
    let counted = counted(ctx).await?;
    let theirs = counted.iter();
    let (groups, counts): (Vec<GroupId>, Vec<i64>) = theirs
        .filter(|(group, _)| answerer.may_answer(*group))
        .copied()
        .unzip();
    let mut rows = Vec::new();
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    for some in groups.chunks(store::GROUPS_AT_ONCE) {
        rows.extend(store::pending(&mut tx, some, INBOX as i64).await?);
    }
    tx.done().await?;
    rows.sort_by_key(|row| std::cmp::Reverse((row.created_at, row.request_id)));
    rows.truncate(INBOX);
    let more = counts.iter().sum::<i64>() - rows.len() as i64;
    let waiting = rows.into_iter().filter_map(|row| answerer.waiting(row));
    Ok(InboxPage {
        waiting: waiting.collect(),
        more: u32::try_from(more).unwrap_or_default(),
        ..inbox
    })
}

/// The requests of a group.
///
/// # Errors
/// Joining is switched off, no such group for the viewer, they may not assign members there, or
/// they look through another's eyes.
pub async fn read_requests(ctx: &Ctx, group: GroupId) -> Result<RequestsPage> {
    module_is_on(ctx)?;
    ctx.own_eyes()?;
    let roster = roster::service::roster_now(ctx).await?;
    let visible = roster::service::visible_groups(ctx, &roster);
    let choice = visible_choice(&roster, &visible, group);
    let choice = choice.ok_or(Failure::App(AppError::NotFound))?;
    let answerer = Answerer::of(ctx).await?;
    let answerer = answerer.filter(|answerer| answerer.may_answer(group));
    let answerer =
        answerer.ok_or_else(|| ctx.refuse(Missing::AccessHere(Action::AssignMembers)))?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let rows = store::of_group(&mut tx, group, HISTORY).await?;
    tx.done().await?;
    let (waiting, past): (Vec<RequestRow>, Vec<RequestRow>) = rows
        .into_iter()
        .partition(|row| row.state() == RequestState::Pending);
    Ok(RequestsPage {
        group: choice,
        waiting: waiting
            .into_iter()
            .filter_map(|row| answerer.waiting(row))
            .collect(),
        past: past.into_iter().map(answered).collect(),
    })
}

fn answered(row: RequestRow) -> Answered {
    Answered {
        id: row.request_id,
        state: row.state(),
        name: row.common_name,
        player: row.player_id,
        note: row.note,
        at: row.created_at,
        actioned_at: row.actioned_at,
        by: row.actioned_name,
        answer: row.answer,
    }
}

/// Numbers of waiting requests by group, kept per Org as long as no event was added: asking and
/// answering are events.
#[derive(Debug, Default)]
pub struct Counts(Mutex<HashMap<OrgId, Counted>>);

/// The event number, and what waits then.
type Counted = (i64, Arc<Vec<(GroupId, i64)>>);

/// Orgs whose numbers are kept, at most.
const KEPT: usize = 256;

impl Counts {
    fn get(&self, org: OrgId, seq: i64) -> Option<Arc<Vec<(GroupId, i64)>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, counted) = kept.get(&org)?;
        (*at == seq).then(|| counted.clone())
    }

    fn put(&self, org: OrgId, seq: i64, counted: Arc<Vec<(GroupId, i64)>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&org) {
            kept.clear();
        }
        kept.insert(org, (seq, counted));
    }
}

/// The numbers of waiting requests by group, as kept or counted anew.
async fn counted(ctx: &Ctx) -> Result<Arc<Vec<(GroupId, i64)>>> {
    let tenant = ctx.tenant()?;
    let cache = ctx.state.cache::<Counts>();
    if let Some(counted) = cache.get(tenant.id(), tenant.seq) {
        return Ok(counted);
    }
    let mut tx = ctx.state.db.read(tenant).await?;
    let counted = Arc::new(store::count_pending(&mut tx).await?);
    tx.done().await?;
    cache.put(tenant.id(), tenant.seq, counted.clone());
    Ok(counted)
}

/// How many requests wait for the viewer; `None` for those who answer none, and through another's
/// eyes.
///
/// # Errors
/// When the database fails.
pub async fn waiting(ctx: &Ctx) -> Result<Option<i64>> {
    let tenant = ctx.tenant()?;
    let belongs = ctx.actor.player.is_some() || ctx.actor.founder;
    let own_eyes = ctx.own_eyes().is_ok();
    if !belongs || !own_eyes || !tenant.modules.has(Module::Joining) {
        return Ok(None);
    }
    // Who answers everything needs no look at the roster.
    let everything = ctx.actor.founder || ctx.actor.co_founder;
    let answerer = match everything {
        true => None,
        false => match Answerer::of(ctx).await? {
            None => return Ok(None),
            answerer => answerer,
        },
    };
    let counted = counted(ctx).await?;
    let mine = counted
        .iter()
        .filter(|(group, _)| answerer.as_ref().is_none_or(|some| some.may_answer(*group)));
    Ok(Some(mine.map(|(_, count)| count).sum()))
}
