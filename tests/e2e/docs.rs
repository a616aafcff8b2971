//! The documents say what the code does; `UPDATE=1 cargo test docs` writes what is made from code.

use std::fs;
use std::path::Path;

use syndicated::config::markdown_table;
use syndicated::model::Code;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(file)).unwrap()
}

#[test]
fn the_readme_has_every_key_of_the_configuration() {
    let readme = read("README.md");
    let (before, rest) = readme.split_once("<!-- keys: ").unwrap();
    let (comment, rest) = rest.split_once('\n').unwrap();
    let (_, after) = rest.split_once("<!-- /keys -->").unwrap();
    let made = format!("{before}<!-- keys: {comment}\n{}<!-- /keys -->{after}", markdown_table());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(Path::new(ROOT).join("README.md"), &made).unwrap();
    } else {
        assert_eq!(readme, made, "run UPDATE=1 cargo test docs");
    }
}

#[test]
fn the_document_of_findings_has_every_one() {
    let document = read("docs/check.md");
    let (before, rest) = document.split_once("<!-- findings: ").unwrap();
    let (comment, rest) = rest.split_once('\n').unwrap();
    let (_, after) = rest.split_once("<!-- /findings -->").unwrap();
    let mut table =
        "| finding | what is wrong | what becomes of the post | what to do |\n|---|---|---|---|\n".to_owned();
    for code in Code::ALL {
        let cell = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|");
        let (name, severity) = (code.as_str(), code.severity());
        let cells = [cell(code.meaning()), cell(code.effect()), cell(code.help())].join(" | ");
        table.push_str(&format!("| {severity} `{name}` | {cells} |\n"));
    }
    let made = format!("{before}<!-- findings: {comment}\n{table}<!-- /findings -->{after}");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(Path::new(ROOT).join("docs/check.md"), &made).unwrap();
    } else {
        assert_eq!(document, made, "run UPDATE=1 cargo test docs");
    }
}

#[test]
fn the_document_of_metrics_has_every_one() {
    let document = read("docs/metrics.md");
    let (before, rest) = document.split_once("<!-- metrics: ").unwrap();
    let (comment, rest) = rest.split_once('\n').unwrap();
    let (_, after) = rest.split_once("<!-- /metrics -->").unwrap();
    let table = syndicated::service::admin::table::markdown_table();
    let made = format!("{before}<!-- metrics: {comment}\n{table}<!-- /metrics -->{after}");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(Path::new(ROOT).join("docs/metrics.md"), &made).unwrap();
    } else {
        assert_eq!(document, made, "run UPDATE=1 cargo test docs");
    }
}

/// The examples for Prometheus are those that it takes, and name metrics that there are.
#[test]
fn the_examples_for_prometheus_hold() {
    let document = read("docs/metrics.md");
    let examples: Vec<&str> =
        document.split("```yaml\n").skip(1).map(|rest| rest.split_once("```").unwrap().0).collect();
    let names =
        document.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|it| it.starts_with("syndicated_"));
    for name in names {
        let is_it = |metric: &syndicated::service::admin::table::Metric| {
            name == metric.name || name.strip_suffix("_bucket") == Some(metric.name)
        };
        assert!(syndicated::service::admin::table::METRICS.iter().any(is_it), "{name}");
    }
    if !crate::fixture::has_tool("promtool", &["--version"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (example, what) in examples.iter().zip(["config", "rules"]) {
        let file = folder.path().join(what);
        fs::write(&file, example).unwrap();
        let checked = std::process::Command::new("promtool").args(["check", what]).arg(&file).output().unwrap();
        crate::fixture::Ran::from(checked).exits(0);
    }
}

#[test]
fn the_documents_name_files_that_exist() {
    for file in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = read(file);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        let code = text.split('`').skip(1).step_by(2).filter(|code| {
            ["src/", "tests/", "bench/", "scripts/", "docs/", "examples/"].iter().any(|top| code.starts_with(top))
                && !code.contains([' ', '*', '{', '<'])
        });
        for path in links.chain(code).filter(|link| !link.starts_with("http")) {
            assert!(Path::new(ROOT).join(path).exists(), "{file} names {path}");
        }
    }
}

#[test]
fn the_architecture_has_a_line_for_every_dependency() {
    let architecture = read("ARCHITECTURE.md");
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    for table in ["dependencies", "dev-dependencies"] {
        for name in manifest[table].as_table().unwrap().keys() {
            assert!(architecture.contains(&format!("`{name}`")), "{name} has no line in ARCHITECTURE.md");
        }
    }
}

#[test]
fn the_readme_has_every_command() {
    fn names(command: &clap::Command, above: &str) -> Vec<String> {
        let own = |sub: &clap::Command| format!("{above}{}", sub.get_name());
        let below = |sub: &clap::Command| match names(sub, &format!("{} ", own(sub))) {
            none if none.is_empty() => vec![own(sub)],
            found => found,
        };
        command.get_subcommands().flat_map(below).collect()
    }
    let readme = read("README.md");
    for name in names(&<syndicated::cli::Cli as clap::CommandFactory>::command(), "") {
        let is_row = |line: &str| line.starts_with("| `") && line.contains(&format!("`{name}"));
        assert!(readme.lines().any(is_row), "{name} has no row in README.md");
    }
}

#[test]
fn the_readme_has_every_exit_code() {
    let readme = read("README.md");
    for code in ["| 0 | done", "| 1 | findings", "| 2 | nothing was done", "| 3 | published in part"] {
        assert!(readme.contains(code), "{code}");
    }
}

#[test]
fn every_finding_has_a_name_of_its_own() {
    for code in Code::ALL {
        assert_eq!(Code::parse(code.as_str()), Some(*code));
        assert!(!code.effect().is_empty() && !code.help().is_empty());
    }
}
