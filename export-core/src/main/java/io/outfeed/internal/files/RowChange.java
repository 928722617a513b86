package io.outfeed.internal.files;

/** How a row differs from what was delivered before. */
public enum RowChange {
    ADDED("added"),
    CHANGED("changed"),
    REMOVED("removed");

    private final String word;

    RowChange(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
