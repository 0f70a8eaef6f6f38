-- What the database is, see driver.Role: 0 an original, 1 a copy, 2 an unfinished one, 3 moved elsewhere. One row.
CREATE TABLE IF NOT EXISTS standing (
    only_row BOOLEAN NOT NULL PRIMARY KEY,
    role     TINYINT NOT NULL,
    -- The next incarnation begins above this revision.
    least    BIGINT  NOT NULL
) ENGINE = InnoDB;
INSERT IGNORE INTO standing (only_row, role, least) VALUES (TRUE, 0, 0);
