//! The ceiling of pages: a bare axum that answers the same bytes.

use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use bytes::Bytes;

/// Serves `body` on a free port of this machine until killed; prints the port.
///
/// # Errors
/// When no port can be had.
pub async fn serve(body: Vec<u8>, kind: String) -> anyhow::Result<()> {
    let body = Bytes::from(body);
    let kind: axum::http::HeaderValue = kind.parse()?;
    let app = Router::new()
        .route("/", get(move || std::future::ready(([(CONTENT_TYPE, kind.clone())], body.clone()))));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    // a load loop lasts seconds; a bench that died must not leave this behind
    tokio::select! {
        served = axum::serve(listener, app) => served?,
        () = tokio::time::sleep(Duration::from_secs(600)) => {}
    }
    Ok(())
}
