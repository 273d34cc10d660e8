-- +goose Up
CREATE TABLE casework_search (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  mark BIGINT NOT NULL,
  stale INTEGER NOT NULL,
  PRIMARY KEY (shard, case_id)
);
CREATE INDEX casework_search_mark ON casework_search (mark, shard, case_id);
CREATE INDEX casework_search_stale ON casework_search (mark) WHERE stale = 1;
CREATE VIRTUAL TABLE casework_words USING fts5(words, content='', contentless_delete=1, detail='none', tokenize='ascii');
INSERT INTO casework_search (shard, case_id, mark, stale)
  SELECT shard, id, reported_at * 1024 + ROW_NUMBER() OVER (PARTITION BY reported_at ORDER BY id) - 1, 1 FROM casework_case;

-- +goose Down
DROP TABLE casework_words;
DROP TABLE casework_search;
