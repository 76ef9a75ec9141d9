//! The files that the build made for the browser, by the names that pages use.

use crate::server::{Failure, Result, config};
use leptos::config::LeptosOptions;
use std::path::PathBuf;

/// Addresses of style sheet, script and WebAssembly.
#[derive(Clone, Debug)]
pub(super) struct Built {
    pub(super) style: String,
    pub(super) script: String,
    pub(super) wasm: String,
}

impl Built {
    /// Reads the list of hashed names, if names are hashed.
    ///
    /// # Errors
    /// When there is no list beside the executable.
    pub(super) fn read(leptos: &LeptosOptions) -> Result<Self> {
        let list = if leptos.hash_files {
            let path = list_of_hashes(leptos);
            std::fs::read_to_string(&path).map_err(|error| {
                Failure::setup(format!(
                    "cannot read {}: {error}; the list of hashed file names is made with the site \
                     (`make build`) and must lie beside the executable, or set \
                     LEPTOS_HASH_FILES=false",
                    path.display()
                ))
            })?
        } else {
            String::new()
        };
        Ok(Self::named_by(&list, leptos))
    }

    /// Addresses by the lines `kind: hash` of a list; what is not listed has no hash.
    fn named_by(list: &str, leptos: &LeptosOptions) -> Self {
        let address = |kind: &str| {
            let hash = list
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find_map(|(found, hash)| (found.trim() == kind).then(|| hash.trim()))
                .map_or_else(String::new, |hash| format!(".{hash}"));
            format!(
                "/{}/{}{hash}.{kind}",
                leptos.site_pkg_dir, leptos.output_name
            )
        };
        Self {
            style: address("css"),
            script: address("js"),
            wasm: address("wasm"),
        }
    }

    /// What pages name. `cargo leptos watch` makes new files beside the running server, so then the
    /// list is read for each page.
    pub(super) fn for_pages(leptos: LeptosOptions) -> impl Fn() -> Self + Clone + Send + Sync {
        let read = move || Self::read(&leptos).unwrap_or_else(|_| Self::named_by("", &leptos));
        let once = read();
        let watching = config::env("LEPTOS_WATCH").is_some();
        move || if watching { read() } else { once.clone() }
    }
}

/// Where the list lies: Leptos' rule, beside the executable.
pub(super) fn list_of_hashes(leptos: &LeptosOptions) -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.join(&*leptos.hash_file)))
        .unwrap_or_else(|| PathBuf::from(&*leptos.hash_file))
}

#[cfg(test)]
mod tests {
    use super::Built;
    use leptos::config::LeptosOptions;

    #[test]
    fn names_carry_the_hashes_of_the_list() {
        let leptos = LeptosOptions::builder().output_name("muster").build();
        let hashed = Built::named_by("js: abc\nwasm: def\ncss: 012\n", &leptos);
        assert_eq!(hashed.script, "/pkg/muster.abc.js");
        assert_eq!(hashed.wasm, "/pkg/muster.def.wasm");
        assert_eq!(hashed.style, "/pkg/muster.012.css");
        assert_eq!(Built::named_by("", &leptos).script, "/pkg/muster.js");
    }
}
