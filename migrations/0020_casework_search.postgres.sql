-- +goose Up
CREATE TABLE casework_search (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  mark BIGINT NOT NULL,
  stale INTEGER NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (shard, case_id)
);
CREATE INDEX casework_search_mark ON casework_search (mark);
CREATE INDEX casework_search_stale ON casework_search (mark) WHERE stale = 1;
CREATE INDEX casework_search_words ON casework_search USING gin (words) WITH (gin_pending_list_limit = 256);
INSERT INTO casework_search (shard, case_id, mark, stale, words)
  SELECT shard, id, reported_at * 1024 + ROW_NUMBER() OVER (PARTITION BY reported_at ORDER BY id) - 1, 1, '' FROM casework_case;

-- +goose Down
DROP TABLE casework_search;
