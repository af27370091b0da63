-- Sums over the ratings of a survey by month, and by month and one group where a month has many
-- respondents of each (docs/adr/0017). `direction` is '' for the whole month, else the column of
-- `response` whose value `group_name` is. `split` names the directions by which the month is kept
-- too. `layout` is a fingerprint of what `sums` are about. `csat.store.answer_cells` makes them.

CREATE TABLE answer_cell (
    survey_id INTEGER NOT NULL,
    month_key INTEGER NOT NULL,
    direction VARCHAR NOT NULL,
    group_name VARCHAR,
    people BIGINT NOT NULL,
    split VARCHAR NOT NULL,
    layout VARCHAR NOT NULL,
    sums BIGINT[] NOT NULL
);

-- What respondents' scores add up to in every month; what is not there adds up to 0.
-- `csat.store.score_sums` makes them.
CREATE TABLE score_sum (
    survey_id INTEGER NOT NULL,
    month_key INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    total BIGINT NOT NULL
);
