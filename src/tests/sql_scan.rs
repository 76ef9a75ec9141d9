//! The SQL in the program's source: every statement on a table of tenants names its Org (§1.5).

/// Statements on tenants' tables that are meant to look over all Orgs, by a piece of their text.
const OVER_ALL_ORGS: &[&str] = &[
    // Housekeeping: notices that were read long ago.
    "delete from notice where read_at < $1",
];

/// Tables whose rows belong to an Org.
const TENANT_TABLES: [&str; 40] = [
    "player",
    "co_founder",
    "roster_group",
    "group_history",
    "role",
    "position",
    "membership",
    "group_manager",
    "invitation",
    "event",
    "import_run",
    "rank",
    "rank_set",
    "rank_title",
    "group_rank_set",
    "rank_holding",
    "group_manager_group",
    "join_request",
    "notice",
    "notice_cursor",
    "bulk_plan",
    "founding_offer",
    "operation_category",
    "campaign",
    "operation_template",
    "operation_series",
    "operation",
    "rsvp",
    "section",
    "billet",
    "billet_wish",
    "attendance_state",
    "attendance",
    "attendance_correction",
    "attendance_appeal",
    "check_in_link",
    "after_action",
    "operation_reminder",
    "calendar_feed",
    "leave_of_absence",
];

#[test]
fn every_statement_names_its_org() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&source.join("features"), &mut files);
    walk(&source.join("server"), &mut files);
    let mut statements = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for literal in literals(&text) {
            let sql: String = literal.split_whitespace().collect::<Vec<_>>().join(" ");
            let is_sql = [
                "select ",
                "insert into ",
                "update ",
                "delete from ",
                "with ",
            ]
            .iter()
            .any(|verb| sql.starts_with(verb));
            let words: Vec<&str> = sql
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .collect();
            let tenants = words.windows(2).any(|pair| {
                matches!(pair[0], "from" | "join" | "into" | "update")
                    && TENANT_TABLES.contains(&pair[1])
            });
            if !is_sql || !tenants {
                continue;
            }
            statements += 1;
            let excused = OVER_ALL_ORGS.iter().any(|piece| sql.contains(piece));
            assert!(
                excused || words.contains(&"org_id"),
                "{}: a statement on a tenant's table without org_id; add `org_id = $1`, or a line \
                 in OVER_ALL_ORGS with a reason:\n{sql}",
                file.display()
            );
        }
    }
    assert!(
        statements > 60,
        "the scan finds only {statements} statements; has the SQL moved?"
    );
}

fn walk(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The string literals of a source file, comments apart.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '/' if rest.peek() == Some(&'/') => {
                rest.by_ref().find(|c| *c == '\n');
            }
            '\'' => {
                // A character or a lifetime.
                let mut ahead = rest.clone();
                let first = ahead.next();
                if first == Some('\\') || ahead.next() == Some('\'') {
                    let skip = if first == Some('\\') { 3 } else { 2 };
                    for _ in 0..skip {
                        rest.next();
                    }
                }
            }
            '"' => {
                let mut text = String::new();
                while let Some(c) = rest.next() {
                    match c {
                        '\\' => {
                            rest.next();
                            text.push(' ');
                        }
                        '"' => break,
                        other => text.push(other),
                    }
                }
                found.push(text);
            }
            _ => {}
        }
    }
    found
}
