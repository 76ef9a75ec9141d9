//! Registering and signing in (§2.1, §2.3, §2.4).

use super::session;
use crate::{
    domain::{AppError, FieldErrors, FieldProblem, UserId, event::Outcome, name},
    features::accounts::{
        input::{Credentials, Registration, check_identity},
        passwords,
        store::{self, UserRow},
    },
    server::{Ctx, Failure, Result, flash::local_path, mail, password, throttle},
};
use uuid::Uuid;

/// The two things whose failures are counted: the account, and the caller's address if known.
pub(super) struct Subjects {
    account: String,
    address: Option<String>,
}

impl Subjects {
    pub(super) fn of_user(ctx: &Ctx, user: UserId) -> Self {
        Self::new(ctx, format!("user:{user}"))
    }

    fn of_unknown(ctx: &Ctx, key: &str) -> Self {
        let key: String = key.chars().take(200).collect();
        Self::new(ctx, format!("login:{key}"))
    }

    fn new(ctx: &Ctx, account: String) -> Self {
        let address = &ctx.client.address;
        Self {
            account,
            address: (!address.is_empty()).then(|| format!("address:{address}")),
        }
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        [Some(self.account.as_str()), self.address.as_deref()]
            .into_iter()
            .flatten()
    }

    pub(super) async fn check(&self, ctx: &Ctx) -> Result<()> {
        for subject in self.all() {
            throttle::check(&ctx.state.db, subject, ctx.now).await?;
        }
        Ok(())
    }

    pub(super) async fn failed(&self, ctx: &Ctx) -> Result<()> {
        for subject in self.all() {
            throttle::failed(&ctx.state.db, subject, ctx.now).await?;
        }
        Ok(())
    }

    /// Only the account is forgiven: whoever owns one account could otherwise try others for ever.
    pub(super) async fn succeeded(&self, ctx: &Ctx) -> Result<()> {
        throttle::succeeded(&ctx.state.db, &self.account).await
    }
}

/// Where to go after signing in: a path of this host, or the start.
fn onwards(return_to: &str) -> Outcome {
    Outcome::leave(local_path(return_to).unwrap_or("/"))
}

/// Creates a user and signs them in. Answers the cookie too.
///
/// # Errors
/// Invalid or taken name or e-mail address, a bad password, too many attempts.
pub async fn register_user(
    ctx: &Ctx,
    input: Registration,
    return_to: &str,
) -> Result<(Outcome, String)> {
    ctx.at_apex()?;
    let tries = Subjects::new(ctx, format!("register:{}", ctx.client.address));
    tries.check(ctx).await?;
    let email = input.email.clone();
    let user = match create_user(ctx, input).await {
        Err(Failure::Constraint(name @ "user_account_email_key")) => {
            tries.failed(ctx).await?;
            tell_owner(ctx, &email).await?;
            return Err(Failure::Constraint(name));
        }
        other => other?,
    };
    let mut tx = ctx.state.db.system().await?;
    let cookie = session::begin(&mut tx, ctx, user).await?;
    tx.commit().await?;
    tracing::info!(%user, "registered");
    Ok((onwards(return_to), cookie))
}

/// Creates a user, for the page and for the command line.
///
/// # Errors
/// Invalid or taken name or e-mail address, or a bad password.
pub async fn create_user(ctx: &Ctx, input: Registration) -> Result<UserId> {
    let mut errors = FieldErrors::default();
    let identity = check_identity(&mut errors, &input.name, &input.email);
    let strength = passwords::check(&input.password, &input.name, &input.email);
    errors.check("password", strength);
    errors.into_result()?;
    let Some((name, email)) = identity else {
        return Err(Failure::App(AppError::Transport));
    };
    // Taken names are told before the costly hash; the indexes decide all the same.
    let (name_key, email_key) = (name::key(&name), name::key(&email));
    let mut tx = ctx.state.db.system_read().await?;
    let name_taken = store::user_by_login(&mut tx, name_key.clone())
        .await?
        .is_some();
    tx.commit().await?;
    if name_taken {
        return Err(Failure::Constraint("user_account_name_key"));
    }
    let row = UserRow {
        user_id: UserId(Uuid::now_v7()),
        name,
        email,
        password_hash: password::hash(input.password).await?,
        time_zone: "UTC".to_owned(),
        disabled_at: None,
        version: 1,
    };
    let mut tx = ctx.state.db.system().await?;
    store::insert_user(&mut tx, &row, name_key, email_key, ctx.now).await?;
    tx.commit().await?;
    Ok(row.user_id)
}

/// Somebody tried to register with an address that has an account.
async fn tell_owner(ctx: &Ctx, email: &str) -> Result<()> {
    let mut tx = ctx.state.db.system().await?;
    let owner = store::user_by_login(&mut tx, name::key(email)).await?;
    if let Some(owner) = owner {
        let body = format!(
            "Hello {},\n\nsomebody tried to register at Muster with your e-mail address. You have an \
             account already: log in at {}/sign-in. If this was not you, there is nothing to do.\n",
            owner.name,
            ctx.state.config.apex.url()
        );
        mail::queue(
            &mut tx,
            ctx,
            &owner.email,
            "You have a Muster account already",
            &body,
        )
        .await?;
    }
    tx.commit().await
}

/// Signs a user in at the apex. Answers the cookie too.
///
/// # Errors
/// One and the same for an unknown name and a wrong password; too many attempts.
pub async fn sign_in(ctx: &Ctx, input: Credentials) -> Result<(Outcome, String)> {
    ctx.at_apex()?;
    let key = name::key(&input.login);
    let user = lookup(ctx, key.clone()).await?;
    let subjects = match &user {
        Some(user) => Subjects::of_user(ctx, user.user_id),
        None => Subjects::of_unknown(ctx, &key),
    };
    subjects.check(ctx).await?;
    let stored = user.as_ref().map(|user| user.password_hash.clone());
    let fits = input.password.len() <= password::MAX_BYTES
        && password::verify(input.password, stored).await?;
    let Some(user) = user.filter(|user| fits && user.disabled_at.is_none()) else {
        subjects.failed(ctx).await?;
        tracing::warn!(request_id = ctx.request_id, "sign-in failed");
        return Err(AppError::field("password", FieldProblem::WrongPassword).into());
    };
    subjects.succeeded(ctx).await?;
    let mut tx = ctx.state.db.system().await?;
    let cookie = session::begin(&mut tx, ctx, user.user_id).await?;
    tx.commit().await?;
    tracing::info!(user = %user.user_id, "signed in");
    Ok((onwards(&input.return_to), cookie))
}

async fn lookup(ctx: &Ctx, key: String) -> Result<Option<UserRow>> {
    let mut tx = ctx.state.db.system_read().await?;
    let user = store::user_by_login(&mut tx, key).await?;
    tx.commit().await?;
    Ok(user)
}

/// A user by call sign or e-mail address, for the command line.
///
/// # Errors
/// `NotFound`.
pub async fn find_user(ctx: &Ctx, login: &str) -> Result<UserId> {
    let user = lookup(ctx, name::key(login)).await?;
    user.map(|user| user.user_id)
        .ok_or(Failure::App(AppError::NotFound))
}

/// What a log-in is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogInState {
    /// The password is theirs.
    pub fits: bool,
    /// They administer the installation.
    pub site_admin: bool,
}

/// What a log-in with this password is good for, for the command line; none when nobody has the
/// login.
///
/// # Errors
/// When the database fails.
pub async fn log_in_state(ctx: &Ctx, login: &str, password: &str) -> Result<Option<LogInState>> {
    let Some(user) = lookup(ctx, name::key(login)).await? else {
        return Ok(None);
    };
    let mut tx = ctx.state.db.system_read().await?;
    let site_admin = store::is_site_admin(&mut tx, user.user_id).await?;
    tx.commit().await?;
    let fits = password::verify(password.to_owned(), Some(user.password_hash)).await?;
    Ok(Some(LogInState {
        fits: fits && user.disabled_at.is_none(),
        site_admin,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_nobody_is_sent_elsewhere() {
        let path = |text| onwards(text).goto;
        assert_eq!(
            path("/handover?host=a.example").as_deref(),
            Some("/handover?host=a.example")
        );
        assert_eq!(path("//evil.example").as_deref(), Some("/"));
        assert_eq!(path("").as_deref(), Some("/"));
    }
}
