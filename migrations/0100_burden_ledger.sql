-- +goose Up
-- What each community was asked for, and what it did about it: one row for each time. Rows are written once; only the
-- area follows when communities are renamed or merged.
CREATE TABLE burden_event (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  at BIGINT NOT NULL,
  day TEXT NOT NULL,
  origin TEXT NOT NULL,
  area TEXT NOT NULL,
  body TEXT NOT NULL,
  way TEXT NOT NULL,
  subject TEXT NOT NULL,
  title TEXT NOT NULL,
  pass TEXT NOT NULL,
  asked INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  fields INTEGER NOT NULL,
  prefilled INTEGER NOT NULL,
  declared INTEGER NOT NULL,
  measured INTEGER NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX burden_event_area ON burden_event (area, at, id);
CREATE INDEX burden_event_body ON burden_event (body, at, id);
CREATE INDEX burden_event_pass ON burden_event (pass, at);
-- Their sums by month: of each community, county and city, by body, and of all bodies together (body '').
CREATE TABLE burden_count (
  shard TEXT NOT NULL,
  origin TEXT NOT NULL,
  body TEXT NOT NULL,
  way TEXT NOT NULL,
  month TEXT NOT NULL,
  level INTEGER NOT NULL,
  area TEXT NOT NULL,
  asked BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  fields BIGINT NOT NULL,
  prefilled BIGINT NOT NULL,
  declared BIGINT NOT NULL,
  measured BIGINT NOT NULL,
  timed BIGINT NOT NULL,
  PRIMARY KEY (shard, origin, body, way, month)
);
CREATE INDEX burden_count_all ON burden_count (level, month, area) WHERE body = '';
CREATE INDEX burden_count_body ON burden_count (level, month, area) WHERE body <> '';
CREATE INDEX burden_count_area ON burden_count (area);
-- And by day, of each county and city: what is compared before and after a day.
CREATE TABLE burden_day (
  shard TEXT NOT NULL,
  origin TEXT NOT NULL,
  day TEXT NOT NULL,
  level INTEGER NOT NULL,
  area TEXT NOT NULL,
  asked BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  fields BIGINT NOT NULL,
  prefilled BIGINT NOT NULL,
  declared BIGINT NOT NULL,
  measured BIGINT NOT NULL,
  timed BIGINT NOT NULL,
  PRIMARY KEY (shard, origin, day)
);
CREATE INDEX burden_day_area ON burden_day (level, area, day);
-- How many people live and work in each community: what rates are counted against, counted anew every day.
CREATE TABLE burden_base (
  area TEXT PRIMARY KEY,
  households BIGINT NOT NULL,
  residents BIGINT NOT NULL,
  workers BIGINT NOT NULL,
  counted_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE burden_base;
DROP TABLE burden_day;
DROP TABLE burden_count;
DROP TABLE burden_event;
