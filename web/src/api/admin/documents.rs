//! What is printed: packing slips and pick lists, as pages.

use axum::response::{Html, IntoResponse, Response};
use flows::documents::{Slip, packing_slip, pick_list};
use http::{HeaderValue, header};
use kernel::perms::OrdersFulfil;
use kernel::{FulfilmentOrderId, ShipmentId};

use crate::api::ask::At;
use crate::api::describe::{Op, Says};
use crate::{Caller, Error, State};

/// A page to be printed.
#[derive(Debug)]
pub(super) struct Printed(String);

impl IntoResponse for Printed {
    fn into_response(self) -> Response {
        let mut response = Html(self.0).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl Says for Printed {
    fn say(op: &mut Op) {
        op.text(200, "text/html", "A page to be printed");
    }
}

async fn slip(state: &State, caller: &Caller, slip: Slip) -> Result<Printed, Error> {
    let permit = caller.permit::<OrdersFulfil>()?;
    Ok(Printed(packing_slip(state.shop(), &caller.ctx, &permit, slip).await?))
}

pub(super) async fn slip_of_request(
    state: State,
    caller: Caller,
    At(id): At<FulfilmentOrderId>,
) -> Result<Printed, Error> {
    slip(&state, &caller, Slip::Fulfilment(id)).await
}

pub(super) async fn slip_of_shipment(
    state: State,
    caller: Caller,
    At(id): At<ShipmentId>,
) -> Result<Printed, Error> {
    slip(&state, &caller, Slip::Shipment(id)).await
}

pub(super) async fn list_of_request(
    state: State,
    caller: Caller,
    At(id): At<FulfilmentOrderId>,
) -> Result<Printed, Error> {
    let permit = caller.permit::<OrdersFulfil>()?;
    Ok(Printed(pick_list(state.shop(), &caller.ctx, &permit, &[id]).await?))
}
