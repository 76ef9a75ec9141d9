//! The worker: follows the logs of all Orgs behind their cursors.
//!
//! Several processes may work at once. Each reads without locks and then writes notices, mails and
//! the cursor in one transaction, which counts only if the cursor still is where it was when the
//! reading began. Who comes second finds it moved, forgets what it made and looks again.

use crate::{
    domain::{
        GroupId, OperationId, OrgId, PlayerId, RequestId, UserId, event::EventKind, time::Instant,
    },
    features::{
        notices::{
            model::{Audience, Happened, Say, asks_for_answer, say},
            store::{self, EventRow, NewNotice},
        },
        operations,
        roster::{
            self,
            model::is_gone,
            read_model::{Roster, Who},
        },
    },
    server::{
        Ctx, Result,
        config::Config,
        db::Read,
        events, mail,
        state::State,
        tenancy::{self, Tenant},
    },
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

/// Events of one transaction.
const BATCH: i64 = 50;
/// So many told events before a batch are looked at again: what follows from them may be in it.
const BEFORE: i64 = 4;
/// How often all Orgs are looked at, woken or not: what a process that died left behind.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Longest subject of a mail, the Org's name apart.
const SUBJECT_MAX: usize = 120;

/// Tells people what happens until the server stops.
pub async fn run(state: State) {
    let mut closing = state.closing();
    let mut stirred = None;
    while !*closing.borrow() {
        if let Err(failure) = follow(&state, stirred.take()).await {
            tracing::warn!(%failure, "could not follow the event logs");
        }
        tokio::select! {
            _ = closing.changed() => {}
            orgs = state.hub.stirred() => stirred = Some(orgs),
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Tells everything that was not told yet, in all Orgs.
///
/// # Errors
/// When the database fails; then the rest is told the next time.
pub async fn catch_up(state: &State) -> Result<()> {
    follow(state, None).await
}

/// Catches up in these Orgs, or in all. One Org that cannot be told does not hold up the others.
async fn follow(state: &State, orgs: Option<HashSet<OrgId>>) -> Result<()> {
    let mut tx = state.db.system_read().await?;
    let slugs = match orgs {
        None => store::behind(&mut tx).await?,
        Some(orgs) => {
            let mut slugs = Vec::new();
            for org in orgs {
                slugs.extend(store::is_behind(&mut tx, org).await?);
            }
            slugs
        }
    };
    tx.commit().await?;
    let mut outcome = Ok(());
    for (slug,) in slugs {
        if let Err(failure) = tell_all(state, &slug).await {
            tracing::warn!(%failure, slug, "could not tell what happened");
            outcome = Err(failure);
        }
    }
    outcome
}

/// Tells everything that happened in one Org.
async fn tell_all(state: &State, slug: &str) -> Result<()> {
    let Some(tenant) = tenancy::by_slug(&state.db, &state.config, slug).await? else {
        return Ok(());
    };
    let closing = state.closing();
    while !*closing.borrow() && tell_some(state, &tenant).await? {}
    Ok(())
}

/// Tells a batch of events; false when there are none left.
async fn tell_some(state: &State, tenant: &Tenant) -> Result<bool> {
    let mut tx = state.db.read(tenant).await?;
    let from = store::cursor(&mut tx).await?;
    let rows = store::events_after(&mut tx, from - BEFORE, BATCH + BEFORE).await?;
    let newest = rows.last().map(|row| row.seq);
    let Some(to) = newest.filter(|newest| *newest > from) else {
        tx.done().await?;
        return Ok(false);
    };
    let told = Told::find(&mut tx, state, tenant, from, &rows).await?;
    tx.done().await?;

    let mut tx = state.db.write_beside(tenant).await?;
    if !store::advance(&mut tx, from, to).await? {
        // Somebody else told these. Dropping the transaction undoes nothing, for nothing was done.
        return Ok(true);
    }
    let now = state.clock.now();
    let mut users = BTreeSet::new();
    for (notice, whole_mail) in told {
        if store::insert(&mut tx, &notice).await? {
            users.insert(notice.user);
        }
        let (subject, body) = whole_mail;
        let queued =
            store::queue_mail(&mut tx, &notice, subject.clone(), body.clone(), now).await?;
        if let Some((address,)) = queued {
            mail::log_if_nobody_sends(&state.config, &address, &subject, &body);
        }
    }
    events::commit_notices(tx, &state.hub, &users).await?;
    Ok(true)
}

/// Everybody and everything that finding the told needs. Read once for a batch.
struct Told<'a> {
    config: &'a Config,
    tenant: &'a Tenant,
    roster: Option<Arc<Roster>>,
    users: HashMap<PlayerId, UserId>,
    founders: Vec<UserId>,
}

/// What an event asks people for: whether they come to an operation.
struct Asking {
    links: operations::service::AnswerLinks,
    /// Others may be told of what is public, but are not asked.
    members: HashSet<UserId>,
}

impl Asking {
    fn path_for(&self, user: UserId) -> Option<String> {
        let is_asked = self.members.contains(&user);
        is_asked.then(|| self.links.path_for(user))
    }
}

/// A notice with the subject and body of its mail.
type Message = (NewNotice, (String, String));

impl<'a> Told<'a> {
    /// Who is told what of those of these events that come after `from`.
    async fn find(
        tx: &mut Read,
        state: &'a State,
        tenant: &'a Tenant,
        from: i64,
        rows: &[EventRow],
    ) -> Result<Vec<Message>> {
        let users: HashMap<_, _> = store::users(tx).await?.into_iter().collect();
        let mut told = Self {
            config: &state.config,
            tenant,
            roster: None,
            founders: Vec::new(),
            users,
        };
        let mut messages = Vec::new();
        // Whom the approval of their request brings into a group hears of the approval alone.
        let mut approved = HashSet::new();
        for row in rows {
            let Some((happened, request)) = row.happened(&tenant.name, &told.users) else {
                continue;
            };
            let entry = (happened.player, happened.group, row.at);
            match happened.kind {
                EventKind::JoinApproved => {
                    approved.insert(entry);
                }
                EventKind::MemberAdded | EventKind::MemberTransferred
                    if approved.contains(&entry) =>
                {
                    continue;
                }
                _ => {}
            }
            if row.seq <= from {
                continue;
            }
            let asking = told.asking(tx, state, &happened).await?;
            // Nobody is told twice of one event, nor of what they did themselves.
            let mut heard: BTreeSet<UserId> = row.actor_id.into_iter().collect();
            for one in say(&happened) {
                for user in told.people(tx, state, row, &one, request).await? {
                    if heard.insert(user) {
                        messages.push(told.message(user, row, &one, asking.as_ref()));
                    }
                }
            }
        }
        Ok(messages)
    }

    /// The users of an audience.
    async fn people(
        &mut self,
        tx: &mut Read,
        state: &State,
        row: &EventRow,
        one: &Say,
        request: Option<RequestId>,
    ) -> Result<Vec<UserId>> {
        let players = match one.to {
            Audience::Player(player) => vec![player],
            Audience::Members(group) => {
                let roster = self.roster(state).await?;
                let members = roster.members_of(group).iter();
                members.map(|member| member.player_id).collect()
            }
            Audience::Dismissed(group) => store::left_at(tx, group, row.at).await?,
            Audience::Returned(group) => store::came_at(tx, group, row.at).await?,
            Audience::Managers(group) => {
                let managers = managers_of(&*self.roster(state).await?, group);
                if managers.is_empty() {
                    return self.founders(tx).await;
                }
                managers.into_iter().collect()
            }
            Audience::Founders => return self.founders(tx).await,
            Audience::Placed => match row.operation_id {
                Some(operation) => store::placed_at(tx, operation, row.at).await?,
                None => Vec::new(),
            },
            Audience::Invited | Audience::Coming => {
                let Some(operation) = row.operation_id else {
                    return Ok(Vec::new());
                };
                let coming = one.to == Audience::Coming;
                self.concerned(tx, state, (operation, row.at), coming)
                    .await?
            }
            Audience::Unanswered => {
                let Some(operation) = row.operation_id else {
                    return Ok(Vec::new());
                };
                let roster = self.roster(state).await?;
                let ctx = Ctx::for_server(state, Some(self.tenant.clone()));
                operations::service::reminded(tx, &ctx, &roster, operation).await?
            }
            Audience::Requester => {
                let Some(request) = request else {
                    return Ok(Vec::new());
                };
                return Ok(store::requester(tx, request).await?.into_iter().collect());
            }
        };
        let user_of = |player| self.users.get(&player).copied();
        Ok(players.into_iter().filter_map(user_of).collect())
    }

    /// Whom an operation that has not begun concerns: all users who see it, or those who come.
    async fn concerned(
        &mut self,
        tx: &mut Read,
        state: &State,
        (operation, at): (OperationId, Instant),
        coming: bool,
    ) -> Result<Vec<PlayerId>> {
        let Some(operation) = operations::service::find(tx, operation).await? else {
            return Ok(Vec::new());
        };
        if operation.starts_at <= at {
            return Ok(Vec::new());
        }
        let roster = self.roster(state).await?;
        let sees = |player: &PlayerId| {
            // A visitor sees what is public, but is not written to.
            let known = roster.player(*player);
            if known.is_none_or(|known| is_gone(&known.standing)) {
                return false;
            }
            let eyes = operations::service::Eyes::of_player(roster.clone(), *player);
            eyes.sees_operation(&operation)
        };
        let players = if coming {
            operations::service::coming(tx, operation.operation_id).await?
        } else {
            self.users.keys().copied().collect()
        };
        Ok(players.into_iter().filter(sees).collect())
    }

    async fn founders(&mut self, tx: &mut Read) -> Result<Vec<UserId>> {
        if self.founders.is_empty() {
            self.founders = store::founders(tx).await?;
        }
        Ok(self.founders.clone())
    }

    async fn roster(&mut self, state: &State) -> Result<Arc<Roster>> {
        if let Some(roster) = &self.roster {
            return Ok(roster.clone());
        }
        let ctx = Ctx::for_server(state, Some(self.tenant.clone()));
        let roster = roster::service::roster_now(&ctx).await?;
        self.roster = Some(roster.clone());
        Ok(roster)
    }

    /// What makes the links by which people answer; `None` for an event that asks for no answer.
    async fn asking(
        &mut self,
        tx: &mut Read,
        state: &State,
        happened: &Happened,
    ) -> Result<Option<Asking>> {
        let Some(operation) = happened.operation.filter(|_| asks_for_answer(happened)) else {
            return Ok(None);
        };
        let ctx = Ctx::for_server(state, Some(self.tenant.clone()));
        let Some(links) = operations::service::answer_links(tx, &ctx, operation).await? else {
            return Ok(None);
        };
        let roster = self.roster(state).await?;
        let is_here = |player: &PlayerId| {
            let player = roster.player(*player);
            player.is_some_and(|player| !is_gone(&player.standing))
        };
        let members = self.users.iter().filter(|(player, _)| is_here(player));
        Ok(Some(Asking {
            links,
            members: members.map(|(_, user)| *user).collect(),
        }))
    }

    fn message(&self, user: UserId, row: &EventRow, one: &Say, asking: Option<&Asking>) -> Message {
        let notice = NewNotice {
            user,
            seq: row.seq,
            at: row.at,
            topic: one.topic,
            text: one.whole(),
            href: one.href.clone(),
        };
        let org = &self.tenant.name;
        let here = self.config.apex.url_of(&self.tenant.host);
        let text: String = one.text.chars().take(SUBJECT_MAX).collect();
        let answer = match asking.and_then(|asking| asking.path_for(user)) {
            Some(path) => format!(
                "Answer without logging in, by a link that is yours alone:\n{here}{path}\n\n"
            ),
            None => String::new(),
        };
        let body = format!(
            "{whole}.\n\n{here}{href}\n\n{answer}-- \n{org} on Muster, {here}\n\
             Mails like this are about “{topic}”. Choose what you get: {here}/notices/settings\n",
            whole = one.whole(),
            href = one.href,
            topic = one.topic.label(),
        );
        (notice, (format!("{org}: {text}"), body))
    }
}

/// Who answers requests to join a group: its managers, the members of groups that manage it, and
/// those who lead it or, if nobody does, the nearest group above it that somebody leads (§5.1).
fn managers_of(roster: &Roster, group: GroupId) -> BTreeSet<PlayerId> {
    let direct = roster.managers.get(&group).into_iter().flatten().copied();
    let groups = roster.manager_groups.get(&group).into_iter().flatten();
    let through = groups.flat_map(|by| roster.members_of(*by));
    let mut people: BTreeSet<PlayerId> = direct
        .chain(through.map(|member| member.player_id))
        .collect();
    let leaders = |group: GroupId| {
        let leads = |role| {
            let roles = roster.roles_of(group).iter();
            roles.into_iter().any(|r| r.role_id == role && r.leadership)
        };
        let members = roster.members_of(group).iter();
        members
            .filter(|member| leads(member.role_id))
            .map(|member| member.player_id)
            .collect::<Vec<_>>()
    };
    let nearest = roster.path(group).into_iter().map(leaders);
    people.extend(
        nearest
            .into_iter()
            .find(|l| !l.is_empty())
            .into_iter()
            .flatten(),
    );
    let is_here = |player: PlayerId| {
        let player = roster.player(player);
        player.is_some_and(|player| !is_gone(&player.standing))
    };
    people.retain(|player| is_here(*player) && roster.visible_to(Who::Player(*player)).has(group));
    people
}
