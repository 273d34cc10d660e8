-- +goose Up
-- The department that appeals against its own result; '' for a community or street.
ALTER TABLE assessment_appeal ADD COLUMN department TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE assessment_appeal DROP COLUMN department;
