-- What mystery shoppers, experts and third parties saw, what was found and is to be put right,
-- experts' comparisons of what matters more, and the grades of a program.

-- One criterion of one visit as one rater saw it. The rows of a visit that came in one row of a
-- file share their evaluation_id.
CREATE TABLE evaluation (
    evaluation_id BIGINT NOT NULL,
    program_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    source_key VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    visit VARCHAR NOT NULL,
    evaluated_at TIMESTAMP NOT NULL,
    day_key INTEGER NOT NULL,
    month_key INTEGER NOT NULL,
    rater VARCHAR,
    method VARCHAR,
    organisation VARCHAR,
    edition VARCHAR,
    branch VARCHAR,
    channel VARCHAR,
    touchpoint VARCHAR,
    dimension VARCHAR,
    criterion VARCHAR NOT NULL,
    weight DOUBLE NOT NULL CHECK (weight > 0),
    critical SMALLINT NOT NULL,
    -- from 0 (failed, or the lowest of its scale) to 1; NULL where it did not apply
    points DOUBLE CHECK (points BETWEEN 0 AND 1),
    note VARCHAR
);
CREATE TABLE superseded_evaluation AS
    SELECT *, CAST(NULL AS INTEGER) AS superseded_by FROM evaluation LIMIT 0;

-- The state of a finding as the latest file or page said it; earlier states stand aside.
CREATE TABLE finding (
    finding_id BIGINT NOT NULL,
    program_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    source_key VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    finding_no VARCHAR NOT NULL,
    found_on DATE NOT NULL,
    finding VARCHAR NOT NULL,
    severity VARCHAR,
    owner VARCHAR,
    due_on DATE,
    closed_on DATE,
    evidence VARCHAR,
    visit VARCHAR,
    branch VARCHAR,
    touchpoint VARCHAR,
    dimension VARCHAR
);
CREATE TABLE superseded_finding AS
    SELECT *, CAST(NULL AS INTEGER) AS superseded_by FROM finding LIMIT 0;

-- How many times one indicator matters more than another, as one expert says.
CREATE TABLE comparison (
    comparison_id BIGINT NOT NULL,
    program_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    source_key VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    expert VARCHAR NOT NULL,
    indicator VARCHAR NOT NULL,
    other VARCHAR NOT NULL,
    times DOUBLE NOT NULL CHECK (times > 0)
);
CREATE TABLE superseded_comparison AS
    SELECT *, CAST(NULL AS INTEGER) AS superseded_by FROM comparison LIMIT 0;

-- The grades of a program; those of its latest file are in force.
CREATE TABLE grade_band (
    grade_band_id BIGINT NOT NULL,
    program_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    source_key VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    grade VARCHAR NOT NULL,
    floor DOUBLE NOT NULL CHECK (floor BETWEEN 0 AND 100),
    -- the highest score of a visit that failed a critical criterion
    cap DOUBLE CHECK (cap BETWEEN 0 AND 100)
);
CREATE TABLE superseded_grade_band AS
    SELECT *, CAST(NULL AS INTEGER) AS superseded_by FROM grade_band LIMIT 0;
