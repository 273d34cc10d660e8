-- One counter for each kind of data that processes keep in memory, counted up with each change.
-- +goose Up
CREATE TABLE revision_number (
  name TEXT PRIMARY KEY,
  number BIGINT NOT NULL
);
INSERT INTO revision_number (name, number) SELECT 'registry.' || name, number FROM registry_revision;
DROP TABLE registry_revision;

-- +goose Down
CREATE TABLE registry_revision (
  name TEXT PRIMARY KEY,
  number BIGINT NOT NULL
);
INSERT INTO registry_revision (name, number) SELECT substr(name, 10), number FROM revision_number WHERE substr(name, 1, 9) = 'registry.';
DROP TABLE revision_number;
