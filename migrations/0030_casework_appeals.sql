-- +goose Up
CREATE TABLE casework_appeal (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  level INTEGER NOT NULL,
  rated_at BIGINT NOT NULL,
  unit_id TEXT NOT NULL,
  area TEXT NOT NULL,
  worker_id TEXT NOT NULL,
  state TEXT NOT NULL,
  ground TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_at BIGINT,
  asked_by TEXT NOT NULL,
  asked_name TEXT NOT NULL,
  decision TEXT NOT NULL,
  decided_at BIGINT,
  decided_name TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, case_id, seq)
);
CREATE INDEX casework_appeal_unit ON casework_appeal (unit_id, rated_at, case_id, seq);
CREATE INDEX casework_appeal_area ON casework_appeal (area);
CREATE INDEX casework_appeal_asked ON casework_appeal (asked_at, case_id, seq) WHERE state = 'asked';
CREATE INDEX casework_appeal_decided ON casework_appeal (decided_at, case_id, seq) WHERE decided_at IS NOT NULL;
INSERT INTO casework_appeal (shard, case_id, seq, level, rated_at, unit_id, area, worker_id, state, ground, reason, asked_by, asked_name, decision, decided_name, version)
  SELECT f.shard, f.case_id, f.seq, f.level, r.at, f.unit_id, b.area, f.worker_id, 'rated', '', '', '', '', '', '', 1
  FROM casework_followup f JOIN registry_body b ON b.id = f.unit_id
  JOIN casework_rating r ON r.shard = f.shard AND r.case_id = f.case_id AND r.seq = f.seq
  WHERE NOT EXISTS (SELECT 1 FROM casework_exclusion x WHERE x.shard = f.shard AND x.case_id = f.case_id AND x.seq = f.seq);

-- +goose Down
DROP TABLE casework_appeal;
