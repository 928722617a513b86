package io.outfeed.internal.document;

import io.outfeed.internal.state.Document;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A step of a run as text: a head, and the lines of a document with the whole run or with a change.
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
 * @param whole whether the lines have the whole run
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

    private static String headChecksum(String head) {
        return Document.checksum(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * The head of a record in a file.
     *
     * @param text the line
     * @param index that of the step
     * @param whole whether the step has the whole run
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

        boolean isCutShort(byte[] content) {
            return end > content.length;
        }

        /** Whether the record is there, with its checksum. */
        boolean isSound(byte[] content) {
            return !isCutShort(content) && checksum.equals(Document.checksum(linesOf(content)));
        }

        private byte[] linesOf(byte[] content) {
            return Arrays.copyOfRange(content, body, Math.toIntExact(end));
        }

        StepRecord record(byte[] content) {
            return new StepRecord(index, whole, new String(linesOf(content), StandardCharsets.UTF_8));
        }
    }

    /** Returns the first place of a byte from a place on, or -1. */
    static int indexOf(byte[] content, int begin, int value) {
        for (int i = begin; i < content.length; i++) {
            if (content[i] == value) {
                return i;
            }
        }
        return -1;
    }
}
