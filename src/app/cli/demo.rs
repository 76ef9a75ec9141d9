//! `muster demo`; the work is done in `features::demo`.

use super::open;
use crate::{
    features::demo::service::{PASSWORD, make_demo},
    server::{Result, config::Config},
};

/// Fills the demo organisation, or says that it is there, and prints addresses and log-ins.
pub(super) async fn demo(config: Config) -> Result<()> {
    let apex = config.apex.clone();
    let state = open::state(config).await?;
    let demo = make_demo(&state).await?;
    state.db.close().await;
    if !demo.made {
        open::say("The demo organisation is there already.")?;
    }
    open::say(format_args!(
        "Demo organisation  {}",
        apex.url_of(&demo.host)
    ))?;
    open::say(format_args!("Muster itself      {}", apex.url()))?;
    for log_in in &demo.log_ins {
        let password = if log_in.fits {
            PASSWORD
        } else {
            "a password of their own"
        };
        let besides = if log_in.administers {
            ", administers the installation"
        } else {
            ""
        };
        open::say(format_args!(
            "Log in as          {:22} {password}   ({}{besides})",
            log_in.email, log_in.what
        ))?;
    }
    if demo.log_ins.iter().any(|log_in| log_in.fits) {
        open::say("Everybody can know this password: keep the demo away from strangers.")?;
    }
    Ok(())
}
