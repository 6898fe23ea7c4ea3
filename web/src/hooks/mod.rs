//! What outside services send us. A notice is only a hint: what happened is asked of the provider, so that a forged
//! one can do no harm.

use axum::Json;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flows::Notice;
use http::StatusCode;
use kernel::ErrorKind;

use crate::extract::Path;
use crate::limit::by_address;
use crate::{Auth, Error, Ip, Routes, State};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes.post("/hooks/payments/{provider}", Auth::Public, payment)
}

/// `POST /hooks/payments/{provider}`: 200 also for what came before, so that the provider stops sending it.
async fn payment(
    state: State,
    Ip(ip): Ip,
    Path(provider): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    if let Some(asker) = by_address(ip)
        && let Err(refused) = state.limits().api.ask(&asker)
    {
        return Err(refused.0);
    }
    if state.shop().providers.get(&provider).is_none() {
        return Err(Error::not_found());
    }
    if !state.begin().await? {
        return Err(Error::not_set_up());
    }
    let notice: Notice = serde_json::from_slice(&body)
        .map_err(|e| Error::bad_request(format!("This is no notice that can be read: {e}")))?;
    if notice.id.is_empty() || notice.id.len() > 200 || notice.kind.len() > 200 {
        return Err(Error::new(
            ErrorKind::Invalid,
            "invalid",
            "A notice has an id and a kind of 200 signs at most.",
        ));
    }
    let (shop, ctx) = (state.shop().clone(), state.ctx()?);
    let heard = tokio::spawn(async move { flows::receive_webhook(&shop, &ctx, &provider, notice).await });
    let new = heard.await.map_err(Error::internal)??;
    Ok((StatusCode::OK, Json(serde_json::json!({ "received": true, "new": new }))).into_response())
}
