use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::Context;

/// What all test binaries said together.
#[derive(Default, Debug, PartialEq, Eq)]
struct Sum {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Sum {
    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line.split_once("test result: ").and_then(|(_, rest)| rest.split_once(". "))
        else {
            return;
        };
        for part in counts.split(';') {
            let mut words = part.split_whitespace();
            let (Some(Ok(n)), Some(what)) = (words.next().map(str::parse::<u64>), words.next()) else {
                continue;
            };
            match what {
                "passed" => self.passed += n,
                "failed" => self.failed += n,
                "ignored" => self.skipped += n,
                _ => {}
            }
        }
    }

    /// A test that found its database missing returns, and cargo counts it as passed; it says so in a file.
    fn skip(&mut self, tests: u64) {
        self.passed = self.passed.saturating_sub(tests);
        self.skipped += tests;
    }
}

/// `cargo test --workspace` with its output as it comes, then the sum.
///
/// # Errors
/// When cargo cannot be started.
pub fn run(rest: &[String]) -> anyhow::Result<bool> {
    let skips = std::env::temp_dir().join(format!("mercer-skipped-{}", std::process::id()));
    let named = rest.iter().any(|a| a == "-p" || a.starts_with("--package"));
    let mut command = crate::cargo();
    command.args(["test", "--locked", "--no-fail-fast"]).args((!named).then_some("--workspace")).args(rest);
    command.env("MERCER_SKIPPED", &skips).stdout(Stdio::piped());
    let mut child = command.spawn().context("cargo test")?;
    let mut sum = Sum::default();
    for line in BufReader::new(child.stdout.take().context("cargo's output")?).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        sum.add(&line);
    }
    let status = child.wait()?;
    if let Ok(list) = std::fs::read_to_string(&skips) {
        sum.skip(u64::try_from(list.lines().count())?);
        let _ = std::fs::remove_file(&skips); // it lies in the temporary folder
    }
    if !status.success() && sum.failed == 0 {
        eprintln!("cargo test did not run to its end ({status}); see above");
    }
    println!("{} passed, {} failed, {} skipped", sum.passed, sum.failed, sum.skipped);
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up() {
        let mut sum = Sum::default();
        sum.add(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.02s",
        );
        sum.add("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s");
        sum.add("test something ... ok");
        sum.skip(4);
        assert_eq!(sum, Sum { passed: 11, failed: 2, skipped: 5 });
    }
}
