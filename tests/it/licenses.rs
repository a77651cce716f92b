//! Licences: everything the program is made of may be given away with it.

use serde_json::Value;
use std::process::Command;

/// Licences that ask for no more than a notice, and the MPL, which asks for the source of its own
/// files as they were published.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether one of the licences to choose from is allowed in each part of an SPDX expression, or of
/// the older `MIT/Apache-2.0`. Where `OR` stands beside `AND` without brackets it is too strict.
fn is_allowed(expression: &str) -> bool {
    expression.split(" AND ").all(|part| {
        let part = part.trim_matches(['(', ')']);
        part.split(" OR ").flat_map(|choice| choice.split('/')).any(|choice| ALLOWED.contains(&choice.trim()))
    })
}

#[test]
fn expressions_are_read_as_they_are_meant() {
    for (expression, expected) in [
        ("MIT", true),
        ("MIT OR Apache-2.0", true),
        ("Apache-2.0 / MIT", true),
        ("Unlicense/MIT", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only", false),
        ("MIT AND AGPL-3.0-or-later", false),
        ("(MIT OR Apache-2.0) AND GPL-2.0-only", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression), expected, "{expression}");
    }
}

#[test]
fn every_dependency_may_be_given_away() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &platform()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !is_allowed(package["license"].as_str().unwrap_or_default()))
        .map(|package| format!("{}: {}", package["name"], package["license"]))
        .collect();
    assert!(packages.len() > 100, "{} packages", packages.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The platform of whoever runs the tests: packages of others need not be at hand.
fn platform() -> String {
    let output = Command::new(env!("CARGO")).arg("-vV").output().expect("cargo runs");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    said.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host").to_owned()
}
