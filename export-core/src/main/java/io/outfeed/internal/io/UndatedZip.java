package io.outfeed.internal.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A zip archive without timestamps, so that the same entries give the same bytes. Beyond 4 GiB it is Zip64. Used by one
 * thread.
 */
public final class UndatedZip extends ZipOutputStream {

    private static final int BUFFER = 8 * 1024;

    /** The first time that an archive can have. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    public UndatedZip(OutputStream out) {
        super(new BufferedOutputStream(out, BUFFER)); // the headers of an entry come byte by byte
    }

    /** Begins an entry, and ends the previous one. */
    public void beginEntry(String entry) throws IOException {
        ZipEntry next = new ZipEntry(entry);
        next.setTimeLocal(NO_TIME);
        putNextEntry(next);
    }
}
