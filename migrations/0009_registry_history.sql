-- +goose Up
-- What stood before. The present stands in registry_area; a period begins when the one before it
-- ended, the first with opened_on.
CREATE TABLE registry_area_code (
  area_id TEXT NOT NULL,
  revision BIGINT NOT NULL,
  code TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  PRIMARY KEY (area_id, revision)
);
CREATE TABLE registry_area_name (
  area_id TEXT NOT NULL,
  revision BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  PRIMARY KEY (area_id, revision)
);
CREATE TABLE registry_area_closed (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  opened_on TEXT NOT NULL,
  closed_on TEXT NOT NULL,
  into_id TEXT NOT NULL,
  outline TEXT NOT NULL
);
CREATE TABLE registry_body_closed (
  id TEXT PRIMARY KEY,
  area_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  department TEXT NOT NULL,
  name TEXT NOT NULL,
  closed_on TEXT NOT NULL,
  into_id TEXT NOT NULL
);
CREATE INDEX registry_body_closed_area ON registry_body_closed (area_id);
CREATE TABLE registry_change (
  revision BIGINT NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  area_id TEXT NOT NULL,
  from_code TEXT NOT NULL,
  from_name TEXT NOT NULL,
  to_code TEXT NOT NULL,
  to_name TEXT NOT NULL,
  into_id TEXT NOT NULL,
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (revision, position)
);
CREATE INDEX registry_change_area ON registry_change (area_id);
CREATE INDEX registry_change_into ON registry_change (into_id);

-- Every counter remembers the area in which it was counted (its id), so that places that have
-- merged can be told apart again. Counters of a county are sums of those below; their origin is
-- the county's code.
ALTER TABLE casework_tally RENAME TO casework_tally_before;
DROP INDEX casework_tally_level;
CREATE TABLE casework_tally (
  shard TEXT NOT NULL,
  origin TEXT NOT NULL,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  month TEXT NOT NULL,
  level INTEGER NOT NULL,
  received BIGINT NOT NULL,
  closed BIGINT NOT NULL,
  on_time BIGINT NOT NULL,
  late BIGINT NOT NULL,
  rated BIGINT NOT NULL,
  good BIGINT NOT NULL,
  points BIGINT NOT NULL,
  PRIMARY KEY (shard, origin, kind, month)
);
INSERT INTO casework_tally SELECT t.shard, CASE WHEN t.level = 3 THEN t.area ELSE COALESCE(a.id, t.area) END, t.area, t.kind, t.month,
  t.level, t.received, t.closed, t.on_time, t.late, t.rated, t.good, t.points
  FROM casework_tally_before t LEFT JOIN registry_area a ON a.code = t.area;
DROP TABLE casework_tally_before;
CREATE INDEX casework_tally_level ON casework_tally (level, month, area);
CREATE INDEX casework_tally_area ON casework_tally (area);
CREATE INDEX people_person_area ON people_person (area);
CREATE INDEX grid_incident_unit ON grid_incident (unit_id);

-- +goose Down
DROP INDEX grid_incident_unit;
DROP INDEX people_person_area;
ALTER TABLE casework_tally RENAME TO casework_tally_after;
DROP INDEX casework_tally_level;
DROP INDEX casework_tally_area;
CREATE TABLE casework_tally (
  shard TEXT NOT NULL,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  month TEXT NOT NULL,
  level INTEGER NOT NULL,
  received BIGINT NOT NULL,
  closed BIGINT NOT NULL,
  on_time BIGINT NOT NULL,
  late BIGINT NOT NULL,
  rated BIGINT NOT NULL,
  good BIGINT NOT NULL,
  points BIGINT NOT NULL,
  PRIMARY KEY (shard, area, kind, month)
);
INSERT INTO casework_tally SELECT shard, area, kind, month, MIN(level), SUM(received), SUM(closed), SUM(on_time), SUM(late), SUM(rated),
  SUM(good), SUM(points) FROM casework_tally_after GROUP BY shard, area, kind, month;
DROP TABLE casework_tally_after;
CREATE INDEX casework_tally_level ON casework_tally (level, month, area);
DROP TABLE registry_change;
DROP TABLE registry_body_closed;
DROP TABLE registry_area_closed;
DROP TABLE registry_area_name;
DROP TABLE registry_area_code;
