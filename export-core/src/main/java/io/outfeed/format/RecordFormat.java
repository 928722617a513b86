package io.outfeed.format;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * How records become the bytes of a file.
 *
 * <p>An SPI; {@link CsvFormat} and {@link JsonLinesFormat} implement it. A format belongs to a definition and is used
 * by many threads at once: keep no state in it. Make it comparable and give it a {@code toString} that names its
 * options. The same records must always give the same bytes.
 */
public interface RecordFormat {

    /**
     * Says what is wrong with these columns in this format, when a definition is built.
     *
     * @param headers the headers, none of them blank, no two of them equal
     * @return the problems, as clauses; none by default
     */
    default List<String> problems(List<String> headers) {
        return List.of();
    }

    /**
     * Begins a file: writes what stands before the first record, such as a header. Called for every file of a run, so
     * that each can be read alone.
     *
     * @param headers the headers, in order
     * @param out takes the bytes; the writer closes it
     * @return a writer
     * @throws IOException if {@code out} does not take the bytes
     */
    RecordWriter open(List<String> headers, OutputStream out) throws IOException;
}
