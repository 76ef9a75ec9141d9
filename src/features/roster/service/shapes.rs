//! Starting shapes: a complete skeleton for a new Org in one step (ui.md §3.2).

use super::{Bulk, BulkGroup, apply_bulk, finish, groups::starting_roles};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, GroupId, PositionId, RoleId,
        access::{AccessSet, Action, Target, decide},
        event::{EventData, EventKind, Outcome},
        module::Module,
        name,
    },
    features::roster::{
        input::{CheckedGroup, PositionDetails, RoleDetails},
        model::{Policy, Visibility, pages::ShapeChoice},
        shapes::{SHAPES, Shape, ShapeGroup},
    },
    server::{Ctx, Result, events, events::NewEvent, tenancy},
};
use std::collections::HashMap;
use uuid::Uuid;

/// The shapes to choose from.
#[must_use]
pub fn list_shapes() -> Vec<ShapeChoice> {
    SHAPES
        .iter()
        .map(|shape| ShapeChoice {
            id: shape.id.to_owned(),
            name: shape.name.to_owned(),
            summary: shape.summary.to_owned(),
            groups: u32::try_from(shape.count()).unwrap_or(u32::MAX),
        })
        .collect()
}

/// Fills an Org that has no groups yet.
///
/// # Errors
/// No such shape, the Org has groups already, or the actor may not import.
pub async fn apply_shape(ctx: &Ctx, id: &str) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let facts = tenancy::facts(&mut tx, ctx).await?;
    decide(&facts, Action::Import, Target::Org).map_err(|missing| ctx.refuse(missing))?;
    let unknown = || AppError::field("shape", FieldProblem::Unknown);
    let shape = Shape::find(id).ok_or_else(unknown)?;
    let org = tx.org();
    let root = org.root_group();
    let bulk = plan(ctx, shape, root);
    if bulk.groups.is_empty() {
        return Ok(Outcome::goto("/groups/new"));
    }
    let (count,): (i64,) = tx
        .one(
            "select count(*) from roster_group where org_id = $1 and group_id <> $1",
            (org,),
        )
        .await?;
    if count > 0 {
        return Err(ConflictCode::AlreadyShaped.into());
    }
    apply_bulk(&mut tx, ctx, bulk, |_| ()).await?;
    let data = EventData {
        after: Some(shape.name.to_owned()),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::ShapeApplied, data);
    let line = events::append(&mut tx, ctx, event).await?;
    Ok(finish(ctx, tx, line).await?.and_goto("/roster"))
}

fn plan(ctx: &Ctx, shape: &Shape, root: GroupId) -> Bulk {
    let mut bulk = Bulk::default();
    for group in shape.groups {
        add(&mut bulk, ctx, group, root);
    }
    bulk
}

fn add(bulk: &mut Bulk, ctx: &Ctx, shape: &ShapeGroup, parent: GroupId) {
    let id = GroupId(Uuid::now_v7());
    bulk.groups.push(BulkGroup {
        id,
        parent,
        exclusive: shape.exclusive,
        details: CheckedGroup {
            name: shape.name.to_owned(),
            acronym: shape.acronym.to_owned(),
            description: shape.description.to_owned(),
            kind: shape.kind.to_owned(),
            visibility: Visibility::Public,
            policy: Policy::Closed,
        },
        founded: ctx.now,
        retired: None,
    });
    let listed = shape.roles.iter().map(|role| RoleDetails {
        name: role.name.to_owned(),
        acronym: role.acronym.to_owned(),
        leadership: role.leadership,
        singular: role.singular,
        access: AccessSet::default(),
    });
    let mut roles: HashMap<String, RoleId> = HashMap::new();
    for details in starting_roles().into_iter().chain(listed) {
        let role = RoleId(Uuid::now_v7());
        roles.insert(name::key(&details.name), role);
        bulk.roles.push((role, id, details));
    }
    let has_positions = ctx
        .tenant()
        .is_ok_and(|tenant| tenant.modules.has(Module::Positions));
    for position in shape.positions.iter().filter(|_| has_positions) {
        if let Some(role_id) = roles.get(&name::key(position.role)).copied() {
            let details = PositionDetails {
                name: position.name.to_owned(),
                wants: position.wants.to_owned(),
                role_id,
            };
            bulk.positions
                .push((PositionId(Uuid::now_v7()), id, details));
        }
    }
    for below in shape.groups {
        add(bulk, ctx, below, id);
    }
}
