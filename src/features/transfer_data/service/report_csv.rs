//! A report as a CSV file (RFC 4180) that is safe to open in a spreadsheet.

use crate::features::transfer_data::model::{Report, Severity};

/// All listed problems of a report, one in each line, under a line of titles.
pub(super) fn report_csv(report: &Report) -> String {
    let mut text = String::from("file,line,column,code,weight,text\r\n");
    for problem in &report.problems {
        let weight = match problem.severity {
            Severity::Error => "left out",
            Severity::Warning => "check",
        };
        let line = problem.line.to_string();
        let column = problem.column.as_deref().unwrap_or_default();
        let code = problem.code.as_str();
        let cells = [
            problem.file.as_str(),
            &line,
            column,
            code,
            weight,
            &problem.text,
        ];
        text.push_str(&cells.map(cell).join(","));
        text.push_str("\r\n");
    }
    text
}

/// A quoted cell. What a spreadsheet would take for a formula gets an apostrophe in front (ASVS
/// 1.2.10).
fn cell(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", value.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::transfer_data::model::{Problem, ProblemCode};

    #[test]
    fn nothing_becomes_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\0"] {
            assert_eq!(cell(bad), format!("\"'{bad}\""));
        }
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }

    #[test]
    fn each_problem_is_a_line() {
        let problem = Problem {
            file: "=cmd.csv".into(),
            line: 7,
            column: Some("parent".into()),
            code: ProblemCode::UnknownParent,
            severity: Severity::Error,
            text: "No \"x\".".into(),
        };
        let report = Report {
            problems: vec![problem],
            ..Report::default()
        };
        let expected = "file,line,column,code,weight,text\r\n\
            \"'=cmd.csv\",\"7\",\"parent\",\"unknown_parent\",\"left out\",\"No \"\"x\"\".\"\r\n";
        assert_eq!(report_csv(&report), expected);
    }
}
