package io.outfeed.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads that compress beside runs: how many, whose, and how they end. */
@Timeout(120)
class CompressorThreadsTest {

    private final InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();

    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    private void runUntilEnd() {
        thread.set(Thread.currentThread());
        running.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Thread started() throws InterruptedException {
        running.await();
        Thread started = thread.get();
        if (started == null) {
            throw new AssertionError("no thread");
        }
        return started;
    }

    @Test
    void should_start_no_more_than_they_may() throws InterruptedException {
        try (CompressorThreads threads = new CompressorThreads(1)) {
            assertThat(threads.start(this::runUntilEnd)).isTrue();
            Thread started = started();

            assertThat(started.isDaemon()).isTrue();
            assertThat(started.getName()).isEqualTo("outfeed-compressor");
            assertThat(threads.start(() -> {})).as("a second one").isFalse();
            end.countDown();
        }
    }

    @Test
    void should_not_inherit_what_belongs_to_a_run() throws InterruptedException {
        AtomicReference<@Nullable String> seen = new AtomicReference<>("not asked");
        tenant.set("lakeside");
        try (CompressorThreads threads = new CompressorThreads(1)) {
            assertThat(threads.start(() -> {
                        seen.set(tenant.get());
                        running.countDown();
                    }))
                    .isTrue();
            running.await();
        }

        assertThat(seen).hasNullValue();
    }

    @Test
    void should_end_with_the_engine_and_not_within_a_batch() throws InterruptedException {
        CompressorThreads threads = new CompressorThreads(1);
        assertThat(threads.start(this::runUntilEnd)).isTrue();
        Thread started = started();

        threads.close();
        assertThat(threads.start(() -> {})).as("after the end").isFalse();
        assertThat(started.isAlive()).isTrue();
        end.countDown();
        started.join();

        assertThat(started.isAlive()).isFalse();
    }

    @Test
    void should_be_none_where_the_engine_has_none() {
        assertThat(new CompressorThreads(0).any()).isFalse();
        assertThat(new CompressorThreads(1).any()).isTrue();
        assertThat(CompressorThreads.usual()).isEqualTo(Runtime.getRuntime().availableProcessors() - 1);
    }
}
