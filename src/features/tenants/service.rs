//! Commands and queries of tenants.

mod founders;
mod founding;
mod hand_over;
mod org_types;
mod public;
mod seats;
mod settings;

pub use founders::{add_co_founder, remove_co_founder};
pub use founding::{Founded, found_org, read_founding};
pub use hand_over::{
    accept_founding, decline_founding, offer_founding, read_founding_offer, take_founding_back,
};
pub use org_types::{
    create_org_type, edit_org_type, list_org_types, read_org_type, read_org_types,
};
pub use public::{read_public_face, search_orgs};
pub use seats::{check_seat, claim_seat, free_seat, resign};
pub use settings::{edit_org, list_my_orgs, read_settings};

use crate::{domain::FieldProblem, server::Ctx};

/// An IANA time zone, by its name.
///
/// # Errors
/// An empty text, or no such zone.
pub fn time_zone(text: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldProblem::Required);
    }
    text.parse::<chrono_tz::Tz>()
        .map(|zone| zone.name().to_owned())
        .map_err(|_| FieldProblem::Unknown)
}

/// The host by which an Org is called.
fn host_of(ctx: &Ctx, slug: &str, own: Option<String>) -> String {
    own.unwrap_or_else(|| ctx.state.config.apex.slug_host(slug))
}
