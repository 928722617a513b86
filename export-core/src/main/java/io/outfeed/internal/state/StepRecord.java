package io.outfeed.internal.state;

import io.outfeed.error.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record of a file that grows: a head, and the lines of a document. It is a step of a run, with the whole run or with
 * a change, or a version of another small file, always whole.
 *
 * <pre>
 * # outfeed 2 step=3 change bytes=22 crc32=0a1b2c3d head=4e5f6071
 * step.0.state=PREPARED
 * </pre>
 *
 * <p>The head has the size and the checksum of the lines, and a checksum of itself: a wrong size is never mistaken for
 * a record that was cut short.
 *
 * @param index 0 for the first step of the run
 * @param whole whether the lines have all, and what is before does not count
 * @param lines the lines of the document
 */
public record StepRecord(int index, boolean whole, String lines) {

    public static final String BEGINNING = "# outfeed 2 step=";

    private static final Pattern HEAD = Pattern.compile(
            "(" + BEGINNING + "(\\d{1,9}) (whole|change) bytes=(\\d{1,9}) crc32=([0-9a-f]{8})) head=([0-9a-f]{8})");

    /** Returns the record with all characters as they are. */
    public byte[] bytes() {
        return bytes(lines);
    }

    /** Returns the record in printable ASCII characters and line ends. */
    public String ascii() {
        return new String(bytes(Document.ascii(lines)), StandardCharsets.US_ASCII);
    }

    private byte[] bytes(String encoded) {
        byte[] body = encoded.getBytes(StandardCharsets.UTF_8);
        String head = BEGINNING + index + (whole ? " whole" : " change") + " bytes=" + body.length + " crc32="
                + Document.checksum(body);
        byte[] line = (head + " head=" + headChecksum(head) + "\n").getBytes(StandardCharsets.US_ASCII);
        return Document.concatenated(line, body);
    }

    /**
     * Reads the records of a file, in order. The last one is ignored if an interrupted append has left a part of it, or
     * zeros where the disk has not got the bytes: no caller has an answer for it. Whatever else is wrong is damage.
     *
     * @param each gets each record with its head
     * @return where the next record begins
     */
    public static int readAll(String source, byte[] content, BiConsumer<Head, StepRecord> each) {
        int begin = 0;
        while (begin < content.length) {
            Optional<Head> head = Head.at(content, begin);
            if (head.isEmpty() || !head.get().isSound(content)) {
                if (begin == 0 || !isTorn(content, begin, head)) {
                    throw unreadable(source, content, begin);
                }
                break;
            }
            each.accept(head.get(), head.get().record(content));
            begin = Math.toIntExact(head.get().end());
        }
        if (begin == 0) {
            throw unreadable(source, content, 0);
        }
        return begin;
    }

    /** Whether the record at a place is the last one, and an interrupted append explains what is wrong with it. */
    private static boolean isTorn(byte[] content, int begin, Optional<Head> head) {
        if (head.isPresent()) {
            Head known = head.get();
            return known.isCutShort(content) || (known.end() == content.length && indexOf(content, begin, 0) >= 0);
        }
        if (indexOf(content, begin, 0) < 0) {
            return Head.isCutShort(content, begin);
        }
        for (int i = begin + 1; i < content.length; i++) {
            if (content[i] == '#' && Head.at(content, i).isPresent()) {
                return false; // another record follows
            }
        }
        return true;
    }

    /** Returns what is wrong with a record that can't be read. */
    public static StoreException unreadable(String source, byte[] content, int begin) {
        String beginning = new String(
                content, begin, Math.min(content.length - begin, BEGINNING.length()), StandardCharsets.UTF_8);
        if (!beginning.startsWith("# outfeed ")) {
            String what = begin == 0 ? "it does not begin as a file of the store does" : "a step is not legible";
            return Document.damaged(source, what, null);
        }
        if (beginning.matches("# outfeed (?!2)\\d .*")) {
            return Document.newer(source);
        }
        return Document.damaged(source, "its checksum is wrong", null);
    }

    private static String headChecksum(String head) {
        return Document.checksum(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * The head of a record in a file.
     *
     * @param text the line
     * @param index that of the step
     * @param whole whether the lines have all
     * @param body where the lines begin
     * @param end where they end: behind the end of the file, if the record was cut short
     * @param checksum that of the lines
     */
    public record Head(String text, int index, boolean whole, int body, long end, String checksum) {

        /** Finds the head of a record that begins at a place, if there is one that is whole. */
        public static Optional<Head> at(byte[] content, int begin) {
            Matcher head = matcher(content, begin);
            if (!head.lookingAt()
                    || !head.group(6).equals(headChecksum(head.group(1)))
                    || begin + head.end() >= content.length
                    || content[begin + head.end()] != '\n') {
                return Optional.empty();
            }
            int body = begin + head.end() + 1;
            return Optional.of(new Head(
                    head.group(),
                    Integer.parseInt(head.group(2)),
                    head.group(3).equals("whole"),
                    body,
                    body + Long.parseLong(head.group(4)),
                    head.group(5)));
        }

        /** Whether a file ends within the head of a record that begins at a place. */
        static boolean isCutShort(byte[] content, int begin) {
            Matcher head = matcher(content, begin);
            boolean more = head.lookingAt() && begin + head.end() < content.length;
            return !more && indexOf(content, begin, '\n') < 0;
        }

        private static Matcher matcher(byte[] content, int begin) {
            int longest = 120;
            int length = Math.min(content.length - begin, longest);
            return HEAD.matcher(new String(content, begin, length, StandardCharsets.ISO_8859_1));
        }

        private boolean isCutShort(byte[] content) {
            return end > content.length;
        }

        /** Whether the record is there, with its checksum. */
        public boolean isSound(byte[] content) {
            return !isCutShort(content) && checksum.equals(Document.checksum(linesOf(content)));
        }

        private byte[] linesOf(byte[] content) {
            return Arrays.copyOfRange(content, body, Math.toIntExact(end));
        }

        /** Returns the record; its lines must be there. */
        public StepRecord record(byte[] content) {
            return new StepRecord(index, whole, new String(linesOf(content), StandardCharsets.UTF_8));
        }
    }

    /** Returns the first place of a byte from a place on, or -1. */
    private static int indexOf(byte[] content, int begin, int value) {
        for (int i = begin; i < content.length; i++) {
            if (content[i] == value) {
                return i;
            }
        }
        return -1;
    }
}
