//! The account itself: name, e-mail address, time zone, theme, password.

use super::{session, sign_in::Subjects};
use crate::{
    domain::{
        AppError, ConflictCode, FieldErrors, FieldProblem, SessionId, UserId, access::Missing,
        event::Outcome, name,
    },
    features::accounts::{
        input::{AccountChange, check_identity},
        model::{Account, THEMES},
        passwords,
        store::{self, UserRow},
    },
    server::{Ctx, Failure, Result, mail, password},
};
use uuid::Uuid;

/// The signed-in user's account.
///
/// # Errors
/// Not signed in, or not at the apex.
pub async fn read_account(ctx: &Ctx) -> Result<Account> {
    ctx.at_apex()?;
    let row = own_row(ctx).await?;
    let UserRow {
        name,
        email,
        time_zone,
        version,
        ..
    } = row;
    Ok(Account {
        name,
        email,
        time_zone,
        version,
    })
}

async fn own_row(ctx: &Ctx) -> Result<UserRow> {
    let user = ctx.user()?.id;
    let mut tx = ctx.state.db.system_read().await?;
    let row = store::user(&mut tx, user).await?;
    tx.commit().await?;
    Ok(row)
}

/// Chooses a theme; on any host, since the switch is in every frame. The page is loaded anew.
///
/// # Errors
/// Not signed in, or no such theme.
pub async fn set_theme(ctx: &Ctx, theme: String) -> Result<Outcome> {
    let user = ctx.user()?.id;
    if !THEMES.contains(&theme.as_str()) {
        return Err(AppError::field("theme", FieldProblem::Unknown).into());
    }
    let mut tx = ctx.state.db.system().await?;
    store::set_theme(&mut tx, user, theme).await?;
    tx.commit().await?;
    Ok(Outcome {
        leave: true,
        ..Outcome::default()
    })
}

/// Changes call sign, e-mail address and time zone. Another e-mail address needs the password.
///
/// # Errors
/// Invalid or taken values, a wrong password, or the account was changed meanwhile.
pub async fn edit_account(ctx: &Ctx, input: AccountChange) -> Result<Outcome> {
    ctx.at_apex()?;
    let before = own_row(ctx).await?;
    let mut errors = FieldErrors::default();
    let identity = check_identity(&mut errors, &input.name, &input.email);
    let zone = input.time_zone.trim().to_owned();
    let known = zone
        .parse::<chrono_tz::Tz>()
        .map(|_| ())
        .map_err(|_| FieldProblem::Unknown);
    errors.check("time_zone", known);
    errors.into_result()?;
    let Some((name, email)) = identity else {
        return Err(Failure::App(AppError::Transport));
    };
    if name::key(&email) != name::key(&before.email) {
        prove(ctx, &before, input.password, "password").await?;
    }
    let (name_key, email_key) = (name::key(&name), name::key(&email));
    let old_email = before.email.clone();
    let moved = old_email != email;
    let renamed = before.name != name;
    let change = UserRow {
        name,
        email,
        time_zone: zone,
        version: input.version,
        ..before
    };
    let mut tx = ctx.state.db.system().await?;
    if !store::update_user(&mut tx, &change, name_key, email_key).await? {
        return Err(ConflictCode::Stale.into());
    }
    if moved {
        let body = "The e-mail address of your Muster account was changed. If this was not you, \
                    tell the operator of the site.\n";
        mail::queue(
            &mut tx,
            ctx,
            &old_email,
            "Your e-mail address was changed",
            body,
        )
        .await?;
    }
    tx.commit().await?;
    tracing::info!(user = %change.user_id, "account changed");
    // The name is part of the frame, so then the page is loaded anew.
    Ok(Outcome {
        leave: renamed,
        ..Outcome::default()
    })
}

/// Changes the password and ends all sessions; this browser gets a new one. Answers its cookie.
///
/// # Errors
/// The old password is wrong, or the new one is bad.
pub async fn change_password(ctx: &Ctx, old: String, new: String) -> Result<(Outcome, String)> {
    ctx.at_apex()?;
    let row = own_row(ctx).await?;
    prove(ctx, &row, old, "old_password").await?;
    if let Err(problem) = passwords::check(&new, &row.name, &row.email) {
        return Err(AppError::field("new_password", problem).into());
    }
    let hash = password::hash(new).await?;
    let mut tx = ctx.state.db.system().await?;
    store::set_password(&mut tx, row.user_id, hash).await?;
    store::delete_sessions_but(&mut tx, row.user_id, SessionId(Uuid::now_v7())).await?;
    let cookie = session::begin(&mut tx, ctx, row.user_id).await?;
    let body = "The password of your Muster account was changed and all other sessions were ended. \
                If this was not you, tell the operator of the site.\n";
    mail::queue(&mut tx, ctx, &row.email, "Your password was changed", body).await?;
    tx.commit().await?;
    tracing::info!(user = %row.user_id, "password changed");
    Ok((Outcome::leave("/account"), cookie))
}

/// Asks for the present password, as slowly as at the door.
async fn prove(ctx: &Ctx, row: &UserRow, given: String, field: &str) -> Result<()> {
    let subjects = Subjects::of_user(ctx, row.user_id);
    subjects.check(ctx).await?;
    let fits = given.len() <= password::MAX_BYTES
        && password::verify(given, Some(row.password_hash.clone())).await?;
    if fits {
        subjects.succeeded(ctx).await
    } else {
        subjects.failed(ctx).await?;
        tracing::warn!(user = %row.user_id, "a present password was wrong");
        Err(AppError::field(field, FieldProblem::WrongPassword).into())
    }
}

/// Makes a user an administrator of the installation (§21), or ends that. For the operator at the
/// machine only: nobody gives this away from a page.
///
/// # Errors
/// A signed-in user asks, or there is no such user.
pub async fn set_site_admin(ctx: &Ctx, user: UserId, admin: bool) -> Result<()> {
    if ctx.actor.user.is_some() || !ctx.actor.founder {
        return Err(ctx.refuse(Missing::SiteAdmin));
    }
    let mut tx = ctx.state.db.system().await?;
    if !store::set_site_admin(&mut tx, user, admin).await? {
        return Err(Failure::App(AppError::NotFound));
    }
    tx.commit().await?;
    tracing::info!(%user, admin, "administrators of the installation changed");
    Ok(())
}
