package io.outfeed.file.transform;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Compresses files by gzip, with the ending {@code .gz}. The same rows give the same bytes on the same build of the
 * JDK, since neither times nor names are included.
 *
 * <p>Immutable, comparable and thread-safe.
 */
public final class Gzip implements FileTransform {

    private static final int BUFFER = 8 * 1024;

    private static final Gzip DEFAULTS = new Gzip(Level.DEFAULT);

    private final Level level;

    private Gzip(Level level) {
        this.level = level;
    }

    /**
     * Returns gzip at the usual level.
     *
     * @return the transform
     */
    public static Gzip defaults() {
        return DEFAULTS;
    }

    /**
     * Returns gzip at a level.
     *
     * @param level 1 for the fastest to 9 for the smallest files
     * @return the transform
     * @throws IllegalArgumentException if the level is another one
     */
    public static Gzip level(int level) {
        return new Gzip(Level.of(level));
    }

    @Override
    public String ending() {
        return ".gz";
    }

    @Override
    public String fingerprint() {
        return toString();
    }

    @Override
    public OutputStream write(Content content, OutputStream out) throws IOException {
        return new Output(out, level);
    }

    @Override
    public Optional<InputStream> undo(InputStream in) throws IOException {
        return Optional.of(new GZIPInputStream(in, BUFFER));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Gzip that && level.equals(that.level);
    }

    @Override
    public int hashCode() {
        return level.hashCode();
    }

    /** The name, and the level unless it is the usual one. */
    @Override
    public String toString() {
        return "gzip" + level;
    }

    private static final class Output extends GZIPOutputStream {

        private Output(OutputStream out, Level level) throws IOException {
            super(out, BUFFER);
            def.setLevel(level.value());
        }
    }
}
