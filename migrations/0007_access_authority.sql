-- +goose Up
ALTER TABLE access_setup ADD COLUMN role TEXT NOT NULL DEFAULT 'system_administrator';
CREATE INDEX access_grant_role ON access_grant (role, account_id);
CREATE INDEX registry_member_account ON registry_member (account_id);

-- A list of an area is read in its order from the index of the area's level, whoever asks.
CREATE INDEX casework_case_county ON casework_case (substr(area, 1, 6), reported_at, id);
CREATE INDEX casework_case_street ON casework_case (substr(area, 1, 9), reported_at, id);
CREATE INDEX casework_case_community ON casework_case (substr(area, 1, 12), reported_at, id);
CREATE INDEX casework_case_open ON casework_case (reported_at, id) WHERE open = 1;
CREATE INDEX casework_case_county_open ON casework_case (substr(area, 1, 6), reported_at, id) WHERE open = 1;
CREATE INDEX casework_case_street_open ON casework_case (substr(area, 1, 9), reported_at, id) WHERE open = 1;
CREATE INDEX casework_case_community_open ON casework_case (substr(area, 1, 12), reported_at, id) WHERE open = 1;
CREATE INDEX casework_case_county_due ON casework_case (substr(area, 1, 6), due_at, id) WHERE open = 1;
CREATE INDEX casework_case_street_due ON casework_case (substr(area, 1, 9), due_at, id) WHERE open = 1;
CREATE INDEX casework_case_community_due ON casework_case (substr(area, 1, 12), due_at, id) WHERE open = 1;
DROP INDEX casework_case_area;
CREATE INDEX casework_case_area ON casework_case (area, reported_at, id);
DROP INDEX casework_case_due;
CREATE INDEX casework_case_due ON casework_case (due_at, id, area) WHERE open = 1;
DROP INDEX casework_case_unit;
CREATE INDEX casework_case_unit ON casework_case (unit_id, COALESCE(due_at, 9007199254740992), id) WHERE open = 1;
CREATE INDEX casework_case_unit_all ON casework_case (unit_id, (reported_at + 0), id);
DROP INDEX casework_case_handler;
CREATE INDEX casework_case_handler ON casework_case (handler_id, COALESCE(due_at, 9007199254740992), id) WHERE open = 1;

-- +goose Down
DROP INDEX casework_case_handler;
CREATE INDEX casework_case_handler ON casework_case (handler_id, open, due_at);
DROP INDEX casework_case_unit_all;
DROP INDEX casework_case_unit;
CREATE INDEX casework_case_unit ON casework_case (unit_id, open, due_at);
DROP INDEX casework_case_due;
CREATE INDEX casework_case_due ON casework_case (due_at, area) WHERE open = 1;
DROP INDEX casework_case_area;
CREATE INDEX casework_case_area ON casework_case (area, reported_at);
DROP INDEX casework_case_community_due;
DROP INDEX casework_case_street_due;
DROP INDEX casework_case_county_due;
DROP INDEX casework_case_community_open;
DROP INDEX casework_case_street_open;
DROP INDEX casework_case_county_open;
DROP INDEX casework_case_open;
DROP INDEX casework_case_community;
DROP INDEX casework_case_street;
DROP INDEX casework_case_county;
DROP INDEX registry_member_account;
DROP INDEX access_grant_role;
ALTER TABLE access_setup DROP COLUMN role;
