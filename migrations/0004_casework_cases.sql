-- +goose Up
CREATE TABLE casework_case (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  open INTEGER NOT NULL,
  area TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  handler_id TEXT NOT NULL,
  worker_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  client_key TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  place TEXT NOT NULL,
  lng DOUBLE PRECISION,
  lat DOUBLE PRECISION,
  reported_at BIGINT NOT NULL,
  clock_at BIGINT NOT NULL,
  limit_promised TEXT NOT NULL,
  limit_statutory TEXT NOT NULL,
  due_at BIGINT,
  statutory_due_at BIGINT,
  due_year INTEGER NOT NULL,
  late INTEGER NOT NULL,
  returned INTEGER NOT NULL,
  closed_at BIGINT,
  rating INTEGER,
  events INTEGER NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE UNIQUE INDEX casework_case_client ON casework_case (shard, client_key);
CREATE UNIQUE INDEX casework_case_code ON casework_case (shard, code_hash);
CREATE UNIQUE INDEX casework_case_number ON casework_case (shard, number);
CREATE INDEX casework_case_latest ON casework_case (reported_at, id);
CREATE INDEX casework_case_area ON casework_case (area, reported_at);
CREATE INDEX casework_case_unit ON casework_case (unit_id, open, due_at);
CREATE INDEX casework_case_handler ON casework_case (handler_id, open, due_at);
CREATE INDEX casework_case_due ON casework_case (due_at, area) WHERE open = 1;
CREATE INDEX casework_case_unsettled ON casework_case (due_year, id) WHERE due_year > 0;
CREATE TABLE casework_event (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at BIGINT NOT NULL,
  verb TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_role TEXT NOT NULL,
  note TEXT NOT NULL,
  data TEXT NOT NULL,
  public INTEGER NOT NULL,
  PRIMARY KEY (shard, case_id, seq)
);
CREATE TABLE casework_file (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  digest TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, case_id, id)
);
CREATE TABLE casework_upload (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  digest TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX casework_upload_at ON casework_upload (at);
CREATE TABLE casework_rating (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  level INTEGER NOT NULL,
  comment TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, case_id)
);
CREATE TABLE casework_tally (
  shard TEXT NOT NULL,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  month TEXT NOT NULL,
  level INTEGER NOT NULL,
  received BIGINT NOT NULL,
  closed BIGINT NOT NULL,
  on_time BIGINT NOT NULL,
  late BIGINT NOT NULL,
  rated BIGINT NOT NULL,
  good BIGINT NOT NULL,
  points BIGINT NOT NULL,
  PRIMARY KEY (shard, area, kind, month)
);
CREATE INDEX casework_tally_level ON casework_tally (level, month, area);
CREATE TABLE casework_number (
  shard TEXT NOT NULL,
  day TEXT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (shard, day)
);

-- +goose Down
DROP TABLE casework_number;
DROP TABLE casework_tally;
DROP TABLE casework_rating;
DROP TABLE casework_upload;
DROP TABLE casework_file;
DROP TABLE casework_event;
DROP TABLE casework_case;
