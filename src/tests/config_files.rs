//! The two files that hold the build's settings say the same.

use std::{fs, path::Path};

fn read(name: &str) -> (String, toml::Table) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let table = text
        .parse()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    (text, table)
}

#[test]
fn shared_keys_are_equal() {
    let metadata = |table: &toml::Table| {
        table["package"]["metadata"]["leptos"]
            .as_table()
            .unwrap()
            .clone()
    };
    let (_, cargo) = read("Cargo.toml");
    let (text, run_time) = read("Leptos.toml");
    let (build, run) = (metadata(&cargo), metadata(&run_time));
    let mut shared = 0;
    for (key, value) in &run {
        if let Some(built) = build.get(key) {
            shared += 1;
            assert_eq!(
                built, value,
                "{key} differs between Cargo.toml (the build's truth) and Leptos.toml: the server \
                 would look for files where the build did not put them"
            );
        }
    }
    assert!(
        shared >= 4,
        "Leptos.toml shares only {shared} keys with Cargo.toml"
    );
    for key in ["output-name", "site-root", "site-pkg-dir", "hash-files"] {
        assert!(
            run.contains_key(key),
            "Leptos.toml lacks {key}, which the server needs"
        );
    }
    let first = text.lines().find(|line| line.trim_start().starts_with('['));
    assert_eq!(
        first,
        Some("[package.metadata.leptos]"),
        "leptos finds its settings only if this is the file's first header, at the line's start"
    );
}

#[test]
fn the_file_is_read_as_the_server_reads_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Leptos.toml");
    let config = muster::server::config::Config::load_from(&path).unwrap();
    assert_eq!(&*config.leptos.output_name, "muster");
}
