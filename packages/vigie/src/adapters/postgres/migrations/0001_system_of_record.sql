-- Snapshots, models, who is champion and why. Facts are only ever added: what is current is the newest of them.

-- Times as text, the same in every session: ISO 8601 in UTC with microseconds.
create function vigie.iso(moment timestamptz) returns text language sql stable parallel safe
  as $$ select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;
create function vigie.iso(day date) returns text language sql stable parallel safe
  as $$ select to_char(day, 'YYYY-MM-DD') $$;

create function vigie.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of vigie.% are never changed or deleted', tg_table_name using errcode = 'restrict_violation';
end $$;

create table vigie.snapshot (
  id text primary key,
  as_of date not null,
  version integer not null check (version > 0),
  known_at timestamptz not null,
  assumed boolean not null,
  content_hash text not null,
  rows bigint not null check (rows >= 0),
  tables json not null,
  unique (as_of, version)
);

-- The row that is locked by whoever adds a version, counts a look or moves the champion of a model.
create table vigie.model (
  name text primary key,
  created_at timestamptz not null default clock_timestamp()
);

create table vigie.policy (
  hash text primary key,
  policy json not null,
  frozen_at timestamptz not null default clock_timestamp()
);

create table vigie.model_version (
  model text not null references vigie.model (name),
  version integer not null check (version > 0),
  artefact text not null,
  artefact_bytes bigint not null,
  trained_as_of date not null,
  snapshots text[] not null,
  training_rows_hash text not null,
  training_rows bigint not null,
  training_base_rate double precision not null,
  feature_spec_hash text not null,
  definition_hash text not null,
  fingerprints text,
  trainer json not null,
  policy_hash text not null,
  made_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (model, version),
  unique (model, made_by)
);

-- Versions that never moved have no row: their stage is None.
create table vigie.version_stage (
  model text not null,
  version integer not null,
  stage text not null check (stage in ('None', 'Staging', 'Production', 'Archived')),
  since timestamptz not null default clock_timestamp(),
  primary key (model, version),
  foreign key (model, version) references vigie.model_version (model, version)
);
create unique index one_production_a_model on vigie.version_stage (model) where stage = 'Production';

create table vigie.decision (
  id text primary key,
  model text not null,
  as_of date not null,
  challenger integer not null,
  champion integer,
  champion_epoch integer not null check (champion_epoch >= 0),
  outcome text not null check (outcome in ('promote', 'keep', 'hold')),
  evidence json not null,
  policy json not null,
  reasons json not null,
  at timestamptz not null default clock_timestamp(),
  foreign key (model, challenger) references vigie.model_version (model, version),
  foreign key (model, champion) references vigie.model_version (model, version)
);
create index on vigie.decision (model, at);

-- The champion alias and its history in one: the reign with the highest epoch is the current one.
create table vigie.reign (
  model text not null,
  epoch integer not null check (epoch > 0),
  version integer not null,
  since timestamptz not null,
  decision text references vigie.decision (id),
  actor text not null,
  -- Epoch of the reign that a rollback brings back; null when there is none.
  fallback integer check (fallback < epoch),
  -- Looks at the holdout count from this epoch on. Only a promotion by the gate begins anew.
  looks_from integer not null check (looks_from <= epoch),
  primary key (model, epoch),
  foreign key (model, version) references vigie.model_version (model, version),
  foreign key (model, fallback) references vigie.reign (model, epoch)
);
create unique index one_reign_a_decision on vigie.reign (decision);
create view vigie.champion_history as
  select model, epoch, version, since, lead(since) over (partition by model order by epoch) as until, decision, actor
  from vigie.reign;

create table vigie.look (
  model text not null,
  epoch integer not null check (epoch >= 0),
  challenger integer not null,
  rows_hash text not null,
  metric text not null,
  number integer not null check (number > 0),
  at timestamptz not null default clock_timestamp(),
  primary key (model, epoch, challenger, rows_hash, metric),
  foreign key (model, challenger) references vigie.model_version (model, version)
);

create table vigie.audit (
  seq bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  model text not null references vigie.model (name),
  actor text not null,
  action text not null,
  subject json not null
);
create index on vigie.audit (model, seq);

create trigger never_changed before update or delete on vigie.snapshot for each row execute function vigie.refuse_change();
create trigger never_changed before update or delete on vigie.policy for each row execute function vigie.refuse_change();
create trigger never_changed before update or delete on vigie.model_version for each row execute function vigie.refuse_change();
create trigger never_changed before update or delete on vigie.decision for each row execute function vigie.refuse_change();
create trigger never_changed before update or delete on vigie.reign for each row execute function vigie.refuse_change();
create trigger never_changed before update or delete on vigie.look for each row execute function vigie.refuse_change();
create trigger never_changed before update or delete on vigie.audit for each row execute function vigie.refuse_change();
