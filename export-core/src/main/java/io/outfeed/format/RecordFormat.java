package io.outfeed.format;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file format for records.
 *
 * <p>An SPI; {@link CsvFormat}, {@link JsonFormat}, {@link io.outfeed.format.fixed.FixedWidthFormat} and {@code
 * XlsxFormat} of export-xlsx implement it. A format belongs to a definition and is used by many threads at once: it
 * must be stateless. It should be comparable, with a {@code toString} that names its options. The same records must
 * always give the same bytes. {@code RecordFormatContract} of export-testing tests an implementation.
 */
public interface RecordFormat {

    /**
     * Returns the problems of columns in this format, when a definition is built.
     *
     * @param layout the columns
     * @return the problems, as clauses; none by default
     */
    default List<String> problems(FileLayout layout) {
        return List.of();
    }

    /**
     * Returns the fields whose sums it writes: the engine adds them up for {@link RecordWriter#finish}, and rejects
     * records that have no number in them.
     *
     * @return their names; none by default
     */
    default Set<String> sums() {
        return Set.of();
    }

    /**
     * Returns whether {@link RecordWriter#bytes} grows with each record by what it adds to the file.
     *
     * @return true by default; false for a format whose size is known at the end only, such as one that compresses:
     *     {@code splitAfterBytes} is refused for it when a definition is built
     */
    default boolean measuresRecords() {
        return true;
    }

    /**
     * Returns a text that changes with the options, by which the engine knows that a run was planned with others.
     *
     * @return a text that is compared only; empty by default, and a change of options is not known
     */
    default String fingerprint() {
        return "";
    }

    /**
     * Returns what a receiver's program needs to know to read the format.
     *
     * @return the description, for the data package of a run; empty by default
     */
    default Optional<FormatDescription> description() {
        return Optional.empty();
    }

    /**
     * Begins a file: writes everything before the first record, such as a header. Called for every file of a run, so
     * that each can be read on its own.
     *
     * @param layout the columns, which have no {@link #problems}
     * @param out receives the bytes; the writer closes it
     * @return a writer
     * @throws IOException if writing to {@code out} fails
     */
    RecordWriter open(FileLayout layout, OutputStream out) throws IOException;
}
