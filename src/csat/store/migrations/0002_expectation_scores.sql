-- Respondent scores of the desired level, over the pairs that the gap score is made of:
-- 2520 x mean. `csat.store.scores` fills them for answers loaded before.

ALTER TABLE response ADD COLUMN e_d0 INTEGER;
ALTER TABLE response ADD COLUMN e_d1 INTEGER;
ALTER TABLE response ADD COLUMN e_d2 INTEGER;
ALTER TABLE response ADD COLUMN e_d3 INTEGER;
ALTER TABLE response ADD COLUMN e_d4 INTEGER;
ALTER TABLE response ADD COLUMN e_d5 INTEGER;
ALTER TABLE response ADD COLUMN e_d6 INTEGER;
ALTER TABLE response ADD COLUMN e_d7 INTEGER;
