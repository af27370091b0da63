-- Earlier versions of rows that a later batch changed, by the batch that replaced them; and what
-- a later export says of cases that are still open. The current rows stay alone in their tables.

ALTER TABLE batch ADD COLUMN rows_updated BIGINT DEFAULT 0;
-- The day at whose end the open cases of the batch are censored.
ALTER TABLE batch ADD COLUMN censor_day DATE;
UPDATE batch SET censor_day = as_of;

CREATE TABLE superseded_response AS
    SELECT *, CAST(NULL AS INTEGER) AS superseded_by FROM response LIMIT 0;
CREATE TABLE superseded_comment AS
    SELECT *, CAST(NULL AS INTEGER) AS superseded_by FROM comment LIMIT 0;
CREATE TABLE superseded_complaint AS
    SELECT *, CAST(NULL AS INTEGER) AS superseded_by FROM complaint LIMIT 0;

-- The clocks of an open case as they stood before a batch saw it still open later.
CREATE TABLE open_clock (
    batch_id INTEGER NOT NULL,
    complaint_id BIGINT NOT NULL,
    response_s BIGINT,
    resolution_s BIGINT
);
