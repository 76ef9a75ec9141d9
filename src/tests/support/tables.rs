//! A look at all tables at once: what a request wrote, or that it wrote nothing.

use super::World;

/// Number of rows of every table.
pub(crate) async fn row_counts(world: &World) -> Vec<(String, i64)> {
    let mut tx = world.state.db.system_read().await.unwrap();
    let counts = tx
        .all(
            "select 'user_account' as name, count(*) from user_account
             union all select 'session', count(*) from session
             union all select 'handover_code', count(*) from handover_code
             union all select 'sign_in_failure', count(*) from sign_in_failure
             union all select 'outbox_mail', count(*) from outbox_mail
             union all select 'flash', count(*) from flash
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
             order by 1",
            (),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    counts
}
