package io.outfeed.file.transform;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.Problem;
import io.outfeed.format.FileLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Makes other bytes of those of a file, after its format: it compresses or encrypts them. The result is delivered,
 * counted in bytes and hashed, and kept for redeliveries: a file is transformed once.
 *
 * <p>An SPI; {@link Gzip} and {@link Zip} implement it. Used by many threads at once: it must be immutable, and should
 * be comparable. Its {@code toString} is shown in messages, and must not have a secret. {@code FileTransformContract}
 * of export-testing tests an implementation.
 */
public interface FileTransform {

    /**
     * Returns what the transform adds to the name of a file.
     *
     * @return a dot and up to 15 small letters and digits, such as {@code .gz}; always the same
     */
    String ending();

    /**
     * Returns whether only the receivers can read the result. Such a file may have sensitive fields and be delivered in
     * any way.
     *
     * @return false by default
     */
    default boolean encrypts() {
        return false;
    }

    /**
     * Returns what prevents it from transforming files of a layout, when a definition or a job is built.
     *
     * @param layout the columns of the files
     * @return the problems, as clauses; none by default
     */
    default List<String> problems(FileLayout layout) {
        return List.of();
    }

    /**
     * Returns what distinguishes it from another transform of the same ending: a run that has published nothing is
     * planned anew if it differs. Compared only, and never shown.
     *
     * @return a text without a secret, which must be the same after a restart; the ending by default
     */
    default String fingerprint() {
        return ending();
    }

    /**
     * Begins a file. Called on the thread of the run. What is written to the returned stream is passed on transformed,
     * in small memory however large the file is. Closing the stream completes the file; after a failure it is closed
     * too, and what it writes then is discarded.
     *
     * @param content what is known of the bytes to transform
     * @param out receives the result; closing it has no effect
     * @return the stream for the bytes to transform
     * @throws IOException if writing to {@code out} fails
     * @throws io.outfeed.error.TransformException if something that it needs is missing, such as a key: its code
     *     decides whether the run is tried again. Anything else counts as a mistake in the transform
     */
    OutputStream write(Content content, OutputStream out) throws IOException;

    /**
     * Reads back what {@link #write} has written, for people and the search of records.
     *
     * @param in the transformed bytes; closed with the returned stream
     * @return the bytes before the transform; empty by default: then nothing was read
     * @throws IOException if the bytes are not those of such a file
     */
    default Optional<InputStream> undo(InputStream in) throws IOException {
        return Optional.empty();
    }

    /**
     * Checks that what it needs is there, such as valid keys. Called by {@link
     * io.outfeed.operation.JobHandle#check()}, and regularly if the engine checks destinations.
     *
     * @param now the time of the engine
     * @return what is wrong, or soon will be, and what to do; none by default
     */
    default List<Problem> check(Instant now) {
        return List.of();
    }

    /**
     * What is known of the bytes to transform.
     *
     * @param name the name of the file without the ending of the transform
     * @param at the time of the engine
     */
    record Content(String name, Instant at) {

        /**
         * Checks that nothing is missing.
         *
         * @param name the name of the file without the ending of the transform
         * @param at the time of the engine
         */
        public Content {
            requireNonNull(name, "name");
            requireNonNull(at, "at");
        }
    }
}
