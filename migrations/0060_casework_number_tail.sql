-- +goose Up
-- Cases are found by the last five digits of their number: 20260302-320703-00001 by 00001.
CREATE INDEX casework_case_tail ON casework_case (substr(number, 17), id);

-- +goose Down
DROP INDEX casework_case_tail;
