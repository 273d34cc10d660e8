-- Whether a step of a follow-up was late is judged when it is taken and kept: computed anew it would
-- differ once a calendar is loaded or corrected, and the counters with it. NULL: taken before this.
-- +goose Up
ALTER TABLE casework_followup ADD COLUMN contacted_late INTEGER;
ALTER TABLE casework_followup ADD COLUMN rectified_late INTEGER;
