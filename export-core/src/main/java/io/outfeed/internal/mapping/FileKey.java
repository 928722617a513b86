package io.outfeed.internal.mapping;

/**
 * Which of a run's files a row goes to. Both are safe names, so that a slash can part them.
 *
 * @param folder the folder that the file lies in; empty for none
 * @param partition the value that the file's name has; empty for none
 */
public record FileKey(String folder, String partition) {

    /** Reads what {@link #text} gave. */
    public static FileKey of(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? new FileKey(text, "") : new FileKey(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The folder, and behind a slash the partition if there is one. */
    String text() {
        return partition.isEmpty() ? folder : folder + "/" + partition;
    }
}
