package io.outfeed.internal.staging;

/**
 * Which of a run's files a row goes to. Both are safe names, so that a slash can part them.
 *
 * @param folder the folder that the file lies in; empty for none
 * @param partition the value that the file's name has; empty for none
 */
record Place(String folder, String partition) {

    /** Reads what {@link #text} gave. */
    static Place of(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? new Place(text, "") : new Place(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The folder, and behind a slash the partition if there is one. */
    String text() {
        return partition.isEmpty() ? folder : folder + "/" + partition;
    }
}
