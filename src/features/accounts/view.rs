//! Pages of accounts.

pub mod page_account;
pub mod page_claim;
pub mod page_register;
pub mod page_sessions;
pub mod page_sign_in;

pub use page_account::PageAccount;
pub use page_claim::PageClaim;
pub use page_register::PageRegister;
pub use page_sessions::PageSessions;
pub use page_sign_in::PageSignIn;

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, location::Url};

/// Where the viewer wanted to go before logging in; checked by the server when it is used.
fn return_to() -> String {
    use_query_map()
        .with_untracked(|query| query.get("return"))
        .unwrap_or_default()
}

/// A link to the other one of "log in" and "register", keeping where the viewer wanted to go.
fn onwards(page: &'static str) -> String {
    let wanted = return_to();
    if wanted.is_empty() {
        page.to_owned()
    } else {
        [page, "?return=", &Url::escape(&wanted)].concat()
    }
}
