-- Where a respondent stands in his zone of tolerance, over the questions of a dimension that he
-- answered from all three viewpoints: perception less adequate level (msa), perception less
-- desired level (mss), the perception itself; and the level he predicted. 2520 x mean each.
-- `block` deals respondents into a thousand blocks for resampling. `answered` is the number of
-- perception questions of the survey he answered, `alike` 1 where all these got one and the same
-- rating. `csat.store.prepared` fills them for answers loaded before.

ALTER TABLE response ADD COLUMN msa_d0 INTEGER;
ALTER TABLE response ADD COLUMN msa_d1 INTEGER;
ALTER TABLE response ADD COLUMN msa_d2 INTEGER;
ALTER TABLE response ADD COLUMN msa_d3 INTEGER;
ALTER TABLE response ADD COLUMN msa_d4 INTEGER;
ALTER TABLE response ADD COLUMN msa_d5 INTEGER;
ALTER TABLE response ADD COLUMN msa_d6 INTEGER;
ALTER TABLE response ADD COLUMN msa_d7 INTEGER;
ALTER TABLE response ADD COLUMN mss_d0 INTEGER;
ALTER TABLE response ADD COLUMN mss_d1 INTEGER;
ALTER TABLE response ADD COLUMN mss_d2 INTEGER;
ALTER TABLE response ADD COLUMN mss_d3 INTEGER;
ALTER TABLE response ADD COLUMN mss_d4 INTEGER;
ALTER TABLE response ADD COLUMN mss_d5 INTEGER;
ALTER TABLE response ADD COLUMN mss_d6 INTEGER;
ALTER TABLE response ADD COLUMN mss_d7 INTEGER;
ALTER TABLE response ADD COLUMN zone_p_d0 INTEGER;
ALTER TABLE response ADD COLUMN zone_p_d1 INTEGER;
ALTER TABLE response ADD COLUMN zone_p_d2 INTEGER;
ALTER TABLE response ADD COLUMN zone_p_d3 INTEGER;
ALTER TABLE response ADD COLUMN zone_p_d4 INTEGER;
ALTER TABLE response ADD COLUMN zone_p_d5 INTEGER;
ALTER TABLE response ADD COLUMN zone_p_d6 INTEGER;
ALTER TABLE response ADD COLUMN zone_p_d7 INTEGER;
ALTER TABLE response ADD COLUMN predicted_d0 INTEGER;
ALTER TABLE response ADD COLUMN predicted_d1 INTEGER;
ALTER TABLE response ADD COLUMN predicted_d2 INTEGER;
ALTER TABLE response ADD COLUMN predicted_d3 INTEGER;
ALTER TABLE response ADD COLUMN predicted_d4 INTEGER;
ALTER TABLE response ADD COLUMN predicted_d5 INTEGER;
ALTER TABLE response ADD COLUMN predicted_d6 INTEGER;
ALTER TABLE response ADD COLUMN predicted_d7 INTEGER;
ALTER TABLE response ADD COLUMN block SMALLINT;
ALTER TABLE response ADD COLUMN answered SMALLINT;
ALTER TABLE response ADD COLUMN alike SMALLINT;

ALTER TABLE superseded_response ADD COLUMN msa_d0 INTEGER;
ALTER TABLE superseded_response ADD COLUMN msa_d1 INTEGER;
ALTER TABLE superseded_response ADD COLUMN msa_d2 INTEGER;
ALTER TABLE superseded_response ADD COLUMN msa_d3 INTEGER;
ALTER TABLE superseded_response ADD COLUMN msa_d4 INTEGER;
ALTER TABLE superseded_response ADD COLUMN msa_d5 INTEGER;
ALTER TABLE superseded_response ADD COLUMN msa_d6 INTEGER;
ALTER TABLE superseded_response ADD COLUMN msa_d7 INTEGER;
ALTER TABLE superseded_response ADD COLUMN mss_d0 INTEGER;
ALTER TABLE superseded_response ADD COLUMN mss_d1 INTEGER;
ALTER TABLE superseded_response ADD COLUMN mss_d2 INTEGER;
ALTER TABLE superseded_response ADD COLUMN mss_d3 INTEGER;
ALTER TABLE superseded_response ADD COLUMN mss_d4 INTEGER;
ALTER TABLE superseded_response ADD COLUMN mss_d5 INTEGER;
ALTER TABLE superseded_response ADD COLUMN mss_d6 INTEGER;
ALTER TABLE superseded_response ADD COLUMN mss_d7 INTEGER;
ALTER TABLE superseded_response ADD COLUMN zone_p_d0 INTEGER;
ALTER TABLE superseded_response ADD COLUMN zone_p_d1 INTEGER;
ALTER TABLE superseded_response ADD COLUMN zone_p_d2 INTEGER;
ALTER TABLE superseded_response ADD COLUMN zone_p_d3 INTEGER;
ALTER TABLE superseded_response ADD COLUMN zone_p_d4 INTEGER;
ALTER TABLE superseded_response ADD COLUMN zone_p_d5 INTEGER;
ALTER TABLE superseded_response ADD COLUMN zone_p_d6 INTEGER;
ALTER TABLE superseded_response ADD COLUMN zone_p_d7 INTEGER;
ALTER TABLE superseded_response ADD COLUMN predicted_d0 INTEGER;
ALTER TABLE superseded_response ADD COLUMN predicted_d1 INTEGER;
ALTER TABLE superseded_response ADD COLUMN predicted_d2 INTEGER;
ALTER TABLE superseded_response ADD COLUMN predicted_d3 INTEGER;
ALTER TABLE superseded_response ADD COLUMN predicted_d4 INTEGER;
ALTER TABLE superseded_response ADD COLUMN predicted_d5 INTEGER;
ALTER TABLE superseded_response ADD COLUMN predicted_d6 INTEGER;
ALTER TABLE superseded_response ADD COLUMN predicted_d7 INTEGER;
ALTER TABLE superseded_response ADD COLUMN block SMALLINT;
ALTER TABLE superseded_response ADD COLUMN answered SMALLINT;
ALTER TABLE superseded_response ADD COLUMN alike SMALLINT;
