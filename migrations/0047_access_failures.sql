-- +goose Up
CREATE TABLE access_failure (
  mark TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  failures BIGINT NOT NULL,
  most BIGINT NOT NULL,
  until_at BIGINT NOT NULL
);
CREATE INDEX access_failure_subject ON access_failure (subject);
CREATE INDEX access_failure_until ON access_failure (until_at);
CREATE TABLE access_device (
  account_id TEXT NOT NULL,
  mark TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, mark)
);
CREATE INDEX access_device_seen ON access_device (seen_at);
CREATE TABLE access_alarm (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  account_id TEXT NOT NULL,
  day TEXT NOT NULL,
  at BIGINT NOT NULL,
  times BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX access_alarm_day ON access_alarm (kind, account_id, day);
ALTER TABLE access_account DROP COLUMN failures;
ALTER TABLE access_account DROP COLUMN locked_until;

-- +goose Down
ALTER TABLE access_account ADD COLUMN locked_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE access_account ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
DROP TABLE access_alarm;
DROP TABLE access_device;
DROP TABLE access_failure;
