-- What callers hold of the quantity of one "product" until they confirm or release it. A release that comes before its
-- reservation leaves a row too, so that the reservation is refused when it arrives.
create table "reservations" (
  "id" uuid not null,
  "entity_id" uuid not null,
  "quantity" integer not null check ("quantity" >= 0),
  "state" text not null check ("state" in ('held', 'confirmed', 'released')),
  "held_at" timestamptz(3) not null,
  primary key ("entity_id", "id")
);

create index on "reservations" ("held_at") where "state" = 'held';
