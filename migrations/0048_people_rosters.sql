-- +goose Up
-- An identity number stands once on the roster of a community. Of rows that repeat one, the first keeps
-- the key; the others stay on the roster without it, and are shown beside each other.
ALTER TABLE people_person ADD COLUMN roster_key TEXT NOT NULL DEFAULT '';
UPDATE people_person SET roster_key = substr(area, 1, 12) || ' ' || number_index
  WHERE roster = 1 AND number_index <> '' AND NOT EXISTS (SELECT 1 FROM people_person o WHERE o.shard = people_person.shard AND o.roster = 1
    AND o.number_index = people_person.number_index AND substr(o.area, 1, 12) = substr(people_person.area, 1, 12) AND o.id < people_person.id);
CREATE UNIQUE INDEX people_person_once ON people_person (shard, roster_key) WHERE roster_key <> '';
CREATE TABLE access_lock (
  name TEXT PRIMARY KEY,
  times BIGINT NOT NULL
);
INSERT INTO access_lock (name, times) VALUES ('administrators', 0);

-- +goose Down
DROP TABLE access_lock;
DROP INDEX people_person_once;
ALTER TABLE people_person DROP COLUMN roster_key;
