package io.outfeed.file.transform;

import io.outfeed.internal.io.UndatedZip;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.ZipInputStream;

/**
 * Makes each file the only entry of a zip archive, with the ending {@code .zip}; the entry has the name without that:
 * call the file {@code visits-{sequence}.csv.zip}. Beyond 4 GiB it is Zip64. The same rows give the same bytes on the
 * same build of the JDK, since no times are included. For one archive of all files of a run see {@link
 * io.outfeed.ExportJob.Builder#archive(String)}.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class Zip implements FileTransform {

    private static final Zip DEFAULTS = new Zip(Level.DEFAULT);

    private final Level level;

    private Zip(Level level) {
        this.level = level;
    }

    /**
     * Returns zip at the usual level.
     *
     * @return the transform
     */
    public static Zip defaults() {
        return DEFAULTS;
    }

    /**
     * Returns zip at a level.
     *
     * @param level 1 for the fastest to 9 for the smallest files
     * @return the transform
     * @throws IllegalArgumentException if the level is another one
     */
    public static Zip level(int level) {
        return new Zip(Level.of(level));
    }

    @Override
    public String ending() {
        return ".zip";
    }

    @Override
    public String fingerprint() {
        return toString();
    }

    @Override
    public OutputStream write(Content content, OutputStream out) throws IOException {
        UndatedZip zip = new UndatedZip(out);
        zip.setLevel(level.value());
        zip.beginEntry(content.name());
        return zip;
    }

    @Override
    public Optional<InputStream> undo(InputStream in) throws IOException {
        ZipInputStream zip = new ZipInputStream(in, StandardCharsets.UTF_8);
        try {
            if (zip.getNextEntry() == null) {
                throw new IOException("the file is no zip archive");
            }
        } catch (IllegalArgumentException e) { // for a name that is no UTF-8, by some JDKs
            throw new IOException("the name of an entry can't be read", e);
        }
        return Optional.of(zip);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Zip that && level.equals(that.level);
    }

    @Override
    public int hashCode() {
        return 31 + level.hashCode();
    }

    /** The name, and the level unless it is the usual one. */
    @Override
    public String toString() {
        return "zip" + level;
    }
}
