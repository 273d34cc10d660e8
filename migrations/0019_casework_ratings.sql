-- +goose Up
ALTER TABLE casework_rating RENAME TO casework_rating_first;
CREATE TABLE casework_rating (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  level INTEGER NOT NULL,
  solved INTEGER,
  comment TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, case_id, seq)
);
INSERT INTO casework_rating (shard, case_id, seq, level, solved, comment, at)
  SELECT shard, case_id, 1, level, CAST(NULL AS INTEGER), comment, at FROM casework_rating_first;
DROP TABLE casework_rating_first;
CREATE TABLE casework_exclusion (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, case_id, seq)
);
CREATE TABLE casework_followup (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  level INTEGER NOT NULL,
  unit_id TEXT NOT NULL,
  worker_id TEXT NOT NULL,
  state TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  contacted_at BIGINT,
  rectified_at BIGINT,
  revisited_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, case_id, seq)
);
CREATE INDEX casework_followup_open ON casework_followup (opened_at) WHERE state <> 'revisited';
CREATE INDEX casework_followup_unit ON casework_followup (unit_id);
CREATE TABLE casework_followup_step (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  step INTEGER NOT NULL,
  at BIGINT NOT NULL,
  verb TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  note TEXT NOT NULL,
  choice TEXT NOT NULL,
  PRIMARY KEY (shard, case_id, seq, step)
);
CREATE TABLE casework_count (
  shard TEXT NOT NULL,
  origin TEXT NOT NULL,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  month TEXT NOT NULL,
  measure TEXT NOT NULL,
  level INTEGER NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (shard, origin, kind, month, measure)
);
CREATE INDEX casework_count_level ON casework_count (level, area, month);
CREATE INDEX casework_count_area ON casework_count (area);

-- +goose Down
DROP TABLE casework_count;
DROP TABLE casework_followup_step;
DROP TABLE casework_followup;
DROP TABLE casework_exclusion;
CREATE TABLE casework_rating_first (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  level INTEGER NOT NULL,
  comment TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, case_id)
);
INSERT INTO casework_rating_first (shard, case_id, level, comment, at) SELECT shard, case_id, level, comment, at FROM casework_rating WHERE seq = 1;
DROP TABLE casework_rating;
ALTER TABLE casework_rating_first RENAME TO casework_rating;
