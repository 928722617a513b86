package io.outfeed.file;

import io.outfeed.internal.io.UndatedZip;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How a file is compressed while it is staged: the compressed file is delivered, counted in bytes and hashed. The same
 * rows give the same bytes on the same build of the JDK, since neither times nor names of machines are included.
 */
public enum Compression {
    /** No compression. The default. */
    NONE(""),
    /** By gzip. The name must end with {@code .gz}. */
    GZIP(".gz"),
    /**
     * As the only entry of a zip archive. The name must end with {@code .zip}, and the entry has the name without that:
     * call the file {@code visits-{sequence}.csv.zip}. Beyond 4 GiB it is Zip64. For one archive of all files of a run
     * see {@link io.outfeed.ExportJob.Builder#archive(String)}.
     */
    ZIP(".zip");

    private static final int BUFFER = 8 * 1024;

    private final String ending;

    Compression(String ending) {
        this.ending = ending;
    }

    /**
     * Returns the ending of the names of such files.
     *
     * @return {@code .gz}, {@code .zip}, or an empty text
     */
    public String ending() {
        return ending;
    }

    /**
     * Returns a stream that compresses what is written to it.
     *
     * @param name the name of the file
     * @param out receives the compressed bytes; closed with the returned stream
     * @return the stream for the bytes to compress
     * @throws IOException if writing the first bytes to {@code out} fails
     */
    public OutputStream compress(String name, OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out, BUFFER);
            case ZIP -> {
                UndatedZip zip = new UndatedZip(out);
                zip.beginEntry(name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name);
                yield zip;
            }
        };
    }
}
