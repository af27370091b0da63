-- The life of a case: moments of its stages, events of logs, pauses; what people say about a
-- case on the page; and conduct cases, which are cases with a violation.

-- 1 for a conduct case, 0 for a complaint.
ALTER TABLE complaint ADD COLUMN conduct SMALLINT DEFAULT 0;
ALTER TABLE complaint ADD COLUMN auto_reply_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN assessed_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN investigated_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN decided_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN accepted_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN rejected_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN closed_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN escalated_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN referred_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN attributed_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN sanctioned_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN noticed_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN appealed_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN appeal_decided_at TIMESTAMP;
ALTER TABLE complaint ADD COLUMN severity_first VARCHAR;
ALTER TABLE complaint ADD COLUMN owner VARCHAR;
ALTER TABLE complaint ADD COLUMN department VARCHAR;
ALTER TABLE complaint ADD COLUMN dimension VARCHAR;
ALTER TABLE complaint ADD COLUMN remedy VARCHAR;
-- In hundredths of the currency of the program.
ALTER TABLE complaint ADD COLUMN compensation BIGINT;
ALTER TABLE complaint ADD COLUMN safety SMALLINT;
ALTER TABLE complaint ADD COLUMN first_contact SMALLINT;
ALTER TABLE complaint ADD COLUMN satisfied SMALLINT;
ALTER TABLE complaint ADD COLUMN violation VARCHAR;
ALTER TABLE complaint ADD COLUMN responsibility VARCHAR;
ALTER TABLE complaint ADD COLUMN sanction VARCHAR;
ALTER TABLE complaint ADD COLUMN appeal_outcome VARCHAR;

ALTER TABLE superseded_complaint ADD COLUMN conduct SMALLINT DEFAULT 0;
ALTER TABLE superseded_complaint ADD COLUMN auto_reply_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN assessed_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN investigated_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN decided_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN accepted_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN rejected_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN closed_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN escalated_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN referred_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN attributed_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN sanctioned_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN noticed_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN appealed_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN appeal_decided_at TIMESTAMP;
ALTER TABLE superseded_complaint ADD COLUMN severity_first VARCHAR;
ALTER TABLE superseded_complaint ADD COLUMN owner VARCHAR;
ALTER TABLE superseded_complaint ADD COLUMN department VARCHAR;
ALTER TABLE superseded_complaint ADD COLUMN dimension VARCHAR;
ALTER TABLE superseded_complaint ADD COLUMN remedy VARCHAR;
ALTER TABLE superseded_complaint ADD COLUMN compensation BIGINT;
ALTER TABLE superseded_complaint ADD COLUMN safety SMALLINT;
ALTER TABLE superseded_complaint ADD COLUMN first_contact SMALLINT;
ALTER TABLE superseded_complaint ADD COLUMN satisfied SMALLINT;
ALTER TABLE superseded_complaint ADD COLUMN violation VARCHAR;
ALTER TABLE superseded_complaint ADD COLUMN responsibility VARCHAR;
ALTER TABLE superseded_complaint ADD COLUMN sanction VARCHAR;
ALTER TABLE superseded_complaint ADD COLUMN appeal_outcome VARCHAR;

-- One event of a log, or one pause of a complaint file. Those of a complaint file name the case
-- by its number here and share its versions; those of a log name it by the id of its source, so
-- that they stay with the case whichever file brings it.
CREATE TABLE case_event (
    program_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    complaint_id BIGINT,
    case_key VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    -- what the log calls it
    words VARCHAR,
    happened_at TIMESTAMP NOT NULL,
    until_at TIMESTAMP,
    done_by VARCHAR,
    source_key VARCHAR NOT NULL
);
CREATE TABLE superseded_case_event AS
    SELECT *, CAST(NULL AS INTEGER) AS superseded_by FROM case_event LIMIT 0;

-- What a person says about a case: a note, or another value of one of its fields. Taken back,
-- never deleted; bound to the id of the case in its source, which outlives any import.
CREATE SEQUENCE case_note_ids;
CREATE TABLE case_note (
    note_id INTEGER PRIMARY KEY DEFAULT nextval('case_note_ids'),
    program_id INTEGER NOT NULL,
    case_key VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by VARCHAR NOT NULL,
    removed_at TIMESTAMP,
    removed_by VARCHAR
);

-- What the files alone say of the cases on which logs or people say more.
CREATE TABLE case_as_stated AS
    SELECT complaint_id, acknowledged_at, forwarded_at, first_response_at, resolved_at,
        reopened_at, auto_reply_at, assessed_at, investigated_at, decided_at, accepted_at,
        rejected_at, closed_at, escalated_at, referred_at, attributed_at, sanctioned_at,
        noticed_at, appealed_at, appeal_decided_at, response_s, response_event, resolution_s,
        resolution_event, status, category, category_2, category_3, cause, severity, upheld,
        touchpoint, dimension
    FROM complaint LIMIT 0;
