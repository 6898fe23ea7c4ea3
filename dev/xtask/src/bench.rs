use anyhow::Context;

/// Builds the program and the bench and runs it. In release, unless it is only to show that every part runs.
///
/// # Errors
/// When cargo cannot be started.
pub fn run(rest: &[String]) -> anyhow::Result<bool> {
    let smoke = rest.iter().any(|a| a == "--smoke");
    let mut build = crate::cargo();
    build.args(["build", "--locked", "-p", "mercer", "-p", "bench"]).args((!smoke).then_some("--release"));
    if !build.status().context("cargo build")?.success() {
        return Ok(false);
    }
    let folder = if smoke { "debug" } else { "release" };
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/../../target").into(),
        std::path::PathBuf::from,
    );
    let status = std::process::Command::new(target.join(folder).join("bench")).args(rest).status();
    Ok(status.context("the bench")?.success())
}
