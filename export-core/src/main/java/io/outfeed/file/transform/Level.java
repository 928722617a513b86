package io.outfeed.file.transform;

import java.util.zip.Deflater;

/**
 * How much time compression takes for how small a result.
 *
 * @param value 1 to 9, or what zlib has for its default
 */
record Level(int value) {

    static final Level DEFAULT = new Level(Deflater.DEFAULT_COMPRESSION);

    static Level of(int value) {
        if (value < Deflater.BEST_SPEED || value > Deflater.BEST_COMPRESSION) {
            throw new IllegalArgumentException("the level must be 1 to 9, not " + value);
        }
        return new Level(value);
    }

    /** What follows the name of the compression; empty for the default. */
    @Override
    public String toString() {
        return value == Deflater.DEFAULT_COMPRESSION ? "" : " (level " + value + ")";
    }
}
