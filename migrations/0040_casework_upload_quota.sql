-- +goose Up
ALTER TABLE casework_upload ADD COLUMN visitor TEXT NOT NULL DEFAULT '';
ALTER TABLE casework_upload ADD COLUMN network TEXT NOT NULL DEFAULT '';
ALTER TABLE casework_upload ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
CREATE INDEX casework_upload_visitor ON casework_upload (visitor) WHERE visitor <> '';
CREATE INDEX casework_upload_network ON casework_upload (network, size, refused, at) WHERE network <> '';
DROP INDEX casework_file_old;
CREATE INDEX casework_file_old ON casework_file (id) WHERE width = 0;

-- +goose Down
DROP INDEX casework_file_old;
CREATE INDEX casework_file_old ON casework_file (id) WHERE width = 0 AND media_type <> 'application/pdf';
DROP INDEX casework_upload_network;
DROP INDEX casework_upload_visitor;
ALTER TABLE casework_upload DROP COLUMN refused;
ALTER TABLE casework_upload DROP COLUMN network;
ALTER TABLE casework_upload DROP COLUMN visitor;
