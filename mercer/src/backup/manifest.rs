use serde::{Deserialize, Serialize};

use crate::{Exit, Failure};

/// This program writes this format, and reads no other.
pub const FORMAT: u32 = 1;

/// Where pictures and files lie, in the shop's folder as in the backup.
pub const ASSETS: &str = "assets";
/// Where the merchant's own templates and words lie.
pub const THEME: &str = "theme";

/// The manifest's name inside the file.
pub const NAME: &str = "manifest.json";

/// What the file says it holds.
#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// The version that wrote it.
    pub mercer: String,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// The engine it was read from; for people.
    pub engine: String,
    /// What the schema had been brought to: module and name, in order.
    pub migrations: Vec<(String, String)>,
    /// Every table, those pointed at first.
    pub tables: Vec<Table>,
    /// The growing numbers, with the last that was given out.
    pub series: Vec<(String, i64)>,
    /// Was the shop's folder asked for? A copy made before a migration leaves it where it is.
    pub with_assets: bool,
    /// Every file of the assets' folder.
    pub assets: Vec<Carried>,
    /// Every file of the theme's folder.
    #[serde(default)]
    pub theme: Vec<Carried>,
}

/// One `tables/NAME.jsonl`.
#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct Table {
    /// The table.
    pub name: String,
    /// Name and kind (`int`, `text`, `bytes`, `bool`, `uuid`) in the order of each line's values.
    pub columns: Vec<(String, String)>,
    /// How many lines.
    pub rows: u64,
    /// Of the whole text, in hex.
    pub sha256: String,
}

/// One `assets/PATH` or `theme/PATH`.
#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct Carried {
    /// Below its folder, with slashes.
    pub path: String,
    /// How long it is.
    pub bytes: u64,
    /// Of its bytes, in hex.
    pub sha256: String,
}

impl Manifest {
    /// Reads it, and refuses what this program cannot take.
    ///
    /// # Errors
    /// [`Exit::BadData`].
    pub fn parse(text: &[u8]) -> Result<Manifest, Failure> {
        let bad = |why: String| Failure::new(Exit::BadData, format!("{NAME}: {why}"));
        #[derive(Deserialize)]
        struct Head {
            format: u32,
            mercer: String,
        }
        let head: Head = serde_json::from_slice(text).map_err(|e| bad(e.to_string()))?;
        if head.format != FORMAT {
            let (format, version) = (head.format, head.mercer);
            return Err(bad(format!(
                "format {format}, written by Mercer {version}; this one reads format {FORMAT}"
            )));
        }
        serde_json::from_slice(text).map_err(|e| bad(e.to_string()))
    }

    /// Every file that is carried, with the folder of the shop that it lies in.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &Carried)> {
        let assets = self.assets.iter().map(|file| (ASSETS, file));
        assets.chain(self.theme.iter().map(|file| (THEME, file)))
    }

    /// All rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|t| t.rows).sum()
    }

    /// All bytes of all assets.
    pub fn asset_bytes(&self) -> u64 {
        self.assets.iter().map(|a| a.bytes).sum()
    }
}

impl Table {
    /// Where its rows lie.
    pub fn entry(&self) -> String {
        format!("tables/{}.jsonl", self.name)
    }
}

impl Carried {
    /// Where its bytes lie.
    pub fn entry(&self, folder: &str) -> String {
        format!("{folder}/{}", self.path)
    }

    /// Does its path stay below the folder it is written into?
    pub fn is_tame(&self) -> bool {
        let plain =
            |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']);
        self.path.split('/').all(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_their_folder() {
        let tame = |path: &str| Carried { path: path.to_owned(), bytes: 0, sha256: String::new() }.is_tame();
        assert!(tame("ab/cd.jpg"));
        for wild in ["../x", "/etc/passwd", "a/../../b", "", "a//b", "c:\\x"] {
            assert!(!tame(wild), "{wild}");
        }
    }

    #[test]
    fn another_format_is_refused() {
        let refused = Manifest::parse(br#"{"format": 2, "mercer": "9.9.9", "new": true}"#).unwrap_err();
        assert_eq!(refused.exit, Exit::BadData);
        assert!(refused.text.contains("9.9.9"), "{refused}");
    }
}
