package io.outfeed.internal.spool;

import io.outfeed.error.ExportException;
import java.io.InputStream;
import java.util.function.Function;

/** Reads a file of a spool: what the host's code throws becomes the failure of the spool, and not of a disk. */
final class SpoolInput extends InputStream {

    private final InputStream in;
    private final Function<Throwable, ExportException> failure;

    SpoolInput(InputStream in, Function<Throwable, ExportException> failure) {
        this.in = in;
        this.failure = failure;
    }

    private interface Call {

        int make() throws Exception;
    }

    private int call(Call call) {
        try {
            return call.make();
        } catch (Throwable e) {
            throw failure.apply(e);
        }
    }

    @Override
    public int read() {
        return call(in::read);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        return call(() -> in.read(buffer, offset, length));
    }

    @Override
    public int available() {
        return call(in::available);
    }

    @Override
    public void close() {
        call(() -> {
            in.close();
            return 0;
        });
    }
}
