package io.outfeed.internal.mapping;

/**
 * Identifies the file of a run that a row is written to. Both parts are safe names, so that a slash can separate them.
 *
 * @param folder the folder that the file lies in; empty for none
 * @param partition the value in the file's name; empty for none
 */
public record FileKey(String folder, String partition) {

    /** Parses the result of {@link #text}. */
    public static FileKey of(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? new FileKey(text, "") : new FileKey(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Returns the folder, followed by a slash and the partition if there is one. */
    String text() {
        return partition.isEmpty() ? folder : folder + "/" + partition;
    }
}
