//! Every route there is, tried by those who may not. It grows by itself with every route.

use access::NewStaff;
use db::Tx;
use kernel::{Grant, Scope};
use reqwest::{Method, StatusCode};
use web::{Auth, Route};

use crate::world::{MIGRATIONS, World, may};

/// A path with its holes filled with something that is there nowhere.
fn filled(path: &str) -> String {
    let mut out = String::new();
    for part in path.split('/').skip(1) {
        let part = if part.starts_with('{') { "nothing" } else { part };
        out.push('/');
        out.push_str(part);
    }
    out
}

/// What may be open to all, and why nobody is asked who they are there.
const OPEN: &[&str] = &[
    "/",              // the storefront
    "/healthz",       // for whoever watches over the process
    "/readyz",        // the same
    "/static/",       // files of the program
    "/favicon.ico",   // the same
    "/hooks/",        // providers; what they say is asked of them
    "/admin/sign-in", // before it nobody is known
    "/admin/setup",   // before it there is nobody
];

testkit::on_both! {
    migrations = MIGRATIONS;

    async fn nobody_gets_in_without_credentials(db) {
        let world = World::new(&db).await;
        let browser = world.browser();
        for route in web::routes(world.state.clone()) {
            let path = filled(&route.path);
            let request = browser.client.request(route.method.clone(), format!("{}{path}", world.base));
            let answer = request.send().await.unwrap();
            let status = answer.status();
            let to = answer.headers().get("location").map_or("", |l| l.to_str().unwrap()).to_owned();
            match route.auth {
                Auth::Public | Auth::Shopper => {
                    let ok = status != StatusCode::UNAUTHORIZED && !to.starts_with("/admin/sign-in");
                    assert!(ok, "{route:?} asks for credentials");
                    assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{route:?}");
                }
                Auth::SignedIn | Auth::Staff(_) => {
                    assert_eq!(status, StatusCode::SEE_OTHER, "{route:?}");
                    assert!(to.starts_with("/admin/sign-in"), "{route:?} leads to {to}");
                }
                Auth::Key | Auth::Api(_) => {
                    assert_eq!(status, StatusCode::UNAUTHORIZED, "{route:?}");
                    let kind = answer.headers()["content-type"].to_str().unwrap();
                    assert_eq!(kind, "application/problem+json", "{route:?}");
                }
            }
        }
    }

    async fn who_lacks_the_permission_is_refused(db) {
        let world = World::new(&db).await;
        let (cookie, keys) = nobodys_rights(&world).await;
        let browser = world.browser();
        for route in web::routes(world.state.clone()) {
            let (Auth::Staff(permission) | Auth::Api(permission)) = route.auth else { continue };
            assert!(kernel::perms::ALL.contains(&permission), "{route:?} wants a permission that is none");
            let ask = || {
                let url = format!("{}{}", world.base, filled(&route.path));
                browser.client.request(route.method.clone(), url)
            };
            let answer = ask().header("cookie", &cookie).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{route:?} by staff without '{permission}'");
            if let Auth::Api(_) = route.auth {
                let key = keys.iter().find(|(has, _)| *has != permission).map(|(_, key)| key).unwrap();
                let answer = ask().bearer_auth(key).send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{route:?} by a key without '{permission}'");
                let answer = ask().bearer_auth("mercer_wrong").send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{route:?} by a key that is none");
            }
        }
    }

    async fn what_is_open_is_stated(db) {
        let world = World::bare(&db).await;
        let all = web::routes(world.state.clone());
        assert!(all.len() > 20);
        for Route { method, path, auth } in &all {
            let inside = |top: &str| path == top || path.starts_with(&format!("{top}/"));
            match auth {
                Auth::Public => {
                    let stated = OPEN[1..].iter().any(|o| path == o || (o.ends_with('/') && path.starts_with(o)));
                    assert!(stated || inside("/api"), "{method} {path} is open to all and not stated");
                    assert!(!inside("/api") || method == Method::GET, "{method} {path} is open to all");
                }
                Auth::Shopper => assert!(!inside("/admin"), "{method} {path}"),
                Auth::SignedIn | Auth::Staff(_) => assert!(inside("/admin"), "{method} {path}"),
                Auth::Key | Auth::Api(_) => assert!(inside("/api"), "{method} {path}"),
            }
        }
    }
}

/// A member of staff without any role, signed in, and keys that may do one thing each.
async fn nobodys_rights(world: &World) -> (String, Vec<(&'static str, String)>) {
    let ctx = world.ctx.clone();
    let password = access::hash_password(&ctx, crate::world::PASSWORD).await.unwrap();
    let (token, keys) = world
        .db
        .write("nobody", async move |tx: &mut Tx| {
            let new = NewStaff {
                email: "new@example.com".into(),
                name: "New".into(),
                locale: "en".into(),
                password: password.clone(),
            };
            let staff = access::create_staff(tx, &ctx, &may(&ctx), &new, &[]).await.unwrap();
            let opened = access::open_session(tx, &ctx, staff, "test", None).await.unwrap();
            let mut keys = vec![];
            for permission in ["system:write", "settings:write"] {
                let grants = kernel::Grants(vec![Grant { permission: permission.into(), scope: Scope::ALL }]);
                let (_, key) = access::create_key(tx, &ctx, &may(&ctx), permission, &grants).await.unwrap();
                keys.push((permission, key.reveal().to_owned()));
            }
            Ok::<_, db::Error>((opened.token.reveal().to_owned(), keys))
        })
        .await
        .unwrap();
    (format!("mercer_session={token}"), keys)
}
