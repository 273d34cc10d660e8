-- A form for communities is of a department's body; its fields, with the elements that they ask for, are JSON.
-- +goose Up
CREATE TABLE exchange_form (
  id TEXT PRIMARY KEY,
  area TEXT NOT NULL,
  body_id TEXT NOT NULL,
  state TEXT NOT NULL,
  content TEXT NOT NULL,
  wanted INTEGER NOT NULL,
  held INTEGER NOT NULL,
  writer_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  checked_at BIGINT NOT NULL,
  publisher_name TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  note TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX exchange_form_area ON exchange_form (area, written_at, id);
CREATE INDEX exchange_form_running ON exchange_form (state, published_at, id);

-- +goose Down
DROP TABLE exchange_form;
