-- +goose Up
-- Who did the work that a low rating judges: all of them, in whatever round.
CREATE TABLE casework_rated (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  PRIMARY KEY (shard, case_id, seq, account_id)
);
INSERT INTO casework_rated (shard, case_id, seq, account_id)
  SELECT shard, case_id, seq, worker_id FROM casework_followup WHERE worker_id <> ''
  UNION SELECT shard, case_id, seq, worker_id FROM casework_appeal WHERE worker_id <> ''
  UNION SELECT f.shard, f.case_id, f.seq, e.actor_id
    FROM (SELECT shard, case_id, seq FROM casework_followup UNION SELECT shard, case_id, seq FROM casework_appeal) f
    JOIN casework_event e ON e.shard = f.shard AND e.case_id = f.case_id
    WHERE e.actor_id <> '' AND e.verb IN ('handle', 'feed_back', 'review', 'contribute')
  UNION SELECT f.shard, f.case_id, f.seq, e.actor_id
    FROM (SELECT shard, case_id, seq FROM casework_followup UNION SELECT shard, case_id, seq FROM casework_appeal) f
    JOIN casework_merge g ON g.shard = f.shard AND g.case_id = f.case_id
    JOIN casework_event e ON e.shard = substr(g.main_id, 1, 6) AND e.case_id = g.main_id
    WHERE e.actor_id <> '' AND e.verb IN ('handle', 'feed_back', 'review', 'contribute');
ALTER TABLE casework_followup DROP COLUMN worker_id;
ALTER TABLE casework_appeal DROP COLUMN worker_id;
ALTER TABLE casework_appeal ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE casework_appeal DROP COLUMN decided_by;
ALTER TABLE casework_appeal ADD COLUMN worker_id TEXT NOT NULL DEFAULT '';
ALTER TABLE casework_followup ADD COLUMN worker_id TEXT NOT NULL DEFAULT '';
DROP TABLE casework_rated;
