-- +goose Up
-- Every text that an item has had, has, will have or is being written: a case keeps the number of the one that it was
-- made with. In force on a day is the released edition with the latest first day, of two on one day the later.
CREATE TABLE hall_edition (
  code TEXT NOT NULL,
  edition INTEGER NOT NULL,
  state TEXT NOT NULL,
  document TEXT NOT NULL,
  from_on TEXT NOT NULL,
  writer_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  releaser_name TEXT NOT NULL,
  released_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (code, edition)
);
INSERT INTO hall_edition (code, edition, state, document, from_on, writer_name, written_at, releaser_name, released_at, reason, version)
  SELECT code, 1, 'released', document, '', '', 0, '', 0, '', 1 FROM hall_item;
ALTER TABLE hall_item DROP COLUMN document;
ALTER TABLE hall_item ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hall_item ADD COLUMN closes_on TEXT NOT NULL DEFAULT '';
ALTER TABLE hall_application ADD COLUMN edition INTEGER NOT NULL DEFAULT 1;

-- +goose Down
ALTER TABLE hall_application DROP COLUMN edition;
ALTER TABLE hall_item DROP COLUMN closes_on;
ALTER TABLE hall_item DROP COLUMN own;
ALTER TABLE hall_item ADD COLUMN document TEXT NOT NULL DEFAULT '{}';
UPDATE hall_item SET document = (SELECT e.document FROM hall_edition e WHERE e.code = hall_item.code AND e.state = 'released'
  AND e.edition = (SELECT MAX(x.edition) FROM hall_edition x WHERE x.code = hall_item.code AND x.state = 'released'))
  WHERE EXISTS (SELECT 1 FROM hall_edition e WHERE e.code = hall_item.code AND e.state = 'released');
DROP TABLE hall_edition;
