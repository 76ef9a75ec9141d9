//! A look at all tables at once: what a request wrote, or that it wrote nothing.

use super::World;

/// Number of rows of every table.
pub(crate) async fn row_counts(world: &World) -> Vec<(String, i64)> {
    let mut tx = world.state.db.system_read().await.unwrap();
    let counts = tx
        .all(
            "select 'user_account' as name, count(*) from user_account
             union all select 'session', count(*) from session
             union all select 'sessions looking as others',
                              count(*) from session where see_as is not null
             union all select 'handover_code', count(*) from handover_code
             union all select 'sign_in_failure', count(*) from sign_in_failure
             union all select 'outbox_mail', count(*) from outbox_mail
             union all select 'flash', count(*) from flash
             union all select 'installation_key', count(*) from installation_key
             union all select 'org', count(*) from org
             union all select 'org events', cast(sum(event_seq) as bigint) from org
             union all select 'org versions', cast(sum(version) as bigint) from org
             union all select 'domain', count(*) from domain
             union all select 'player', count(*) from player
             union all select 'player versions', cast(sum(version) as bigint) from player
             union all select 'co_founder', count(*) from co_founder
             union all select 'roster_group', count(*) from roster_group
             union all select 'group versions', cast(sum(version) as bigint) from roster_group
             union all select 'group_history', count(*) from group_history
             union all select 'role', count(*) from role
             union all select 'position', count(*) from position
             union all select 'membership', count(*) from membership
             union all select 'open memberships', count(*) from membership where until is null
             union all select 'group_manager', count(*) from group_manager
             union all select 'invitation', count(*) from invitation
             union all select 'used invitations', count(*) from invitation where used_at is not null
             union all select 'event', count(*) from event
             union all select 'import_run', count(*) from import_run
             union all select 'org_type', count(*) from org_type
             union all select 'org_type versions', cast(sum(version) as bigint) from org_type
             union all select 'org_type_rank', count(*) from org_type_rank
             union all select 'sole_membership', count(*) from sole_membership
             union all select 'rank', count(*) from rank
             union all select 'rank versions', cast(sum(version) as bigint) from rank
             union all select 'rank_set', count(*) from rank_set
             union all select 'rank_title', count(*) from rank_title
             union all select 'group_rank_set', count(*) from group_rank_set
             union all select 'rank_holding', count(*) from rank_holding
             union all select 'group_manager_group', count(*) from group_manager_group
             union all select 'join_request', count(*) from join_request
             union all select 'pending requests', count(*) from join_request where state = 'pending'
             union all select 'notice', count(*) from notice
             union all select 'unread notices', count(*) from notice where read_at is null
             union all select 'notice_switch', count(*) from notice_switch
             union all select 'bulk_plan', count(*) from bulk_plan
             union all select 'founding_offer', count(*) from founding_offer
             union all select 'operation_category', count(*) from operation_category
             union all select 'category versions',
                              coalesce(cast(sum(version) as bigint), 0) from operation_category
             union all select 'campaign', count(*) from campaign
             union all select 'campaign versions', coalesce(cast(sum(version) as bigint), 0) from campaign
             union all select 'operation_template', count(*) from operation_template
             union all select 'operation_series', count(*) from operation_series
             union all select 'operation', count(*) from operation
             union all select 'operation versions', coalesce(cast(sum(version) as bigint), 0) from operation
             union all select 'section', count(*) from section
             union all select 'billet', count(*) from billet
             order by 1",
            (),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    counts
}
