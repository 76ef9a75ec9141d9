//! Commands and queries of attendance: the feature's only door.

mod appeals;
mod check_in;
mod figures;
mod register;
mod report;
mod sheet;
mod states;

pub use appeals::{
    answer_appeal, make_appeal, read_corrections, review_corrections, waiting_appeals,
    withdraw_appeal,
};
pub use check_in::{check_in, open_check_in, read_check_in};
pub use figures::{Asked, person, read_figures};
pub use report::{file_report, read_report};
pub use sheet::{Rest, fill_sheet, read_sheet, record_list, record_sheet};
pub use states::{create_state, delete_state, edit_state, read_states};

use crate::{
    domain::event::{EventLine, Outcome},
    server::{Ctx, Result, db::Write, events},
};

/// Commits a command whose event, if there is one, is the answer.
async fn finish(ctx: &Ctx, tx: Write, event: Option<EventLine>) -> Result<Outcome> {
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event,
        ..Outcome::default()
    })
}
