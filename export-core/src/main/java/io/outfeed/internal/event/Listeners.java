package io.outfeed.internal.event;

import io.outfeed.event.ExportEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunEvent;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log and the listeners. Thread-safe. */
public final class Listeners implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    /** How long the engine waits for listeners when it is closed. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<ListenerQueue> queues;

    public Listeners(List<ExportListener> all, Executor executor) {
        this.queues = all.stream()
                .map(listener -> new ListenerQueue(listener, executor))
                .toList();
    }

    /** A step of a run, which the log of the run has too. */
    public void run(Kind kind, ExportRun run) {
        queue(new RunEvent(kind, run));
    }

    public void runEnded(ExportRun run) {
        run(
                switch (run.status()) {
                    case COMMITTED -> run.trigger() == Trigger.REDELIVERY ? Kind.REDELIVERED : Kind.SUCCEEDED;
                    case EMPTY -> Kind.EMPTY;
                    case FAILED -> Kind.FAILED;
                    case DROPPED -> Kind.DROPPED;
                    case GIVEN_UP -> Kind.GIVEN_UP;
                    case PLANNED, STAGED, PUBLISHING, HELD -> throw new IllegalStateException(run + " has not ended");
                },
                run);
    }

    /** What happened between runs, when the ledger has it. */
    public void tell(ExportEvent event) {
        LogContext.of(event).run(() -> {
            if (event.alarm()) {
                log.warn("{}", event);
            } else {
                log.info("{}", event);
            }
        });
        queue(event);
    }

    private void queue(ExportEvent event) {
        queues.forEach(queue -> queue.add(event));
    }

    /** Waits, within limits, until everybody was told what has happened. */
    @Override
    public void close() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        queues.forEach(queue -> queue.close(end));
    }
}
