-- +goose Up
CREATE TABLE access_tell (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  sealed TEXT NOT NULL,
  masked TEXT NOT NULL,
  lang TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  code_until BIGINT NOT NULL,
  sent_on TEXT NOT NULL,
  sends INTEGER NOT NULL,
  confirmed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX access_tell_account ON access_tell (account_id, channel);
CREATE TABLE casework_alert_told (
  shard TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, alert_id, account_id, channel)
);
CREATE INDEX casework_alert_told_account ON casework_alert_told (account_id, channel, at);

-- +goose Down
DROP TABLE casework_alert_told;
DROP TABLE access_tell;
