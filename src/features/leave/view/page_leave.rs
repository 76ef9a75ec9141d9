//! Leave of absence (§6.4): one's own, asking for it, and what waits for those who answer.

use crate::{
    features::leave::{
        api::{AnswerLeave, AskLeave, EndLeave, read_leave},
        model::{LeaveKind, LeaveLine, LeavePage, LeaveState},
    },
    ui::{
        Avatar, CommandForm, Empty, Field, LocalTime, Page, Select, Submit, TextArea, live::Live,
        loaded_page, parts::Pill, reading,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page `/absence`.
#[component]
pub fn PageAbsence() -> impl IntoView {
    let page = reading(|| (), |()| read_leave());
    loaded_page(page, show)
}

fn show(page: LeavePage) -> AnyView {
    let empty = page.mine.is_empty() && page.waiting.is_empty() && page.others.is_empty();
    let empty = empty.then(|| {
        view! {
            <Empty
                icon="roster"
                title="No leave"
                text="Whoever cannot come for some days says so here. They are signed off from operations, are not reminded, and miss nothing in the figures."
            />
        }
    });
    let ask = page.can_ask.then(|| ask(page.today.clone()));
    let meta = "Days on which nobody expects you";
    view! {
        <Page title="Leave of absence" meta=meta width="reading">
            <Live/>
            <div class="stack">
                {panel("Waits for your answer", page.waiting.into_iter().map(waiting_row).collect())}
                {panel("My leave", page.mine.into_iter().map(|line| row(line, false)).collect())}
                {empty}
                {ask}
                {panel("Away, now or soon", page.others.into_iter().map(|line| row(line, true)).collect())}
            </div>
        </Page>
    }
    .into_any()
}

fn panel(title: &'static str, rows: Vec<AnyView>) -> Option<AnyView> {
    (!rows.is_empty()).then(|| {
        view! {
            <section class="panel">
                <header class="panel__head"><h2>{title}</h2></header>
                <ul class="list">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

fn ask(today: String) -> AnyView {
    let kinds = LeaveKind::ALL
        .iter()
        .map(|kind| (kind.as_str().to_owned(), kind.label().to_owned()))
        .collect();
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"Ask for leave"</h2></header>
            <div class="panel__body">
                <CommandForm to=AskLeave::PATH>
                    <div class="form__row">
                        <Field name="from" label="First day" kind="date" value=today required=true/>
                        <Field
                            name="until"
                            label="Last day"
                            kind="date"
                            hint="Empty while you do not know."
                        />
                    </div>
                    <Select name="kind" label="Kind" options=kinds value="planned" required=true/>
                    <TextArea
                        name="reason"
                        label="Reason"
                        rows="2"
                        hint="Only you and those who answer can read it."
                    />
                    <div class="form__actions"><Submit label="Ask for leave"/></div>
                </CommandForm>
            </div>
        </section>
    }
    .into_any()
}

fn kind(line: &LeaveLine) -> Option<String> {
    (line.kind != LeaveKind::Planned).then(|| line.kind.label().to_lowercase())
}

fn said(who: &str, text: &str) -> Option<AnyView> {
    (!text.is_empty()).then(|| {
        view! { <p class="request__said"><strong>{who.to_owned()}</strong>": “"{text.to_owned()}"”"</p> }
            .into_any()
    })
}

fn row(line: LeaveLine, named: bool) -> AnyView {
    let pill = match line.state {
        LeaveState::Approved if line.now => ("info", "On leave"),
        LeaveState::Approved => ("ok", "Approved"),
        LeaveState::Pending => ("warn", "Waiting"),
        LeaveState::Declined => ("bad", "Declined"),
        LeaveState::Withdrawn => ("none", "Withdrawn"),
    };
    let mut title = line.days.in_words();
    title[..1].make_ascii_uppercase();
    let who = named.then(|| {
        let href = format!("/players/{}", line.player);
        view! { <a class="list__title" href=href>{line.name.clone()}</a>" " }
    });
    let meta = kind(&line).map(|kind| [" · ", &kind].concat());
    let end = line.can_end.then(|| {
        let label = match (line.state, line.now) {
            (LeaveState::Pending, _) => "Withdraw",
            (_, true) => "End now",
            (_, false) => "Cancel leave",
        };
        view! {
            <form method="post" action=EndLeave::PATH data-command="">
                <input type="hidden" name="leave_id" value=line.id.to_string()/>
                <input type="hidden" name="version" value=line.version.to_string()/>
                <button class="button" data-size="small">{label}</button>
            </form>
        }
    });
    view! {
        <li class="list__row request">
            <div class="list__text">
                <p>{who}<strong>{title}</strong></p>
                <p class="list__meta">"asked "<LocalTime at=line.at/>{meta}</p>
                {said(&line.name, &line.reason)}
                {said(&line.by, &line.answer)}
            </div>
            <Pill kind=pill.0 text=pill.1/>
            {end}
        </li>
    }
    .into_any()
}

/// A request with the two answers to it.
#[must_use]
pub fn waiting_row(line: LeaveLine) -> AnyView {
    let href = format!("/players/{}", line.player);
    let name = line.name.clone();
    let meta = kind(&line).map(|kind| [" · ", &kind].concat());
    let (approve, decline) = (
        ["Approve the leave of ", &name].concat(),
        ["Decline the leave of ", &name].concat(),
    );
    let hidden = vec![("leave_id", line.id.to_string())];
    view! {
        <li class="list__row request">
            <Avatar name=name.clone()/>
            <div class="list__text">
                <p>
                    <a class="list__title" href=href>{name.clone()}</a>
                    " asks for leave "{line.days.in_words()}
                </p>
                <p class="list__meta"><LocalTime at=line.at/>{meta}</p>
                {said(&name, &line.reason)}
            </div>
            <CommandForm to=AnswerLeave::PATH hidden=hidden class="form request__form">
                <TextArea name="note" label="Note" rows="2" hint="To decline, say why."/>
                <div class="form__actions">
                    <button class="button" data-kind="primary" name="verdict" value="approve" aria-label=approve>
                        "Approve"
                    </button>
                    <button class="button" name="verdict" value="decline" aria-label=decline>
                        "Decline"
                    </button>
                </div>
            </CommandForm>
        </li>
    }
    .into_any()
}
