//! Who is gone has nothing left (security.md §3.2, 7): a player who left, was kicked or banned may
//! do what any visitor may and no more; a disabled user and an ended session are strangers. Guests
//! have the guest rank, exactly.

use crate::{
    cast::{CALLERS, Cast},
    catalogue::ENDPOINTS,
    support::{APEX, Answer, Caller, World, on_both_databases},
};
use chrono::Duration;
use muster::{
    domain::{
        AppError, ConflictCode,
        access::{AccessSet, Action},
    },
    features::tenants::model::{OrgLine, OrgSettings},
};

/// What this caller gets of every server function, with arguments made for `whom`. Before each
/// call the caller's standing is set again, because some calls let people come back.
async fn answers(
    cast: &Cast,
    caller: &Caller,
    whom: &Caller,
    standing: Option<&str>,
) -> Vec<(&'static str, Answer)> {
    let mut answers = Vec::new();
    for endpoint in ENDPOINTS {
        let fields = cast.maker.fields(endpoint.path, whom).await;
        if let Some(standing) = standing {
            let sql = "update player set standing = $2 where user_id = $1";
            set(&cast.world, sql, caller, standing).await;
        }
        let answer = cast.maker.call(endpoint, &fields, caller).await;
        crate::access_matrix::reset(cast, endpoint.path).await;
        answers.push((endpoint.path, answer));
    }
    answers
}

async fn set(world: &World, sql: &'static str, caller: &Caller, to: &str) {
    let mut tx = world.state.db.system().await.unwrap();
    tx.run(sql, (caller.user, to.to_owned())).await.unwrap();
    tx.commit().await.unwrap();
}

#[track_caller]
fn no_more_than(less: &[(&str, Answer)], gone: &[(&str, Answer)], who: &str, as_whom: &str) {
    for ((path, allowed), (_, got)) in less.iter().zip(gone) {
        assert!(
            !got.status.is_success() || allowed.status.is_success(),
            "{path} answers {} to {who}, but {} to {as_whom}; decide by server::tenancy::facts, \
             which leaves out who is gone",
            got.status,
            allowed.status
        );
    }
}

on_both_databases! {
    async fn who_is_gone_may_do_what_a_visitor_may(world: World) {
        let cast = Cast::new(&world).await;
        let guest = cast.caller("guest");
        let guest = answers(&cast, guest, guest, None).await;
        let officer = cast.caller("officer above").clone();
        for standing in ["left", "kicked", "banned"] {
            let whom = cast.caller("member");
            let gone = answers(&cast, &officer, whom, Some(standing)).await;
            no_more_than(&guest, &gone, &format!("an officer who is {standing}"), "guests");
            let sql = "update player set standing = $2 where user_id = $1";
            set(&world, sql, &officer, standing).await;
            let page = world.get(&cast.org.host, "/log", &officer).await;
            assert_eq!(page.status.as_u16(), 403, "{standing}: the log is for members");
        }
    }

    async fn who_is_gone_founds_nothing_and_has_the_org_on_no_list(world: World) {
        let org = world.org("apple").await;
        let (member, player) = world.claimed(&org, "Member").await;
        let id = player.to_string();
        let list = async |caller: &Caller| -> Vec<OrgLine> {
            world.read(APEX, "/api/tenants/list_my_orgs", caller).await.json()
        };
        let candidates = async || -> OrgSettings {
            world.read(&org.host, "/api/tenants/read_settings", &org.founder).await.json()
        };
        assert_eq!(list(&member).await.len(), 1);
        assert_eq!(candidates().await.candidates.len(), 1);
        for standing in ["left", "kicked", "banned"] {
            let sql = "update player set standing = $2 where user_id = $1";
            set(&world, sql, &member, standing).await;
            let add = "/api/tenants/add_co_founder";
            let refused = world.command(&org.host, add, &[("player_id", &id)], &org.founder).await;
            assert_eq!(refused.error(), AppError::Conflict(ConflictCode::PlayerGone), "{standing}");
            assert!(candidates().await.candidates.is_empty(), "who is {standing} can be chosen");
            assert!(list(&member).await.is_empty(), "who is {standing} still has the Org on the list");
        }
        assert_eq!(list(&org.founder).await.len(), 1);
    }

    async fn disabled_users_and_ended_sessions_are_strangers(world: World) {
        let cast = Cast::new(&world).await;
        let whom = cast.caller("founder");
        let stranger = answers(&cast, &Caller::default(), whom, None).await;
        let officer = cast.caller("officer above").clone();
        let founder = cast.caller("founder").clone();
        let sql = "update user_account set disabled_at = created_at, theme = $2 where user_id = $1";
        set(&world, sql, &officer, "dark").await;
        let gone = answers(&cast, &officer, whom, None).await;
        no_more_than(&stranger, &gone, "a disabled officer", "strangers");
        world.session(&cast.org.host, &founder).await;
        world.session(crate::support::APEX, &founder).await;
        world.wait(Duration::days(400));
        let page = world.expired(&cast.org.host, "/log", &founder).await;
        assert_eq!(page.status.as_u16(), 401, "the session ended long ago");
    }

    async fn guests_have_the_guest_rank_exactly(world: World) {
        let cast = Cast::new(&world).await;
        let guest = cast.caller("guest");
        let stranger = cast.caller("anonymous");
        let mut tx = world.state.db.system().await.unwrap();
        let access: AccessSet = [Action::ReadLog].into_iter().collect();
        tx.run(
            "update rank set access = $2 where org_id = $1 and is_guest",
            (cast.org.id, access.stored()),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        for (who, caller) in [("guest", guest), ("stranger", stranger)] {
            let log = world.get(&cast.org.host, "/log", caller).await;
            assert_eq!(log.status.as_u16(), 200, "a {who} has what the guest rank grants");
            let settings = world.get(&cast.org.host, "/settings", caller).await;
            assert!(
                !settings.status.is_success(),
                "a {who} has no more than the guest rank grants"
            );
        }
    }
}

impl Cast {
    /// The caller of this column.
    fn caller(&self, name: &str) -> &Caller {
        let at = CALLERS.iter().position(|known| *known == name);
        &self.callers[at.expect("a column of the matrix")]
    }
}
