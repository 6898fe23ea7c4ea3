use anyhow::Context;

/// Runs every check in turn and goes on after a failure, so that one run tells everything; the tests come last,
/// as their sum is the closing line.
///
/// # Errors
/// When cargo cannot be started.
pub fn run() -> anyhow::Result<bool> {
    let steps: [(&str, &[&str]); 2] = [
        ("formatting", &["fmt", "--all", "--check"]),
        ("lints", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]),
    ];
    let mut failed = vec![];
    for (name, args) in steps {
        println!("== {name}: cargo {}", args.join(" "));
        let status = crate::cargo().args(args).status().with_context(|| format!("cargo {}", args[0]))?;
        if !status.success() {
            failed.push(name);
        }
    }
    println!("== benches' smoke run: cargo xtask bench --smoke");
    if !crate::bench::run(&["--smoke".to_owned()])? {
        failed.push("bench");
    }
    println!("== tests, with the browser journeys: cargo xtask test");
    let tests = crate::test::run(&[])?;
    if !failed.is_empty() {
        eprintln!("failed: {}", failed.join(", "));
    }
    Ok(tests && failed.is_empty())
}
