//! Routes of operations, all on an Org's host. Fixed words stand before ids.

use super::view::{
    page_agenda::PageAgenda,
    page_answer_link::PageAnswerLink,
    page_answers::PageAnswers,
    page_billet::{PageBillet, PagePlan},
    page_billets::PageBillets,
    page_board::PageBoard,
    page_calendar::PageCalendar,
    page_feeds::PageFeeds,
    page_form::{PageEditOperation, PageNewOperation},
    page_history::PageHistory,
    page_manage::PageManage,
    page_move::PageMove,
    page_operation::PageOperation,
    page_setup::PageSetup,
    page_suggest::PageSuggest,
};
use crate::ui::on_org;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

/// The agenda, the calendar, and the pages of an operation.
#[component(transparent)]
pub fn OperationRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/operations") view=on_org(PageAgenda)/>
        <Route path=path!("/calendar") view=on_org(PageCalendar)/>
        <Route path=path!("/calendar/feeds") view=on_org(PageFeeds)/>
        <Route path=path!("/operations/:id/move") view=on_org(PageMove)/>
        <Route path=path!("/operations/new") view=on_org(PageNewOperation)/>
        <Route path=path!("/operations/setup") view=on_org(PageSetup)/>
        <Route path=path!("/operations/:id") view=on_org(PageOperation)/>
        <Route path=path!("/answer/:token") view=on_org(PageAnswerLink)/>
        <Route path=path!("/operations/:id/answers") view=on_org(PageAnswers)/>
        <Route path=path!("/operations/:id/billets") view=on_org(PageBillets)/>
        <Route path=path!("/operations/:id/billets/edit") view=on_org(PagePlan)/>
        <Route path=path!("/operations/:id/billets/:billet") view=on_org(PageBillet)/>
        <Route path=path!("/operations/:id/board") view=on_org(PageBoard)/>
        <Route path=path!("/operations/:id/suggest") view=on_org(PageSuggest)/>
        <Route path=path!("/operations/:id/edit") view=on_org(PageEditOperation)/>
        <Route path=path!("/operations/:id/manage") view=on_org(PageManage)/>
        <Route path=path!("/operations/:id/history") view=on_org(PageHistory)/>
    }
    .into_inner()
    .into_any_nested_route()
}
