//! Every page as a browser's parser sees it. A page whose structure the parser repairs is a page
//! that cannot be hydrated; an id that points nowhere is a control that a screen reader cannot name.

use crate::{
    access_matrix::Routes,
    cast::Cast,
    support::{APEX, Answer, Caller, World, on_both_databases},
};
use axum::http::{StatusCode, header};
use html5ever::{
    TokenizerResult,
    buffer_queue::BufferQueue,
    tokenizer::{
        Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
    },
};
use scraper::{ElementRef, Html, Selector};
use std::{
    cell::RefCell,
    collections::{BTreeSet, HashSet},
};

/// Elements without an end tag (HTML §13.1.2).
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Writes down the elements as they stand in the text, without repairing anything.
#[derive(Default)]
struct Written {
    shape: RefCell<String>,
    open: RefCell<Vec<String>>,
    problems: RefCell<Vec<String>>,
}

impl Written {
    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        if tag.kind == TagKind::EndTag {
            match self.open.borrow_mut().pop() {
                Some(open) if open == name => {}
                open => self
                    .problems
                    .borrow_mut()
                    .push(format!("</{name}> ends {open:?}")),
            }
            self.shape.borrow_mut().push(')');
            return TokenSinkResult::Continue;
        }
        if tag.had_duplicate_attributes {
            self.problems
                .borrow_mut()
                .push(format!("<{name}> has an attribute twice"));
        }
        let mut shape = self.shape.borrow_mut();
        shape.push_str(&name);
        if tag.self_closing || VOID.contains(&name.as_str()) {
            shape.push_str("()");
            return TokenSinkResult::Continue;
        }
        shape.push('(');
        let raw = match name.as_str() {
            "script" => Some(RawKind::ScriptData),
            "style" => Some(RawKind::Rawtext),
            "title" | "textarea" => Some(RawKind::Rcdata),
            _ => None,
        };
        self.open.borrow_mut().push(name);
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }
}

impl TokenSink for Written {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => return self.tag(&tag),
            Token::ParseError(problem) => self.problems.borrow_mut().push(problem.into_owned()),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// The elements as they stand in the text, and what the tokenizer complains about.
fn written(html: &str) -> (String, Vec<String>) {
    let tokenizer = Tokenizer::new(Written::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(html5ever::tendril::StrTendril::from(html));
    while let TokenizerResult::Script(()) = tokenizer.feed(&input) {}
    tokenizer.end();
    let mut problems = tokenizer.sink.problems.take();
    let open = tokenizer.sink.open.take();
    if !open.is_empty() {
        problems.push(format!("never ended: {open:?}"));
    }
    (tokenizer.sink.shape.take(), problems)
}

/// The elements as a browser's tree has them.
fn parsed(html: &Html) -> String {
    fn walk(element: ElementRef<'_>, shape: &mut String) {
        shape.push_str(&element.value().name().to_lowercase());
        shape.push('(');
        for child in element.children() {
            if let Some(element) = ElementRef::wrap(child) {
                walk(element, shape);
            }
            // What stands in a <template> hangs below a fragment.
            if child.value().is_fragment() {
                child
                    .children()
                    .filter_map(ElementRef::wrap)
                    .for_each(|child| walk(child, shape));
            }
        }
        shape.push(')');
    }
    let mut shape = String::new();
    walk(html.root_element(), &mut shape);
    shape
}

fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

/// Two things that Leptos itself writes and every browser reads as it means them: `<!>` for an
/// empty comment, and the data of resources in scripts behind the end of the document.
fn without_peculiarities(page: &str) -> String {
    let page = page.replace("<!>", "<!---->");
    let Some((document, behind)) = page.rsplit_once("</body>") else {
        return page;
    };
    let scripts = behind.replace("<!---->", "").replace("</html>", "");
    assert!(
        scripts.is_empty() || scripts.starts_with("<script"),
        "something else than scripts stands behind </body>: {scripts:.200}"
    );
    format!("{document}{scripts}</body></html>")
}

/// Everything that is asked of a page.
#[track_caller]
fn check(answer: &Answer, what: &str) {
    let mut problems = Vec::new();
    let body = without_peculiarities(&answer.body);
    let html = Html::parse_document(&body);
    problems.extend(
        html.errors
            .iter()
            .map(|error| format!("parse error: {error}")),
    );
    let (written, unclosed) = written(&body);
    problems.extend(unclosed);
    let parsed = parsed(&html);
    if written != parsed {
        let at = written
            .bytes()
            .zip(parsed.bytes())
            .position(|(a, b)| a != b);
        let at = at.unwrap_or_else(|| written.len().min(parsed.len()));
        let near = |text: &str| {
            text.get(at.saturating_sub(80)..(at + 80).min(text.len()))
                .map(str::to_owned)
        };
        problems.push(format!(
            "the parser repairs the structure: written …{:?}…, parsed …{:?}…",
            near(&written),
            near(&parsed)
        ));
    }
    let mut ids = HashSet::new();
    for element in all(&html, "[id]") {
        let id = element.attr("id").unwrap_or_default();
        if id.is_empty() || id.contains(' ') || !ids.insert(id) {
            problems.push(format!("id {id:?} is empty, has a space or stands twice"));
        }
    }
    for (selector, attribute) in [
        ("label[for]", "for"),
        ("[aria-describedby]", "aria-describedby"),
        ("[aria-labelledby]", "aria-labelledby"),
        ("[aria-controls]", "aria-controls"),
        ("[form]", "form"),
        ("[list]", "list"),
        ("[popovertarget]", "popovertarget"),
    ] {
        for element in all(&html, selector) {
            for id in element
                .attr(attribute)
                .unwrap_or_default()
                .split_whitespace()
            {
                if !ids.contains(id) {
                    problems.push(format!("{attribute}={id:?} points to no element"));
                }
            }
        }
    }
    for element in all(&html, "a[href^='#']") {
        let id = element
            .attr("href")
            .unwrap_or_default()
            .trim_start_matches('#');
        if !ids.contains(id) {
            problems.push(format!("the link to #{id} leads nowhere"));
        }
    }
    for (selector, what) in [("h1", "h1"), ("main", "main"), ("title", "title")] {
        let found = all(&html, selector);
        // `<title>` may stand in pictures too.
        let found = found.iter().filter(|found| {
            what != "title"
                || found
                    .parent()
                    .and_then(ElementRef::wrap)
                    .is_some_and(|p| p.value().name() == "head")
        });
        let texts: Vec<String> = found.map(|found| found.text().collect()).collect();
        if texts.len() != 1 || texts[0].trim().is_empty() {
            problems.push(format!(
                "one {what} with a text is needed, found {}",
                texts.len()
            ));
        }
    }
    problems.extend(names(&html));
    problems.extend(scripts(answer, &html));
    assert!(
        problems.is_empty(),
        "{what}:\n- {}\n\n{}",
        problems.join("\n- "),
        excerpt(&answer.body)
    );
}

fn excerpt(body: &str) -> String {
    let at = body.find("<body").unwrap_or_default();
    body[at..].chars().take(6000).collect()
}

/// Every control has a name.
fn names(html: &Html) -> Vec<String> {
    let labelled: HashSet<&str> = all(html, "label[for]")
        .iter()
        .filter_map(|label| label.attr("for"))
        .collect();
    let mut problems = Vec::new();
    for control in all(html, "input, select, textarea") {
        let hidden = matches!(control.attr("type"), Some("hidden" | "submit"));
        let named = control.attr("aria-label").is_some()
            || control.attr("aria-labelledby").is_some()
            || control.attr("id").is_some_and(|id| labelled.contains(id))
            || control
                .ancestors()
                .filter_map(ElementRef::wrap)
                .any(|above| above.value().name() == "label");
        if !hidden && !named {
            problems.push(format!(
                "no label for {}",
                control.html().chars().take(120).collect::<String>()
            ));
        }
    }
    for control in all(html, "button, a[href], summary") {
        let text: String = control.text().collect();
        let labelled = control
            .attr("aria-label")
            .is_some_and(|label| !label.trim().is_empty())
            || control.attr("aria-labelledby").is_some();
        if text.trim().is_empty() && !labelled {
            problems.push(format!(
                "no name for {}",
                control.html().chars().take(160).collect::<String>()
            ));
        }
    }
    for image in all(html, "img") {
        if image.attr("alt").is_none() {
            problems.push("an img without alt".to_owned());
        }
    }
    problems
}

/// Nothing inline that the content security policy stops.
fn scripts(answer: &Answer, html: &Html) -> Vec<String> {
    let mut problems = Vec::new();
    let policy = answer
        .headers
        .get(header::CONTENT_SECURITY_POLICY)
        .and_then(|v| v.to_str().ok());
    let nonce = policy
        .and_then(|policy| policy.split_once("'nonce-"))
        .and_then(|(_, rest)| rest.split_once('\''))
        .map(|(nonce, _)| nonce);
    if nonce.is_none_or(|nonce| nonce.len() < 16) {
        problems.push(format!("no nonce in the policy {policy:?}"));
    }
    for script in all(html, "script:not([src])") {
        if script.attr("nonce") != nonce {
            let text: String = script.text().collect();
            problems.push(format!("a script without the page's nonce: {:.80}", text));
        }
    }
    for element in all(html, "*") {
        for (name, value) in element.value().attrs() {
            if name == "style"
                || name.starts_with("on")
                || value.trim_start().starts_with("javascript:")
            {
                problems.push(format!(
                    "<{} {name}={value:?}> is stopped by the policy",
                    element.value().name()
                ));
            }
        }
    }
    if !all(html, "style").is_empty() {
        problems.push("a <style> element is stopped by the policy".to_owned());
    }
    problems
}

on_both_databases! {
    async fn every_page_is_what_the_browser_reads(world: World) {
        let cast = Cast::new(&world).await;
        let routes = Routes::make(&cast).await;
        let host = cast.org.host.clone();
        let mut pages: BTreeSet<(String, String)> = routes
            .0
            .iter()
            .filter(|route| route.method == "GET")
            // A stream, redirects, and a piece of a page.
            .filter(|route| {
                !["/live", "/handover", "/session", "/search/palette", "/calendar/feed/{file}"].contains(&route.pattern)
            })
            .map(|route| (route.host.clone(), route.path.clone()))
            .collect();
        for path in [
            "/roster?view=cards", "/roster?view=tree", "/roster?view=chart", "/roster?view=table",
            "/roster?edit=1", "/roster?filter=Here", "/roster?filter=zzz", "/roster?as_of=2020-02-02",
            "/roster?as_of=nonsense", "/roster?view=nonsense", "/search", "/search?q=zzz",
            "/search?q=%3Cscript%3E%22%27", "/log?kind=group.created", "/log?before=3",
            "/join?joined=x&asked=y.z&not=", "/groups/not-an-id/join", "/groups/not-an-id/requests",
            "/criteria/preview?rule=nonsense", "/criteria/preview?rows[0][kind]=member",
            "/criteria/preview?show=unmet&rule=%7B%22any%22:[%7B%22rank_level%22:999%7D,%7B%22on_leave%22:true%7D]%7D",
            "/groups/not-an-id", "/players/not-an-id", "/import/not-an-id", "/claim/nothing",
        ] {
            pages.insert((host.clone(), path.to_owned()));
        }
        pages.insert((host.clone(), format!("/groups/new?parent={}", cast.here)));
        pages.insert((host.clone(), format!("/players/new?group={}", cast.here)));
        pages.insert((APEX.to_owned(), "/no/such/page".to_owned()));
        pages.insert((APEX.to_owned(), "/roster".to_owned()));
        let mut seen = 0;
        for (host, path) in &pages {
            // anonymous, guest, member, leader here, founder
            for at in [0, 1, 2, 4, 7] {
                let answer = world.get(host, path, &cast.callers[at]).await;
                let is_page = answer.headers.get(header::CONTENT_TYPE).is_some_and(|kind| {
                    kind.to_str().is_ok_and(|kind| kind.starts_with("text/html"))
                });
                assert!(!answer.status.is_server_error(), "{path} fails: {answer:?}");
                if !is_page || answer.status.is_redirection() {
                    continue;
                }
                seen += 1;
                check(&answer, &format!("{host}{path} for {}", crate::cast::CALLERS[at]));
            }
        }
        assert!(seen > 150, "only {seen} pages were pages");
    }

    async fn an_org_without_groups_is_a_page_too(world: World) {
        let org = world.org("apple").await;
        for caller in [Caller::default(), org.founder.clone()] {
            for path in ["/roster", "/roster?edit=1", "/roster?view=chart", "/start", "/log", "/search?q=a"] {
                let answer = world.get(&org.host, path, &caller).await;
                if !answer.status.is_redirection() {
                    check(&answer, path);
                }
            }
        }
    }

    async fn names_are_shown_as_text(world: World) {
        let org = world.org("apple").await;
        let nasty = "\"><img src=x onerror=alert(1)>'&lt;";
        let group = world.group(&org, org.id.root_group(), nasty, true).await;
        let fields = [("common_name", "</script><b>x"), ("group_id", &group.to_string())];
        world.command(&org.host, "/api/roster/create_player", &fields, &org.founder).await.outcome();
        let pages = [
            "/roster", "/roster?view=tree", "/roster?view=chart", "/roster?view=table",
            "/roster?edit=1", "/search?q=x", "/search?q=%22%3E%3Cimg", "/log",
            &format!("/groups/{group}"), &format!("/groups/{group}/edit"),
            "/roster?filter=%22%3E%3Cimg%20src%3Dx%3E",
        ];
        for path in pages {
            let answer = world.get(&org.host, path, &org.founder).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            check(&answer, path);
            let html = Html::parse_document(&answer.body);
            assert!(all(&html, "img[src=x], b").is_empty(), "{path} makes elements out of a name");
        }
    }

    async fn a_page_after_a_refused_form_is_valid(world: World) {
        let cast = Cast::new(&world).await;
        let founder = &cast.org.founder;
        let here = cast.here.to_string();
        type Case<'a> = (&'a str, String, Vec<(&'a str, &'a str)>);
        let (rank, set) = (cast.maker.rank(20).await, cast.maker.rank_set().await);
        let (rank, set) = (rank.to_string(), set.to_string());
        let cases: [Case<'_>; 7] = [
            ("/api/roster/create_group", format!("/groups/new?parent={here}"), vec![
                ("parent_id", &here), ("name", " "), ("description", ""), ("kind", ""),
                ("visibility", "x"), ("policy", "y"),
            ]),
            ("/api/roster/create_player", "/players/new".into(), vec![("common_name", "")]),
            ("/api/roster/create_role", format!("/groups/{here}/roles/new"), vec![
                ("group_id", &here), ("name", "Member"),
            ]),
            ("/api/ranks/create_rank", "/ranks/new".into(), vec![
                ("name", ""), ("level", "x"), ("ceilings[kick]", "x"), ("access[]", "log.read"),
            ]),
            ("/api/ranks/edit_rank", format!("/ranks/{rank}"), vec![
                ("rank_id", &rank), ("version", "1"), ("name", "Corporal"), ("level", "20"),
            ]),
            ("/api/ranks/edit_rank_set", format!("/ranks/sets/{set}"), vec![
                ("rank_set_id", &set), ("version", "1"), ("name", "Set"),
                ("titles[0][rank_id]", &rank), ("titles[0][name]", "x"),
                ("titles[0][abbreviation]", "far too long"),
            ]),
            ("/api/tenants/edit_org", "/settings".into(), vec![
                ("name", ""), ("time_zone", "Mars"), ("accent_hue", "999"), ("version", "1"),
            ]),
        ];
        for (endpoint, page, fields) in cases {
            let refused = world.form(&cast.org.host, endpoint, &fields, founder).await;
            let flash = refused.cookie("__Host-flash").expect("a refused form leaves a flash");
            let session = world.session(&cast.org.host, founder).await.unwrap();
            let request = axum::http::Request::builder()
                .uri(&page)
                .header(header::HOST, &cast.org.host)
                .header(header::ACCEPT, "text/html")
                .header(header::COOKIE, format!("{session}; {flash}"));
            let answer = world.send(request.body(axum::body::Body::empty()).unwrap()).await;
            assert!(
                answer.body.contains("aria-invalid=\"true\""),
                "{page} does not mark what was wrong after {endpoint}"
            );
            check(&answer, &page);
        }
    }
}
