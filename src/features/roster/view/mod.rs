//! Pages of the roster and what they are made of.
//!
//! The roster itself is drawn by the server into HTML (`drawing`), because thousands of rows drawn
//! anew for each request, and once more in the browser, are what makes such pages slow. Everything
//! that is not a long list is an ordinary view.

pub mod page_group;
pub mod page_group_forms;
pub mod page_kick;
pub mod page_members;
pub mod page_player;
pub mod page_player_forms;
pub mod page_posts;
pub mod page_roster;
pub mod page_search;
pub mod page_start;
mod parts;

#[cfg(feature = "ssr")]
pub mod drawing;

#[cfg(feature = "hydrate")]
mod rearranging;
#[cfg(not(feature = "hydrate"))]
#[path = "no_rearranging.rs"]
mod rearranging;
