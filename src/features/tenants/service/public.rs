//! What everybody may see of organisations: the public page, and the search at the apex (§5.5).

use super::host_of;
use crate::{
    domain::{AppError, FieldProblem, name},
    features::{
        roster,
        tenants::{
            model::{FoundOrg, OrgSearch, PublicFace},
            store::public as store,
        },
    },
    server::{Ctx, Result, markdown},
};

/// Organisations on one page of a search.
const PAGE_SIZE: usize = 20;
/// The last page of a search; nobody reads further.
const LAST_PAGE: u32 = 500;
/// Longest text that is searched for, in characters.
const TEXT_MAX: usize = 100;

/// What the host's organisation shows to everybody.
///
/// # Errors
/// At the apex, or when the database fails.
pub async fn read_public_face(ctx: &Ctx) -> Result<PublicFace> {
    let tenant = ctx.tenant()?;
    let groups = roster::service::public_groups(ctx).await?;
    let mut tx = ctx.state.db.read(tenant).await?;
    let (description, type_name) = store::face(&mut tx).await?;
    tx.done().await?;
    Ok(PublicFace {
        name: tenant.name.clone(),
        type_name: type_name.unwrap_or_default(),
        url: format!("{}/", ctx.state.config.apex.url_of(&tenant.host)),
        description_html: markdown::render(&description),
        summary: markdown::first_line(&description),
        groups,
    })
}

/// Organisations by their name or that of a public group; all of them for an empty text.
///
/// # Errors
/// On an Org's host, a text that is too long, or when the database fails.
pub async fn search_orgs(ctx: &Ctx, text: &str, page: u32) -> Result<OrgSearch> {
    ctx.at_apex()?;
    if text.chars().count() > TEXT_MAX {
        let max = TEXT_MAX as u32;
        return Err(AppError::field("text", FieldProblem::TooLong { max }).into());
    }
    let page = page.clamp(1, LAST_PAGE);
    let size = PAGE_SIZE as i64;
    let offset = i64::from(page - 1) * size;
    let mut tx = ctx.state.db.system_read().await?;
    // One more than is shown tells whether there is a further page.
    let mut rows = store::search(&mut tx, name::key(text), ctx.now, size + 1, offset).await?;
    tx.commit().await?;
    let more = rows.len() > PAGE_SIZE && page < LAST_PAGE;
    rows.truncate(PAGE_SIZE);
    let mut found = OrgSearch {
        page,
        more,
        ..OrgSearch::default()
    };
    for row in rows {
        let list = match row.exact {
            0 => &mut found.partial,
            _ => &mut found.exact,
        };
        let host = host_of(ctx, &row.slug, row.host);
        list.push(FoundOrg {
            href: format!("{}/", ctx.state.config.apex.url_of(&host)),
            name: row.name,
            summary: markdown::first_line(&row.description),
            type_name: row.type_name.unwrap_or_default(),
            people: row.people,
        });
    }
    Ok(found)
}
