-- Who served the customer: a keyed hash, or the code of the file where a person chose to keep it.
ALTER TABLE response ADD COLUMN staff VARCHAR;
ALTER TABLE superseded_response ADD COLUMN staff VARCHAR;
ALTER TABLE complaint ADD COLUMN staff VARCHAR;
ALTER TABLE superseded_complaint ADD COLUMN staff VARCHAR;
