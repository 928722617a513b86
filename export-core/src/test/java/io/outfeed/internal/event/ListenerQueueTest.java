package io.outfeed.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.event.ExportEvent;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.operation.JobPause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

class ListenerQueueTest {

    private final List<ExportEvent> notified = new ArrayList<>();
    private final List<Runnable> tasks = new ArrayList<>();
    private final ListenerQueue queue = new ListenerQueue(notified::add, tasks::add);

    private static ExportEvent event(int number) {
        return new JobPausedEvent("job-" + number, new JobPause(JobPause.By.OPERATOR, "test", Instant.EPOCH));
    }

    private void runTasks() {
        List<Runnable> due = List.copyOf(tasks);
        tasks.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void should_notify_in_order_by_one_task_at_a_time() {
        queue.add(event(1));
        queue.add(event(2));
        assertThat(tasks).hasSize(1);
        runTasks();
        queue.add(event(3));
        runTasks();

        assertThat(notified).containsExactly(event(1), event(2), event(3));
    }

    @Test
    void should_keep_no_more_than_the_bound() {
        for (int i = 0; i < ListenerQueue.CAPACITY + 5; i++) {
            queue.add(event(i));
        }
        runTasks();
        queue.add(event(-1));
        runTasks();

        assertThat(notified)
                .hasSize(ListenerQueue.CAPACITY + 1)
                .startsWith(event(0))
                .endsWith(event(-1));
    }

    @Test
    void should_continue_after_a_failure_of_the_listener() {
        ListenerQueue failing = new ListenerQueue(
                event -> {
                    notified.add(event);
                    throw new StackOverflowError();
                },
                Runnable::run);

        failing.add(event(1));
        failing.add(event(2));

        assertThat(notified).containsExactly(event(1), event(2));
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES) // it is not waited for
    void should_take_a_refusing_executor_for_a_deaf_listener() {
        ListenerQueue refused = new ListenerQueue(notified::add, task -> {
            throw new RejectedExecutionException("shut down");
        });

        refused.add(event(1));
        refused.close(System.nanoTime() + 1_000_000_000_000L);

        assertThat(notified).isEmpty();
    }

    @Test
    void should_take_nothing_once_it_is_closed_and_not_wait_beyond_its_limit() {
        queue.add(event(1));
        queue.close(System.nanoTime());
        queue.add(event(2));
        runTasks();

        assertThat(notified).isEmpty();
    }

    @Test
    void should_log_once_that_it_is_too_slow_and_then_how_many_events_it_missed() {
        try (Logged logged = Logged.by(ListenerQueue.class)) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < ListenerQueue.CAPACITY + 5 + round; i++) {
                    queue.add(event(i));
                }
                runTasks();
            }

            String name = logged.messages().get(0).split(" ", 3)[1];
            assertThat(logged.messages())
                    .containsExactly(
                            "Listener " + name + " is too slow: 1000 events wait for it, further ones are discarded",
                            "Listener " + name + " has missed 5 events",
                            "Listener " + name + " is too slow: 1000 events wait for it, further ones are discarded",
                            "Listener " + name + " has missed 6 events");
        }
        assertThat(notified).hasSize(2 * ListenerQueue.CAPACITY);
    }

    @Test
    void should_name_the_job_in_the_log_while_it_notifies() {
        List<String> jobs = new ArrayList<>();
        ListenerQueue naming = new ListenerQueue(event -> jobs.add(MDC.get("outfeed.job")), Runnable::run);

        naming.add(event(1));

        assertThat(jobs).containsExactly("job-1");
        assertThat(MDC.get("outfeed.job")).isNull();
    }

    @Test
    void should_log_how_many_events_are_dropped_when_it_is_closed() {
        try (Logged logged = Logged.by(ListenerQueue.class)) {
            queue.add(event(1));
            queue.add(event(2));

            queue.close(System.nanoTime());

            assertThat(logged.messages()).hasSize(1);
            assertThat(logged.messages().get(0))
                    .endsWith(" does not get 2 events, since the engine is closed")
                    .startsWith("Listener ");
        }
    }

    @Test
    void should_not_wait_when_interrupted_and_stay_so() {
        queue.add(event(1));
        Thread.currentThread().interrupt();

        queue.close(System.nanoTime() + 1_000_000_000_000L);

        assertThat(Thread.interrupted()).isTrue();
        runTasks();
        assertThat(notified).isEmpty();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void should_wait_for_all_notifications_when_it_is_closed() {
        Thread closing = Thread.currentThread();
        ListenerQueue slow = new ListenerQueue(
                event -> {
                    while (closing.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                    }
                    notified.add(event);
                },
                task -> {
                    Thread teller = new Thread(task, "teller");
                    teller.setDaemon(true);
                    teller.start();
                });
        slow.add(event(1));
        slow.add(event(2));

        slow.close(System.nanoTime() + 100_000_000_000L);

        assertThat(notified).containsExactly(event(1), event(2));
    }
}
