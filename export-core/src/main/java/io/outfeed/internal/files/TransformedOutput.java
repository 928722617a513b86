package io.outfeed.internal.files;

import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.TransformException;
import io.outfeed.file.PlainBytes;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.FileTransform.Content;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.io.DigestOutput;
import io.outfeed.internal.transform.CompressorThreads;
import io.outfeed.internal.transform.PipelinedOutput;
import io.outfeed.internal.transform.TransformChain;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the plain bytes of a file through its transforms while they are written, and counts and hashes both ends. What
 * a transform throws is its failure, unless the disk has failed. Used by one thread, also if the first transform
 * compresses on another one.
 */
final class TransformedOutput extends OutputStream {

    private static final Logger log = LoggerFactory.getLogger(TransformedOutput.class);

    private final TransformChain chain;
    private final CompressorThreads compressors;
    private final String at;
    private final Sink sink;
    private final DigestOutput sent;
    private final DigestOutput plain;

    /** The streams of the transforms, the first one on top. */
    private final Deque<OutputStream> streams = new ArrayDeque<>();

    /** What a transform writes to: knows whether the disk has failed, and discards what follows an abort. */
    private static final class Sink extends FilterOutputStream {

        private boolean failed;

        private Sink(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            try {
                out.write(buffer, offset, length);
            } catch (IOException e) {
                failed = true;
                throw e;
            }
        }

        private void discard() {
            out = OutputStream.nullOutputStream();
        }
    }

    /** Lets each stream be closed by its owner only. */
    private static final class Unclosed extends FilterOutputStream {

        private Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            out.write(buffer, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    private interface Step {

        void run() throws IOException;
    }

    private TransformedOutput(
            TransformChain chain, CompressorThreads compressors, OutputStream out, OutputStream copy, String at) {
        this.chain = chain;
        this.compressors = compressors;
        this.at = at;
        this.sink = new Sink(out);
        this.sent = new DigestOutput(sink);
        this.plain = chain.isEmpty() ? sent : new DigestOutput(copy);
    }

    /**
     * Begins a file.
     *
     * @param chain its transforms
     * @param compressors compress the plain bytes beside the thread that writes them, if that comes first
     * @param name its name, with the endings of all transforms
     * @param now the time of the engine
     * @param out receives what is sent; not closed
     * @param copy receives the plain bytes too, if there are transforms; not closed
     * @param at the job and the run, for messages
     */
    static TransformedOutput open(
            TransformChain chain,
            CompressorThreads compressors,
            String name,
            Instant now,
            OutputStream out,
            OutputStream copy,
            String at)
            throws IOException {
        TransformedOutput opened = new TransformedOutput(chain, compressors, out, copy, at);
        opened.openStreams(name, now);
        return opened;
    }

    private void openStreams(String name, Instant now) throws IOException {
        try {
            for (int i = chain.transforms().size() - 1; i >= 0; i--) {
                FileTransform transform = chain.transforms().get(i);
                OutputStream next = new Unclosed(head());
                Content content = new Content(chain.nameBefore(name, i), now);
                boolean pipelined = i == 0 && chain.isCompression(i);
                call(() -> streams.push(
                        pipelined
                                ? PipelinedOutput.open(next, compressors, out -> transform.write(content, out))
                                : transform.write(content, next)));
            }
        } catch (IOException | ExportException e) {
            abort();
            throw e;
        }
    }

    private OutputStream head() {
        OutputStream first = streams.peek();
        return first == null ? sent : first;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        if (!chain.isEmpty()) {
            plain.write(buffer, offset, length);
        }
        call(() -> head().write(buffer, offset, length));
    }

    /** Completes the file. */
    @Override
    public void close() throws IOException {
        try {
            while (!streams.isEmpty()) {
                OutputStream next = streams.peek();
                call(next::close);
                streams.pop();
            }
        } catch (IOException | ExportException e) {
            abort();
            throw e;
        }
    }

    /** Releases what the transforms hold after a failure, or of a file that is not wanted. */
    void abort() {
        sink.discard();
        while (!streams.isEmpty()) {
            OutputStream next = streams.pop();
            try {
                next.close();
            } catch (IOException | RuntimeException | Error e) { // its file is removed anyway
                log.debug("A transform can't be closed after a failure", HostCalls.redact(e));
            }
        }
    }

    private void call(Step step) throws IOException {
        try {
            step.run();
        } catch (TransformException e) {
            throw TransformException.of(e.code(), e.getMessage() + at, e.getCause());
        } catch (ExportException e) {
            throw e;
        } catch (Throwable e) {
            if (sink.failed && e instanceof IOException disk) {
                throw disk;
            }
            throw TransformException.of(
                    FailureCode.UNEXPECTED,
                    "a transform of " + chain.transforms() + " has failed ("
                            + e.getClass().getName()
                            + "): nothing was published; correct the transform, and the next run covers the window"
                            + at,
                    HostCalls.redact(e));
        }
    }

    /** Returns the size of what is sent. */
    long bytes() {
        return sent.bytes();
    }

    /** Returns the SHA-256 of what is sent. Call it once, at the end. */
    String sha256() {
        return sent.sha256();
    }

    /**
     * Returns what the file was before its transforms; empty if it has none. Call it once, at the end.
     *
     * @param kept whether the plain bytes are kept
     */
    Optional<PlainBytes> plain(boolean kept) {
        return chain.isEmpty()
                ? Optional.empty()
                : Optional.of(new PlainBytes(plain.bytes(), plain.sha256(), chain.encrypts(), kept));
    }
}
