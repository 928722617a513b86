package io.outfeed.s3.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import software.amazon.awssdk.http.ContentStreamProvider;

/** A part of a file, as the body of a request. Used by one request at a time; close it afterwards. */
final class FileSlice implements ContentStreamProvider, AutoCloseable {

    private static final int BUFFER = 64 << 10;

    private final Path file;
    private final long offset;
    private final long length;

    /** The stream of the last try: the SDK reads a body once for its signature, and again to send it. */
    private InputStream open = InputStream.nullInputStream();

    FileSlice(Path file, long offset, long length) {
        this.file = file;
        this.offset = offset;
        this.length = length;
    }

    long length() {
        return length;
    }

    @Override
    public InputStream newStream() {
        try {
            open.close();
            open = new Bounded(new BufferedInputStream(opened(), BUFFER), length);
            return open;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream opened() throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            in.skipNBytes(offset);
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Reads it into digests.
     *
     * @throws IOException if the file can't be read, or has become shorter
     */
    void digest(MessageDigest... digests) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long read = 0;
        try (InputStream in = newStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                for (MessageDigest digest : digests) {
                    digest.update(buffer, 0, count);
                }
                read += count;
            }
        }
        if (read != length) {
            throw new IOException(file + " became shorter while it was read");
        }
    }

    @Override
    public void close() throws IOException {
        open.close();
    }

    /** Ends after a number of bytes. */
    private static final class Bounded extends InputStream {

        private final InputStream in;
        private long left;

        Bounded(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int next = in.read();
            left -= next < 0 ? 0 : 1;
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return length == 0 ? 0 : -1;
            }
            int count = in.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(count, 0);
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
