-- Processes that run flows. A worker whose row is ended has lost its runs to whoever takes them over.
create table vigie.worker (
  id text primary key,
  host text not null,
  pid integer not null,
  -- One boot of one machine and one container in it: where another worker can see whether the process still lives.
  pid_space text,
  -- Tells the process from a later one with the same pid.
  pid_start text,
  version text not null,
  began_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);

create index worker_live on vigie.worker (seen_at) where ended_at is null;
