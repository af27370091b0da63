-- The tree that joins causes of complaints and questions of surveys, as JSON; the latest row of
-- a program is in force.
CREATE TABLE cause_tree (
    program_id INTEGER NOT NULL,
    document VARCHAR NOT NULL,
    set_at TIMESTAMP NOT NULL,
    set_by VARCHAR NOT NULL
);
