-- When a version was really committed, also where known_at follows from the backfill rule. Versions from before this
-- was recorded have null: they were committed at known_at or later.
alter table vigie.snapshot add column ingested_at timestamptz;
-- Rules of severity hold that were broken, and who took the delivery all the same. Null when none was.
alter table vigie.snapshot add column approvals json;

-- Rows of event-dated sources that come between two deliveries.
create table vigie.push (
  id text primary key,
  source text not null,
  known_at timestamptz not null unique,
  "table" json not null
);
create trigger never_changed before update or delete on vigie.push for each row execute function vigie.refuse_change();
