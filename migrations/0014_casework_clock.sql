-- +goose Up
CREATE TABLE casework_suspension (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  stage_at BIGINT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT,
  back_on TEXT NOT NULL,
  reminded INTEGER NOT NULL,
  PRIMARY KEY (shard, case_id, seq)
);
CREATE INDEX casework_suspension_back ON casework_suspension (back_on) WHERE until_at IS NULL AND back_on <> '';
CREATE INDEX casework_suspension_long ON casework_suspension (from_at) WHERE until_at IS NULL AND reminded = 0;
CREATE TABLE casework_extension (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at BIGINT NOT NULL,
  amount TEXT NOT NULL,
  former_due_at BIGINT,
  PRIMARY KEY (shard, case_id)
);
CREATE TABLE casework_supervision (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at BIGINT NOT NULL,
  account_id TEXT NOT NULL,
  workdays INTEGER NOT NULL,
  due_at BIGINT,
  due_year INTEGER NOT NULL,
  answer_seq INTEGER,
  answered_at BIGINT,
  PRIMARY KEY (shard, case_id, seq)
);
CREATE INDEX casework_supervision_open ON casework_supervision (due_at, case_id) WHERE answered_at IS NULL;
CREATE INDEX casework_supervision_unsettled ON casework_supervision (due_year, case_id) WHERE due_year > 0;
CREATE TABLE casework_alert (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  about BIGINT NOT NULL,
  stage TEXT NOT NULL,
  id TEXT NOT NULL,
  at BIGINT NOT NULL,
  post TEXT NOT NULL,
  holder TEXT NOT NULL,
  standing INTEGER NOT NULL,
  PRIMARY KEY (shard, case_id, about, stage)
);
CREATE UNIQUE INDEX casework_alert_id ON casework_alert (shard, id);
CREATE INDEX casework_alert_holder ON casework_alert (holder, post, at, id);
CREATE INDEX casework_alert_standing ON casework_alert (holder, post) WHERE standing = 1;
CREATE TABLE casework_alert_read (
  shard TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, alert_id, account_id)
);
CREATE INDEX casework_case_silent ON casework_case (statutory_due_at, id) WHERE state = 'submitted' AND open = 1;

-- +goose Down
DROP INDEX casework_case_silent;
DROP TABLE casework_alert_read;
DROP TABLE casework_alert;
DROP TABLE casework_supervision;
DROP TABLE casework_extension;
DROP TABLE casework_suspension;
