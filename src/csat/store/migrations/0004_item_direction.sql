-- Whether the high end of a question's scale is the bad one; its codes are stored turned.
ALTER TABLE item ADD COLUMN reversed BOOLEAN DEFAULT FALSE;
