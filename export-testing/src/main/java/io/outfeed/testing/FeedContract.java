package io.outfeed.testing;

import io.outfeed.ExportJob;
import io.outfeed.dictionary.DataDictionary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares what a job delivers with what was agreed with its receiver: a file in the host's repository, which is the
 * job's {@link DataDictionary} in Markdown. A change of columns, types, codes or format fails the host's build until a
 * person has changed the agreement too:
 *
 * <pre>{@code
 * @Test
 * void should_deliver_what_was_agreed_with_lakeside() {
 *     FeedContract.in(Path.of("src/test/feeds/lakeside.md")).check(job);
 * }
 * }</pre>
 *
 * <p>Run the test with {@code -Doutfeed.contract=write} to write the file, and read what has changed before it is
 * committed. Immutable.
 */
public final class FeedContract {

    /** The system property that makes {@link #check} write the file: {@code outfeed.contract=write}. */
    public static final String PROPERTY = "outfeed.contract";

    private static final int MOST_LINES = 20;

    private final Path file;

    private FeedContract(Path file) {
        this.file = file;
    }

    /**
     * Returns the contract of a file.
     *
     * @param file a text in UTF-8, such as {@code src/test/feeds/lakeside.md}
     * @return the contract
     */
    public static FeedContract in(Path file) {
        return new FeedContract(file);
    }

    /**
     * Checks that a job delivers what was agreed.
     *
     * @param job the job
     * @throws AssertionError if it does not, with the lines that differ, or if there is no such file
     * @throws IOException if the file can't be read or written
     */
    public void check(ExportJob job) throws IOException {
        String now = DataDictionary.of(job).toMarkdown();
        if ("write".equals(System.getProperty(PROPERTY))) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, now);
            return;
        }
        String how = ": read what has changed, agree it with the receiver, and run the test with -D" + PROPERTY
                + "=write to write the file";
        if (!Files.exists(file)) {
            throw new AssertionError(file + " is missing, the contract of " + job + how);
        }
        String agreed = Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\n");
        if (!agreed.equals(now)) {
            throw new AssertionError(job + " does not deliver what was agreed in " + file + how + "\n"
                    + String.join("\n", differences(agreed, now)));
        }
    }

    private static List<String> differences(String agreed, String now) {
        Set<String> before = new LinkedHashSet<>(agreed.lines().toList());
        Set<String> after = new LinkedHashSet<>(now.lines().toList());
        List<String> differences = new ArrayList<>();
        before.stream().filter(line -> !after.contains(line)).forEach(line -> differences.add("- " + line));
        after.stream().filter(line -> !before.contains(line)).forEach(line -> differences.add("+ " + line));
        if (differences.isEmpty()) {
            differences.add("the lines have another order");
        }
        return differences.size() <= MOST_LINES ? differences : List.copyOf(differences.subList(0, MOST_LINES));
    }

    /** The file. */
    @Override
    public String toString() {
        return "feed contract in " + file;
    }
}
