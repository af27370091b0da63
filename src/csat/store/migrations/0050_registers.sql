-- The registers of standards and promises: one row is one version of one entry, as JSON text.
-- The latest version of an entry is in force; an empty document says that it was taken out.
-- Nothing is ever changed or deleted, so every earlier state can be read and put back.
CREATE SEQUENCE register_version_ids;
CREATE SEQUENCE register_change_ids;
CREATE TABLE register_version (
    version_no BIGINT PRIMARY KEY DEFAULT nextval('register_version_ids'),
    program_id INTEGER NOT NULL,
    register VARCHAR NOT NULL CHECK (register IN ('standards', 'promises')),
    code VARCHAR NOT NULL,
    -- versions made in one step: a file, or one save on the page
    change_no BIGINT NOT NULL,
    document VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by VARCHAR NOT NULL
);
