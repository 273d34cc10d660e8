-- +goose Up
DROP TABLE notify_message;
CREATE TABLE notify_message (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  at BIGINT NOT NULL,
  channel TEXT NOT NULL,
  purpose TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  masked TEXT NOT NULL,
  sealed TEXT NOT NULL,
  state TEXT NOT NULL,
  tries INTEGER NOT NULL,
  next_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  done_at BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX notify_message_due ON notify_message (channel, state, next_at);
CREATE INDEX notify_message_at ON notify_message (at, id);
CREATE INDEX notify_message_subject ON notify_message (shard, subject_id) WHERE subject_id <> '';
CREATE TABLE casework_consent (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  lang TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  withdrawn_at BIGINT,
  PRIMARY KEY (shard, case_id, channel)
);
CREATE TABLE casework_reader (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, case_id)
);

-- +goose Down
DROP TABLE casework_reader;
DROP TABLE casework_consent;
DROP TABLE notify_message;
CREATE TABLE notify_message (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  masked TEXT NOT NULL,
  sealed TEXT NOT NULL
);
CREATE INDEX notify_message_at ON notify_message (at);
