//! Commands and queries of accounts.

mod account;
mod handover;
mod session;
mod sign_in;

pub use account::{change_password, edit_account, read_account, set_site_admin, set_theme};
pub(super) use handover::is_org_host;
pub use handover::{accept_handover, begin_handover};
pub use session::{
    read_sessions, revoke_other_sessions, revoke_session, sign_out, sign_out_everywhere,
};
pub use sign_in::{LogInState, create_user, find_user, log_in_state, register_user, sign_in};
