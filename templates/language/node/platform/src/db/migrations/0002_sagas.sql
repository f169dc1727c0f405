-- Changes that several modules must agree on, and how far each of them is.
create table saga (
  owner text not null,
  name text not null,
  id text not null,
  payload jsonb not null,
  status text not null default 'running' check (status in ('running', 'undoing', 'ended')),
  -- The step that is done or undone next.
  step integer not null default 0,
  attempts integer not null default 0,
  refusal text,
  deadline timestamptz not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (owner, name, id)
);
create index saga_retention on saga (ended_at) where ended_at is not null;
