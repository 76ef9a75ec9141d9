//! Planning billets (§9.4): all of them as text, one by a form, and who takes them themselves.

use super::{
    answers::takes_answers,
    billets::{billet_for_write, empty_in, open_to_waiting, read_release},
    event_of, finish, not_in_this_state,
};
use crate::{
    domain::{
        AppError, BilletId, ConflictCode, FieldProblem, OperationId, SectionId,
        access::Action,
        criteria::{Criterion, Thing, Wants},
        event::{EventData, EventKind, Outcome},
    },
    features::{
        criteria::{
            model::RuleRow,
            service::{names_of, read_rule},
        },
        operations::{
            access::operation_for_write,
            input::{
                BilletFields,
                stages::{KEPT, StageRow, read_stages, stage_rows},
            },
            model::{Held, OperationState, ShapeBillet, ShapeSection, billet_text, limits},
            store::{
                answers,
                billets::{self, Billet, BilletText},
                operations::Operation,
                shapes,
            },
        },
        roster,
    },
    server::{Ctx, Result, db::Write, events, token},
};
use std::collections::HashSet;
use uuid::Uuid;

/// Changes all sections and billets by their text. A billet is the same as before if its section and
/// title are, or else its title: whoever has it keeps it. Whoever has one that is gone has none.
///
/// # Errors
/// A missing grant, a text that cannot be read, or somebody changed it meanwhile.
pub async fn edit_billets(ctx: &Ctx, id: OperationId, was: &str, text: &str) -> Result<Outcome> {
    let sections = billet_text::read(text).map_err(|problem| {
        let line = u32::try_from(problem.line).unwrap_or_default();
        let what = problem.what;
        AppError::field("billets", FieldProblem::AtLine { line, what })
    })?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::PlanOperations;
    let (operation, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    still_planned(&operation)?;
    let planned = shapes::sections_of(&mut tx, id).await?;
    known_needs(&mut tx, ctx, &planned, &sections).await?;
    let wanted = sections.iter().flat_map(|section| &section.billets);
    few_windows("billets", wanted.map(|billet| billet.needs.as_str()))?;
    let before = billet_text::write(&planned);
    if !token::same(&token::hash(&before), was) {
        return Err(ConflictCode::Stale.into());
    }
    let event = event_of(&operation, EventKind::BilletsEdited, EventData::default());
    let line = events::append(&mut tx, ctx, event).await?;
    write_sections(&mut tx, ctx, &operation, sections).await?;
    let path = format!("/operations/{id}/billets");
    Ok(finish(ctx, tx, line).await?.and_goto(path))
}

/// Rules together may look at attendance over few spans of time.
fn few_windows<'a>(field: &str, rules: impl Iterator<Item = &'a str>) -> Result<()> {
    let rules: HashSet<&str> = rules.collect();
    let rules: Vec<Criterion> = rules
        .into_iter()
        .filter_map(|rule| Criterion::parse(rule).ok())
        .collect();
    if Wants::of(&rules).attendance.len() > limits::WINDOWS {
        return Err(AppError::field(field, FieldProblem::OutOfRange).into());
    }
    Ok(())
}

/// Needs as JSON may speak only of what the actor sees, or of what was needed here already: else
/// they could find out who is in a group that is hidden from them.
async fn known_needs(
    tx: &mut Write,
    ctx: &Ctx,
    before: &[ShapeSection],
    wanted: &[ShapeSection],
) -> Result<()> {
    let needs = |sections: &[ShapeSection]| -> HashSet<String> {
        let billets = sections.iter().flat_map(|section| &section.billets);
        billets.map(|billet| billet.needs.clone()).collect()
    };
    let known = needs(before);
    let fresh = needs(wanted)
        .into_iter()
        .filter(|rule| !known.contains(rule));
    let fresh: Vec<Criterion> = fresh
        .filter_map(|rule| Criterion::parse(&rule).ok())
        .collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let roster = roster::service::roster_in(tx, ctx).await?;
    let names = names_of(tx, ctx, &roster, &fresh).await?;
    let wants = Wants::of(&fresh);
    let groups = wants.groups.iter().map(|id| Thing::Group(*id));
    let mut things = groups.chain(wants.roles.iter().map(|id| Thing::Role(*id)));
    if things.all(|thing| names.has(thing)) {
        return Ok(());
    }
    let what = "something is needed that is not there".to_owned();
    Err(AppError::field("billets", FieldProblem::AtLine { line: 0, what }).into())
}

async fn write_sections(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    wanted: Vec<ShapeSection>,
) -> Result<()> {
    let id = operation.operation_id;
    let mut old_sections = billets::sections(tx, id).await?;
    let mut old = billets::of_operation(tx, id).await?;
    let mut ids: Vec<SectionId> = Vec::new();
    for (order, section) in (0..).zip(&wanted) {
        let known = old_sections
            .iter()
            .position(|(_, name)| *name == section.name);
        let section_id = match known {
            Some(at) => old_sections.remove(at).0,
            None => SectionId(Uuid::now_v7()),
        };
        billets::put_section(tx, id, section_id, &section.name, order).await?;
        ids.push(section_id);
    }
    let mut places: Vec<(SectionId, i64, ShapeBillet, Option<Billet>)> = Vec::new();
    for (section, section_id) in wanted.into_iter().zip(&ids) {
        for (order, billet) in (0..).zip(section.billets) {
            let same = |b: &Billet| b.section_id == *section_id && b.title == billet.title;
            let known = old.iter().position(same).map(|at| old.remove(at));
            places.push((*section_id, order, billet, known));
        }
    }
    for (.., billet, known) in places.iter_mut().filter(|(.., known)| known.is_none()) {
        let at = old.iter().position(|b| b.title == billet.title);
        *known = at.map(|at| old.remove(at));
    }
    for gone in &old {
        clear(tx, ctx, operation, gone).await?;
        billets::delete(tx, gone.billet_id).await?;
    }
    for (section, order, billet, known) in places {
        let text = BilletText {
            id: known
                .as_ref()
                .map_or_else(|| BilletId(Uuid::now_v7()), |b| b.billet_id),
            section,
            title: billet.title,
            text: billet.text,
            needs: billet.needs,
            held: billet.held,
            held_note: billet.held_note,
            order,
        };
        put(tx, ctx, operation, known, text).await?;
    }
    for (section, _) in old_sections {
        billets::delete_section(tx, id, section).await?;
    }
    open_all(tx, ctx, operation).await
}

/// Writes a billet where something of it is new; a blocked one has nobody.
async fn put(
    tx: &mut Write,
    ctx: &Ctx,
    operation: &Operation,
    known: Option<Billet>,
    text: BilletText,
) -> Result<()> {
    if let Some(known) = &known {
        let same = known.section_id == text.section
            && known.title == text.title
            && known.text == text.text
            && known.needs == text.needs
            && known.held == text.held
            && known.held_note == text.held_note
            && known.sort_order == text.order;
        if same {
            return Ok(());
        }
        if text.held == Held::Blocked {
            clear(tx, ctx, operation, known).await?;
        }
    }
    billets::put(tx, operation.operation_id, &text).await
}

/// Whoever has a billet that goes away has none.
async fn clear(tx: &mut Write, ctx: &Ctx, operation: &Operation, billet: &Billet) -> Result<()> {
    if let Some(rsvp) = billet.rsvp_id {
        let row = answers::get(tx, rsvp).await?;
        empty_in(tx, ctx, operation, billet, &row, None).await?;
    }
    Ok(())
}

/// Every empty billet goes to who waits for it: it may have been closed to them until now.
async fn open_all(tx: &mut Write, ctx: &Ctx, operation: &Operation) -> Result<()> {
    let rows = billets::of_operation(tx, operation.operation_id).await?;
    let empty = rows.into_iter().filter(|row| row.rsvp_id.is_none());
    let empty = empty.map(|row| row.billet_id).collect();
    open_to_waiting(tx, ctx, operation, empty).await
}

/// Changes one billet.
///
/// # Errors
/// A missing grant, invalid fields, or somebody was faster.
pub async fn edit_billet(
    ctx: &Ctx,
    id: BilletId,
    version: i64,
    fields: BilletFields,
    needs: Vec<RuleRow>,
) -> Result<Outcome> {
    let checked = fields.validate()?;
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::PlanOperations;
    let (operation, billet) = billet_for_write(&mut tx, ctx, id, action).await?;
    still_planned(&operation)?;
    if billet.version != version {
        return Err(ConflictCode::Stale.into());
    }
    let operation_id = operation.operation_id;
    let sections = billets::sections(&mut tx, operation_id).await?;
    let section = checked.section.unwrap_or(billet.section_id);
    if !sections.iter().any(|(known, _)| *known == section) {
        return Err(AppError::field("billet[section_id]", FieldProblem::Unknown).into());
    }
    let order = match section == billet.section_id {
        true => billet.sort_order,
        false => i64::from(u16::MAX),
    };
    let roster = roster::service::roster_in(&mut tx, ctx).await?;
    let needs = read_rule(&mut tx, ctx, &roster, &needs, "needs").await?;
    let needs = match needs.is_empty() {
        true => String::new(),
        false => needs.to_json().to_string(),
    };
    let all = billets::of_operation(&mut tx, operation_id).await?;
    let others = all.iter().filter(|other| other.billet_id != id);
    let others = others.map(|other| other.needs.as_str());
    few_windows("needs", others.chain([needs.as_str()]))?;
    let event = event_of(&operation, EventKind::BilletsEdited, EventData::default());
    let line = events::append(&mut tx, ctx, event).await?;
    let text = BilletText {
        id,
        section,
        title: checked.shape.title,
        text: checked.shape.text,
        needs,
        held: checked.shape.held,
        held_note: checked.shape.held_note,
        order,
    };
    put(&mut tx, ctx, &operation, Some(billet), text).await?;
    open_all(&mut tx, ctx, &operation).await?;
    let path = format!("/operations/{operation_id}/billets");
    Ok(finish(ctx, tx, line).await?.and_goto(path))
}

/// Says who takes billets themselves, and from when.
///
/// # Errors
/// A missing grant, what is wrong with the stages, or somebody was faster.
pub async fn set_release(
    ctx: &Ctx,
    id: OperationId,
    version: i64,
    self_service: bool,
    stages: &[StageRow],
) -> Result<Outcome> {
    let release = read_stages(stages)?;
    let mut kept = stages.iter().filter(|row| row.who == KEPT);
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let action = Action::PlanOperations;
    let (operation, _) = operation_for_write(&mut tx, ctx, id, action).await?;
    still_planned(&operation)?;
    let before = stage_rows(&read_release(&operation));
    if !kept.all(|row| before.iter().any(|known| known.kept == row.kept)) {
        return Err(AppError::field("stages", FieldProblem::Unknown).into());
    }
    let stored = release.to_string();
    if !billets::set_release(&mut tx, id, version, self_service, &stored).await? {
        return Err(ConflictCode::Stale.into());
    }
    let event = event_of(&operation, EventKind::BilletsEdited, EventData::default());
    let line = events::append(&mut tx, ctx, event).await?;
    let after = Operation {
        self_service,
        release: stored,
        ..operation
    };
    open_all(&mut tx, ctx, &after).await?;
    let path = format!("/operations/{id}/billets");
    Ok(finish(ctx, tx, line).await?.and_goto(path))
}

/// What is over or cancelled stays as it was; a draft may be planned.
fn still_planned(operation: &Operation) -> Result<()> {
    match operation.state {
        OperationState::Draft | OperationState::Scheduled => Ok(()),
        OperationState::Published => takes_answers(operation),
        _ => Err(not_in_this_state(operation)),
    }
}
