//! The view kit: frame, forms, states, small parts. Knows no feature and no business words.
//!
//! - [`layout`]: the frame around every page; [`page`]: head and width of one page.
//! - `drawn`: pages whose views stay on the server.
//! - [`form`]: forms that send commands, the same with and without JavaScript.
//! - [`states`]: loading, empty, error; [`words`]: every error code as a sentence.
//! - [`parts`], [`insignia`], [`time`]: what pages are put together from.
//! - [`shortcuts`]: the list of keys.
//! - [`context`]: what every view may ask for: the viewer, toasts, the wish to read again.
//!
//! What only a browser can do (fetch, focus, local time) stands in `browser`, which is empty on the
//! server, so that no view needs to know where it runs. The HTML and its classes are those of
//! `style/`; nothing here sets a style of its own.

pub mod context;
mod drawn;
pub mod form;
pub mod insignia;
pub mod layout;
pub mod live;
pub mod page;
pub mod parts;
pub mod shortcuts;
pub mod states;
pub mod time;
pub mod toast;
pub mod words;

#[cfg(feature = "hydrate")]
#[path = "drawing_in_browser.rs"]
mod drawing;
#[cfg(not(feature = "hydrate"))]
#[path = "drawing_on_server.rs"]
mod drawing;

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(not(feature = "hydrate"))]
#[path = "no_browser.rs"]
mod browser;

pub use browser::{drawn_title, send_command};
pub use context::{PageStatus, spliced, use_flash, use_refresh, use_viewer};
pub use form::{
    AccessBoxes, AskForm, CellField, CellSelect, CheckSet, Checkbox, CommandForm, Complaint, Field,
    Pick, PickRow, Select, Submit, TextArea,
};
pub use insignia::{Avatar, Insignia, RankInsignia};
pub use page::{Page, on_apex, on_both, on_org, on_org_hydrated};
pub use parts::{Grants, Icon};
pub use states::{Empty, NotFound, loaded, loaded_page, reading};
pub use time::LocalTime;
