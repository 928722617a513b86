package io.outfeed.http.internal.upload;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares what a receiver has with a file. Used by one thread at a time. */
final class FileComparison implements ReadBack.Sink, AutoCloseable {

    private final InputStream own;
    private boolean different;

    FileComparison(Path content) throws IOException {
        this.own = new BufferedInputStream(Files.newInputStream(content));
    }

    @Override
    public synchronized boolean take(ByteBuffer bytes) throws IOException {
        byte[] expected = own.readNBytes(bytes.remaining());
        different = !bytes.equals(ByteBuffer.wrap(expected));
        return !different;
    }

    /** Whether the receiver has another file: not this one, nor a part of it from its beginning. */
    synchronized boolean isDifferent() {
        return different;
    }

    /** Whether the receiver has all of the file; requires that its bytes were read to their end. */
    synchronized boolean isWhole() throws IOException {
        return !different && own.read() < 0;
    }

    @Override
    public void close() throws IOException {
        own.close();
    }
}
