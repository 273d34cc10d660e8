-- +goose Up
-- What one community has of a task, and the case in which it answers. Month is that in which the case was opened, '' before.
CREATE TABLE task_share (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  area TEXT NOT NULL,
  body_id TEXT NOT NULL,
  way TEXT NOT NULL,
  case_id TEXT NOT NULL,
  state TEXT NOT NULL,
  month TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  began_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  late INTEGER NOT NULL,
  measured INTEGER NOT NULL,
  told INTEGER NOT NULL,
  returned INTEGER NOT NULL,
  reminded INTEGER NOT NULL,
  answer TEXT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX task_share_task ON task_share (task_id, area, id);
CREATE INDEX task_share_case ON task_share (case_id) WHERE case_id <> '';
CREATE INDEX task_share_area ON task_share (area, month);
CREATE INDEX task_share_body ON task_share (body_id, way, opened_at);
-- A community refused its share on a ground; the community-building body decides. State: open, upheld, overruled, lapsed, dropped.
CREATE TABLE task_refusal (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  share_id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  area TEXT NOT NULL,
  body_id TEXT NOT NULL,
  ground TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  refused_at BIGINT NOT NULL,
  refuser_name TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  decided_at BIGINT NOT NULL,
  decider_name TEXT NOT NULL,
  decision TEXT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX task_refusal_share ON task_refusal (share_id);
CREATE INDEX task_refusal_at ON task_refusal (refused_at, id);
CREATE INDEX task_refusal_due ON task_refusal (due_at) WHERE state = 'open';

-- +goose Down
DROP TABLE task_refusal;
DROP TABLE task_share;
