-- What a respondent's 100 points give each dimension, in ten-millionths of all his points, and
-- his gap under them: 2520000 x scale points. `csat.store.scores` fills them for answers loaded
-- before.

ALTER TABLE response ADD COLUMN points_d0 INTEGER;
ALTER TABLE response ADD COLUMN points_d1 INTEGER;
ALTER TABLE response ADD COLUMN points_d2 INTEGER;
ALTER TABLE response ADD COLUMN points_d3 INTEGER;
ALTER TABLE response ADD COLUMN points_d4 INTEGER;
ALTER TABLE response ADD COLUMN points_d5 INTEGER;
ALTER TABLE response ADD COLUMN points_d6 INTEGER;
ALTER TABLE response ADD COLUMN points_d7 INTEGER;
ALTER TABLE response ADD COLUMN own_gap INTEGER;

ALTER TABLE superseded_response ADD COLUMN points_d0 INTEGER;
ALTER TABLE superseded_response ADD COLUMN points_d1 INTEGER;
ALTER TABLE superseded_response ADD COLUMN points_d2 INTEGER;
ALTER TABLE superseded_response ADD COLUMN points_d3 INTEGER;
ALTER TABLE superseded_response ADD COLUMN points_d4 INTEGER;
ALTER TABLE superseded_response ADD COLUMN points_d5 INTEGER;
ALTER TABLE superseded_response ADD COLUMN points_d6 INTEGER;
ALTER TABLE superseded_response ADD COLUMN points_d7 INTEGER;
ALTER TABLE superseded_response ADD COLUMN own_gap INTEGER;
