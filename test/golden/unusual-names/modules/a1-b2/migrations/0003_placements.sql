create table "placements" (
  "entity_id" uuid primary key,
  "state" text not null check ("state" in ('placing', 'placed', 'refused')),
  "refusal" text
);
