package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.JobPause;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.JobPausedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ListenerQueueTest {

    private final List<ExportEvent> told = new ArrayList<>();
    private final List<Runnable> tasks = new ArrayList<>();
    private final ListenerQueue queue = new ListenerQueue(told::add, tasks::add);

    private static ExportEvent event(int number) {
        return new JobPausedEvent("job-" + number, new JobPause(JobPause.By.OPERATOR, "test", Instant.EPOCH));
    }

    private void runTasks() {
        List<Runnable> due = List.copyOf(tasks);
        tasks.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void should_tell_in_order_by_one_task_at_a_time() {
        queue.add(event(1));
        queue.add(event(2));
        assertThat(tasks).hasSize(1);
        runTasks();
        queue.add(event(3));
        runTasks();

        assertThat(told).containsExactly(event(1), event(2), event(3));
    }

    @Test
    void should_keep_no_more_than_the_bound() {
        for (int i = 0; i < ListenerQueue.MOST + 5; i++) {
            queue.add(event(i));
        }
        runTasks();
        queue.add(event(-1));
        runTasks();

        assertThat(told).hasSize(ListenerQueue.MOST + 1).startsWith(event(0)).endsWith(event(-1));
    }

    @Test
    void should_go_on_after_a_failure_of_the_listener() {
        ListenerQueue failing = new ListenerQueue(
                event -> {
                    told.add(event);
                    throw new StackOverflowError();
                },
                Runnable::run);

        failing.add(event(1));
        failing.add(event(2));

        assertThat(told).containsExactly(event(1), event(2));
    }

    @Test
    void should_take_a_refusing_executor_for_a_deaf_listener() {
        ListenerQueue refused = new ListenerQueue(told::add, task -> {
            throw new RejectedExecutionException("shut down");
        });

        refused.add(event(1));
        refused.close(System.nanoTime() + 1_000_000_000_000L);

        assertThat(told).isEmpty();
    }

    @Test
    void should_take_nothing_once_it_is_closed_and_not_wait_beyond_its_limit() {
        queue.add(event(1));
        queue.close(System.nanoTime());
        queue.add(event(2));
        runTasks();

        assertThat(told).isEmpty();
    }
}
