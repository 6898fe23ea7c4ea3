use std::sync::Arc;

use customers::ports::Mailer;

use crate::config::Config;
use crate::{Exit, Failure};

/// Every service outside this program, behind the ports that modules declare.
#[derive(Clone)]
pub struct Outside {
    /// The way out for mail.
    pub mailer: Arc<dyn Mailer>,
}

impl Outside {
    /// As configured.
    ///
    /// # Errors
    /// [`Exit::Config`].
    pub fn of(config: &Config) -> Result<Outside, Failure> {
        let mailer: Arc<dyn Mailer> = match &config.mail_url {
            Some(url) => {
                let smtp = adapters::mail::Smtp::new(url);
                Arc::new(smtp.map_err(|e| Failure::new(Exit::Config, e.to_string()))?)
            }
            None => Arc::new(adapters::mail::Mailbox),
        };
        Ok(Outside { mailer })
    }

    /// With nothing outside at all: tests.
    pub fn none() -> Outside {
        Outside { mailer: Arc::new(adapters::mail::Mailbox) }
    }
}
