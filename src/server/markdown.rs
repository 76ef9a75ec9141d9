//! Markdown to safe HTML (security.md §4): length cap → pulldown-cmark → event filter with a depth
//! cap → ammonia as second wall. The browser never parses Markdown.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use std::sync::LazyLock;

/// Longest text that is rendered, in bytes.
const MAX_BYTES: usize = 200_000;
/// Deepest nesting that is rendered: the sanitiser's time grows with its square.
const MAX_DEPTH: usize = 60;

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::default();
    builder
        .tags(
            [
                "a",
                "b",
                "blockquote",
                "br",
                "code",
                "del",
                "em",
                "h1",
                "h2",
                "h3",
                "h4",
                "h5",
                "h6",
                "hr",
                "i",
                "li",
                "ol",
                "p",
                "pre",
                "strong",
                "table",
                "tbody",
                "td",
                "th",
                "thead",
                "tr",
                "ul",
            ]
            .into(),
        )
        .url_schemes(["http", "https", "mailto"].into())
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

fn safe_link(url: &str) -> bool {
    let lower = url.trim().to_ascii_lowercase();
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| lower.starts_with(scheme))
        || (url.starts_with('/') && !url.starts_with("//"))
}

fn below(level: HeadingLevel) -> HeadingLevel {
    HeadingLevel::try_from(level as usize + 1).unwrap_or(HeadingLevel::H6)
}

/// Renders text a person wrote. Raw HTML shows as text; images become their descriptions,
/// and headings stand one level lower.
#[must_use]
pub fn render(text: &str) -> String {
    if text.len() > MAX_BYTES {
        return "<p>This text is too long to show.</p>".to_owned();
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut depth = 0usize;
    let mut events = Vec::new();
    for event in Parser::new_ext(text, options) {
        let event = match event {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let dest_url = if safe_link(&dest_url) {
                    dest_url
                } else {
                    CowStr::Borrowed("#")
                };
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                })
            }
            // The page around the text has its own heading of the first level.
            Event::Start(Tag::Heading {
                level,
                id,
                classes,
                attrs,
            }) => Event::Start(Tag::Heading {
                level: below(level),
                id,
                classes,
                attrs,
            }),
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
            Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
            Event::End(TagEnd::Image) => Event::End(TagEnd::Emphasis),
            other => other,
        };
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return "<p>This text is nested too deeply to show.</p>".to_owned();
        }
        events.push(event);
    }
    let mut html = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut html, events.into_iter());
    CLEANER.clean(&html).to_string()
}

/// Longest first line, in characters.
const LINE_MAX: usize = 200;

/// The first paragraph or heading of a text as plain words, for lists and previews of links.
#[must_use]
pub fn first_line(text: &str) -> String {
    let mut line = String::new();
    for event in Parser::new(text.get(..MAX_BYTES).unwrap_or(text)) {
        match event {
            Event::Text(words) | Event::Code(words) | Event::InlineHtml(words) => {
                line.push_str(&words);
            }
            Event::SoftBreak | Event::HardBreak => line.push(' '),
            // The end of the first block that has words.
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock,
            ) if !line.trim().is_empty() => {
                break;
            }
            _ => {}
        }
    }
    let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(LINE_MAX) {
        Some((at, _)) => [words[..at].trim_end(), "…"].concat(),
        None => words,
    }
}

/// A text as plain words, a line for each block, cut after so many characters.
#[must_use]
pub fn words(text: &str, most: usize) -> String {
    let mut words = String::new();
    for event in Parser::new(text.get(..MAX_BYTES).unwrap_or(text)) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::InlineHtml(part) | Event::Html(part) => {
                words.push_str(&part);
            }
            Event::SoftBreak => words.push(' '),
            Event::HardBreak
            | Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock,
            ) => words.push('\n'),
            _ => {}
        }
        // The cut needs one more than it leaves; no letter has more than four bytes.
        if words.len() > 4 * (most + 1) {
            break;
        }
    }
    let words = words.trim();
    match words.char_indices().nth(most) {
        Some((at, _)) => [words[..at].trim_end(), "…"].concat(),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_plain_words() {
        for (text, line) in [
            (
                "**Bold** [words](https://a.example)\nand `code`.\n\nMore.",
                "Bold words and code.",
            ),
            ("# Who we are\n\nText", "Who we are"),
            ("- one\n- two", "one"),
            ("", ""),
            ("![a picture](x.png)", "a picture"),
        ] {
            assert_eq!(first_line(text), line, "{text:?}");
        }
        assert_eq!(first_line(&"word ".repeat(100)).chars().count(), 200);
    }

    #[test]
    fn words_are_plain() {
        let text = "# Plan\n\n**Meet** at\nthe [gate](https://a.example).\n\n- one\n- two\n";
        assert_eq!(words(text, 600), "Plan\nMeet at the gate.\none\ntwo");
        assert_eq!(words(text, 6), "Plan\nM…");
        assert_eq!(words("", 600), "");
    }

    #[test]
    fn scripts_and_bad_links_do_not_survive() {
        let html = render(
            "<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](&#106;avascript:x) \
             <img src=x onerror=y> ![i](https://evil.example/pixel.gif) **bold**",
        );
        for bad in ["<script", "javascript:", "<img", "evil.example"] {
            assert!(!html.contains(bad), "{bad} survived in {html}");
        }
        assert!(html.contains("<strong>bold</strong>"));
    }

    #[test]
    fn headings_stand_below_that_of_the_page() {
        assert_eq!(
            render("# One\n\n###### Six"),
            "<h2>One</h2>\n<h6>Six</h6>\n"
        );
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(render(&">".repeat(50_000)).contains("nested too deeply"));
    }
}
