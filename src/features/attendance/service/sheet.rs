//! The sheet: who was there, recorded by leaders for their own members and for anybody by those who
//! may do so in the whole organisation (§9.6).

use super::{appeals::my_appeal, finish, register::Register};
use crate::{
    domain::{
        AppError, AttendanceStateId, FieldProblem, GroupId, OperationId, PlayerId,
        access::{Action, Missing},
        event::Outcome,
    },
    features::{
        attendance::{
            access::{Recorder, members_only},
            input::{self, Mark, SheetFields},
            model::{
                AppealState, Source, UsedFor, limits,
                names::find,
                pages::{MyAttendance, OpenCheckIn, SheetGroup, SheetPage, SheetRow, StateChoice},
            },
            store::{self, states::StateRow},
        },
        operations::{self, model::Answer, service::Eyes},
        roster,
    },
    server::{Ctx, Result, db::Read},
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Names that are repeated to whoever pasted them, at most.
const NAMES_SHOWN: usize = 50;

/// A state as forms offer it.
pub(super) fn choice(state: &StateRow) -> StateChoice {
    StateChoice {
        id: state.state_id,
        name: state.name.clone(),
        abbreviation: state.abbreviation.clone(),
        tone: state.tone,
        deleted: state.deleted,
    }
}

/// The sheet of an operation.
///
/// # Errors
/// `NotFound` when the actor does not see the operation; `Forbidden` to visitors.
pub async fn read_sheet(ctx: &Ctx, id: OperationId) -> Result<SheetPage> {
    let eyes = operations::service::eyes(ctx).await?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let page = sheet_in(&mut tx, ctx, &eyes, id).await?;
    tx.done().await?;
    Ok(page)
}

/// The sheet, read in a transaction.
pub(super) async fn sheet_in(
    tx: &mut Read,
    ctx: &Ctx,
    eyes: &Eyes,
    id: OperationId,
) -> Result<SheetPage> {
    let operation = operations::service::seen(tx, eyes, id).await?;
    members_only(ctx)?;
    let head = operations::service::head(tx, ctx, eyes, &operation).await?;
    let register = Register::read(tx, ctx, operation, eyes.roster().clone()).await?;
    let recorder = Recorder::on_page(ctx, eyes.roster());
    let open = register.is_open(ctx);
    let own_eyes = ctx.actor.looker.is_none();
    let groups = groups(ctx, &register, &recorder, open && own_eyes);
    let may_all = own_eyes && recorder.anybody();
    let mine = match recorder.player() {
        Some(player) => {
            let appeal = store::appeals::latest(tx, id, player).await?.map(my_appeal);
            let heard = appeal
                .as_ref()
                .is_some_and(|one| one.state != AppealState::Withdrawn);
            Some(MyAttendance {
                player,
                state: register.entries.get(&player).map(|entry| entry.state_id),
                can_appeal: own_eyes && !heard && register.can_appeal(ctx, player),
                // What they wrote is for those who answer.
                appeal: appeal.filter(|_| own_eyes),
            })
        }
        None => None,
    };
    let until = store::appeals::open_until(tx, id, ctx.now).await?;
    let check_in = until.map(|until| OpenCheckIn { until });
    let mut counts: HashMap<AttendanceStateId, u32> = HashMap::new();
    for entry in register.entries.values() {
        *counts.entry(entry.state_id).or_default() += 1;
    }
    let used = |state: &&StateRow| !state.deleted || counts.contains_key(&state.state_id);
    let states: Vec<StateChoice> = register.states.iter().filter(used).map(choice).collect();
    let counted = |state: &StateChoice| Some((state.id, *counts.get(&state.id)?));
    Ok(SheetPage {
        may: groups
            .iter()
            .flat_map(|group| &group.rows)
            .any(|row| row.may),
        counts: states.iter().filter_map(counted).collect(),
        may_check_in: own_eyes
            && (recorder.anybody() || recorder.of_group(register.operation.group_id).is_ok()),
        check_in,
        head,
        states,
        groups,
        open,
        may_all,
        mine,
    })
}

/// The people by the group they were in then: groups in command order, the others last.
fn groups(
    ctx: &Ctx,
    register: &Register,
    recorder: &Recorder<'_>,
    recordable: bool,
) -> Vec<SheetGroup> {
    let visible = roster::service::visible_groups(ctx, &register.roster);
    let leave = register.used_for(UsedFor::Leave).ok();
    let mut groups: HashMap<Option<GroupId>, SheetGroup> = HashMap::new();
    for person in register.listed() {
        let player = person.player_id;
        let entry = register.entries.get(&player);
        let credited = register.credited(player);
        let (group, name) = match (entry, credited) {
            (Some(entry), _) => (entry.group_id, entry.group_name.clone()),
            (None, Some(held)) => (Some(held.group_id), held.group_name.clone()),
            (None, None) => (None, String::new()),
        };
        // What a viewer does not see stands among those in no group.
        let group = group.filter(|group| visible.has(*group));
        let away = entry.is_none() && register.away.contains(&player);
        let row = SheetRow {
            player,
            name: person.common_name.clone(),
            rank: match entry {
                Some(entry) => entry.rank_name.clone(),
                None => person.rank_name.clone().unwrap_or_default(),
            },
            answer: register
                .answers
                .get(&player)
                .map_or(Answer::None, |answer| answer.answer),
            state: entry.map(|entry| entry.state_id),
            offered: leave.filter(|_| away),
            version: register.version(player),
            source: entry.map(|entry| entry.source),
            may: recordable && register.may(recorder, player).is_ok(),
        };
        let of = groups.entry(group).or_insert_with(|| SheetGroup {
            group,
            name: if group.is_some() { name } else { String::new() },
            rows: Vec::new(),
        });
        of.rows.push(row);
    }
    let order: HashMap<GroupId, usize> = register
        .roster
        .groups
        .iter()
        .enumerate()
        .map(|(at, group)| (group.id, at))
        .collect();
    let mut groups: Vec<SheetGroup> = groups.into_values().collect();
    groups.sort_by_cached_key(|group| {
        let at = group.group.and_then(|group| order.get(&group)).copied();
        (
            group.group.is_none(),
            at.unwrap_or(usize::MAX),
            group.name.to_lowercase(),
        )
    });
    groups
}

/// Records what was changed on the sheet, all at once or nothing.
///
/// # Errors
/// No such operation for the actor, one that has not begun or does not take place, a missing grant,
/// or somebody changed one of the same rows meanwhile.
pub async fn record_sheet(
    ctx: &Ctx,
    id: OperationId,
    fields: SheetFields,
    reason: &str,
) -> Result<Outcome> {
    let reason = input::reason("reason", reason)?;
    let marks = fields.changed()?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let register = Register::for_write(&mut tx, ctx, id).await?;
    let roster = register.roster.clone();
    let recorder = Recorder::in_tx(&mut tx, ctx, &roster).await?;
    if marks.is_empty() {
        must_record_somebody(ctx, &register, &recorder)?;
    }
    let told = (Source::Sheet, reason.as_str());
    let line = register
        .write(&mut tx, ctx, &recorder, &marks, told)
        .await?;
    finish(ctx, tx, line).await
}

/// Whom [`fill_sheet`] fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// Those who answered that they attend were present.
    Attending,
    /// All others were absent; who was on leave was on leave.
    Others,
}

/// Fills in those of whom nothing is recorded and whom the actor may record.
///
/// # Errors
/// No such operation for the actor, one that has not begun or does not take place, nobody whom they
/// may record, or no state is used for it.
pub async fn fill_sheet(ctx: &Ctx, id: OperationId, rest: Rest) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let register = Register::for_write(&mut tx, ctx, id).await?;
    let roster = register.roster.clone();
    let recorder = Recorder::in_tx(&mut tx, ctx, &roster).await?;
    must_record_somebody(ctx, &register, &recorder)?;
    let (present, absent) = match rest {
        Rest::Attending => (Some(register.used_for(UsedFor::Present)?), None),
        Rest::Others => (None, Some(register.used_for(UsedFor::Absent)?)),
    };
    let leave = register.used_for(UsedFor::Leave).ok();
    let state_of = |player: PlayerId| {
        let answer = register.answers.get(&player);
        let attends = answer.is_some_and(|row| row.answer == Answer::Attending && !row.waits);
        match (present, absent) {
            (Some(present), _) => attends.then_some(present),
            _ if register.away.contains(&player) => leave.or(absent),
            _ => absent,
        }
    };
    let marks: Vec<Mark> = register
        .listed()
        .map(|person| person.player_id)
        .filter(|player| !register.entries.contains_key(player))
        .filter(|player| register.may(&recorder, *player).is_ok())
        .filter_map(|player| {
            let state = Some(state_of(player)?);
            let version = 0;
            Some(Mark {
                player,
                state,
                version,
            })
        })
        .collect();
    let told = (Source::Sheet, "");
    let line = register
        .write(&mut tx, ctx, &recorder, &marks, told)
        .await?;
    finish(ctx, tx, line).await
}

/// Records everybody on a pasted list who has no entry yet. Names that nobody has are listed and
/// nothing is recorded, unless they are to be left out.
///
/// # Errors
/// No such operation for the actor, one that has not begun or does not take place, unknown names,
/// somebody whom they may not record, or no such state.
pub async fn record_list(
    ctx: &Ctx,
    id: OperationId,
    text: &str,
    state: AttendanceStateId,
    leave_out: bool,
) -> Result<Outcome> {
    let text = input::needed("text", text, limits::LIST)?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let register = Register::for_write(&mut tx, ctx, id).await?;
    let roster = register.roster.clone();
    let recorder = Recorder::in_tx(&mut tx, ctx, &roster).await?;
    must_record_somebody(ctx, &register, &recorder)?;
    let people = register.people.iter();
    let people = people.map(|person| (person.common_name.to_lowercase(), person.player_id));
    let mut found = find(&text, &people.collect());
    if !found.unknown.is_empty() && !leave_out {
        found.unknown.truncate(NAMES_SHOWN);
        let names = found.unknown;
        return Err(AppError::field("text", FieldProblem::UnknownNames { names }).into());
    }
    if found.known.is_empty() {
        return Err(AppError::field("text", FieldProblem::Unknown).into());
    }
    let marks: Vec<Mark> = found
        .known
        .into_iter()
        .filter(|player| !register.entries.contains_key(player))
        .map(|player| Mark {
            player,
            state: Some(state),
            version: 0,
        })
        .collect();
    let told = (Source::List, "");
    let line = register
        .write(&mut tx, ctx, &recorder, &marks, told)
        .await?;
    finish(ctx, tx, line).await
}

/// Refuses those who may record nobody on the sheet.
pub(super) fn must_record_somebody(
    ctx: &Ctx,
    register: &Register,
    recorder: &Recorder<'_>,
) -> Result<()> {
    let may = |player: PlayerId| register.may(recorder, player).is_ok();
    let any = recorder.anybody()
        || recorder.of_group(register.operation.group_id).is_ok()
        || register.listed().any(|person| may(person.player_id));
    if any {
        Ok(())
    } else {
        Err(ctx.refuse(Missing::AccessHere(Action::RecordAttendance)))
    }
}
