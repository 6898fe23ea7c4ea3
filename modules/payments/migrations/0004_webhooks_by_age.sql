-- What providers sent is forgotten after its time.
create index incoming_webhook_by_age on incoming_webhook (received_at);
