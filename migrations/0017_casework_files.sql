-- +goose Up
ALTER TABLE casework_upload ADD COLUMN thumb TEXT NOT NULL DEFAULT '';
ALTER TABLE casework_upload ADD COLUMN width INTEGER NOT NULL DEFAULT 0;
ALTER TABLE casework_upload ADD COLUMN height INTEGER NOT NULL DEFAULT 0;
ALTER TABLE casework_file ADD COLUMN thumb TEXT NOT NULL DEFAULT '';
ALTER TABLE casework_file ADD COLUMN width INTEGER NOT NULL DEFAULT 0;
ALTER TABLE casework_file ADD COLUMN height INTEGER NOT NULL DEFAULT 0;
CREATE INDEX casework_file_old ON casework_file (id) WHERE width = 0 AND media_type <> 'application/pdf';

-- +goose Down
DROP INDEX casework_file_old;
ALTER TABLE casework_file DROP COLUMN height;
ALTER TABLE casework_file DROP COLUMN width;
ALTER TABLE casework_file DROP COLUMN thumb;
ALTER TABLE casework_upload DROP COLUMN height;
ALTER TABLE casework_upload DROP COLUMN width;
ALTER TABLE casework_upload DROP COLUMN thumb;
