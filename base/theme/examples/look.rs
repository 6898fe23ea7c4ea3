//! Writes every sample page as a file, with the static files beside it, to look at in a browser:
//! `cargo run -p theme --example look -- OUT_DIR [IMAGES_DIR]`, then serve OUT_DIR by any file server.
//! IMAGES_DIR holds `pink-lady.jpg` and the like for the samples' pictures.

use std::path::{Path, PathBuf};
use std::{fs, io};

use theme::{Settings, Theme, samples};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1).map(PathBuf::from);
    let out = args.next().ok_or("usage: look OUT_DIR [IMAGES_DIR]")?;
    let theme = Theme::embedded();
    for (name, text) in samples::render(&theme)? {
        let path = out.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&out))?;
        fs::write(path, text)?;
    }
    fs::write(out.join("theme.css"), Settings::default().to_css())?;
    for locale in samples::LOCALES {
        let dir = out.join(if locale == "en" { "search" } else { "de/search" });
        fs::create_dir_all(&dir)?;
        fs::write(dir.join("suggest"), serde_json::to_string(&samples::suggestions(locale))?)?;
    }
    let statics = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/static");
    copy(&statics, &out.join("static"))?;
    if let Some(images) = args.next() {
        for entry in fs::read_dir(images)? {
            let path = entry?.path();
            let Some(slug) = path.file_stem().filter(|_| path.extension().is_some_and(|e| e == "jpg")) else {
                continue;
            };
            let dir = out.join("img").join(slug);
            fs::create_dir_all(&dir)?;
            for width in [160, 320, 640, 960, 1280] {
                for format in ["jpg", "webp"] {
                    // Browsers look at the bytes, so one file serves as every rendition.
                    fs::copy(&path, dir.join(format!("{width}.{format}")))?;
                }
            }
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
