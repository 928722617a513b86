package io.outfeed.internal.spool;

import io.outfeed.file.PlainBytes;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.io.DigestOutput;
import io.outfeed.run.ExportRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;

/**
 * Reads a file of a run, and compares its bytes with the ledger at the end. Skipped bytes are read, so that they count.
 */
public final class VerifiedInput extends InputStream {

    private final InputStream in;
    private final long bytes;
    private final String sha256;
    private final Supplier<String> ifChanged;
    private final DigestOutput passed = new DigestOutput(OutputStream.nullOutputStream());
    private boolean asStaged;

    /** @param ifChanged gives the message of the failure */
    VerifiedInput(InputStream in, long bytes, String sha256, Supplier<String> ifChanged) {
        this.in = in;
        this.bytes = bytes;
        this.sha256 = sha256;
        this.ifChanged = ifChanged;
    }

    /** Returns what a host reads of a staged file. */
    public static VerifiedInput forHost(InputStream in, ExportRun run, StagedFile file) {
        return forHost(in, run, file, file.bytes(), file.sha256());
    }

    /** Returns what a host reads of the plain bytes of a staged file. */
    public static VerifiedInput ofPlain(InputStream in, ExportRun run, StagedFile file, PlainBytes plain) {
        return forHost(in, run, file, plain.bytes(), plain.sha256());
    }

    private static VerifiedInput forHost(InputStream in, ExportRun run, StagedFile file, long bytes, String sha256) {
        return new VerifiedInput(
                in,
                bytes,
                sha256,
                () -> "the bytes of " + file.path()
                        + " are not those that were staged: do not use what was read, and find out what has changed"
                        + " them in the engine's directory; reExport() exports the run's windows afresh"
                        + Context.of(run));
    }

    /** The bytes are not those of the ledger. */
    static final class ChangedException extends IOException {

        private static final long serialVersionUID = 1L;

        private ChangedException(String message) {
            super(message);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        if (count > 0) {
            passed.write(buffer, offset, count);
        } else if (count < 0) {
            check();
        }
        return count;
    }

    private void check() throws IOException {
        if (asStaged) {
            return;
        }
        asStaged = passed.bytes() == bytes && passed.sha256().equals(sha256);
        if (!asStaged) {
            throw new ChangedException(ifChanged.get());
        }
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
