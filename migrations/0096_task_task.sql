-- +goose Up
-- One row for each task that a department writes for communities.
CREATE TABLE task_task (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  state TEXT NOT NULL,
  area TEXT NOT NULL,
  areas TEXT NOT NULL,
  body_id TEXT NOT NULL,
  way TEXT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  ask TEXT NOT NULL,
  answer TEXT NOT NULL,
  period TEXT NOT NULL,
  held_on TEXT NOT NULL,
  workdays INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  admission TEXT NOT NULL,
  duty TEXT NOT NULL,
  pass_number TEXT NOT NULL,
  pass_title TEXT NOT NULL,
  pass_until TEXT NOT NULL,
  writer_id TEXT NOT NULL,
  writer_name TEXT NOT NULL,
  signer_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  end_reason TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL,
  reminders INTEGER NOT NULL,
  pending TEXT NOT NULL,
  place TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX task_task_body ON task_task (body_id, written_at, id);
CREATE INDEX task_task_written ON task_task (written_at, id);
CREATE INDEX task_task_pass ON task_task (pass_number) WHERE state IN ('sending', 'sent');
CREATE INDEX task_task_until ON task_task (pass_until) WHERE state IN ('sending', 'sent');
CREATE INDEX task_task_pending ON task_task (sent_at, id) WHERE pending <> '';
CREATE TABLE task_event (
  shard TEXT NOT NULL,
  task_id TEXT NOT NULL,
  id TEXT NOT NULL,
  verb TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (shard, task_id, id)
);
CREATE TABLE task_file (
  shard TEXT NOT NULL,
  task_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  digest TEXT NOT NULL,
  thumb TEXT NOT NULL,
  PRIMARY KEY (shard, task_id, id)
);
CREATE INDEX task_file_digest ON task_file (digest);
CREATE INDEX task_file_thumb ON task_file (thumb);

-- +goose Down
DROP TABLE task_file;
DROP TABLE task_event;
DROP TABLE task_task;
