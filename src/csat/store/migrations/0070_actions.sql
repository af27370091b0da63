-- Improvements on record: what each is about and how it will be judged, fixed before it begins.
-- A change is a new version; a version is taken back, never deleted. The last one that is not
-- taken back is in force; an action without one was taken back whole.
CREATE SEQUENCE action_ids;
CREATE TABLE action (
    action_id INTEGER PRIMARY KEY DEFAULT nextval('action_ids'),
    program_id INTEGER NOT NULL,
    key VARCHAR NOT NULL
);
CREATE TABLE action_version (
    action_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    addresses VARCHAR NOT NULL CHECK (addresses IN ('cause', 'gap', 'signal', 'other')),
    addressed VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    -- lists of NAME=VALUE as JSON; against may be ["others"]
    chosen VARCHAR NOT NULL,
    against VARCHAR NOT NULL,
    baseline_first DATE,
    baseline_last DATE,
    start_day DATE NOT NULL,
    due_day DATE NOT NULL,
    owner VARCHAR NOT NULL,
    stage VARCHAR NOT NULL CHECK (stage IN ('plan', 'do', 'check', 'act')),
    note VARCHAR NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by VARCHAR NOT NULL,
    removed_at TIMESTAMP,
    removed_by VARCHAR
);
-- The action that answers an acknowledged signal.
ALTER TABLE chart_mark ADD COLUMN action_id INTEGER;
