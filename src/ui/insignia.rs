//! Drawn shields and initials, so that everything looks finished before anybody uploads an image.

use leptos::prelude::*;

/// One of twelve hues for a name, the same on server and browser, today and tomorrow (FNV-1a).
#[must_use]
pub fn hue_of(name: &str) -> u32 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash % 12
}

/// One or two capital letters for a person.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| word.chars().next());
    let first = words.next().unwrap_or('?');
    [Some(first), words.next_back()]
        .into_iter()
        .flatten()
        .flat_map(char::to_uppercase)
        .collect()
}

/// The class attribute of a part with a hue.
#[must_use]
pub fn with_hue(block: &str, name: &str) -> String {
    let mut class = String::from(block);
    class.push_str(" hue-");
    class.push_str(&hue_of(name).to_string());
    class
}

/// A person without a portrait.
#[component]
pub fn Avatar(
    /// Their name.
    #[prop(into)]
    name: String,
    /// `small` or `large`; else the middle size.
    #[prop(optional)]
    size: &'static str,
) -> impl IntoView {
    view! {
        <span
            class=with_hue("avatar", &name)
            data-size=(!size.is_empty()).then_some(size)
            aria-hidden="true"
        >
            {initials(&name)}
        </span>
    }
}

/// The shield of a group or organisation: at most four letters of its acronym.
#[component]
pub fn Insignia(
    /// The letters.
    #[prop(into)]
    acronym: String,
    /// What the hue is made from; the group's or Org's name.
    #[prop(into)]
    name: String,
    /// `small` or `large`; else the middle size.
    #[prop(optional)]
    size: &'static str,
) -> impl IntoView {
    let letters: String = acronym.chars().take(4).collect();
    let (len, y) = match letters.chars().count() {
        0 | 1 => ("1", "21"),
        2 => ("2", "20"),
        3 => ("3", "19"),
        _ => ("4", "18"),
    };
    view! {
        <svg
            class=with_hue("insignia", &name)
            data-len=len
            data-size=(!size.is_empty()).then_some(size)
            viewBox="0 0 28 32"
            aria-hidden="true"
        >
            <path d="M1 3.5 14 0l13 3.5v13C27 24 21.5 29 14 32 6.5 29 1 24 1 16.5z"></path>
            <text x="14" y=y>{letters}</text>
        </svg>
    }
}

/// The insignia of a rank, a symbol of `public/insignia.svg`; nothing for an empty name. Beside the
/// rank's name or short form.
#[component]
pub fn RankInsignia(
    /// Name of the symbol, such as `infantry-4`.
    #[prop(into)]
    symbol: String,
    /// `large`, or the size of a line.
    #[prop(optional)]
    size: &'static str,
) -> impl IntoView {
    (!symbol.is_empty()).then(|| {
        let href = ["/insignia.svg#", &symbol].concat();
        let size = (!size.is_empty()).then_some(size);
        view! {
            <svg class="rank-insignia" data-size=size aria-hidden="true"><use href=href></use></svg>
        }
    })
}

/// Insignia and short form of a rank in front of a name; nothing when both are empty.
#[must_use]
pub fn rank_mark(symbol: &str, abbreviation: &str) -> Option<AnyView> {
    (!symbol.is_empty() || !abbreviation.is_empty()).then(|| {
        view! {
            <span class="rank"><RankInsignia symbol=symbol/>{abbreviation.to_owned()}</span>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_one_or_two_letters() {
        for (name, letters) in [
            ("Mara Voss", "MV"),
            ("Brannigan", "B"),
            ("Sgt_Pepper", "SP"),
            ("", "?"),
            ("a b c", "AC"),
        ] {
            assert_eq!(initials(name), letters, "{name:?}");
        }
    }

    #[test]
    fn hues_stay_in_the_palette() {
        assert!(
            ["", "a", "Alpha squad", "ÄÖÜ"]
                .into_iter()
                .all(|name| hue_of(name) < 12)
        );
    }
}
