//! The world of a test: a database, the router, users and organisations.

mod answer;
mod smtp;
mod tables;
mod world;

pub(crate) use answer::Answer;
pub(crate) use smtp::{Mode, Sink};
pub(crate) use tables::row_counts;
pub(crate) use world::{APEX, Caller, Org, PASSWORD, Planned, World, encode};

/// Makes a test out of `async fn name(world: World)` for each database.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: $type:ty) $body:block)*) => {
        $(
            mod $name {
                #[allow(unused_imports, reason = "each test uses what it needs of its file")]
                use super::*;

                async fn on_one($world: $type) $body

                $(#[$meta])*
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn sqlite() {
                    let world = $crate::support::World::sqlite().await;
                    on_one(world).await;
                }

                $(#[$meta])*
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn postgres() {
                    let world = $crate::support::World::postgres().await;
                    on_one(world.clone()).await;
                    world.drop_database().await;
                }
            }
        )*
    };
}
pub(crate) use on_both_databases;
