//! The program itself, built beside the journeys so that they never drive a stale one.

fn main() -> std::process::ExitCode {
    mercer::run(std::env::args_os())
}
