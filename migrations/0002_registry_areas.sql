-- +goose Up
CREATE TABLE registry_area (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  level INTEGER NOT NULL,
  kind TEXT NOT NULL,
  parent TEXT NOT NULL,
  pinyin TEXT NOT NULL,
  initials TEXT NOT NULL,
  opened_on TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX registry_area_parent ON registry_area (parent, code);
CREATE TABLE registry_outline (
  area TEXT PRIMARY KEY,
  geometry TEXT NOT NULL,
  source TEXT NOT NULL,
  invented INTEGER NOT NULL
);
CREATE TABLE registry_body (
  id TEXT PRIMARY KEY,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  department TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  address TEXT NOT NULL,
  hours TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX registry_body_kind ON registry_body (area, kind, department);
CREATE TABLE registry_member (
  id TEXT PRIMARY KEY,
  body_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  post TEXT NOT NULL,
  phone TEXT NOT NULL,
  term_from TEXT NOT NULL,
  term_to TEXT NOT NULL,
  duty TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX registry_member_body ON registry_member (body_id);
CREATE TABLE registry_revision (
  name TEXT PRIMARY KEY,
  number BIGINT NOT NULL
);
INSERT INTO registry_revision (name, number) VALUES ('area', 0);
INSERT INTO registry_revision (name, number) VALUES ('outline', 0);
INSERT INTO registry_revision (name, number) VALUES ('body', 0);

-- +goose Down
DROP TABLE registry_revision;
DROP TABLE registry_member;
DROP TABLE registry_body;
DROP TABLE registry_outline;
DROP TABLE registry_area;
