-- What the satisfaction index is made of, as JSON: the row kept last for a year is what that year
-- has of its own, and a year without one goes by the year before. An empty document takes back
-- what a year had; no row ever changes.
CREATE SEQUENCE index_definition_ids;
CREATE TABLE index_definition (
    definition_id INTEGER PRIMARY KEY DEFAULT nextval('index_definition_ids'),
    program_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    document VARCHAR NOT NULL,
    -- why a year that had begun was changed; '' where none was needed
    reason VARCHAR NOT NULL,
    set_at TIMESTAMP NOT NULL,
    set_by VARCHAR NOT NULL
);

-- What a question says in each language, as JSON; NULL where it is known in one only.
ALTER TABLE item ADD COLUMN wordings VARCHAR;
