//! The real process, killed again and again while it tells a thousand events by mail: nothing is
//! lost, and a mail comes twice only if the process died between the mail server's 250 and our note
//! of it. See also `crate::mail`, where workers are killed at any point of their program.

use super::{END, server::Site};
use crate::{
    mail::{duplicates, eventful},
    support::{Sink, World, on_both_databases},
};
use muster::server::{config, db::Db};
use std::time::Duration;

/// Mails in all.
const MAILS: usize = 1_000;

/// Notices written and mails marked as sent.
async fn counts(site: &Site) -> (i64, i64) {
    let db = Db::connect(&site.database_url, 1).await.unwrap();
    let mut tx = db.system_read().await.unwrap();
    let counts = tx
        .one(
            "select (select count(*) from notice), (select count(sent_at) from outbox_mail)",
            (),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    db.close().await;
    counts
}

on_both_databases! {
    async fn no_mail_is_lost_when_the_process_is_killed(world: World) {
        let kills = config::env("MUSTER_FAULT_ROUNDS").and_then(|text| text.parse().ok());
        let kills: usize = kills.unwrap_or(10);
        let sink = Sink::start().await;
        eventful(&world, MAILS).await;
        let mut site = Site::on(&world).await;
        site.smtp = Some(sink.url());
        let mut while_sending = 0;
        for _ in 0..kills {
            let server = site.start().await;
            let enough = sink.count() + rand::random_range(0..2 * MAILS / kills.max(1));
            let reached = async {
                while sink.count() < enough.min(MAILS) {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            };
            let _ = tokio::time::timeout(Duration::from_secs(2), reached).await;
            tokio::time::sleep(Duration::from_micros(rand::random_range(0..40_000))).await;
            server.kill().await;
            while_sending += usize::from((1..MAILS).contains(&sink.count()));
        }
        let server = site.start().await;
        let finished = async {
            while counts(&site).await != (MAILS as i64, MAILS as i64) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(6 * END, finished).await.expect("the rest is sent");
        server.terminate().await;
        let status = tokio::time::timeout(END, server.ended()).await.expect("the server ends soon");
        assert!(status.success(), "{status}: {}", site.log());
        let twice = duplicates(&sink, MAILS);
        println!("{MAILS} mails, {kills} kills of the process ({while_sending} while it sent), {twice} duplicates");
        assert!(twice <= kills, "{twice} duplicates of {kills} kills: more than SMTP must cost");
    }
}
