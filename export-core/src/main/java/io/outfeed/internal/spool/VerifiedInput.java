package io.outfeed.internal.spool;

import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.io.DigestOutput;
import io.outfeed.run.ExportRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Reads a staged file, and compares its bytes with the ledger at the end. Skipped bytes are read, so that they count.
 */
public final class VerifiedInput extends InputStream {

    private final InputStream in;
    private final ExportRun run;
    private final StagedFile file;
    private final DigestOutput passed = new DigestOutput(OutputStream.nullOutputStream());
    private boolean asStaged;

    public VerifiedInput(InputStream in, ExportRun run, StagedFile file) {
        this.in = in;
        this.run = run;
        this.file = file;
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
        asStaged = passed.bytes() == file.bytes() && passed.sha256().equals(file.sha256());
        if (!asStaged) {
            throw new IOException("the bytes of " + file.path()
                    + " are not those that were staged: do not use what was read, and find out what has changed them in"
                    + " the engine's directory; reExport() exports the run's windows afresh" + Context.of(run));
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
