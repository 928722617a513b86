package io.outfeed.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.Gzip;
import io.outfeed.file.transform.Zip;
import io.outfeed.internal.transform.PipelinedOutput.Compressor;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowingConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compression on a second thread: the same bytes, the same failures, and no thread that waits. */
@Timeout(120)
class PipelinedOutputTest {

    private final CompressorThreads threads = new CompressorThreads(1);

    @AfterEach
    void close() {
        threads.close();
    }

    private static boolean refuse(Runnable task) {
        assertThat(task).isNotNull();
        return false;
    }

    /** Starts a thread for each task: one of a pool may have ended its task, and not be free yet. */
    private static boolean begin(Runnable task) {
        new Thread(task, "another").start();
        return true;
    }

    /** Starts a thread for each task, and waits for its end. */
    private static boolean complete(Runnable task) {
        Thread thread = new Thread(task, "another");
        thread.start();
        join(thread);
        return true;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- the bytes

    /** What was written, and by which writes. */
    private static final class Recorder extends OutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Integer> lengths = new ArrayList<>();

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            bytes.write(buffer, offset, length);
            lengths.add(length);
        }
    }

    /** Passes each write on. */
    private static class Uncompressed extends FilterOutputStream {

        Uncompressed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            out.write(buffer, offset, length);
        }
    }

    private static Compressor compressor(Random random) {
        int level = 1 + random.nextInt(9);
        FileTransform.Content content = new FileTransform.Content("visits.csv", Instant.EPOCH);
        return switch (random.nextInt(3)) {
            case 0 -> out -> Gzip.level(level).write(content, out);
            case 1 -> out -> Zip.level(level).write(content, out);
            default -> Uncompressed::new;
        };
    }

    /** Writes as formats do, and as they may. */
    private static List<byte[]> writes(Random random) {
        List<byte[]> writes = new ArrayList<>();
        int total = random.nextInt(6 * PipelinedOutput.FIRST);
        int longest = 1 << (3 + random.nextInt(15));
        int symbols = 1 + random.nextInt(256);
        while (total > 0) {
            byte[] write = new byte[Math.min(total, random.nextInt(longest))];
            for (int i = 0; i < write.length; i++) {
                write[i] = (byte) random.nextInt(symbols);
            }
            writes.add(write);
            total -= Math.max(1, write.length);
        }
        return writes;
    }

    private static void write(List<byte[]> writes, OutputStream to) throws IOException {
        try (to) {
            for (byte[] write : writes) {
                to.write(write);
            }
        }
    }

    @Test
    void should_give_the_same_bytes_by_the_same_writes() throws IOException {
        Random refusals = new Random(7);
        List<Predicate<Runnable>> starts = List.of(
                threads::start,
                PipelinedOutputTest::refuse,
                PipelinedOutputTest::complete,
                task -> refusals.nextBoolean() && threads.start(task));
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Compressor compressor = compressor(random);
            List<byte[]> writes = writes(random);
            Recorder expected = new Recorder();
            Recorder actual = new Recorder();

            write(writes, compressor.writingTo(expected));
            write(writes, new PipelinedOutput(actual, starts.get(seed % starts.size()), compressor));

            assertThat(actual.lengths).as("writes of seed %d", seed).isEqualTo(expected.lengths);
            assertThat(actual.bytes.toByteArray()).as("bytes of seed %d", seed).isEqualTo(expected.bytes.toByteArray());
        }
    }

    @Test
    void should_take_bytes_one_by_one() throws IOException {
        Recorder actual = new Recorder();
        try (OutputStream out = new PipelinedOutput(actual, threads::start, Uncompressed::new)) {
            for (int i = 0; i < 2 * PipelinedOutput.FIRST; i++) {
                out.write(i);
            }
        }

        assertThat(actual.bytes.toByteArray())
                .hasSize(2 * PipelinedOutput.FIRST)
                .endsWith((byte) 0xfe, (byte) 0xff);
        assertThat(actual.lengths).containsOnly(1);
    }

    @Test
    void should_start_no_thread_for_a_small_file() throws IOException {
        AtomicInteger started = new AtomicInteger();
        OutputStream out = new PipelinedOutput(
                new Recorder(), task -> started.incrementAndGet() > 0 && complete(task), Uncompressed::new);

        out.write(new byte[PipelinedOutput.FIRST]);
        out.write(new byte[PipelinedOutput.BATCH]);
        assertThat(started).hasValue(0);
        out.write(1);
        assertThat(started).hasValue(1);
        out.close();
    }

    @Test
    void should_compress_on_another_thread() throws IOException {
        List<Thread> by = new ArrayList<>();
        OutputStream out =
                new PipelinedOutput(new Recorder(), PipelinedOutputTest::complete, to -> new Uncompressed(to) {
                    @Override
                    public void write(byte[] buffer, int offset, int length) throws IOException {
                        by.add(Thread.currentThread());
                        super.write(buffer, offset, length);
                    }
                });

        writeBatches(out, 8);
        out.close();

        assertThat(by).hasSize(8 + PipelinedOutput.FIRST / PipelinedOutput.BATCH);
        assertThat(by.stream().filter(thread -> thread.getName().equals("another")))
                .as("batches that another thread has compressed; what is left at the end is not worth it")
                .hasSize(7);
    }

    @Test
    void should_ask_for_a_thread_again_when_none_was_free() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        OutputStream out = new PipelinedOutput(
                new Recorder(), task -> asked.incrementAndGet() > 1 && complete(task), Uncompressed::new);

        writeBatches(out, 4);
        out.close();

        assertThat(asked).hasValue(3);
    }

    @Test
    void should_leave_the_next_batch_to_a_thread_that_came_late() throws IOException {
        Thread writer = Thread.currentThread();
        AtomicReference<@Nullable Thread> other = new AtomicReference<>();
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        List<Thread> by = new CopyOnWriteArrayList<>();
        Predicate<Runnable> late = task -> {
            Thread thread = new Thread(() -> {
                await(released);
                running.countDown();
                task.run();
            });
            boolean first = other.compareAndSet(null, thread);
            if (first) {
                thread.start();
            }
            return first;
        };
        OutputStream out = new PipelinedOutput(new Recorder(), late, to -> new Uncompressed(to) {
            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                Thread thread = other.get();
                if (thread != null && Thread.currentThread() == writer && released.getCount() > 0) {
                    released.countDown();
                    await(running);
                    awaitWaiting(thread);
                }
                by.add(Thread.currentThread());
                super.write(buffer, offset, length);
            }
        });

        writeBatches(out, PipelinedOutput.BATCHES + 2);
        out.close();

        int alone = PipelinedOutput.FIRST / PipelinedOutput.BATCH;
        assertThat(by.get(alone))
                .as("the first batch, for which no thread was there")
                .isSameAs(writer);
        assertThat(by.get(alone + 1)).as("the second one").isSameAs(other.get());
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(thread.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }

    /** Writes what is compressed on one thread, and as many batches after it. */
    private static void writeBatches(OutputStream out, int batches) throws IOException {
        for (int i = 0; i < PipelinedOutput.FIRST / PipelinedOutput.BATCH + batches; i++) {
            out.write(new byte[PipelinedOutput.BATCH]);
        }
    }

    // ---- failures

    /** A disk that is full after so many bytes, until what comes is discarded. */
    private static final class FullDisk extends OutputStream {

        private final IOException full = new IOException("no space left on device");
        private long room;

        private FullDisk(long room) {
            this.room = room;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[1], 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            room -= length;
            if (room < 0) {
                throw full;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 200_000, 300_000, 400_000, 600_000, 999_999})
    void should_pass_on_the_failure_of_a_full_disk(int room) throws IOException {
        for (Predicate<Runnable> start : List.<Predicate<Runnable>>of(
                threads::start, PipelinedOutputTest::refuse, PipelinedOutputTest::complete)) {
            FullDisk disk = new FullDisk(room);
            AtomicInteger closed = new AtomicInteger();
            OutputStream out = new PipelinedOutput(disk, start, to -> new Uncompressed(to) {
                @Override
                public void close() throws IOException {
                    closed.incrementAndGet();
                    super.close();
                }
            });

            assertThat(catchThrowable(() -> {
                        for (int i = 0; i < 100; i++) {
                            out.write(new byte[10_000]);
                        }
                        out.close();
                    }))
                    .isSameAs(disk.full);
            disk.room = Long.MAX_VALUE;
            assertThatCode(out::close).doesNotThrowAnyException();
            assertThat(closed).as("closed, and what it holds released").hasValue(1);
        }
    }

    static List<Throwable> failures() {
        return List.of(
                new IOException("of the compressor"),
                new IllegalStateException("of the compressor"),
                new OutOfMemoryError("of the compressor"),
                new StackOverflowError());
    }

    /** Fails at a byte on any thread but one. */
    private static Compressor failing(Throwable failure, Thread writer, AtomicInteger closed) {
        return to -> new Uncompressed(to) {
            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                if (Thread.currentThread() != writer) {
                    throwIt(failure);
                }
                super.write(buffer, offset, length);
            }

            @Override
            public void close() throws IOException {
                closed.incrementAndGet();
                super.close();
            }
        };
    }

    private static void throwIt(Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
    }

    private static void assertThrownAgain(Throwable failure, int batches, ThrowingConsumer<OutputStream> next)
            throws IOException {
        AtomicInteger closed = new AtomicInteger();
        OutputStream out = new PipelinedOutput(
                new Recorder(), PipelinedOutputTest::complete, failing(failure, Thread.currentThread(), closed));
        writeBatches(out, batches);

        assertThat(catchThrowable(() -> next.acceptThrows(out))).isSameAs(failure);
        assertThatCode(out::close).doesNotThrowAnyException();
        assertThat(closed).hasValue(1);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void should_throw_what_the_other_thread_has_thrown_at_a_later_write(Throwable failure) throws IOException {
        assertThrownAgain(failure, 0, out -> writeBatches(out, 20));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void should_throw_what_the_other_thread_has_thrown_at_a_large_write(Throwable failure) throws IOException {
        assertThrownAgain(failure, 2, out -> out.write(new byte[PipelinedOutput.BATCH + 1]));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void should_throw_what_the_other_thread_has_thrown_at_the_end(Throwable failure) throws IOException {
        assertThrownAgain(failure, 2, OutputStream::close);
    }

    // ---- waiting

    /** Stops each thread but one at its second write, until it may go on. */
    private static final class Gate {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch seen = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);
        private final AtomicReference<@Nullable Thread> writer = new AtomicReference<>();
        private final AtomicInteger others = new AtomicInteger();
        private final List<String> calls = new ArrayList<>();

        private Compressor compressor() {
            return to -> new Uncompressed(to) {
                @Override
                public void write(byte[] buffer, int offset, int length) throws IOException {
                    if (Thread.currentThread() != writer.get() && others.incrementAndGet() == 2) {
                        reached.countDown();
                        await(open);
                    }
                    super.write(buffer, offset, length);
                    note("write");
                }

                @Override
                public void close() throws IOException {
                    note("close");
                    super.close();
                }
            };
        }

        /** Lets the thread that writes go on when the other one is stopped. */
        private void awaitReached() {
            await(reached);
            seen.countDown();
        }

        private synchronized void note(String call) {
            calls.add(call);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void should_keep_a_bounded_number_of_bytes_and_an_interrupt() throws IOException {
        Gate gate = new Gate();
        Recorder expected = new Recorder();
        Recorder actual = new Recorder();
        AtomicLong written = new AtomicLong();
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        List<Boolean> interrupted = new ArrayList<>();
        OutputStream out = new PipelinedOutput(actual, PipelinedOutputTest::begin, gate.compressor());
        Thread writer = new Thread(() -> {
            try {
                for (int i = 0; i < 100; i++) {
                    byte[] batch = new byte[PipelinedOutput.BATCH];
                    Arrays.fill(batch, (byte) i);
                    expected.write(batch);
                    out.write(batch);
                    written.addAndGet(PipelinedOutput.BATCH);
                    if (i == PipelinedOutput.FIRST / PipelinedOutput.BATCH + 2) {
                        gate.awaitReached(); // so that the batch is not compressed here
                    }
                }
                out.close();
            } catch (Throwable e) {
                thrown.set(e);
            }
            interrupted.add(Thread.currentThread().isInterrupted());
        });
        gate.writer.set(writer);
        writer.start();
        await(gate.seen);
        awaitWaiting(writer);

        assertThat(written)
                .as("what was compressed on one thread, one batch that was passed on, and a full pipeline")
                .hasValueLessThanOrEqualTo(
                        PipelinedOutput.FIRST + (1 + PipelinedOutput.BATCHES) * PipelinedOutput.BATCH);
        writer.interrupt();
        gate.open.countDown();
        join(writer);

        assertThat(thrown).hasNullValue();
        assertThat(interrupted).as("the interrupt is kept").containsExactly(true);
        assertThat(actual.bytes.toByteArray()).isEqualTo(expected.bytes.toByteArray());
    }

    @Test
    void should_not_release_the_compressor_while_the_other_thread_uses_it() throws IOException {
        Gate gate = new Gate();
        FullDisk disk = new FullDisk(PipelinedOutput.FIRST);
        OutputStream out = new PipelinedOutput(disk, PipelinedOutputTest::begin, gate.compressor());
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread writer = new Thread(() -> thrown.set(catchThrowable(() -> {
            writeBatches(out, 3);
            gate.awaitReached();
            assertThat(catchThrowable(() -> writeBatches(out, 6))).isSameAs(disk.full);
            disk.room = Long.MAX_VALUE;
            out.close();
        })));
        gate.writer.set(writer);
        writer.start();
        await(gate.seen);
        awaitWaiting(writer);

        assertThat(gate.calls)
                .as("four on one thread, one on the other")
                .containsOnly("write")
                .hasSize(5);
        gate.open.countDown();
        join(writer);

        assertThat(thrown).hasNullValue();
        assertThat(gate.calls).endsWith("write", "close");
    }
}
