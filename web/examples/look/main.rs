//! Writes every screen of the back office as a static file: `cargo run -p web --example look -- OUT_DIR`,
//! then serve OUT_DIR (with the repository's `web/static` as its `static`) and look.

use web::admin;

mod samples;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args().nth(1).ok_or("usage: look OUT_DIR [en|de]")?;
    let locale = admin::words::Locale::from_tag(&std::env::args().nth(2).unwrap_or_default());
    std::fs::create_dir_all(&out)?;
    for (name, screen) in samples::screens(locale) {
        std::fs::write(format!("{out}/{name}.html"), screen?)?;
    }
    Ok(())
}
