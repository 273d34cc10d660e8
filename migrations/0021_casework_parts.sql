-- +goose Up
CREATE TABLE casework_objection (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  unit_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, case_id, seq)
);
CREATE INDEX casework_objection_unit ON casework_objection (unit_id);
CREATE TABLE casework_part (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  unit_id TEXT NOT NULL,
  state TEXT NOT NULL,
  ask TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  workdays INTEGER NOT NULL,
  due_at BIGINT,
  due_year INTEGER NOT NULL,
  answer TEXT NOT NULL,
  ended_at BIGINT,
  ended_by TEXT NOT NULL,
  late INTEGER NOT NULL,
  PRIMARY KEY (shard, case_id, seq)
);
CREATE INDEX casework_part_unit ON casework_part (unit_id);
CREATE INDEX casework_part_open ON casework_part (unit_id, COALESCE(due_at, 9007199254740992), case_id, seq) WHERE state = 'open';
CREATE INDEX casework_part_unsettled ON casework_part (due_year, case_id) WHERE due_year > 0;

-- +goose Down
DROP TABLE casework_part;
DROP TABLE casework_objection;
