//! `muster demo`: everybody can know its password, so what its log-ins may do is told and bounded.

use crate::support::{APEX, Caller, PASSWORD, World, on_both_databases};
use muster::features::demo::service::{LogIn, make_demo};

const FOUNDER: &str = "demo@muster.example";

/// The founder's log-in, as `muster demo` prints it.
fn founder(log_ins: &[LogIn]) -> LogIn {
    let found = log_ins.iter().find(|log_in| log_in.email == FOUNDER);
    *found.expect("the founder's log-in is printed")
}

async fn site_admins(world: &World) -> i64 {
    let mut tx = world.state.db.system_read().await.unwrap();
    let (count,): (i64,) = tx
        .one("select count(*) from user_account where site_admin", ())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    count
}

on_both_databases! {
    async fn nobody_knows_the_password_of_an_administrator(world: World) {
        let demo = make_demo(&world.state).await.unwrap();
        assert!(demo.made);
        assert_eq!(demo.log_ins.len(), 3);
        assert!(demo.log_ins.iter().all(|log_in| log_in.fits && !log_in.administers));
        assert_eq!(site_admins(&world).await, 0, "only in development is the demo's founder one");
        let again = make_demo(&world.in_development()).await.unwrap();
        assert!(!again.made && !founder(&again.log_ins).administers);
        assert_eq!(site_admins(&world).await, 0, "what was made outside stays as it was made");
    }

    async fn in_development_the_founder_administers(world: World) {
        let demo = make_demo(&world.in_development()).await.unwrap();
        assert!(founder(&demo.log_ins).administers && founder(&demo.log_ins).fits);
        assert_eq!(site_admins(&world).await, 1);
        // What is told the second time is what is so by then.
        let mut tx = world.state.db.system().await.unwrap();
        tx.run("update user_account set site_admin = false, password_hash = 'other'", ()).await.unwrap();
        tx.commit().await.unwrap();
        let again = make_demo(&world.in_development()).await.unwrap();
        let founder = founder(&again.log_ins);
        assert!(!founder.administers && !founder.fits, "the printed log-in is not true: {founder:?}");
    }

    async fn who_had_the_address_before_is_raised_to_nothing(world: World) {
        let fields = [("name", "Stranger"), ("email", FOUNDER), ("password", PASSWORD)];
        world
            .command(APEX, "/api/accounts/register_user", &fields, &Caller::default())
            .await
            .outcome();
        let demo = make_demo(&world.in_development()).await.unwrap();
        assert_eq!(site_admins(&world).await, 0, "a stranger administers the installation");
        let founder = founder(&demo.log_ins);
        assert!(!founder.administers && !founder.fits, "the printed log-in is not true: {founder:?}");
    }
}
