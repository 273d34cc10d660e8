-- +goose Up
-- What waits for somebody is read by state: of one unit, or of one community or sub-district.
CREATE INDEX casework_case_unit_state ON casework_case (unit_id, state, COALESCE(due_at, 9007199254740992), id) WHERE open = 1;
CREATE INDEX casework_case_street_state ON casework_case (substr(area, 1, 9), state, COALESCE(due_at, 9007199254740992), id) WHERE open = 1;
CREATE INDEX casework_case_community_state ON casework_case (substr(area, 1, 12), state, COALESCE(due_at, 9007199254740992), id) WHERE open = 1;

-- +goose Down
DROP INDEX casework_case_community_state;
DROP INDEX casework_case_street_state;
DROP INDEX casework_case_unit_state;
