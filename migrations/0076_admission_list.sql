-- +goose Up
-- Editions of the lists of what enters a community, by area and kind. In force on a day is the published or replaced one
-- whose days hold it: at most one, for a newly published one ends the others the day before its first.
CREATE TABLE admission_list (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  edition INTEGER NOT NULL,
  state TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  reason TEXT NOT NULL,
  writer_id TEXT NOT NULL,
  writer_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  proposer_id TEXT NOT NULL,
  proposer_name TEXT NOT NULL,
  proposed_at BIGINT NOT NULL,
  publisher_name TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  remark TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX admission_list_area ON admission_list (area, kind, edition);
CREATE UNIQUE INDEX admission_list_open ON admission_list (area, kind) WHERE state IN ('draft', 'proposed');
CREATE UNIQUE INDEX admission_list_published ON admission_list (area, kind) WHERE state = 'published';
CREATE TABLE admission_entry (
  list_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  code TEXT NOT NULL,
  text_zh TEXT NOT NULL,
  text_en TEXT NOT NULL,
  terms TEXT NOT NULL,
  department TEXT NOT NULL,
  department_zh TEXT NOT NULL,
  department_en TEXT NOT NULL,
  law_zh TEXT NOT NULL,
  law_en TEXT NOT NULL,
  article_zh TEXT NOT NULL,
  article_en TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  certainty TEXT NOT NULL,
  note_zh TEXT NOT NULL,
  note_en TEXT NOT NULL,
  PRIMARY KEY (list_id, code)
);

-- +goose Down
DROP TABLE admission_entry;
DROP TABLE admission_list;
