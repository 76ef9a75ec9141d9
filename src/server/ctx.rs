//! [`Ctx`]: everything a command knows about its caller. The same for pages, server functions,
//! streams, the commands of the server binary, and tests.

use super::{
    error::{Failure, Result},
    state::State,
    tenancy::{Actor, ActorUser, Tenant},
};
use crate::domain::{AppError, access::Missing, time::Instant};
use std::sync::Arc;

/// The context of one request. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ctx(Arc<CtxInner>);

/// The parts of a [`Ctx`].
#[derive(Debug)]
pub struct CtxInner {
    /// The process.
    pub state: State,
    /// The Org of the host; none at the apex.
    tenant: Option<Tenant>,
    /// Who asks.
    pub actor: Actor,
    /// When the request came.
    pub now: Instant,
    /// Finds the request in the log.
    pub request_id: String,
    /// Address of the client, for throttling and the list of sessions.
    pub client: Client,
}

/// What is known of the machine that asks.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// IP address.
    pub address: String,
    /// User agent, shortened.
    pub agent: String,
    /// Host that was asked for, plain.
    pub host: String,
}

impl std::ops::Deref for Ctx {
    type Target = CtxInner;
    fn deref(&self) -> &CtxInner {
        &self.0
    }
}

impl Ctx {
    /// A context for a resolved request.
    #[must_use]
    pub fn new(
        state: State,
        tenant: Option<Tenant>,
        actor: Actor,
        request_id: String,
        client: Client,
    ) -> Self {
        let now = state.clock.now();
        Self(Arc::new(CtxInner {
            state,
            tenant,
            actor,
            now,
            request_id,
            client,
        }))
    }

    /// A context for the server's own work in an Org, with all rights.
    #[must_use]
    pub fn for_server(state: &State, tenant: Option<Tenant>) -> Self {
        let actor = Actor {
            founder: true,
            ..Actor::default()
        };
        Self::new(
            state.clone(),
            tenant,
            actor,
            "server".into(),
            Client::default(),
        )
    }

    /// The same context at another time, for history that is written afterwards.
    #[must_use]
    pub fn at(&self, now: Instant) -> Self {
        Self(Arc::new(CtxInner {
            state: self.state.clone(),
            tenant: self.tenant.clone(),
            actor: self.actor.clone(),
            now,
            request_id: self.request_id.clone(),
            client: self.client.clone(),
        }))
    }

    /// The same request in the name of a member whom something else than a session vouches for, such
    /// as a link that was sent to them (§9.3).
    #[must_use]
    pub fn acting(&self, actor: Actor) -> Self {
        Self(Arc::new(CtxInner {
            state: self.state.clone(),
            tenant: self.tenant.clone(),
            actor,
            now: self.now,
            request_id: self.request_id.clone(),
            client: self.client.clone(),
        }))
    }

    /// The Org of this host.
    ///
    /// # Errors
    /// `NotFound` at the apex: nothing of an Org exists there.
    pub fn tenant(&self) -> Result<&Tenant> {
        self.tenant.as_ref().ok_or(Failure::App(AppError::NotFound))
    }

    /// The Org of this host, if it is one.
    #[must_use]
    pub fn maybe_tenant(&self) -> Option<&Tenant> {
        self.tenant.as_ref()
    }

    /// Asserts that this is the apex.
    ///
    /// # Errors
    /// `NotFound` on an Org's host.
    pub fn at_apex(&self) -> Result<()> {
        if self.tenant.is_none() {
            Ok(())
        } else {
            Err(Failure::App(AppError::NotFound))
        }
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// `SignInRequired`.
    pub fn user(&self) -> Result<&ActorUser> {
        self.actor
            .user
            .as_ref()
            .ok_or(Failure::App(AppError::SignInRequired))
    }

    /// Asserts that the actor looks through their own eyes (§3.6): for everything that writes, and
    /// for what is personal.
    ///
    /// # Errors
    /// `Forbidden` to somebody who sees the Org as another member.
    pub fn own_eyes(&self) -> Result<()> {
        match self.actor.looker {
            None => Ok(()),
            Some(_) => Err(Missing::OwnEyes.into()),
        }
    }

    /// What to answer when a grant is missing: sign in first, if that could help.
    #[must_use]
    pub fn refuse(&self, missing: Missing) -> Failure {
        let stranger = self.actor.user.is_none() && !self.actor.founder;
        let error = if stranger {
            AppError::SignInRequired
        } else {
            AppError::Forbidden(missing)
        };
        Failure::App(error)
    }
}
