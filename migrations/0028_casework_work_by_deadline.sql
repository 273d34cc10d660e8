-- +goose Up
-- Work is listed by deadline, what has none at the end; so what is open needs no order of its own by
-- time. A case that nobody has taken, an incident
-- that no unit was sent, and a person whose number is not known, are in no index of these.
DROP INDEX casework_case_open;
DROP INDEX casework_case_county_open;
DROP INDEX casework_case_street_open;
DROP INDEX casework_case_community_open;
DROP INDEX casework_case_due;
CREATE INDEX casework_case_due ON casework_case (COALESCE(due_at, 9007199254740992), id, area) WHERE open = 1;
DROP INDEX casework_case_county_due;
CREATE INDEX casework_case_county_due ON casework_case (substr(area, 1, 6), COALESCE(due_at, 9007199254740992), id) WHERE open = 1;
DROP INDEX casework_case_street_due;
CREATE INDEX casework_case_street_due ON casework_case (substr(area, 1, 9), COALESCE(due_at, 9007199254740992), id) WHERE open = 1;
DROP INDEX casework_case_community_due;
CREATE INDEX casework_case_community_due ON casework_case (substr(area, 1, 12), COALESCE(due_at, 9007199254740992), id) WHERE open = 1;
DROP INDEX casework_case_handler;
CREATE INDEX casework_case_handler ON casework_case (handler_id, COALESCE(due_at, 9007199254740992), id) WHERE open = 1 AND handler_id <> '';
DROP INDEX people_person_phone;
DROP INDEX people_person_number;
CREATE INDEX people_person_number ON people_person (shard, number_index) WHERE number_index <> '';
DROP INDEX grid_incident_unit;
CREATE INDEX grid_incident_unit ON grid_incident (unit_id) WHERE unit_id <> '';

-- +goose Down
DROP INDEX grid_incident_unit;
CREATE INDEX grid_incident_unit ON grid_incident (unit_id);
DROP INDEX people_person_number;
CREATE INDEX people_person_number ON people_person (shard, number_index);
CREATE INDEX people_person_phone ON people_person (shard, phone_index);
DROP INDEX casework_case_handler;
CREATE INDEX casework_case_handler ON casework_case (handler_id, COALESCE(due_at, 9007199254740992), id) WHERE open = 1;
DROP INDEX casework_case_due;
CREATE INDEX casework_case_due ON casework_case (due_at, id, area) WHERE open = 1;
DROP INDEX casework_case_county_due;
CREATE INDEX casework_case_county_due ON casework_case (substr(area, 1, 6), due_at, id) WHERE open = 1;
DROP INDEX casework_case_street_due;
CREATE INDEX casework_case_street_due ON casework_case (substr(area, 1, 9), due_at, id) WHERE open = 1;
DROP INDEX casework_case_community_due;
CREATE INDEX casework_case_community_due ON casework_case (substr(area, 1, 12), due_at, id) WHERE open = 1;
CREATE INDEX casework_case_open ON casework_case (reported_at, id) WHERE open = 1;
CREATE INDEX casework_case_county_open ON casework_case (substr(area, 1, 6), reported_at, id) WHERE open = 1;
CREATE INDEX casework_case_street_open ON casework_case (substr(area, 1, 9), reported_at, id) WHERE open = 1;
CREATE INDEX casework_case_community_open ON casework_case (substr(area, 1, 12), reported_at, id) WHERE open = 1;
