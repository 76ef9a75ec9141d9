//! The worker behind notices: each event once, woken by what happens, no flood, and tidying up.

use super::*;

on_both_databases! {
    async fn each_event_is_told_once_however_many_work(world: World) {
        let org = crate::mail::eventful(&world, 120).await;
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let node = world.node(world.state.config.mail.clone()).await;
            nodes.spawn(async move {
                catch_up(&node).await.unwrap();
                node.db.close().await;
            });
        }
        while let Some(ended) = nodes.join_next().await {
            ended.unwrap();
        }
        catch_up(&world.state).await.unwrap();
        catch_up(&world.state).await.unwrap();
        let mails = mails(&world, "apple Member").await;
        assert_eq!(mails.len(), 120, "each event makes one mail");
        let mut tx = world.state.db.system_read().await.unwrap();
        let (notices,): (i64,) =
            tx.one("select count(*) from notice where org_id = $1", (org.id,)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(notices, 120);
    }

    async fn the_worker_is_woken_by_what_happens(world: World) {
        let org = world.org("apple").await;
        let (member, player) = world.claimed(&org, "Member").await;
        let worker = tokio::spawn(muster::features::notices::service::run(world.state.clone()));
        happens(&world, &org, promoted(player, "One")).await;
        let arrives = async {
            loop {
                let page: NoticePage = world.read(&org.host, LIST, &member).await.json();
                if !page.notices.is_empty() {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        let patience = std::time::Duration::from_secs(10);
        tokio::time::timeout(patience, arrives).await.expect("the worker sleeps through events");
        world.state.close();
        tokio::time::timeout(patience, worker).await.expect("the worker ends with the server").unwrap();
    }

    /// Also when the approval ends a batch and what follows from it begins the next.
    async fn an_approval_is_told_once_over_two_batches(world: World) {
        let org = world.org("apple").await;
        let alpha = world.group(&org, org.id.root_group(), "Alpha", true).await;
        let (member, player) = world.claimed(&org, "Member").await;
        let id = request(&world, &org, alpha, &member).await;
        for before in [48, 49, 50] {
            news(&world, &org, &member).await;
            let ctx = world.ctx(&org).await;
            let mut tx = world.state.db.write(ctx.tenant().unwrap()).await.unwrap();
            for _ in 0..before {
                let nothing = NewEvent::new(EventKind::OrgEdited, EventData::default());
                events::append(&mut tx, &ctx, nothing).await.unwrap();
            }
            let approved = about_request(EventKind::JoinApproved, id, alpha, "").player(player);
            events::append(&mut tx, &ctx, approved).await.unwrap();
            let added = EventData { group: Some("Alpha".into()), ..EventData::default() };
            let added = NewEvent::new(EventKind::MemberAdded, added).player(player).group(alpha);
            events::append(&mut tx, &ctx, added).await.unwrap();
            events::commit(tx, &world.state.hub).await.unwrap();
            assert_eq!(
                news(&world, &org, &member).await,
                ["Your request to join Alpha was approved by Muster"],
                "{before} events before the approval"
            );
        }
    }

    async fn bulk_work_sends_no_flood(world: World) {
        let org = world.org("apple").await;
        let (member, player) = world.claimed(&org, "Member").await;
        let groups = "group,parent\nAlpha,\nBravo,\n";
        let members = "player,group,role\nMember,Alpha,leader\nSmith,Bravo,member\n";
        let answer = upload(&world, &org, groups, members, &org.founder).await;
        let import = answer.location().rsplit('/').next().unwrap().to_owned();
        command(&world, &org, "/api/transfer_data/start_import", &[("import_id", import)]).await;
        crate::catalogue::Maker::new(&world, &org, org.id.root_group()).imports_done().await;
        assert!(!world.roster(&org).await.groups_of(player).is_empty(), "the import was carried out");
        assert!(told(&world, &org, &member).await.is_empty());
        // Nor does the history of the demo, which is written in one go.
        demo::service::make_demo(&world.state).await.unwrap();
        catch_up(&world.state).await.unwrap();
        let mut tx = world.state.db.system_read().await.unwrap();
        let (mails, notices): (i64, i64) = tx
            .one("select (select count(*) from outbox_mail), (select count(*) from notice)", ())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!((mails, notices), (0, 0));
    }

    async fn read_notices_are_cleared_away_at_last(world: World) {
        let org = world.org("apple").await;
        let (member, player) = world.claimed(&org, "Member").await;
        happens(&world, &org, promoted(player, "One")).await;
        assert_eq!(news(&world, &org, &member).await.len(), 1);
        happens(&world, &org, promoted(player, "Two")).await;
        catch_up(&world.state).await.unwrap();
        world.wait(Duration::days(179));
        housekeeping::clean(&world.state.db, world.now()).await.unwrap();
        assert_eq!(told(&world, &org, &member).await.len(), 2);
        world.wait(Duration::days(2));
        housekeeping::clean(&world.state.db, world.now()).await.unwrap();
        let left = told(&world, &org, &member).await;
        assert_eq!(left, ["Muster promoted you to Two: “Service”"], "unread ones stay");
    }
}
