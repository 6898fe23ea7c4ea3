//! Connections: accepted, bounded, and let go in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

/// A connection that has not sent a whole head by then is closed: the first, or the next on a connection that is kept.
const HEAD: Duration = Duration::from_secs(30);
/// So many at once; others wait to be accepted.
const CONNECTIONS: usize = 8_192;
/// After an accept that failed (no file handle is left), before the next.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until `stop`, then lets those in hand come to their end. Requests know their visitor's address
/// ([`ConnectInfo`]).
pub async fn serve(listener: TcpListener, app: Router, stop: impl Future<Output = ()>) {
    serve_within(listener, app, stop, HEAD).await;
}

async fn serve_within(listener: TcpListener, app: Router, stop: impl Future<Output = ()>, head: Duration) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let (socket, address, place) = match accepted {
            Ok(accepted) => accepted,
            Err(e) => {
                tracing::warn!(error = %e, "a connection cannot be accepted");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let app = app.clone();
        let service = hyper::service::service_fn(move |request: http::Request<Incoming>| {
            let mut request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(address));
            app.clone().oneshot(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .serve_connection(TokioIo::new(socket), service);
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(e) = watched.await {
                tracing::debug!(error = %e, "a connection ended");
            }
            drop(place);
        });
    }
    drop(listener); // nobody new
    graceful.shutdown().await;
}

type Accepted = (tokio::net::TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> std::io::Result<Accepted> {
    let place = places.clone().acquire_owned().await.map_err(std::io::Error::other)?;
    let (socket, address) = listener.accept().await?;
    socket.set_nodelay(true)?;
    Ok((socket, address, place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    async fn told(socket: &mut TcpStream) -> String {
        let mut text = vec![0; 4096];
        let n = socket.read(&mut text).await.unwrap();
        String::from_utf8_lossy(&text[..n]).into_owned()
    }

    #[tokio::test]
    async fn those_in_hand_are_answered_and_nobody_new_is() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().route(
            "/",
            get(async |ConnectInfo(from): ConnectInfo<SocketAddr>| {
                tokio::time::sleep(Duration::from_millis(200)).await;
                from.ip().to_string()
            }),
        );
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(serve(listener, app, async { drop(stopped.await) }));
        let mut one = TcpStream::connect(address).await.unwrap();
        one.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        stop.send(()).unwrap();
        let answer = told(&mut one).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
        serving.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn who_never_says_what_he_wants_is_let_go() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let head = Duration::from_millis(100);
        let serving = tokio::spawn(serve_within(listener, Router::new(), std::future::pending(), head));
        let mut idle = TcpStream::connect(address).await.unwrap();
        idle.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        let mut rest = vec![];
        let closed = tokio::time::timeout(HEAD, idle.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "still open");
        serving.abort();
    }
}
