-- +goose Up
-- Signs, ledgers, accounts in other systems and standing bodies of communities, each with what it rests on.
CREATE TABLE burden_inventory (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  basis TEXT NOT NULL,
  since TEXT NOT NULL,
  removed_on TEXT NOT NULL,
  removal TEXT NOT NULL,
  writer_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX burden_inventory_area ON burden_inventory (area, kind, id);

-- +goose Down
DROP TABLE burden_inventory;
