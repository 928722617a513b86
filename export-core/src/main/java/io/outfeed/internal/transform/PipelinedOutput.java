package io.outfeed.internal.transform;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compresses on a second thread while the first one goes on writing. The first thread collects writes into batches, the
 * second one compresses them in their order, and the first one passes the result on. The second thread calls nothing
 * but the compressor: the disk and other transforms are called by the first one, with the failures and interrupts that
 * it would have alone.
 *
 * <p>Compressor and receiver get the same writes as by one thread, of the same bytes and lengths. So the file is the
 * same, whatever zlib makes of the boundaries of its input.
 *
 * <p>The first thread waits only for a batch that the second one is compressing, or is there to compress. If it is
 * not, the first one compresses the oldest batch itself: a busy, closed or missing second thread delays nothing. The
 * second thread waits only for such a batch of the first one: a stream that is not closed keeps no thread. Files begin
 * on one thread, since most are small.
 *
 * <p>Used by one thread, apart from its own second one.
 */
public final class PipelinedOutput extends OutputStream {

    /** How much is compressed on one thread before a second one is worth it: some milliseconds. */
    static final int FIRST = 256 * 1024;

    /** Together with what it is compressed to, a batch takes up to three times as much. */
    static final int BATCH = 64 * 1024;

    /** A format that writes byte by byte fills batches by their number. */
    private static final int WRITES = 512;

    /** One to fill, one to compress, and some between them, since a thread takes a while to wake up. */
    static final int BATCHES = 8;

    /** Makes a compressor. */
    public interface Compressor {

        OutputStream writingTo(OutputStream out) throws IOException;
    }

    private final OutputStream out;
    private final Target target;
    private final OutputStream compressor;
    private final Predicate<Runnable> threads;

    // used by the thread that writes

    private long rest = FIRST;
    private final Deque<Batch> free = new ArrayDeque<>(BATCHES + 1);
    private int made;
    private @Nullable Batch filling;

    /** Whether a batch is lost: nothing more is compressed. */
    private boolean failed;

    // guarded by this

    private final Deque<Batch> filled = new ArrayDeque<>(BATCHES + 1);
    private final Deque<Batch> compressed = new ArrayDeque<>(BATCHES + 1);
    private boolean started;

    /** Whether a thread is using compressor and target. */
    private boolean busy;

    /** Whether the second thread is next to use them. */
    private boolean waiting;

    private @Nullable Throwable failure;

    /** Writes on their way to the compressor, and what that has written meanwhile. */
    private static final class Batch {

        private final RecordedWrites plain = new RecordedWrites(BATCH, WRITES);
        private final RecordedWrites result = new RecordedWrites(BATCH / 4, 16);

        private void clear() {
            plain.clear();
            result.clear();
        }
    }

    /** What the compressor writes to. */
    private static final class Target extends OutputStream {

        private OutputStream to;

        private Target(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            to.write(b);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            to.write(buffer, offset, length);
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }

    /**
     * Makes a pipeline, which begins on one thread.
     *
     * @param threads starts a task on another thread, which ends by itself; false if it does not
     */
    PipelinedOutput(OutputStream out, Predicate<Runnable> threads, Compressor compressor) throws IOException {
        this.out = out;
        this.threads = threads;
        this.target = new Target(out);
        this.compressor = compressor.writingTo(target);
    }

    /**
     * Makes a stream to a compressor, on one thread where there can be no second one.
     *
     * @param out what the compressor writes to, on the thread that writes to the returned stream
     */
    public static OutputStream open(OutputStream out, CompressorThreads threads, Compressor compressor)
            throws IOException {
        return threads.any() ? new PipelinedOutput(out, threads::start, compressor) : compressor.writingTo(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        if (rest > 0) {
            rest -= length;
            compressor.write(buffer, offset, length);
            return;
        }
        Batch batch = filling();
        if (!batch.plain.fits(length)) {
            handOver(batch);
            batch = filling();
        }
        if (batch.plain.fits(length)) {
            batch.plain.write(buffer, offset, length);
        } else {
            completeAll();
            compressor.write(buffer, offset, length);
        }
    }

    /** Completes the result. After a failure, only releases what the compressor holds. */
    @Override
    public void close() throws IOException {
        if (!failed && filling != null) {
            enqueue(filling);
            completeAll();
        }
        discard();
        target.to = out;
        compressor.close();
    }

    // ---- the thread that writes

    private Batch filling() throws IOException {
        Batch batch = filling;
        if (batch == null) {
            batch = empty();
            filling = batch;
        }
        return batch;
    }

    private Batch empty() throws IOException {
        if (!free.isEmpty()) {
            return free.remove();
        }
        if (made < BATCHES) {
            made++;
            return new Batch();
        }
        return completeOldest();
    }

    private void handOver(Batch batch) {
        enqueue(batch);
        if (start() && !threads.test(this::compressFilled)) {
            stop();
        }
    }

    private void enqueue(Batch batch) {
        filling = null;
        synchronized (this) {
            filled.add(batch);
        }
    }

    /** Whether the second thread has to be started. */
    private synchronized boolean start() {
        boolean first = !started;
        started = true;
        return first;
    }

    private synchronized void stop() {
        started = false;
    }

    private void completeAll() throws IOException {
        while (inProgress()) {
            free.add(completeOldest());
        }
        target.to = out;
    }

    private synchronized boolean inProgress() {
        return busy || !filled.isEmpty() || !compressed.isEmpty();
    }

    /** Passes on what the oldest batch is compressed to, and returns it empty. */
    private Batch completeOldest() throws IOException {
        boolean complete = false;
        try {
            Batch batch = takeCompressed();
            if (batch == null) {
                batch = compressOldest();
            } else {
                batch.result.writeTo(out);
            }
            batch.clear();
            complete = true;
            return batch;
        } finally {
            if (!complete) {
                failed = true;
            }
        }
    }

    /** Returns the oldest batch; null if nothing compresses it: it is up to the caller then. */
    private synchronized @Nullable Batch takeCompressed() throws IOException {
        awaitOldest();
        if (failure != null) {
            throwAgain(failure);
        }
        Batch batch = compressed.poll();
        if (batch == null) {
            busy = true;
        }
        return batch;
    }

    private Batch compressOldest() throws IOException {
        try {
            Batch batch;
            synchronized (this) {
                batch = filled.remove();
            }
            target.to = out;
            batch.plain.writeTo(compressor);
            return batch;
        } finally {
            synchronized (this) {
                busy = false;
                notifyAll();
            }
        }
    }

    /** The other thread needs milliseconds for a batch: an interrupt is kept for what can wait for longer. */
    private synchronized void awaitOldest() {
        boolean interrupted = false;
        while ((busy || waiting) && compressed.isEmpty()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void throwAgain(Throwable thrown) throws IOException {
        if (thrown instanceof IOException e) {
            throw e;
        } else if (thrown instanceof RuntimeException e) {
            throw e;
        } else if (thrown instanceof Error e) {
            throw e;
        }
        throw new AssertionError(thrown);
    }

    private synchronized void discard() {
        filled.clear();
        compressed.clear();
        awaitOldest();
        compressed.clear();
    }

    // ---- the other thread

    private void compressFilled() {
        Batch batch = takeFilled();
        while (batch != null) {
            Throwable thrown = null;
            try {
                target.to = batch.result;
                batch.plain.writeTo(compressor);
            } catch (Throwable e) { // is the failure of the thread that writes
                thrown = e;
            }
            putCompressed(batch, thrown);
            batch = takeFilled();
        }
    }

    /** Returns null if there is nothing to compress: the thread serves other files then. */
    private synchronized @Nullable Batch takeFilled() {
        boolean interrupted = awaitTurn();
        if (interrupted || failure != null || filled.isEmpty()) {
            started = false;
            notifyAll();
            return null;
        }
        busy = true;
        return filled.remove();
    }

    /** Waits while the first thread compresses, as it does when this one was not there in time. */
    private synchronized boolean awaitTurn() {
        waiting = true;
        try {
            while (busy && !filled.isEmpty()) {
                wait();
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        } finally {
            waiting = false;
        }
    }

    private synchronized void putCompressed(Batch batch, @Nullable Throwable thrown) {
        busy = false;
        if (thrown == null) {
            compressed.add(batch);
        } else {
            failure = thrown;
        }
        notifyAll();
    }
}
