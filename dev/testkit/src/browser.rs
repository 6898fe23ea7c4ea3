use std::sync::Once;

/// A client for HTTP servers of the test's own; reqwest wants a crypto library even where nothing is encrypted.
pub fn browser() -> reqwest::ClientBuilder {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // an error says that there is one already
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder()
}
