package io.outfeed.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class WorkerThreadsTest {

    private final Clock clock = Clock.systemUTC();

    /** Runs more jobs than there are workers, and returns the threads that run at the same time. */
    private BlockingQueue<Thread> threadsOf(ThreadFactory factory) throws InterruptedException {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        CountDownLatch all = new CountDownLatch(4);
        try (InJvmScheduler scheduler = new InJvmScheduler(2, Duration.ofSeconds(30), factory)) {
            for (int i = 0; i < 4; i++) {
                scheduler.scheduleAt("job-" + i, clock.instant(), 0);
            }
            scheduler.start(clock, job -> {
                threads.add(Thread.currentThread());
                all.countDown();
            });
            all.await();
        }
        return threads;
    }

    @Test
    void should_run_jobs_on_threads_of_the_host() throws InterruptedException {
        BlockingQueue<Thread> made = new LinkedBlockingQueue<>();

        BlockingQueue<Thread> used = threadsOf(task -> {
            Thread thread = new Thread(task, "of the host");
            made.add(thread);
            return thread;
        });

        assertThat(made).hasSizeBetween(1, 2).containsAll(used);
    }

    @Test
    void should_run_jobs_on_virtual_threads() throws Exception {
        assumeThat(Runtime.version().feature()).as("virtual threads").isGreaterThanOrEqualTo(21);
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        ThreadFactory factory = (ThreadFactory)
                Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);

        assertThat(threadsOf(factory))
                .hasSize(4)
                .allSatisfy(thread -> assertThat(
                                (boolean) Thread.class.getMethod("isVirtual").invoke(thread))
                        .isTrue());
    }
}
