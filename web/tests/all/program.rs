//! A program that speaks the JSON API.

use kernel::{Grant, Grants, Scope};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{World, may};

pub const V: &str = "/api/2026-11";

/// A program with a key.
pub struct Program {
    pub client: Client,
    pub base: String,
    pub key: Option<String>,
}

pub struct Told {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub json: Value,
}

impl Told {
    pub async fn of(answer: reqwest::Response) -> Told {
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = answer.text().await.unwrap();
        let json = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        Told { status, headers, json }
    }
    #[track_caller]
    pub fn id(&self) -> String {
        self.json["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.json)).to_owned()
    }
    #[track_caller]
    pub fn is(self, status: u16) -> Told {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        self
    }
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap()).to_owned()
    }
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Told {
        let told = self.is(status);
        assert_eq!(told.header("content-type"), "application/problem+json");
        assert_eq!(told.json["code"], code, "{}", told.json);
        assert_eq!(told.json["status"], status);
        assert_eq!(told.json["type"], format!("/api/problems/{code}"));
        assert!(told.json["title"].is_string());
        told
    }
}

impl std::ops::Index<&str> for Told {
    type Output = Value;
    fn index(&self, name: &str) -> &Value {
        &self.json[name]
    }
}

impl Program {
    pub async fn new(world: &World, permissions: &[&str]) -> Program {
        let grant = |p: &&str| Grant { permission: (*p).to_owned(), scope: Scope::ALL };
        let grants = Grants(permissions.iter().map(grant).collect());
        let ctx = world.ctx.clone();
        let key = world
            .db
            .write("key", async move |tx: &mut db::Tx| {
                access::create_key(tx, &ctx, &may(&ctx), "A program", &grants).await
            })
            .await
            .unwrap();
        Program {
            client: testkit::browser().build().unwrap(),
            base: world.base.clone(),
            key: Some(key.1.reveal().to_owned()),
        }
    }

    pub fn shopper(world: &World) -> Program {
        Program { client: testkit::browser().build().unwrap(), base: world.base.clone(), key: None }
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Told {
        let mut request = self.client.request(method, format!("{}{V}{path}", self.base));
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Told::of(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Told {
        self.send(Method::GET, path, None, &[]).await
    }
    pub async fn post(&self, path: &str, body: Value) -> Told {
        self.send(Method::POST, path, Some(body), &[]).await
    }
    pub async fn once(&self, path: &str, key: &str, body: Value) -> Told {
        self.send(Method::POST, path, Some(body), &[("idempotency-key", key)]).await
    }
    pub async fn patch(&self, path: &str, body: Value) -> Told {
        self.send(Method::PATCH, path, Some(body), &[]).await
    }
    pub async fn put(&self, path: &str, body: Value) -> Told {
        self.send(Method::PUT, path, Some(body), &[]).await
    }

    pub async fn delete(&self, path: &str) -> Told {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// Bytes as the body.
    pub async fn upload(
        &self,
        path: &str,
        bytes: impl Into<reqwest::Body>,
        headers: &[(&str, &str)],
    ) -> Told {
        let mut request = self.client.post(format!("{}{V}{path}", self.base)).body(bytes);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.bearer_auth(self.key.as_deref().unwrap_or_default());
        Told::of(request.send().await.unwrap()).await
    }

    /// A text that is no JSON.
    pub async fn text(&self, path: &str) -> (StatusCode, String, String) {
        let request = self.client.get(format!("{}{V}{path}", self.base));
        let answer = request.bearer_auth(self.key.as_deref().unwrap_or_default()).send().await.unwrap();
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        (answer.status(), kind, answer.text().await.unwrap())
    }

    /// A cart with two mangoes, ready to be ordered.
    pub async fn cart(&self) -> String {
        let found = self.get("/shop/products/mango").await.is(200);
        let variant = found["variants"][0]["id"].clone();
        let cart = self
            .post("/shop/carts", json!({ "lines": [{ "variant": variant, "quantity": 2 }] }))
            .await
            .is(201);
        let secret = cart["secret"].as_str().unwrap().to_owned();
        let at = format!("/shop/carts/{secret}");
        assert_eq!(cart.header("location"), format!("{V}{at}"));
        let address = json!({
            "name": "Grace Hopper", "line1": "Damrak 1", "postcode": "1012 LG", "city": "Amsterdam", "country": "NL",
        });
        self.patch(&at, json!({ "email": "grace@example.com", "address": address })).await.is(200);
        let quotes = self.get(&format!("{at}/quotes")).await.is(200);
        let method = quotes["data"][0]["method"].clone();
        let ready =
            self.patch(&at, json!({ "shipping_method": method, "payment_method": "test" })).await.is(200);
        assert_eq!(ready["can_place"], true, "{}", ready.json);
        secret
    }

    /// An order of two mangoes, paid with the test bank.
    /// An order whose payment nobody heard of.
    pub async fn unheard(&self, method: &str, token: &str) -> String {
        let order = json!({ "cart": self.cart().await, "payment_method": method, "payment_token": token });
        let placed = self.once("/shop/orders", "nothing-heard", order).await;
        assert_eq!(placed["outcome"], "pending", "{}", placed.json);
        placed["order"].as_str().unwrap().to_owned()
    }

    pub async fn order(&self) -> Told {
        let cart = self.cart().await;
        let order = json!({ "cart": cart, "payment_token": "tok_success" });
        let placed = self.once("/shop/orders", "first-press", order).await.is(201);
        assert_eq!(placed["outcome"], "placed", "{}", placed.json);
        placed
    }
}

/// The smallest PNG: one red pixel.
pub const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A', b'T', 8, 0xd7, 0x63, 0xf8, 0xcf, 0xc0,
    0, 0, 3, 1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];
