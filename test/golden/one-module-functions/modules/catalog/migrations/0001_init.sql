-- Runs inside the schema of this module ("catalog"); no table here is read or written by another module.
-- Expand and contract: add (nullable columns, tables, indexes) in one release, move readers and writers, and remove in
-- a later release, so that the version before and the version after can run side by side.

create table "products" (
  "id" uuid primary key,
  "name" text not null,
  "quantity" integer not null check ("quantity" >= 0),
  "indexed_at" timestamptz(3),
  "version" integer not null default 1,
  "created_at" timestamptz(3) not null,
  "updated_at" timestamptz(3) not null
);

-- The list is read in this order, a page at a time, from where the cursor points.
create index on "products" ("created_at" desc, "id" desc);

-- Counters for each topic and day, so that the table stays small and old days can be pruned; in shards, so that
-- concurrent consumers do not wait for one row.
create table "activity" (
  "topic" text not null,
  "day" date not null,
  "shard" smallint not null,
  "count" bigint not null default 1,
  primary key ("topic", "day", "shard")
);
