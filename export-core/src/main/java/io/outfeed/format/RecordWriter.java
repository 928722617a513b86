package io.outfeed.format;

import java.io.Closeable;
import java.io.IOException;

/** Writes the records of one file, one after the other, and keeps none of them. Used by one thread. */
public interface RecordWriter extends Closeable {

    /**
     * Writes one record whole, or nothing of it.
     *
     * @param cells its cells; they hold another record after the call
     * @throws RejectedCellException if a cell can't be written in this format; nothing of the record was written then,
     *     and others may follow
     * @throws IOException if the file does not take the bytes
     */
    void write(RecordCells cells) throws IOException;

    /**
     * Counts the bytes of what was written so far, whether or not they have left the writer.
     *
     * @return the size that the file would have if it ended here
     */
    long bytes();

    /**
     * Hands on everything that was written so far.
     *
     * @throws IOException if the file does not take the bytes
     */
    void flush() throws IOException;

    /**
     * Ends the file, flushes it and closes what takes the bytes.
     *
     * @throws IOException if the file does not take the bytes
     */
    @Override
    void close() throws IOException;
}
