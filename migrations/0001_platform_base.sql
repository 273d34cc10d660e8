-- +goose Up
CREATE TABLE access_account (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  state TEXT NOT NULL,
  language TEXT NOT NULL,
  failures INTEGER NOT NULL,
  locked_until BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE access_grant (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  role TEXT NOT NULL,
  area TEXT NOT NULL,
  body_id TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL
);
CREATE INDEX access_grant_account ON access_grant (account_id);
CREATE INDEX access_grant_area ON access_grant (area, role);
CREATE TABLE access_session (
  token TEXT PRIMARY KEY,
  data TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX access_session_expiry ON access_session (expires_at);
CREATE TABLE access_setup (
  token_hash TEXT PRIMARY KEY,
  expires_at BIGINT NOT NULL
);
CREATE TABLE audit_entry (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  origin TEXT NOT NULL,
  action TEXT NOT NULL,
  area TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX audit_entry_subject ON audit_entry (subject_id, id);
CREATE TABLE calendar_day (
  day TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  notice TEXT NOT NULL
);
CREATE TABLE rule_value (
  rule TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  value TEXT NOT NULL,
  unit TEXT NOT NULL,
  basis TEXT NOT NULL,
  article TEXT NOT NULL,
  certainty TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (rule, valid_from)
);
CREATE TABLE setting_value (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- +goose Down
DROP TABLE setting_value;
DROP TABLE rule_value;
DROP TABLE calendar_day;
DROP TABLE audit_entry;
DROP TABLE access_setup;
DROP TABLE access_session;
DROP TABLE access_grant;
DROP TABLE access_account;
