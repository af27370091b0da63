-- How a sample was drawn, and the population it stands for.

ALTER TABLE response ADD COLUMN stratum VARCHAR;
ALTER TABLE response ADD COLUMN cluster VARCHAR;
ALTER TABLE superseded_response ADD COLUMN stratum VARCHAR;
ALTER TABLE superseded_response ADD COLUMN cluster VARCHAR;

-- People of one group, as counts or shares, to whom raking brings the answers into line. Of one
-- kind of group the file loaded last is in force. Without a month a row holds for any period.
CREATE TABLE population_margin (
    program_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    group_kind VARCHAR NOT NULL,
    group_name VARCHAR NOT NULL,
    month_key INTEGER,
    people DOUBLE NOT NULL CHECK (people > 0),
    invited BIGINT CHECK (invited > 0)
);

-- Batches of more kinds than the first layout knew. A check cannot be changed where it stands, so the table is made
-- anew; the kinds themselves are checked by the mapping of every file.
CREATE TABLE batch_of_any_kind (
    batch_id INTEGER PRIMARY KEY DEFAULT nextval('batch_ids'),
    program_id INTEGER NOT NULL,
    survey_id INTEGER,
    kind VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    file_sha256 VARCHAR NOT NULL,
    file_bytes BIGINT NOT NULL,
    mapping_name VARCHAR NOT NULL,
    mapping_json VARCHAR NOT NULL,
    reading_json VARCHAR NOT NULL,
    as_of DATE,
    rows_read BIGINT NOT NULL,
    rows_accepted BIGINT NOT NULL,
    rows_duplicate BIGINT NOT NULL,
    rows_refused BIGINT NOT NULL,
    loaded_at TIMESTAMP NOT NULL,
    loaded_by VARCHAR NOT NULL,
    status VARCHAR NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'undone')),
    undone_at TIMESTAMP,
    undone_by VARCHAR,
    rows_updated BIGINT DEFAULT 0,
    censor_day DATE
);
INSERT INTO batch_of_any_kind BY NAME SELECT * FROM batch;
DROP TABLE batch;
ALTER TABLE batch_of_any_kind RENAME TO batch;
