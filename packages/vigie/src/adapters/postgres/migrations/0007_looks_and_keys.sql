-- When the outcomes of the compared rows were decided: a look counts in the year of its champion's reign. Null for looks
-- from before this was kept, which count in the first.
alter table vigie.look add column window_start timestamptz;

-- Training rows of versions that came without, told by somebody afterwards. The newest count.
create table vigie.supplied_fingerprints (
  seq bigint generated always as identity primary key,
  model text not null,
  version integer not null,
  fingerprints text not null,
  rows bigint not null check (rows > 0),
  actor text not null,
  at timestamptz not null default clock_timestamp(),
  foreign key (model, version) references vigie.model_version (model, version)
);
create trigger never_changed before update or delete on vigie.supplied_fingerprints for each row execute function vigie.refuse_change();
