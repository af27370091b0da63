-- The store as first released. Portable types only; no keys or indexes on fact tables:
-- they are append only and duplicates are refused by an anti-join at load.

CREATE TABLE meta (data_version BIGINT NOT NULL);
INSERT INTO meta VALUES (1);

CREATE SEQUENCE program_ids;
CREATE TABLE program (
    program_id INTEGER PRIMARY KEY DEFAULT nextval('program_ids'),
    key VARCHAR NOT NULL UNIQUE,
    title VARCHAR NOT NULL,
    timezone VARCHAR NOT NULL,
    simulated BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMP NOT NULL
);

CREATE SEQUENCE survey_ids;
CREATE TABLE survey (
    survey_id INTEGER PRIMARY KEY DEFAULT nextval('survey_ids'),
    program_id INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    UNIQUE (program_id, key)
);

CREATE TABLE dimension (
    program_id INTEGER NOT NULL,
    dim_no INTEGER NOT NULL CHECK (dim_no BETWEEN 0 AND 7),
    key VARCHAR NOT NULL,
    PRIMARY KEY (program_id, dim_no)
);

CREATE TABLE item (
    survey_id INTEGER NOT NULL,
    item_no INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    wording VARCHAR NOT NULL,
    viewpoint VARCHAR NOT NULL,
    dim_no INTEGER,
    pair VARCHAR,
    scale_min INTEGER NOT NULL,
    scale_max INTEGER NOT NULL,
    top_from INTEGER NOT NULL,
    measures VARCHAR NOT NULL DEFAULT '',
    PRIMARY KEY (survey_id, item_no),
    CHECK (scale_min < scale_max)
);

CREATE SEQUENCE batch_ids;
CREATE TABLE batch (
    batch_id INTEGER PRIMARY KEY DEFAULT nextval('batch_ids'),
    program_id INTEGER NOT NULL,
    survey_id INTEGER,
    kind VARCHAR NOT NULL CHECK (kind IN ('survey', 'complaints', 'exposure')),
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
    undone_by VARCHAR
);

CREATE TABLE rejected_row (
    batch_id INTEGER NOT NULL,
    row_no BIGINT NOT NULL,
    column_name VARCHAR,
    value VARCHAR,
    reason VARCHAR NOT NULL
);

CREATE TABLE answer_exclusion (
    batch_id INTEGER NOT NULL,
    item_key VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    n BIGINT NOT NULL
);

CREATE TABLE series_break (
    batch_id INTEGER NOT NULL,
    survey_id INTEGER NOT NULL,
    day DATE NOT NULL,
    item_key VARCHAR NOT NULL,
    note VARCHAR NOT NULL
);

CREATE TABLE mapping (
    name VARCHAR PRIMARY KEY,
    mapping_json VARCHAR NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    saved_by VARCHAR NOT NULL
);

CREATE TABLE audit (
    happened_at TIMESTAMP NOT NULL,
    who VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    subject VARCHAR NOT NULL
);

CREATE TABLE response (
    response_id BIGINT NOT NULL,
    program_id INTEGER NOT NULL,
    survey_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    source_key VARCHAR NOT NULL,
    submitted_at TIMESTAMP NOT NULL,
    day_key INTEGER NOT NULL,
    month_key INTEGER NOT NULL,
    branch VARCHAR,
    channel VARCHAR,
    segment VARCHAR,
    touchpoint VARCHAR,
    respondent_id VARCHAR,
    form VARCHAR,
    weight DOUBLE,
    csat SMALLINT,
    csat_top SMALLINT,
    nps SMALLINT CHECK (nps BETWEEN 0 AND 10),
    ces SMALLINT,
    recommend SMALLINT,
    recommend_top SMALLINT,
    -- respondent scores per dimension, 2520 x mean: exact integers for up to ten items
    p_d0 INTEGER, p_d1 INTEGER, p_d2 INTEGER, p_d3 INTEGER,
    p_d4 INTEGER, p_d5 INTEGER, p_d6 INTEGER, p_d7 INTEGER,
    g_d0 INTEGER, g_d1 INTEGER, g_d2 INTEGER, g_d3 INTEGER,
    g_d4 INTEGER, g_d5 INTEGER, g_d6 INTEGER, g_d7 INTEGER
);

CREATE TABLE comment (
    response_id BIGINT NOT NULL,
    program_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    body VARCHAR NOT NULL
);

CREATE TABLE complaint (
    complaint_id BIGINT NOT NULL,
    program_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    source_key VARCHAR NOT NULL,
    case_no VARCHAR NOT NULL,
    received_at TIMESTAMP NOT NULL,
    day_key INTEGER NOT NULL,
    month_key INTEGER NOT NULL,
    acknowledged_at TIMESTAMP,
    forwarded_at TIMESTAMP,
    first_response_at TIMESTAMP,
    resolved_at TIMESTAMP,
    reopened_at TIMESTAMP,
    -- seconds from receipt; event 1 = happened, 0 = still open at the batch's as-of day,
    -- NULL = the file does not record this clock
    response_s BIGINT CHECK (response_s >= 0),
    response_event SMALLINT,
    resolution_s BIGINT CHECK (resolution_s >= 0),
    resolution_event SMALLINT,
    timely SMALLINT,
    category VARCHAR,
    category_2 VARCHAR,
    category_3 VARCHAR,
    cause VARCHAR,
    severity VARCHAR,
    status VARCHAR,
    outcome VARCHAR,
    upheld SMALLINT,
    branch VARCHAR,
    channel VARCHAR,
    segment VARCHAR,
    touchpoint VARCHAR,
    respondent_id VARCHAR,
    narrative VARCHAR
);

CREATE TABLE exposure (
    program_id INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    month_key INTEGER NOT NULL,
    branch VARCHAR,
    customers BIGINT NOT NULL CHECK (customers > 0)
);
