package io.outfeed.support;

import io.outfeed.file.FileSpec;
import io.outfeed.file.IfExists;

/** How the files of an export are named, and what becomes of one whose name is taken. */
public enum Naming {
    WITH_SEQUENCE("visits-{sequence}.csv", IfExists.FAIL),
    REPLACED("visits.csv", IfExists.REPLACE),
    KEEP_BOTH("visits.csv", IfExists.KEEP_BOTH),
    WAITING("visits.csv", IfExists.WAIT);

    private final String pattern;
    private final IfExists ifExists;

    Naming(String pattern, IfExists ifExists) {
        this.pattern = pattern;
        this.ifExists = ifExists;
    }

    public void applyTo(FileSpec.Builder file) {
        file.name(pattern).ifExists(ifExists);
    }
}
