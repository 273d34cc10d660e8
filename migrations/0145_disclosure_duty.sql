-- +goose Up
-- What must be disclosed by which communities, how often and how soon: the catalogue and the micro-powers, one JSON text each.
CREATE TABLE disclosure_item (
  code TEXT NOT NULL PRIMARY KEY,
  document TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE disclosure_power (
  code TEXT NOT NULL PRIMARY KEY,
  document TEXT NOT NULL,
  version BIGINT NOT NULL
);
-- The communities that disclose, as the register has them, with what only disclosure asks of them.
CREATE TABLE disclosure_community (
  area TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  busy INTEGER NOT NULL,
  since TEXT NOT NULL,
  version BIGINT NOT NULL
);
-- One row for each community, item and period, or event: what is due, until when, and whether it is posted.
CREATE TABLE disclosure_duty (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  area TEXT NOT NULL,
  item TEXT NOT NULL,
  head TEXT NOT NULL,
  period TEXT NOT NULL,
  cause TEXT NOT NULL,
  title TEXT NOT NULL,
  first_on TEXT NOT NULL,
  last_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  very_on TEXT NOT NULL,
  due_year INTEGER NOT NULL,
  state TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  posted_on TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE UNIQUE INDEX disclosure_duty_period ON disclosure_duty (shard, area, item, period);
CREATE INDEX disclosure_duty_list ON disclosure_duty (state, due_on, id, area, head);
CREATE INDEX disclosure_duty_area ON disclosure_duty (area, due_on, state, posted_on, very_on);
CREATE INDEX disclosure_duty_day ON disclosure_duty (due_on, area, state, posted_on, very_on);
CREATE INDEX disclosure_duty_open ON disclosure_duty (item, last_on, due_on, due_year) WHERE state = 'open';

-- +goose Down
DROP TABLE disclosure_duty;
DROP TABLE disclosure_community;
DROP TABLE disclosure_power;
DROP TABLE disclosure_item;
