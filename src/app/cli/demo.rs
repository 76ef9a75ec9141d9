//! `muster demo`; the work is done in `features::demo`.

use super::open;
use crate::{
    features::demo::service::{LOG_INS, PASSWORD, make_demo},
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
    for log_in in LOG_INS {
        open::say(format_args!(
            "Log in as          {:22} {PASSWORD}   ({})",
            log_in.email, log_in.what
        ))?;
    }
    open::say("Everybody can know this password: keep the demo away from strangers.")?;
    Ok(())
}
