//! `/healthz`: the process runs. `/readyz`: it can serve.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use crate::{Auth, Routes, State};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get("/healthz", Auth::Public, alive).get("/readyz", Auth::Public, ready)
}

async fn alive() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

/// The database answers, and the shop, if there is one, is open. Before set-up it is ready to be set up.
async fn ready(state: State) -> Response {
    let answer = match state.db().ping().await {
        Err(e) => Err(format!("database: {}", kernel::Fault::code(&e))),
        Ok(()) => state.begin().await.map_err(|e| format!("shop: {}", e.code)),
    };
    let (status, text) = match answer {
        Ok(true) => (StatusCode::OK, "ready\n".to_owned()),
        Ok(false) => (StatusCode::OK, "ready to be set up\n".to_owned()),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
    };
    (status, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}
