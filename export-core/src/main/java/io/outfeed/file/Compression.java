package io.outfeed.file;

import io.outfeed.internal.io.UndatedZip;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How a file is compressed while it is staged: what is delivered, counted in bytes and hashed is the compressed file.
 * The same rows give the same bytes, on one build of the JDK: no time and no name of a machine is in them.
 */
public enum Compression {
    /** Not at all. The default. */
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
     * Returns how the names of such files end.
     *
     * @return {@code .gz}, {@code .zip}, or nothing
     */
    public String ending() {
        return ending;
    }

    /**
     * Compresses what is written.
     *
     * @param name the name of the file
     * @param out takes the compressed bytes; closed with what is returned
     * @return takes the bytes to compress
     * @throws IOException if {@code out} does not take the first bytes
     */
    public OutputStream compress(String name, OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out, BUFFER);
            case ZIP -> {
                UndatedZip zip = new UndatedZip(out);
                zip.begin(name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : name);
                yield zip;
            }
        };
    }
}
