package io.outfeed.mail.internal.message;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.StagedFile;
import jakarta.activation.DataSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An attachment that is read from a staged file while it is sent. At its end the bytes must have the SHA-256 of the
 * staged file; otherwise reading fails, and the message is cut off before the server can accept it.
 */
public final class FileAttachment implements DataSource {

    private final OutgoingFile file;
    private final LongConsumer sent;

    /** @param sent gets how many bytes of the file were read so far */
    FileAttachment(OutgoingFile file, LongConsumer sent) {
        this.file = file;
        this.sent = sent;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        try {
            return new Verified(Files.newInputStream(file.content()), sha256(), file.file(), sent);
        } catch (IOException e) {
            throw new UnreadableException(file.file(), "can't open the staged file", e);
        }
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        throw new IOException("a staged file is never changed");
    }

    @Override
    public String getContentType() {
        String name = file.file().name().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return "text/csv; charset=UTF-8";
        }
        return name.endsWith(".xlsx")
                ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                : "application/octet-stream";
    }

    @Override
    public String getName() {
        return file.file().name();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Sending failed because of the file, not of the connection. The message begins with the file. */
    public static final class UnreadableException extends IOException {

        private static final long serialVersionUID = 1L;

        UnreadableException(StagedFile file, String problem, @Nullable IOException cause) {
            super(file.path() + ": " + problem, cause);
        }
    }

    private static final class Verified extends FilterInputStream {

        private final MessageDigest digest;
        private final StagedFile file;
        private final LongConsumer sent;
        private long passed;
        private boolean verified;

        Verified(InputStream in, MessageDigest digest, StagedFile file, LongConsumer sent) {
            super(in);
            this.digest = digest;
            this.file = file;
            this.sent = sent;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int count = read(one, 0, 1);
            return count < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count;
            try {
                count = in.read(buffer, offset, length);
            } catch (IOException e) {
                throw new UnreadableException(file, "can't read the staged file", e);
            }
            if (count > 0) {
                digest.update(buffer, offset, count);
                passed += count;
                sent.accept(passed);
            } else if (count < 0) {
                verify();
            }
            return count;
        }

        private void verify() throws UnreadableException {
            if (!verified && !HexFormat.of().formatHex(digest.digest()).equals(file.sha256())) {
                throw new UnreadableException(file, "the file is not what was staged: its SHA-256 differs", null);
            }
            verified = true;
        }

        @Override
        public long skip(long count) {
            return 0; // what is skipped would not be verified
        }
    }
}
