//! What an operation takes and gives, read off its handler's signature: the document cannot say anything else.

use std::future::Future;

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{ObjectBuilder, Ref, RefOr, Required, Response, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::{Caller, Error, Ip, State};

/// An operation while it is gathered.
#[derive(Default)]
pub(crate) struct Op {
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<RequestBody>,
    pub(crate) responses: Vec<(u16, Response)>,
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
}

impl Op {
    /// A reference to a type, whose schema goes into the components.
    pub(crate) fn component<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let name = T::name().into_owned();
        T::schemas(&mut self.schemas);
        self.schemas.push((name.clone(), <T as PartialSchema>::schema()));
        RefOr::Ref(Ref::from_schema_name(name))
    }

    /// An answer that is a text of another kind than JSON.
    pub(crate) fn text(&mut self, status: u16, media_type: &str, told: &str) {
        let content = ContentBuilder::new().schema(Some(text_schema())).build();
        let response = ResponseBuilder::new().description(told).content(media_type, content);
        self.responses.push((status, response.build()));
    }

    /// A header that is read.
    pub(crate) fn header(&mut self, name: &str, required: bool, text: &str) {
        let required = if required { Required::True } else { Required::False };
        let header = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(required)
            .description(Some(text))
            .schema(Some(text_schema()));
        self.parameters.push(header.build());
    }
}

/// A plain text.
pub(crate) fn text_schema() -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).build())
}

/// A part of a handler's signature, and what it says of the operation.
pub(crate) trait Says {
    /// Adds it.
    fn say(op: &mut Op);
}

impl Says for State {
    fn say(_: &mut Op) {}
}
impl Says for Caller {
    fn say(_: &mut Op) {}
}
impl Says for Ip {
    fn say(_: &mut Op) {}
}
impl<T: Says> Says for Result<T, Error> {
    fn say(op: &mut Op) {
        T::say(op);
    }
}

/// A handler whose whole signature says something.
pub(crate) trait Described<D> {
    /// Adds all of it.
    fn describe(op: &mut Op);
}

macro_rules! described {
    ($($part:ident)*) => {
        impl<F, Fut, R, $($part),*> Described<($($part,)*)> for F
        where
            F: Fn($($part),*) -> Fut,
            Fut: Future<Output = R>,
            R: Says,
            $($part: Says),*
        {
            fn describe(op: &mut Op) {
                $($part::say(op);)*
                R::say(op);
            }
        }
    };
}
described!();
described!(A);
described!(A B);
described!(A B C);
described!(A B C D);
described!(A B C D E);
described!(A B C D E G);
