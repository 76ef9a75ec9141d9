//! `muster serve`: the server from its start to a graceful end.
//!
//! At SIGTERM or SIGINT it stops accepting, lets live streams go, finishes the requests in flight
//! and then the transactions of commands whose callers went away, and closes the database. A
//! second signal ends it at once; even then everything acknowledged is on the disk, because
//! commands answer only after their commit.

use super::open;
use crate::app::built::{Built, list_of_hashes};
use crate::{
    features::{notices, operations},
    server::{Failure, Result, backup::LiveLock, config::Config, events, housekeeping, mail},
};
use axum::serve::ListenerExt;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

/// How long requests in flight may take after the signal.
const FINISH: Duration = Duration::from_secs(30);
/// How long commands without a caller may take after that.
const COMMIT: Duration = Duration::from_secs(10);

/// Serves until a signal comes.
pub(super) async fn serve(config: Config) -> Result<()> {
    check_site(&config)?;
    let mut stop = Stop::listen()?;
    let _live = LiveLock::take(&config.database_url)?;
    let address = config.leptos.site_addr;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Failure::setup(format!("cannot listen at {address}: {error}")))?;
    let apex = config.apex.clone();
    let state = open::state(config).await?;
    let tasks = [
        tokio::spawn(events::follow_other_nodes(
            state.db.clone(),
            state.hub.clone(),
        )),
        tokio::spawn(housekeeping::run(state.clone())),
    ];
    // These end by themselves when the server closes, with their work in order.
    let mut workers = tokio::task::JoinSet::new();
    workers.spawn(notices::service::run(state.clone()));
    workers.spawn(operations::service::worker::run(state.clone()));
    workers.spawn(mail::run(state.clone()));

    open::say(format_args!(
        "Muster serves at {} (listening at {address})",
        apex.url()
    ))?;
    open::say(format_args!(
        "Organisations are at {}",
        apex.url_of(&apex.slug_host("<slug>"))
    ))?;
    tracing::info!(%address, apex = apex.url(), "serving");

    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "could not set TCP_NODELAY");
        }
    });
    let service =
        crate::app::router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let (stopping, mut stopped) = watch::channel(false);
    let process = state.clone();
    let signalled = async move {
        stop.wait().await;
        tracing::info!("stopping: finishing requests in flight");
        process.close();
        stopping.send_replace(true);
        tokio::spawn(async move {
            stop.wait().await;
            tracing::warn!("stopping at once");
            std::process::exit(1);
        });
    };
    let overdue = async {
        // The sender lives in the signal's future, which ends only after sending.
        let _ = stopped.wait_for(|stopped| *stopped).await;
        tokio::time::sleep(FINISH).await;
    };
    tokio::select! {
        served = async { axum::serve(listener, service).with_graceful_shutdown(signalled).await } => {
            served.map_err(|error| Failure::setup(format!("cannot serve: {error}")))?;
        }
        () = overdue => tracing::warn!("some requests did not finish in time"),
    }

    let ended = async { while workers.join_next().await.is_some() {} };
    if tokio::time::timeout(COMMIT, ended).await.is_err() {
        // What they leave half done is done again: events are told and operations published in one
        // transaction, and the lease on a mail runs out.
        tracing::warn!("notices, operations and mails did not come to an end in time");
    }
    for task in tasks {
        task.abort();
        let _ = task.await;
    }
    // Waits for every transaction in flight.
    if tokio::time::timeout(COMMIT, state.db.close())
        .await
        .is_err()
    {
        tracing::warn!("some transactions did not finish in time and were rolled back");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Checks that the list of hashed names and the script that it names are where they belong.
/// Without them every page would come without its program.
pub(super) fn check_site(config: &Config) -> Result<()> {
    let leptos = &config.leptos;
    if !leptos.hash_files {
        return Ok(());
    }
    let built = Built::read(leptos)?;
    let script = PathBuf::from(&*leptos.site_root).join(built.script.trim_start_matches('/'));
    if script.is_file() {
        return Ok(());
    }
    let list = list_of_hashes(leptos);
    Err(Failure::setup(format!(
        "{} is missing, which {} names: the site is not of the same build, or elsewhere (name its \
         folder in LEPTOS_SITE_ROOT)",
        script.display(),
        list.display()
    )))
}

/// The signals that end a server.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> Result<Self> {
        let listen = |kind| {
            signal(kind)
                .map_err(|error| Failure::setup(format!("cannot listen for signals: {error}")))
        };
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
