-- +goose Up
ALTER TABLE audit_entry ADD COLUMN session TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entry ADD COLUMN before_values TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entry ADD COLUMN after_values TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entry ADD COLUMN seq BIGINT;
CREATE INDEX audit_entry_unsealed ON audit_entry (id) WHERE seq IS NULL;
CREATE INDEX audit_entry_latest ON audit_entry (id);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, id);
CREATE TABLE audit_leaf (
  shard TEXT NOT NULL,
  seq BIGINT NOT NULL,
  entry_id TEXT NOT NULL,
  hashes TEXT NOT NULL,
  PRIMARY KEY (shard, seq)
);
CREATE UNIQUE INDEX audit_leaf_entry ON audit_leaf (shard, entry_id);
CREATE INDEX audit_leaf_seq ON audit_leaf (seq);
CREATE TABLE audit_tree (
  name TEXT PRIMARY KEY,
  size BIGINT NOT NULL,
  forgotten BIGINT NOT NULL
);
INSERT INTO audit_tree (name, size, forgotten) VALUES ('log', 0, 0);

-- +goose Down
DROP TABLE audit_tree;
DROP TABLE audit_leaf;
DROP INDEX audit_entry_actor;
DROP INDEX audit_entry_latest;
DROP INDEX audit_entry_unsealed;
ALTER TABLE audit_entry DROP COLUMN seq;
ALTER TABLE audit_entry DROP COLUMN after_values;
ALTER TABLE audit_entry DROP COLUMN before_values;
ALTER TABLE audit_entry DROP COLUMN session;
