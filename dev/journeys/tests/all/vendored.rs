//! What is vendored is what its list says.

use std::path::Path;

use sha2::{Digest, Sha256};

#[test]
fn axe_is_as_published() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for line in std::fs::read_to_string(root.join("CHECKSUMS")).unwrap().lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let digest = Sha256::digest(std::fs::read(root.join(name)).unwrap());
        let found: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(found, sum, "{name}");
    }
}
