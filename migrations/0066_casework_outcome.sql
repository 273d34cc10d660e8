-- +goose Up
-- What was decided of a case: granted, denied, refused, completed, dismissed, withdrawn; '' while nothing is.
ALTER TABLE casework_case ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
UPDATE casework_case SET outcome = COALESCE((
  SELECT CASE e.verb WHEN 'approve' THEN 'granted' WHEN 'deny' THEN 'denied' WHEN 'refuse' THEN 'refused' WHEN 'withdraw' THEN 'withdrawn'
    WHEN 'close' THEN 'completed' WHEN 'close_with' THEN 'completed' WHEN 'dismiss' THEN 'dismissed' WHEN 'dismiss_with' THEN 'dismissed' ELSE '' END
  FROM casework_event e WHERE e.shard = casework_case.shard AND e.case_id = casework_case.id
    AND e.verb IN ('approve','deny','refuse','withdraw','close','close_with','dismiss','dismiss_with','reopen','reopen_with')
  ORDER BY e.seq DESC LIMIT 1), '');

-- +goose Down
ALTER TABLE casework_case DROP COLUMN outcome;
