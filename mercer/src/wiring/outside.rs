use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use adapters::fetch::HttpFetcher;
use adapters::mail::{Mailbox, Smtp};
use adapters::payment::{BankTransfer, CashOnDelivery, TestBank};
use assets::{Fetcher, Vault};
use customers::ports::Mailer;
use db::{Db, Target};
use flows::Providers;
use kernel::{Clock, PaymentId, SystemClock};
use payments::ports::Provider;
use theme::Theme;

use crate::{Exit, Failure};

/// What the program reaches beside its database: services outside, behind the ports that modules declare, and the
/// files of the shop's folder.
#[derive(Clone)]
pub struct Outside {
    /// The way out for mail.
    pub mailer: Arc<dyn Mailer>,
    /// Who goes out for pictures.
    pub fetcher: Arc<dyn Fetcher>,
    /// Where assets lie.
    pub vault: Vault,
    /// The test bank, where there is one: a file of its own, as a bank's books are not the shop's.
    pub bank: Option<TestBank>,
    /// Who takes money.
    pub providers: Arc<Providers>,
    /// Pages, mails and documents: the program's, or the merchant's in DIR/theme.
    pub theme: Arc<Theme>,
    /// What links in mails begin with.
    pub public_url: Arc<str>,
}

impl Outside {
    /// Of a shop in this folder, reached at this address. `test_bank`: is there a bank for trying out? A shop that
    /// sells has none, so that nobody can pay it with nothing, whatever its settings say.
    ///
    /// # Errors
    /// [`Exit::Config`] for the mail server's address; [`Exit::Io`] when the folder cannot be used.
    pub async fn open(
        dir: &Path,
        mail_url: Option<&str>,
        public_url: &str,
        test_bank: bool,
    ) -> Result<Outside, Failure> {
        let mailer: Arc<dyn Mailer> = match mail_url {
            Some(url) => Arc::new(Smtp::new(url).map_err(|e| Failure::new(Exit::Config, e.to_string()))?),
            None => Arc::new(Mailbox),
        };
        let fetcher = HttpFetcher::new().map_err(|e| Failure::new(Exit::Unavailable, e.to_string()))?;
        let vault = Vault::open(&dir.join("assets")).map_err(|e| Failure::of(&e))?;
        let bank = if test_bank { Some(bank_in(dir, Arc::new(SystemClock)).await?) } else { None };
        let own = Some(dir.join("theme")).filter(|theme| theme.is_dir());
        let theme = Theme::load(&web::theme_options(own));
        for problem in theme.problems() {
            tracing::warn!("a file of the shop's theme is not used: {problem}");
        }
        Ok(Outside {
            mailer,
            fetcher: Arc::new(fetcher),
            vault,
            providers: Arc::new(providers(bank.as_ref())),
            bank,
            theme: Arc::new(theme),
            public_url: public_url.into(),
        })
    }

    /// The same, but with a test bank that lives by this clock.
    ///
    /// # Errors
    /// The database's.
    pub async fn with_bank(self, dir: &Path, clock: Arc<dyn Clock>) -> Result<Outside, Failure> {
        let bank = bank_in(dir, clock).await?;
        Ok(Outside { providers: Arc::new(providers(Some(&bank))), bank: Some(bank), ..self })
    }

    /// What pages need; the test bank's desk is open where there is a test bank.
    pub fn web(&self, db: &Db, config: web::Config, index_dir: PathBuf) -> web::Parts {
        let (theme, providers, vault) = (self.theme.clone(), self.providers.clone(), self.vault.clone());
        let mut parts = web::Parts::new(db.clone(), config, theme, providers, vault, index_dir);
        parts.laws = super::laws();
        if let Some(bank) = self.bank.clone() {
            parts.challenge = Some(Arc::new(move |payment, approved| desk(bank.clone(), payment, approved)));
        }
        parts
    }

    /// What the flows need.
    pub fn flows(&self, db: &Db) -> flows::Shop {
        flows::Shop {
            db: db.clone(),
            providers: self.providers.clone(),
            theme: self.theme.clone(),
            public_url: self.public_url.clone(),
        }
    }
}

async fn bank_in(dir: &Path, clock: Arc<dyn Clock>) -> Result<TestBank, Failure> {
    Ok(TestBank::open(&Target::File(dir.join("test-bank.db")), clock).await?)
}

fn providers(bank: Option<&TestBank>) -> Providers {
    let mut all: Vec<Arc<dyn Provider>> = vec![Arc::new(BankTransfer), Arc::new(CashOnDelivery)];
    all.extend(bank.map(|bank| Arc::new(bank.clone()) as Arc<dyn Provider>));
    Providers::new(all)
}

/// Hands the buyer's answer to the test bank.
fn desk(bank: TestBank, payment: PaymentId, approved: bool) -> Pin<Box<dyn Future<Output = bool> + Send>> {
    Box::pin(async move {
        bank.answer_challenge(payment, approved).await.unwrap_or_else(|e| {
            tracing::error!(error = %e, "the test bank's books cannot be written");
            false
        })
    })
}
