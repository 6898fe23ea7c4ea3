fn main() -> std::process::ExitCode {
    mercer::run(std::env::args_os())
}
