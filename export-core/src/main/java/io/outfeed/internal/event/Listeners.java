package io.outfeed.internal.event;

import io.outfeed.event.DeliveryLinks;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunEvent;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes events to the log and the listeners. Thread-safe. */
public final class Listeners implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    /** How long closing the engine waits for the listeners. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final List<ListenerQueue> queues;
    private final DeliveryLinks links;
    private volatile Consumer<ExportEvent> observer = event -> {};

    /**
     * Makes the queues of listeners.
     *
     * @param links gives events of runs the links to their files
     */
    public Listeners(List<ExportListener> all, Executor executor, DeliveryLinks links) {
        this.links = links;
        this.queues = all.stream()
                .map(listener -> new ListenerQueue(listener, executor))
                .toList();
    }

    /** Sets what is called with each event, on its thread, before the listeners are notified. Throws nothing. */
    public void observe(Consumer<ExportEvent> next) {
        observer = next;
    }

    /** Publishes a step of a run, without a log line: the run's own log has it. */
    public void publish(Kind kind, ExportRun run) {
        enqueue(new RunEvent(kind, run, links));
    }

    public void publishEnd(ExportRun run) {
        publish(
                switch (run.status()) {
                    case COMMITTED -> run.trigger() == Trigger.REDELIVERY ? Kind.REDELIVERED : Kind.SUCCEEDED;
                    case EMPTY -> Kind.EMPTY;
                    case FAILED -> Kind.FAILED;
                    case SKIPPED -> Kind.SKIPPED;
                    case DISCARDED -> Kind.DISCARDED;
                    case CANCELLED -> Kind.CANCELLED;
                    case DEFERRED -> Kind.DEFERRED;
                    case GIVEN_UP -> Kind.GIVEN_UP;
                    case PLANNED, STAGED, PUBLISHING, WAITING, HELD ->
                        throw new IllegalStateException(run + " has not ended");
                },
                run);
    }

    /** Publishes an event that is no step of a run, and logs it. Call it when the ledger has what happened. */
    public void publish(ExportEvent event) {
        LogContext.of(event).run(() -> {
            if (event.alarm()) {
                log.warn("{}", event);
            } else {
                log.info("{}", event);
            }
        });
        enqueue(event);
    }

    private void enqueue(ExportEvent event) {
        observer.accept(event);
        queues.forEach(queue -> queue.add(event));
    }

    /** Waits up to {@link #CLOSE_TIMEOUT} until the listeners have received all events. */
    @Override
    public void close() {
        long end = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        queues.forEach(queue -> queue.close(end));
    }
}
