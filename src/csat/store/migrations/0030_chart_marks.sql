-- What people say about a series, each with its reason; taken back, never deleted. A mark on
-- metric '' is about every metric of the program.
CREATE SEQUENCE chart_mark_ids;
CREATE TABLE chart_mark (
    mark_id INTEGER PRIMARY KEY DEFAULT nextval('chart_mark_ids'),
    program_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('phase', 'event', 'target', 'signal')),
    metric VARCHAR NOT NULL,
    day DATE,
    value DOUBLE,
    -- of an acknowledged signal: cut, group, grain, rule and first bucket
    subject VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by VARCHAR NOT NULL,
    removed_at TIMESTAMP,
    removed_by VARCHAR
);
