package io.outfeed.internal.format;

import io.outfeed.file.CellType;

/**
 * A cell that is not empty.
 *
 * @param type what the text stands for
 */
public record Cell(String text, CellType type) {

    /** Says nothing of the text. */
    @Override
    public String toString() {
        return type + " cell";
    }
}
