package io.outfeed.source;

/** In which order a source gives the records of a window. */
public enum SourceOrder {
    /** Any order. The default: where the engine needs records in the order of their keys, it sorts them on the disk. */
    ANY,
    /**
     * Ascending by the key: whole numbers by their value, everything else as text by its code points, which is
     * {@code ORDER BY id COLLATE "C"} in PostgreSQL. The engine checks it, and a record out of order is a
     * {@link io.outfeed.error.SourceException}.
     */
    BY_KEY
}
