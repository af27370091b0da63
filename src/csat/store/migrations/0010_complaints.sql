-- Complaint counts, searchable texts, and the service standards of a program.

-- How many cases a row stands for: 1 for a case of its own, whose case_no is never empty; any
-- number for a row of a file of counts, whose case_no is ''.
ALTER TABLE complaint ADD COLUMN cases BIGINT DEFAULT 1;

-- The narrative in lower case, which a search reads several times as fast.
ALTER TABLE complaint ADD COLUMN search_text VARCHAR;
UPDATE complaint SET search_text = LOWER(narrative) WHERE narrative IS NOT NULL;

-- Earlier versions of cases, where the store keeps them, have the same columns.
ALTER TABLE IF EXISTS superseded_complaint ADD COLUMN cases BIGINT DEFAULT 1;
ALTER TABLE IF EXISTS superseded_complaint ADD COLUMN search_text VARCHAR;

-- Working calendar and targets as JSON; the latest row of a program is in force.
CREATE TABLE service_standard (
    program_id INTEGER NOT NULL,
    document VARCHAR NOT NULL,
    set_at TIMESTAMP NOT NULL,
    set_by VARCHAR NOT NULL
);
