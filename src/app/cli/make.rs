//! `muster user create`, `muster user admin` and `muster org create`.

use super::{AdminArgs, OrgArgs, UserArgs, open};
use crate::{
    domain::{AppError, UserId},
    features::{accounts, tenants},
    server::{Ctx, Failure, Result, config::Config},
};
use std::{
    io::{IsTerminal, Write},
    process::{Command, Stdio},
};

/// Creates a user.
pub(super) async fn create_user(config: Config, args: UserArgs) -> Result<()> {
    let password = match args.password {
        Some(given) if given != "-" => given,
        _ => read_password()?,
    };
    let state = open::state(config).await?;
    let ctx = open::operator(&state);
    let name = args.name.clone();
    let input = accounts::input::Registration {
        name: args.name,
        email: args.email,
        password,
    };
    accounts::service::create_user(&ctx, input).await?;
    state.db.close().await;
    open::say(format_args!("Created the user {name}."))?;
    Ok(())
}

/// Makes a user an administrator of the installation, or ends that.
pub(super) async fn set_site_admin(config: Config, args: AdminArgs) -> Result<()> {
    let state = open::state(config).await?;
    let ctx = open::operator(&state);
    let user = find_user(&ctx, &args.name).await?;
    accounts::service::set_site_admin(&ctx, user, !args.remove).await?;
    state.db.close().await;
    let is = if args.remove { "is no longer" } else { "is" };
    open::say(format_args!(
        "{} {is} an administrator of this installation.",
        args.name
    ))?;
    Ok(())
}

async fn find_user(ctx: &Ctx, login: &str) -> Result<UserId> {
    match accounts::service::find_user(ctx, login).await {
        Err(Failure::App(AppError::NotFound)) => {
            Err(Failure::setup(format!("there is no user {login}")))
        }
        found => found,
    }
}

/// Founds an organisation for a user.
pub(super) async fn create_org(config: Config, args: OrgArgs) -> Result<()> {
    let apex = config.apex.clone();
    let state = open::state(config).await?;
    let ctx = open::operator(&state);
    let founder = find_user(&ctx, &args.founder).await?;
    let name = args.name.clone();
    let input = tenants::input::NewOrg {
        name: args.name,
        slug: args.slug,
        type_id: args.type_id,
        time_zone: String::new(),
        founder: Some(founder),
        host: args.host,
    };
    let founded = tenants::service::found_org(&ctx, input).await?;
    state.db.close().await;
    open::say(format_args!(
        "Founded {name} at {}",
        apex.url_of(&founded.host)
    ))?;
    Ok(())
}

/// The first line of standard input. At a terminal it is asked for and not shown.
fn read_password() -> Result<String> {
    let asking = std::io::stdin().is_terminal();
    if asking {
        eprint!("Password: ");
        let _ = std::io::stderr().flush();
        show_typing(false);
    }
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    if asking {
        show_typing(true);
        eprintln!();
    }
    read.map_err(|error| Failure::setup(format!("cannot read the password: {error}")))?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Failure::setup(
            "no password came on standard input".to_owned(),
        ));
    }
    Ok(password.to_owned())
}

/// Without `stty` the password is seen while it is typed; that is no reason to give up.
fn show_typing(show: bool) {
    let echo = if show { "echo" } else { "-echo" };
    let _ = Command::new("stty")
        .arg(echo)
        .stdin(Stdio::inherit())
        .status();
}
