package io.outfeed.internal.staging;

/** What became of a row since it was delivered. */
enum Change {
    ADDED("added"),
    CHANGED("changed"),
    REMOVED("removed");

    private final String word;

    Change(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
