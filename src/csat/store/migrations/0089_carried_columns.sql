-- The column of its file in which a comment stood, so that a later file without that column leaves
-- it alone; NULL where it was loaded before this was kept.
ALTER TABLE comment ADD COLUMN asked VARCHAR;
ALTER TABLE superseded_comment ADD COLUMN asked VARCHAR;
