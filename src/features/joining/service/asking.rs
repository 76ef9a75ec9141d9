//! Joining open groups at once and asking to join the others, one or several in one go (§5.1,
//! §5.4).

use super::{Told, end_request, group_href, module_is_on, tell};
use crate::{
    domain::{
        AppError, ConflictCode, GroupId, PlayerId, RequestId, UserId,
        access::Missing,
        event::{EventKind, EventLine, Outcome},
    },
    features::{
        joining::{
            input::{self, JoinGroups},
            model::{RequestState, Stands, Way, way},
            store::{self, NewRequest},
        },
        roster::{
            self,
            model::{Visibility, is_gone},
            read_model::{Group, Roster, Visible, Who},
        },
        tenants,
    },
    server::{Ctx, Failure, Result, db::Write, events, tenancy},
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Joins one group at once when it is open, else asks to join it.
///
/// # Errors
/// Not signed in, banned, no such group for the actor, a closed group, a member or asking already,
/// a taken name, or the user belongs to another Org of a type that allows only one.
pub async fn join_group(ctx: &Ctx, group: GroupId, input: JoinGroups) -> Result<Outcome> {
    let note = checked(ctx, &input)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let mut joiner = Joiner::read(&mut tx, ctx, &input, note).await?;
    let target = joiner.sees(group);
    let target = target.ok_or(Failure::App(AppError::NotFound))?;
    let (_, line) = joiner.take(&mut tx, ctx, &target).await?;
    let became = joiner.became_player;
    events::commit(tx, &ctx.state.hub).await?;
    let outcome = Outcome {
        event: Some(line),
        ..Outcome::default()
    };
    let outcome = outcome.and_goto(group_href(group));
    Ok(if became { outcome.and_leave() } else { outcome })
}

/// Joins several groups in one transaction. Each gets its own answer: joined at once, asked, or not.
/// The outcome leads to the page that lists them; groups that the actor cannot see are left out, as
/// if they had not been named.
///
/// # Errors
/// Not signed in, banned, no group or too many, none that the actor sees, a taken name, or the user
/// belongs to another Org of a type that allows only one.
pub async fn join_groups(ctx: &Ctx, input: JoinGroups) -> Result<Outcome> {
    let note = checked(ctx, &input)?;
    let groups = input.distinct()?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let mut joiner = Joiner::read(&mut tx, ctx, &input, note).await?;
    let seen: Vec<Group> = groups.iter().filter_map(|id| joiner.sees(*id)).collect();
    if seen.is_empty() {
        return Err(Failure::App(AppError::NotFound));
    }
    let mut answers = Answers::default();
    for group in &seen {
        match joiner.take(&mut tx, ctx, group).await {
            Ok((Took::Joined, line)) => answers.joined(group, line),
            Ok((Took::Asked, line)) => answers.asked(group, line),
            Err(Failure::App(AppError::Conflict(code))) if is_about_the_group(&code) => {
                answers.not.push(group.id);
            }
            Err(failure) => return Err(failure),
        }
    }
    let became = joiner.became_player;
    events::commit(tx, &ctx.state.hub).await?;
    let outcome = answers.into_outcome();
    Ok(if became { outcome.and_leave() } else { outcome })
}

/// Who is signed in where joining exists, and what they wrote.
fn checked(ctx: &Ctx, input: &JoinGroups) -> Result<String> {
    module_is_on(ctx)?;
    ctx.user()?;
    Ok(input::note("note", &input.note)?)
}

/// Does the answer concern this one group, so that the others can be joined all the same?
fn is_about_the_group(code: &ConflictCode) -> bool {
    matches!(
        code,
        ConflictCode::AlreadyMember
            | ConflictCode::AlreadyRequested
            | ConflictCode::GroupClosed
            | ConflictCode::PlayerMoved { .. }
    )
}

/// What became of one group.
enum Took {
    Joined,
    Asked,
}

/// What became of each group, in the order of the form.
#[derive(Default)]
struct Answers {
    joined: Vec<(GroupId, String)>,
    asked: Vec<(GroupId, String)>,
    not: Vec<GroupId>,
    last: Option<EventLine>,
}

impl Answers {
    fn joined(&mut self, group: &Group, line: EventLine) {
        self.joined.push((group.id, group.name.clone()));
        self.last = Some(line);
    }

    fn asked(&mut self, group: &Group, line: EventLine) {
        self.asked.push((group.id, group.name.clone()));
        self.last = Some(line);
    }

    /// The message, and the page that lists everything. Its address has ids only: what it says of
    /// them, the page looks up.
    fn into_outcome(self) -> Outcome {
        let ids = |groups: &mut dyn Iterator<Item = GroupId>| {
            groups
                .map(|id| id.to_string())
                .collect::<Vec<_>>()
                .join(".")
        };
        let href = format!(
            "/join?joined={}&asked={}&not={}",
            ids(&mut self.joined.iter().map(|(id, _)| *id)),
            ids(&mut self.asked.iter().map(|(id, _)| *id)),
            ids(&mut self.not.iter().copied()),
        );
        let sentence = |verb: &str, groups: &[(GroupId, String)]| {
            let names: Vec<&str> = groups.iter().map(|(_, name)| name.as_str()).collect();
            (!names.is_empty()).then(|| format!("{verb} {}.", names.join(", ")))
        };
        let text = [
            sentence("Joined", &self.joined),
            sentence("Asked to join", &self.asked),
        ];
        let text: Vec<String> = text.into_iter().flatten().collect();
        let outcome = Outcome {
            event: self.last.map(|line| EventLine {
                text: text.join(" "),
                ..line
            }),
            ..Outcome::default()
        };
        outcome.and_goto(href)
    }
}

/// Whoever wants to join, as the transaction knows them.
struct Joiner {
    user: UserId,
    /// Their player, in good standing.
    player: Option<PlayerId>,
    /// Their name here, or the one they would have.
    name: String,
    /// Nobody of this name is here yet; it must be checked before a request carries it.
    new_name: bool,
    note: String,
    became_player: bool,
    /// They entered an exclusive group a moment ago.
    in_exclusive: bool,
    /// What they asked before.
    pending: HashMap<GroupId, RequestId>,
    roster: Arc<Roster>,
    visible: Visible,
}

impl Joiner {
    /// # Errors
    /// Not signed in, or banned.
    async fn read(tx: &mut Write, ctx: &Ctx, input: &JoinGroups, note: String) -> Result<Self> {
        let user = ctx.user()?;
        let known = roster::service::user_player(tx, user.id).await?;
        if known
            .as_ref()
            .is_some_and(|known| known.standing == "banned")
        {
            return Err(ctx.refuse(Missing::NotBanned));
        }
        let facts = tenancy::facts(tx, ctx).await?;
        let roster = roster::service::roster_in(tx, ctx).await?;
        let pending = store::pending_of_user(tx, user.id).await?;
        let typed = match input.common_name.trim() {
            "" => user.name.clone(),
            typed => typed.to_owned(),
        };
        Ok(Self {
            user: user.id,
            player: known
                .as_ref()
                .filter(|known| !is_gone(&known.standing))
                .map(|known| known.player_id),
            new_name: known.is_none(),
            name: known.map_or(typed, |known| known.common_name),
            note,
            became_player: false,
            in_exclusive: false,
            pending: pending
                .into_iter()
                .map(|request| (request.group_id, request.request_id))
                .collect(),
            visible: roster.visible_to(Who::of(&facts)),
            roster,
        })
    }

    /// A group that they may know of.
    fn sees(&self, id: GroupId) -> Option<Group> {
        self.roster
            .group(id)
            .filter(|group| self.visible.has(group.id))
            .cloned()
    }

    /// Joins at once or asks, whichever the group allows.
    async fn take(
        &mut self,
        tx: &mut Write,
        ctx: &Ctx,
        group: &Group,
    ) -> Result<(Took, EventLine)> {
        let member = self.player.and_then(|player| {
            let members = self.roster.members_of(group.id);
            let own = members.iter().find(|member| member.player_id == player);
            own.map(|member| member.membership_id)
        });
        let asked = self.pending.get(&group.id).copied();
        let stands = Stands {
            signed_in: true,
            banned: false,
            member,
            // An open group is joined at once, also by who asked while it was not.
            pending: None,
            confirm: false,
        };
        let private = group.visibility == Visibility::Private;
        match (way(stands, group.policy, private), asked) {
            (Way::Join { .. }, asked) => {
                let line = self.join(tx, ctx, group).await?;
                if let Some(request) = asked {
                    self.withdraw(tx, ctx, group, request).await?;
                }
                Ok((Took::Joined, line))
            }
            (Way::Leave { .. }, _) => Err(ConflictCode::AlreadyMember.into()),
            (_, Some(_)) => Err(ConflictCode::AlreadyRequested.into()),
            (Way::Ask, None) => Ok((Took::Asked, self.ask(tx, ctx, group).await?)),
            _ => Err(ConflictCode::GroupClosed.into()),
        }
    }

    async fn join(&mut self, tx: &mut Write, ctx: &Ctx, group: &Group) -> Result<EventLine> {
        if group.exclusive && self.in_exclusive {
            // Nobody is transferred out of what they joined with the same form.
            return Err(ConflictCode::PlayerMoved { now_in: None }.into());
        }
        if !roster::service::takes_members(tx, group.id).await? {
            return Err(ConflictCode::GroupClosed.into());
        }
        let player = match self.player {
            Some(player) => player,
            None => {
                let player = roster::service::become_player(tx, ctx, self.user, &self.name).await?;
                self.player = Some(player);
                self.became_player = true;
                self.new_name = false;
                player
            }
        };
        let line = roster::service::enter_group(tx, ctx, player, group.id).await?;
        self.in_exclusive |= group.exclusive;
        // Its undo is for those who assign members.
        Ok(EventLine {
            can_undo: false,
            ..line
        })
    }

    async fn ask(&mut self, tx: &mut Write, ctx: &Ctx, group: &Group) -> Result<EventLine> {
        if self.new_name {
            self.name = roster::service::free_common_name(tx, &self.name).await?;
            self.new_name = false;
        }
        if self.player.is_none() {
            tenants::service::check_seat(tx, self.user).await?;
        }
        let id = RequestId(Uuid::now_v7());
        let new = NewRequest {
            id,
            group: group.id,
            user: self.user,
            common_name: &self.name,
            note: &self.note,
        };
        store::insert(tx, new, ctx.now).await?;
        let told = self.told(id, group);
        tell(tx, ctx, EventKind::JoinRequested, told).await
    }

    async fn withdraw(
        &self,
        tx: &mut Write,
        ctx: &Ctx,
        group: &Group,
        request: RequestId,
    ) -> Result<()> {
        end_request(tx, ctx, request, RequestState::Withdrawn, "").await?;
        let told = self.told(request, group);
        tell(tx, ctx, EventKind::JoinWithdrawn, told).await?;
        Ok(())
    }

    fn told(&self, request: RequestId, group: &Group) -> Told {
        Told {
            request,
            group: group.id,
            group_name: group.name.clone(),
            player: self.player,
            name: self.name.clone(),
            reason: String::new(),
        }
    }
}
