use std::collections::BTreeMap;
use std::sync::Arc;

use db::Db;
use payments::ports::{Answer, Provider};
use site::PaymentMethods;

/// What processes need of the program: the database and whom to ask.
#[derive(Clone)]
pub struct Shop {
    /// The database.
    pub db: Db,
    /// Who takes money.
    pub providers: Arc<Providers>,
    /// The words and templates of mails and documents.
    pub theme: Arc<theme::Theme>,
    /// Where the shop is reached: `https://shop.example`, without a slash at the end.
    pub public_url: Arc<str>,
}

/// Payment providers by their code.
#[derive(Default)]
pub struct Providers(BTreeMap<&'static str, Arc<dyn Provider>>);

impl Providers {
    /// Those the program was built with.
    pub fn new(all: Vec<Arc<dyn Provider>>) -> Providers {
        Providers(all.into_iter().map(|p| (p.code(), p)).collect())
    }

    /// The one of this code.
    pub fn get(&self, code: &str) -> Option<Arc<dyn Provider>> {
        self.0.get(code).cloned()
    }

    /// All of them, by code.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.0.values()
    }
}

/// How long a provider may think.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

impl Shop {
    /// Asks somebody outside, with no transaction open. Silence is *unknown*; a crash point lies before and after.
    pub(crate) async fn call(&self, asked: impl Future<Output = Answer>) -> Result<Answer, db::Error> {
        self.db.faults().point()?;
        let answer = tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| Answer::Unknown {
            why: format!("no answer within {} s", PATIENCE.as_secs()),
        });
        self.db.faults().point()?;
        Ok(answer)
    }

    /// Codes of the ways to pay that the shop offers, in the merchant's order: what it chose, or all of the program's
    /// until it chose (those for trying out first), as far as the program has them. The storefront, the API and
    /// [`place_order`](crate::place_order) ask here.
    pub fn ways(&self, chosen: &PaymentMethods) -> Vec<String> {
        let usual = || {
            let of = |test: bool| self.providers.all().filter(move |p| p.capabilities().test == test);
            of(true).chain(of(false)).map(|p| p.code().to_owned()).collect()
        };
        let mut codes: Vec<String> = chosen.enabled.clone().unwrap_or_else(usual);
        codes.retain(|code| self.providers.get(code).is_some());
        codes
    }

    /// The provider of this code.
    pub(crate) fn provider(&self, code: &str) -> Result<Arc<dyn Provider>, crate::Error> {
        self.providers.get(code).ok_or_else(|| crate::Error::NoProvider { code: code.to_owned() })
    }
}
