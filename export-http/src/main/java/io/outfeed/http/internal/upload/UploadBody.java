package io.outfeed.http.internal.upload;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.internal.io.Sha256;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The body of one request: a file, alone or in a form. It counts what the client has taken of it. The client reads it
 * in threads of its own.
 */
final class UploadBody implements TransferProgress, Closeable {

    private static final String FORM = "multipart/form-data; boundary=";

    private final OutgoingFile file;
    private final byte[] before;
    private final byte[] after;
    private final String contentType;
    private final String digest;
    private final AtomicLong taken = new AtomicLong();

    /** What the client reads; it closes it at its end only. */
    private InputStream open = InputStream.nullInputStream();

    private boolean closed;

    private UploadBody(OutgoingFile file, byte[] before, byte[] after, String contentType, String digest) {
        this.file = file;
        this.before = before;
        this.after = after;
        this.contentType = contentType;
        this.digest = digest;
    }

    /** The bytes of a file, and nothing else. */
    static UploadBody of(OutgoingFile file, String contentType) {
        return new UploadBody(
                file,
                new byte[0],
                new byte[0],
                contentType,
                sha256(HexFormat.of().parseHex(file.file().sha256())));
    }

    /** A form, whose bytes are read once more to have their digest. */
    static UploadBody inForm(OutgoingFile file, String contentType, UploadForm form) throws IOException {
        String boundary = "outfeed-" + UUID.randomUUID();
        byte[] before = form.before(boundary, file.file().name(), contentType);
        byte[] after = form.after(boundary);
        MessageDigest digest = Sha256.newDigest();
        try (InputStream in =
                new DigestInputStream(sequence(before, Files.newInputStream(file.content()), after), digest)) {
            long unused = in.transferTo(OutputStream.nullOutputStream());
        }
        return new UploadBody(file, before, after, FORM + boundary, sha256(digest.digest()));
    }

    private static String sha256(byte[] hash) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
    }

    String contentType() {
        return contentType;
    }

    /** The value of {@code Content-Digest}, as RFC 9530 has it. */
    String digest() {
        return digest;
    }

    BodyPublisher publisher() {
        return length() == 0
                ? BodyPublishers.ofByteArray(new byte[0])
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::open), length());
    }

    private long length() {
        return before.length + file.file().bytes() + after.length;
    }

    private synchronized InputStream open() {
        try {
            if (closed) {
                throw new IOException("the request has ended");
            }
            open.close();
            open = new Counting(sequence(before, Files.newInputStream(file.content()), after));
            return open;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream sequence(byte[] before, InputStream content, byte[] after) {
        return new SequenceInputStream(Collections.enumeration(
                List.of(new ByteArrayInputStream(before), content, new ByteArrayInputStream(after))));
    }

    @Override
    public long transferred() {
        return taken.get();
    }

    /** Whether the client has taken all of it, so that the receiver may have it. */
    boolean isWhole() {
        return taken.get() >= length();
    }

    /** Closes the file, of which nothing more is read. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        open.close();
    }

    private final class Counting extends FilterInputStream {

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = in.read(target, offset, length);
            if (count > 0) {
                long all = taken.addAndGet(count);
                file.sent(Math.max(0, Math.min(all - before.length, file.file().bytes())));
            }
            return count;
        }
    }
}
