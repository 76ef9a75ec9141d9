//! What the roster adds when an organisation is founded or renamed: its root group, its first
//! player. Called by `tenants` inside its own transaction.

use super::{groups::starting_roles, players::insert_player};
use crate::{
    domain::{GroupId, PlayerId, RoleId, UserId, name},
    features::{
        roster::{
            input::CheckedGroup,
            model::{Policy, Visibility},
            store,
        },
        tenants,
    },
    server::{Ctx, Result, db::Write},
};
use uuid::Uuid;

/// Kind of the root group.
const ROOT_KIND: &str = "Organisation";

/// Inserts the root group that stands for the Org in its own tree (§4.1), with its roles.
///
/// # Errors
/// When the database fails.
pub async fn plant_root(tx: &mut Write, ctx: &Ctx, org_name: &str) -> Result<()> {
    let root: GroupId = tx.org().root_group();
    let group = CheckedGroup {
        name: org_name.to_owned(),
        acronym: name::acronym_of(org_name),
        description: String::new(),
        kind: ROOT_KIND.to_owned(),
        visibility: Visibility::Public,
        policy: Policy::Closed,
    };
    store::groups::insert(tx, root, None, false, &group, ctx.now).await?;
    for details in starting_roles() {
        store::roles::insert(tx, RoleId(Uuid::now_v7()), root, &details).await?;
    }
    Ok(())
}

/// Gives the root group the Org's new name.
///
/// # Errors
/// When the database fails.
pub async fn rename_root(tx: &mut Write, ctx: &Ctx, org_name: &str) -> Result<()> {
    let root = tx.org().root_group();
    store::groups::rename_root(tx, org_name).await?;
    store::groups::note_history(tx, root, ctx.now).await
}

/// Inserts the founder's player.
///
/// # Errors
/// When the database fails.
pub async fn add_founder(
    tx: &mut Write,
    ctx: &Ctx,
    user: UserId,
    common_name: &str,
) -> Result<PlayerId> {
    let player = PlayerId(Uuid::now_v7());
    insert_player(tx, player, Some(user), common_name, ctx.now).await?;
    tenants::service::claim_seat(tx, user).await?;
    Ok(player)
}
