-- The currency of the compensation of a case, as its file states it; NULL where it states none.
ALTER TABLE complaint ADD COLUMN currency VARCHAR;
ALTER TABLE superseded_complaint ADD COLUMN currency VARCHAR;
