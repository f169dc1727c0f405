-- Events that were written with the change they tell of. `available_at` is when a relay may take the row: now, the end
-- of another relay's lease, or the end of the pause after a failure.
create table outbox (
  position bigint generated always as identity primary key,
  id uuid not null,
  topic text not null,
  version integer not null,
  key text,
  payload jsonb not null,
  traceparent text,
  occurred_at timestamptz(3) not null default clock_timestamp(),
  available_at timestamptz not null default '-infinity',
  attempts integer not null default 0,
  published_at timestamptz,
  parked_at timestamptz,
  error text
);
create index outbox_waiting on outbox (position) where published_at is null and parked_at is null;
create index outbox_order on outbox (key, position) where published_at is null and parked_at is null;
create index outbox_parked on outbox (position) where published_at is null and parked_at is not null;
create index outbox_retention on outbox (published_at) where published_at is not null;

-- Events that a consumer has had the effect of.
create table inbox (
  consumer text not null,
  event_id uuid not null,
  received_at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index inbox_retention on inbox (received_at);

-- Creations by Idempotency-Key. Without a response: the effect is committed, its answer is on the way or was lost.
create table idempotency (
  operation text not null,
  subject text not null,
  key text not null,
  fingerprint text not null,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (operation, subject, key)
);
create index idempotency_retention on idempotency (created_at);
