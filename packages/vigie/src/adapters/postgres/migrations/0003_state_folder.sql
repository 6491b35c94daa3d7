-- The state folder that holds the files this database lists, by the id of its fingerprint key. There is at most one.
create table vigie.state_folder (
  single boolean primary key default true check (single),
  key_id text not null,
  since timestamptz not null default clock_timestamp()
);
