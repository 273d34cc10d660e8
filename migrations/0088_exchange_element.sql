-- +goose Up
CREATE TABLE exchange_element (
  code TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  version BIGINT NOT NULL
);

-- +goose Down
DROP TABLE exchange_element;
