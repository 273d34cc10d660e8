-- +goose Up
CREATE INDEX casework_file_digest ON casework_file (digest);
CREATE INDEX casework_file_thumb ON casework_file (thumb) WHERE thumb <> '';

-- +goose Down
DROP INDEX casework_file_thumb;
DROP INDEX casework_file_digest;
