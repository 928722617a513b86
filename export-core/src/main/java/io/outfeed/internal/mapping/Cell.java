package io.outfeed.internal.mapping;

import io.outfeed.format.CellType;

/**
 * A cell that is not empty.
 *
 * @param type what the text stands for
 */
public record Cell(String text, CellType type) {

    /** Omits the text, which may be personal. */
    @Override
    public String toString() {
        return type + " cell";
    }
}
