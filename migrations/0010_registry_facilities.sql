-- +goose Up
-- What a community has, by the id of its area, so that it stays with the place whatever its code.
-- -1 is not known, 0 no, 1 yes; premises in square metres.
CREATE TABLE registry_facility (
  area_id TEXT PRIMARY KEY,
  premises INTEGER NOT NULL,
  hall INTEGER NOT NULL,
  clinic INTEGER NOT NULL,
  elderly INTEGER NOT NULL,
  hrss INTEGER NOT NULL,
  pilot TEXT NOT NULL,
  checked_on TEXT NOT NULL,
  source TEXT NOT NULL,
  version BIGINT NOT NULL
);
INSERT INTO registry_revision (name, number) VALUES ('facility', 0);

-- +goose Down
DELETE FROM registry_revision WHERE name = 'facility';
DROP TABLE registry_facility;
