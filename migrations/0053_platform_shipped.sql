-- Of each thing that ships with the program and that a city may change: what the program put last, by its
-- digest. Where that still stands nobody has changed it, and a later release may replace it.
-- +goose Up
CREATE TABLE shipped_text (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (kind, name)
);

-- +goose Down
DROP TABLE shipped_text;
