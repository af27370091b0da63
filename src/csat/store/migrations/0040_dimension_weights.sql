-- A program's own weights of its dimensions: points that add up to 100, as JSON, from a day on.
-- Taken back, never deleted; those before them then hold again.
CREATE SEQUENCE dimension_weights_ids;
CREATE TABLE dimension_weights (
    set_id INTEGER PRIMARY KEY DEFAULT nextval('dimension_weights_ids'),
    program_id INTEGER NOT NULL,
    points VARCHAR NOT NULL,
    valid_from DATE NOT NULL,
    reason VARCHAR NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by VARCHAR NOT NULL,
    removed_at TIMESTAMP,
    removed_by VARCHAR
);
