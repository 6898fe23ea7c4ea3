//! Where pictures come from: a folder beside the file, by the name at the end of their address; else the web, by tasks.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use assets::{Stored, Vault};

use super::Error;
use super::parse::Parsed;

/// Where the pictures of one import come from.
pub(super) struct Pictures {
    /// File names in lower case, as they are found in the folder.
    folder: HashMap<String, PathBuf>,
    /// May what is not in the folder be fetched?
    fetch: bool,
    vault: Vault,
}

/// Where a picture is.
#[derive(Debug, Clone)]
pub(super) enum Found {
    /// In the vault now.
    Here(Stored, String),
    /// On the web.
    There,
}

/// The pictures of a batch, by their address in the file; those that cannot be had are missing.
pub(super) type Gallery = HashMap<String, Found>;

impl Pictures {
    /// Lists the folder, and folders in it, once.
    pub fn new(folder: Option<&Path>, fetch: bool, vault: Vault) -> Result<Pictures, Error> {
        let mut found = HashMap::new();
        if let Some(folder) = folder {
            list(folder, 0, &mut found).map_err(Error::file(folder))?;
        }
        Ok(Pictures { folder: found, fetch, vault })
    }

    /// Brings the pictures of a batch: those of the folder into the vault. No transaction is open. `note` hears what
    /// could not be had.
    pub async fn gather(&self, batch: &[&Parsed], note: &mut impl FnMut(String)) -> Result<Gallery, Error> {
        let mut gallery = Gallery::new();
        for parsed in batch {
            let own = parsed.images.iter().flatten().map(|i| i.url.as_str());
            let variants = parsed.variant_images.iter().flatten().flatten().map(String::as_str);
            for url in own.chain(variants) {
                if !gallery.contains_key(url)
                    && let Some(found) = self.find(url, note).await?
                {
                    gallery.insert(url.to_owned(), found);
                }
            }
        }
        Ok(gallery)
    }

    async fn find(&self, url: &str, note: &mut impl FnMut(String)) -> Result<Option<Found>, Error> {
        let name = file_name(url);
        if let Some(path) = self.folder.get(&name.to_lowercase()) {
            let bytes = tokio::fs::read(path).await.map_err(Error::file(path))?;
            match self.vault.store(bytes.into()).await {
                Ok(stored) => return Ok(Some(Found::Here(stored, name))),
                Err(
                    e @ (assets::Error::Store(_) | assets::Error::Folder(_) | assets::Error::Panicked(_)),
                ) => {
                    return Err(e.into());
                }
                Err(e) => {
                    note(format!("picture {name}: {e}"));
                    return Ok(None);
                }
            }
        }
        let on_the_web = url.starts_with("https://") || url.starts_with("http://");
        if on_the_web && self.fetch {
            return Ok(Some(Found::There));
        }
        note(if on_the_web {
            "pictures that are not in the folder were left out".to_owned()
        } else {
            "pictures whose address is neither on the web nor in the folder were left out".to_owned()
        });
        Ok(None)
    }
}

/// The last part of an address, without its query and with its escapes undone.
fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [b, tail @ ..] = rest {
        let escaped = match (b, tail) {
            (b'%', [h, l, ..]) => {
                std::str::from_utf8(&[*h, *l]).ok().and_then(|h| u8::from_str_radix(h, 16).ok())
            }
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*b));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn list(folder: &Path, depth: usize, found: &mut HashMap<String, PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() && depth < 8 {
            list(&entry.path(), depth + 1, found)?;
        } else if kind.is_file() {
            let name = entry.file_name().to_string_lossy().to_lowercase();
            found.entry(name).or_insert_with(|| entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_are_the_end_of_an_address() {
        for (url, name) in [
            ("https://cdn.shopify.com/s/files/1/0/products/red%20shirt.jpg?v=1571", "red shirt.jpg"),
            ("images/granny-smith.jpg", "granny-smith.jpg"),
            ("C:\\pictures\\a.png", "a.png"),
            ("100%.png", "100%.png"),
        ] {
            assert_eq!(file_name(url), name);
        }
    }
}
