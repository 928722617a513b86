package io.outfeed.internal.files;

/** What became of a row since it was delivered. */
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
