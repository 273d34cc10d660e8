-- +goose Up
ALTER TABLE access_account ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE access_account ADD COLUMN password_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE access_session ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE access_session ADD COLUMN account_id TEXT NOT NULL DEFAULT '';
ALTER TABLE access_session ADD COLUMN began_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE access_session ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE access_session ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE access_session ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE access_session ADD COLUMN way TEXT NOT NULL DEFAULT '';
CREATE INDEX access_session_account ON access_session (account_id, began_at);
CREATE TABLE access_factor (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  handle TEXT NOT NULL UNIQUE,
  sealed TEXT NOT NULL,
  confirmed INTEGER NOT NULL,
  last_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE INDEX access_factor_account ON access_factor (account_id, kind);
CREATE TABLE access_recovery (
  account_id TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  PRIMARY KEY (account_id, code_hash)
);
CREATE TABLE access_identity (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  account_id TEXT NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX access_identity_account ON access_identity (account_id, issuer);
CREATE TABLE access_code (
  phone_index TEXT PRIMARY KEY,
  code_hash TEXT NOT NULL,
  sent_on TEXT NOT NULL,
  sends INTEGER NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE TABLE notify_message (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  masked TEXT NOT NULL,
  sealed TEXT NOT NULL
);
CREATE INDEX notify_message_at ON notify_message (at);
CREATE INDEX casework_case_person ON casework_case (person_id, reported_at);
CREATE INDEX people_person_phones ON people_person (phone_index);

-- +goose Down
DROP INDEX people_person_phones;
DROP INDEX casework_case_person;
DROP TABLE notify_message;
DROP TABLE access_code;
DROP TABLE access_identity;
DROP TABLE access_recovery;
DROP TABLE access_factor;
DROP INDEX access_session_account;
ALTER TABLE access_session DROP COLUMN way;
ALTER TABLE access_session DROP COLUMN agent;
ALTER TABLE access_session DROP COLUMN origin;
ALTER TABLE access_session DROP COLUMN seen_at;
ALTER TABLE access_session DROP COLUMN began_at;
ALTER TABLE access_session DROP COLUMN account_id;
ALTER TABLE access_session DROP COLUMN id;
ALTER TABLE access_account DROP COLUMN password_at;
ALTER TABLE access_account DROP COLUMN must_change;
