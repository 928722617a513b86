package io.outfeed.format;

import java.io.Closeable;
import java.io.IOException;

/**
 * Writes the records of one file, one after the other, without holding them: a run may write hundreds of files with
 * millions of records. Used by one thread.
 */
public interface RecordWriter extends Closeable {

    /**
     * Writes one record as a whole, or nothing of it.
     *
     * @param cells its cells; they hold another record after the call
     * @throws RejectedCellException if a cell can't be written in this format; nothing of the record was written then,
     *     and others may follow
     * @throws IOException if the file does not take the bytes
     */
    void write(RecordCells cells) throws IOException;

    /**
     * Returns the number of bytes that were written so far, flushed or not.
     *
     * @return the size that the file would have if it ended here; less for a format that does not {@linkplain
     *     RecordFormat#measuresRecords measure records}, which holds back some of it
     */
    long bytes();

    /**
     * Flushes everything that was written so far.
     *
     * @throws IOException if the file does not take the bytes
     */
    void flush() throws IOException;

    /**
     * Writes everything after the last record, such as a trailer. Called once, before {@link #close}, for a file that
     * is complete; a file that is given up is closed without it.
     *
     * @param totals what the file has in all
     * @throws IOException if the file does not take the bytes
     */
    void finish(FileTotals totals) throws IOException;

    /**
     * Ends the file, flushes it and closes the underlying stream. Closing twice does nothing.
     *
     * @throws IOException if the file does not take the bytes
     */
    @Override
    void close() throws IOException;
}
