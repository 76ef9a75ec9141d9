//! Who looks at the page: from the request's context to what views may know.

use crate::{
    domain::access::Action,
    domain::viewer::{Can, Flash, OrgInfo, Site, Viewer, ViewerPlayer, ViewerUser},
    features::{joining, roster},
    server::{Ctx, tenancy::Tenant},
    ui::PageStatus,
};
use axum::{
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};

/// Middleware around pages: puts the [`Viewer`] into the request, and the status that a view set
/// into the response.
pub(super) async fn for_pages(mut request: Request, next: Next) -> Response {
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD)
        && !request.uri().path().starts_with("/api/");
    let ctx = request
        .extensions()
        .get::<Ctx>()
        .filter(|_| is_page)
        .cloned();
    let Some(ctx) = ctx else {
        return next.run(request).await;
    };
    let flash = request.extensions().get::<Flash>().cloned();
    let status = PageStatus::default();
    request.extensions_mut().insert(viewer(&ctx, flash).await);
    request.extensions_mut().insert(status.clone());
    let mut response = next.run(request).await;
    if let Some(status) = status
        .get()
        .and_then(|status| StatusCode::from_u16(status).ok())
        && response.status() == StatusCode::OK
    {
        *response.status_mut() = status;
    }
    response
}

async fn viewer(ctx: &Ctx, flash: Option<Flash>) -> Viewer {
    let actor = &ctx.actor;
    Viewer {
        site: ctx
            .maybe_tenant()
            .map_or(Site::Apex, |tenant| Site::Org(org_info(ctx, tenant))),
        apex_url: ctx.state.config.apex.url(),
        user: actor.user.as_ref().map(|user| ViewerUser {
            id: user.id,
            name: user.name.clone(),
            theme: user.theme.clone(),
            site_admin: user.site_admin,
        }),
        player: actor.player.as_ref().map(|(id, name)| ViewerPlayer {
            id: *id,
            name: name.clone(),
        }),
        seeing_as: actor.looker.is_some(),
        founding_offered: actor.founding_offered,
        can: can(ctx).await,
        waiting: waiting(ctx).await,
        unread: actor.unread,
        flash,
        now: ctx.now,
    }
}

fn org_info(ctx: &Ctx, tenant: &Tenant) -> OrgInfo {
    OrgInfo {
        id: tenant.id(),
        name: tenant.name.clone(),
        url: ctx.state.config.apex.url_of(&ctx.client.host),
        type_id: tenant.type_id.clone(),
        modules: tenant.modules,
        time_zone: tenant.time_zone.clone(),
        accent_hue: tenant.accent_hue,
        seq: tenant.seq,
    }
}

/// What to show and hide. Every command decides again for itself.
async fn can(ctx: &Ctx) -> Can {
    if ctx.maybe_tenant().is_none() {
        return Can::default();
    }
    let may = |action| ctx.actor.may(action).is_ok();
    let edit_all = may(Action::EditStructure);
    Can {
        manage_org: may(Action::ManageOrg),
        manage_founders: may(Action::ManageFounders),
        import: may(Action::Import),
        edit_roster: edit_all || leads_anything(ctx).await,
        edit_all,
        read_log: may(Action::ReadLog),
        edit_ranks: may(Action::EditRanks),
        read_access: may(Action::ReadAccess),
        see_as: may(Action::SeeAs),
    }
}

async fn waiting(ctx: &Ctx) -> Option<i64> {
    ctx.maybe_tenant()?;
    joining::service::waiting(ctx).await.unwrap_or_else(|failure| {
        tracing::warn!(%failure, request_id = ctx.request_id, "could not count what waits for the viewer");
        None
    })
}

async fn leads_anything(ctx: &Ctx) -> bool {
    roster::service::leads_anything(ctx).await.unwrap_or_else(|failure| {
        tracing::warn!(%failure, request_id = ctx.request_id, "could not read what the viewer leads");
        false
    })
}
