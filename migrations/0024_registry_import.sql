-- +goose Up
CREATE TABLE registry_import (
  id TEXT PRIMARY KEY,
  area TEXT NOT NULL,
  name TEXT NOT NULL,
  account_id TEXT NOT NULL,
  account_name TEXT NOT NULL,
  state TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  supplement INTEGER NOT NULL,
  area_rows TEXT NOT NULL,
  decisions TEXT NOT NULL,
  report TEXT NOT NULL,
  refusal TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX registry_import_state ON registry_import (state, id);

-- +goose Down
DROP TABLE registry_import;
