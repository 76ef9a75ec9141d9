//! The list of all server functions.

/// On which host a server function answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    Apex,
    Org,
}

/// A server function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) path: &'static str,
    pub(crate) on: On,
    /// Asked by GET; writes nothing.
    pub(crate) reads: bool,
}

const fn read(path: &'static str, on: On) -> Endpoint {
    Endpoint {
        path,
        on,
        reads: true,
    }
}

const fn write(path: &'static str, on: On) -> Endpoint {
    Endpoint {
        path,
        on,
        reads: false,
    }
}

/// All server functions, by path.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    read("/api/access/list_access", On::Org),
    read("/api/access/read_access", On::Org),
    write("/api/access/see_as", On::Org),
    write("/api/access/stop_seeing_as", On::Org),
    write("/api/accounts/change_password", On::Apex),
    write("/api/accounts/edit_account", On::Apex),
    read("/api/accounts/read_account", On::Apex),
    read("/api/accounts/read_sessions", On::Apex),
    write("/api/accounts/register_user", On::Apex),
    write("/api/accounts/revoke_other_sessions", On::Apex),
    write("/api/accounts/revoke_session", On::Apex),
    write("/api/accounts/set_theme", On::Org),
    write("/api/accounts/sign_in", On::Apex),
    write("/api/accounts/sign_out", On::Org),
    write("/api/accounts/sign_out_everywhere", On::Apex),
    read("/api/audit/list_events", On::Org),
    write("/api/audit/undo_event", On::Org),
    write("/api/guard/apply_plan", On::Org),
    write("/api/guard/plan_rank_change", On::Org),
    write("/api/guard/plan_removal", On::Org),
    read("/api/guard/read_candidates", On::Org),
    read("/api/guard/read_plan", On::Org),
    write("/api/ranks/apply_insignia", On::Org),
    write("/api/ranks/appoint_rank", On::Org),
    write("/api/ranks/choose_rank_set", On::Org),
    write("/api/ranks/create_rank", On::Org),
    write("/api/ranks/create_rank_set", On::Org),
    write("/api/ranks/delete_rank", On::Org),
    write("/api/ranks/delete_rank_set", On::Org),
    write("/api/ranks/demote_player", On::Org),
    write("/api/ranks/edit_rank", On::Org),
    write("/api/ranks/edit_rank_set", On::Org),
    write("/api/ranks/promote_player", On::Org),
    read("/api/ranks/read_group_rank_set", On::Org),
    read("/api/ranks/read_ladder", On::Org),
    read("/api/ranks/read_player_rank", On::Org),
    read("/api/ranks/read_rank", On::Org),
    read("/api/ranks/read_rank_set", On::Org),
    write("/api/roster/accept_invitation", On::Org),
    write("/api/roster/apply_shape", On::Org),
    write("/api/roster/create_group", On::Org),
    write("/api/roster/create_player", On::Org),
    write("/api/roster/create_position", On::Org),
    write("/api/roster/create_role", On::Org),
    write("/api/roster/delete_position", On::Org),
    write("/api/roster/delete_role", On::Org),
    write("/api/roster/edit_group", On::Org),
    write("/api/roster/edit_position", On::Org),
    write("/api/roster/edit_role", On::Org),
    write("/api/roster/invite_player", On::Org),
    write("/api/roster/kick_player", On::Org),
    read("/api/roster/list_shapes", On::Org),
    write("/api/roster/move_group", On::Org),
    write("/api/roster/place_player", On::Org),
    write("/api/roster/place_players", On::Org),
    write("/api/roster/post_member", On::Org),
    read("/api/roster/read_choices", On::Org),
    read("/api/roster/read_group", On::Org),
    read("/api/roster/read_invitation", On::Org),
    read("/api/roster/read_player", On::Org),
    read("/api/roster/read_roster", On::Org),
    write("/api/roster/reinstate_player", On::Org),
    write("/api/roster/remove_member", On::Org),
    write("/api/roster/rename_player", On::Org),
    write("/api/roster/retire_group", On::Org),
    read("/api/roster/search", On::Org),
    write("/api/roster/set_manager", On::Org),
    write("/api/tenants/accept_founding", On::Org),
    write("/api/tenants/add_co_founder", On::Org),
    write("/api/tenants/decline_founding", On::Org),
    write("/api/tenants/edit_org", On::Org),
    write("/api/tenants/found_org", On::Apex),
    read("/api/tenants/list_my_orgs", On::Apex),
    write("/api/tenants/offer_founding", On::Org),
    read("/api/tenants/read_founding", On::Apex),
    read("/api/tenants/read_founding_offer", On::Org),
    read("/api/tenants/read_settings", On::Org),
    write("/api/tenants/remove_co_founder", On::Org),
    write("/api/tenants/take_founding_back", On::Org),
    read("/api/transfer_data/list_imports", On::Org),
    read("/api/transfer_data/read_import", On::Org),
    write("/api/transfer_data/start_import", On::Org),
];
