//! Everything that decides what stands on the sheet of one operation, and the writing of entries.

use crate::{
    domain::{
        AppError, AttendanceStateId, ConflictCode, FieldProblem, GroupId, OperationId, PlayerId,
        access::{Action, Missing},
        event::{EventData, EventKind, EventLine},
    },
    features::{
        attendance::{
            access::Recorder,
            input::Mark,
            model::{Source, UsedFor, limits},
            store::{
                self,
                sheet::{AnswerRow, EntryRow, NewEntry},
                states::StateRow,
            },
        },
        leave,
        operations::{
            self,
            model::{Audience, OperationState},
            service::Operation,
        },
        roster::{
            self,
            model::is_gone,
            read_model::Roster,
            service::{MembershipThen, PersonThen},
        },
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
        events,
    },
};
use chrono::Duration;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// See the module's documentation.
pub(super) struct Register {
    pub(super) operation: Operation,
    /// All players, by name, with the ranks of then.
    pub(super) people: Vec<PersonThen>,
    pub(super) states: Vec<StateRow>,
    pub(super) entries: HashMap<PlayerId, EntryRow>,
    pub(super) answers: HashMap<PlayerId, AnswerRow>,
    /// Who was on leave.
    pub(super) away: HashSet<PlayerId>,
    pub(super) roster: Arc<Roster>,
    index: HashMap<PlayerId, usize>,
    memberships: HashMap<PlayerId, Vec<MembershipThen>>,
}

/// An operation of these states can have been attended, once it has begun.
fn takes_place(state: OperationState) -> bool {
    state == OperationState::Published || state.is_over()
}

impl Register {
    /// Reads everything; a fixed number of statements.
    pub(super) async fn read(
        tx: &mut Read,
        ctx: &Ctx,
        operation: Operation,
        roster: Arc<Roster>,
    ) -> Result<Self> {
        let (id, at) = (operation.operation_id, operation.starts_at);
        let mut people = roster::service::people_at(tx, at).await?;
        people.dedup_by_key(|person| person.player_id);
        let mut memberships: HashMap<PlayerId, Vec<MembershipThen>> = HashMap::new();
        for membership in roster::service::memberships_at(tx, at).await? {
            let of = memberships.entry(membership.player_id).or_default();
            of.push(membership);
        }
        let entries = store::sheet::entries(tx, id).await?;
        let answers = store::sheet::answers(tx, id).await?;
        let states = store::states::all(tx).await?;
        let index = people.iter().enumerate();
        Ok(Self {
            index: index.map(|(at, person)| (person.player_id, at)).collect(),
            entries: entries
                .into_iter()
                .map(|row| (row.player_id, row))
                .collect(),
            answers: answers
                .into_iter()
                .map(|row| (row.player_id, row))
                .collect(),
            away: leave::service::away_at(tx, ctx, at).await?,
            operation,
            people,
            memberships,
            states,
            roster,
        })
    }

    /// The same in a transaction that writes, for an operation that the actor sees, that has begun
    /// and takes place; and what the actor may record.
    pub(super) async fn for_write(tx: &mut Write, ctx: &Ctx, id: OperationId) -> Result<Self> {
        let operation = operations::service::visible_operation(tx, ctx, id).await?;
        super::super::access::members_only(ctx)?;
        let roster = roster::service::roster_in(tx, ctx).await?;
        let register = Self::read(tx, ctx, operation, roster).await?;
        register.must_be_open(ctx)?;
        Ok(register)
    }

    /// It has begun and takes place.
    pub(super) fn is_open(&self, ctx: &Ctx) -> bool {
        takes_place(self.operation.state) && self.operation.starts_at <= ctx.now
    }

    fn must_be_open(&self, ctx: &Ctx) -> Result<()> {
        if !takes_place(self.operation.state) {
            let state = self.operation.state.label().to_owned();
            return Err(ConflictCode::OperationState { state }.into());
        }
        if self.operation.starts_at > ctx.now {
            return Err(ConflictCode::NotBegun.into());
        }
        Ok(())
    }

    /// A player.
    pub(super) fn person(&self, player: PlayerId) -> Option<&PersonThen> {
        self.index.get(&player).map(|at| &self.people[*at])
    }

    fn memberships_of(&self, player: PlayerId) -> &[MembershipThen] {
        self.memberships.get(&player).map_or(&[], Vec::as_slice)
    }

    /// Does this group organise the operation, or stand below the one that does?
    fn is_organising(&self, group: GroupId) -> bool {
        self.roster.path(group).contains(&self.operation.group_id)
    }

    /// The group that an entry is credited to: the exclusive one held then, else one of those that
    /// organised the operation.
    pub(super) fn credited(&self, player: PlayerId) -> Option<&MembershipThen> {
        let held = self.memberships_of(player);
        let exclusive = held.iter().find(|held| held.exclusive);
        exclusive.or_else(|| held.iter().find(|held| self.is_organising(held.group_id)))
    }

    /// Was the operation for them when it began?
    fn was_for(&self, person: &PersonThen) -> bool {
        let held = self.memberships_of(person.player_id);
        match self.operation.audience {
            Audience::Group => held.iter().any(|held| self.is_organising(held.group_id)),
            Audience::Members | Audience::Public => {
                let here = !is_gone(&person.standing) || !held.is_empty();
                here && person.joined_at <= self.operation.starts_at
            }
        }
    }

    /// Those on the sheet, by name: they answered, were in its audience when it began, or have an
    /// entry.
    pub(super) fn listed(&self) -> impl Iterator<Item = &PersonThen> {
        self.people.iter().filter(|person| {
            let player = &person.player_id;
            self.entries.contains_key(player)
                || self.answers.contains_key(player)
                || self.was_for(person)
        })
    }

    /// May the actor record this player? See `access`.
    pub(super) fn may(
        &self,
        recorder: &Recorder<'_>,
        player: PlayerId,
    ) -> std::result::Result<(), Missing> {
        if recorder.anybody() {
            return Ok(());
        }
        let entered = self.entries.get(&player).and_then(|entry| entry.group_id);
        let credited = self.credited(player).map(|held| held.group_id);
        let organised = self
            .memberships_of(player)
            .iter()
            .any(|held| self.is_organising(held.group_id))
            .then_some(self.operation.group_id);
        let groups = [entered.or(credited), organised];
        let allowed = groups
            .into_iter()
            .flatten()
            .any(|group| recorder.of_group(group).is_ok());
        if allowed {
            Ok(())
        } else {
            Err(Missing::AccessHere(Action::RecordAttendance))
        }
    }

    /// The state that Muster uses for something.
    ///
    /// # Errors
    /// `StateNeeded` when there is none.
    pub(super) fn used_for(&self, used_for: UsedFor) -> Result<AttendanceStateId> {
        let state = self.states.iter().find(|state| state.used_for == used_for);
        state.map(|state| state.state_id).ok_or_else(|| {
            let used_for = used_for.label().to_owned();
            ConflictCode::StateNeeded { used_for }.into()
        })
    }

    /// A state that can be chosen.
    pub(super) fn state(&self, id: AttendanceStateId) -> Option<&StateRow> {
        let live = |state: &&StateRow| state.state_id == id && !state.deleted;
        self.states.iter().find(live)
    }

    /// May this player say that they were there? When something is missing of the credit, or nothing
    /// is recorded, and the operation is not long over.
    pub(super) fn can_appeal(&self, ctx: &Ctx, player: PlayerId) -> bool {
        let last = self.operation.ends_at + Duration::days(limits::APPEAL_DAYS);
        let entry = self.entries.get(&player);
        let state = entry.and_then(|entry| {
            let mut states = self.states.iter();
            states.find(|state| state.state_id == entry.state_id)
        });
        let whole = state.is_some_and(|state| state.meaning().credit >= 100);
        self.is_open(ctx) && ctx.now <= last && !whole
    }

    fn name_of(&self, state: Option<AttendanceStateId>) -> &str {
        let row = state.and_then(|id| self.states.iter().find(|row| row.state_id == id));
        row.map_or("not recorded", |row| row.name.as_str())
    }

    /// What a row is now, as somebody who saw it would have.
    pub(super) fn version(&self, player: PlayerId) -> i64 {
        self.entries.get(&player).map_or(0, |entry| entry.version)
    }

    /// Writes entries that the actor may write. What is there is corrected and kept; what is new is
    /// told of together.
    ///
    /// # Errors
    /// No such player or state, a missing grant, or somebody was faster.
    pub(super) async fn write(
        &self,
        tx: &mut Write,
        ctx: &Ctx,
        recorder: &Recorder<'_>,
        marks: &[Mark],
        (source, reason): (Source, &str),
    ) -> Result<Option<EventLine>> {
        for mark in marks {
            self.check(ctx, recorder, mark)?;
        }
        let mut fresh: HashMap<AttendanceStateId, u32> = HashMap::new();
        let mut line = None;
        for mark in marks {
            match (self.entries.get(&mark.player), mark.state) {
                (None, None) => {}
                (Some(entry), Some(state)) if entry.state_id == state => {}
                (None, Some(state)) => {
                    self.enter(tx, ctx, mark.player, state, source).await?;
                    *fresh.entry(state).or_default() += 1;
                }
                (Some(entry), to) => {
                    line = Some(self.correct(tx, ctx, entry, to, (source, reason)).await?);
                }
            }
        }
        if fresh.is_empty() {
            return Ok(line);
        }
        let counted = self.states.iter().filter_map(|state| {
            let count = fresh.get(&state.state_id)?;
            Some(format!("{count} {}", state.name.to_lowercase()))
        });
        let data = EventData {
            after: Some(counted.collect::<Vec<_>>().join(", ")),
            ..EventData::default()
        };
        let kind = EventKind::AttendanceRecorded;
        let event = operations::service::event_of(&self.operation, kind, data);
        Ok(Some(events::append(tx, ctx, event).await?))
    }

    fn check(&self, ctx: &Ctx, recorder: &Recorder<'_>, mark: &Mark) -> Result<()> {
        let unknown = || Failure::App(AppError::field("marks", FieldProblem::Unknown));
        if self.person(mark.player).is_none() {
            return Err(unknown());
        }
        self.may(recorder, mark.player)
            .map_err(|missing| ctx.refuse(missing))?;
        if mark.state.is_some_and(|state| self.state(state).is_none()) {
            return Err(unknown());
        }
        if self.version(mark.player) != mark.version {
            return Err(ConflictCode::Stale.into());
        }
        Ok(())
    }

    /// Makes an entry.
    pub(super) async fn enter(
        &self,
        tx: &mut Write,
        ctx: &Ctx,
        player: PlayerId,
        state: AttendanceStateId,
        source: Source,
    ) -> Result<()> {
        let Some(person) = self.person(player) else {
            return Err(Failure::App(AppError::NotFound));
        };
        let new = NewEntry {
            operation: self.operation.operation_id,
            group: self.credited(player),
            person,
            state,
            source,
        };
        store::sheet::insert(tx, ctx, new).await
    }

    /// Changes an entry or takes it away, keeps what it was, and tells of it.
    pub(super) async fn correct(
        &self,
        tx: &mut Write,
        ctx: &Ctx,
        entry: &EntryRow,
        to: Option<AttendanceStateId>,
        (source, reason): (Source, &str),
    ) -> Result<EventLine> {
        let (id, player) = (self.operation.operation_id, entry.player_id);
        let done = match to {
            Some(state) => {
                store::sheet::update(tx, ctx, id, player, entry.version, state, source).await?
            }
            None => store::sheet::delete(tx, id, player, entry.version).await?,
        };
        if !done {
            return Err(ConflictCode::Stale.into());
        }
        let from = Some(entry.state_id);
        store::sheet::keep(tx, ctx, id, player, (from, to), reason).await?;
        let late = if is_late(ctx, &self.operation) {
            ", late"
        } else {
            ""
        };
        let change = format!("{} → {}{late}", self.name_of(from), self.name_of(to));
        let data = EventData {
            player: self.person(player).map(|person| person.common_name.clone()),
            after: Some(change),
            reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
            ..EventData::default()
        };
        let kind = EventKind::AttendanceCorrected;
        let event = operations::service::event_of(&self.operation, kind, data).player(player);
        events::append(tx, ctx, event).await
    }
}

/// A correction now would come long after the operation.
fn is_late(ctx: &Ctx, operation: &Operation) -> bool {
    ctx.now > operation.ends_at + Duration::days(limits::LATE_DAYS)
}
