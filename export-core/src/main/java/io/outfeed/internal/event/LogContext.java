package io.outfeed.internal.event;

import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.JobDamagedEvent;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.RecipientsRefusedEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.run.ExportRun;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The job and the run of log lines, in SLF4J's MDC. */
public record LogContext(@Nullable String job, @Nullable String run) {

    private static final String JOB = "outfeed.job";
    private static final String RUN = "outfeed.run";

    public static LogContext of(String job) {
        return new LogContext(job, null);
    }

    public static LogContext of(ExportRun run) {
        return new LogContext(run.job(), Long.toString(run.number()));
    }

    public static LogContext of(ExportEvent event) {
        if (event instanceof RunEvent of) {
            return of(of.run());
        } else if (event instanceof DeliveredFilesEvent of) {
            return of(of.run());
        } else if (event instanceof DeliveryOverdueEvent of) {
            return of(of.job());
        } else if (event instanceof JobDamagedEvent of) {
            return of(of.job());
        } else if (event instanceof JobPausedEvent of) {
            return of(of.job());
        } else if (event instanceof MisfireEvent of) {
            return of(of.job());
        } else if (event instanceof RecipientsRefusedEvent of) {
            return of(of.run());
        }
        return new LogContext(null, null);
    }

    public void run(Runnable action) {
        call(() -> {
            action.run();
            return true;
        });
    }

    /** Restores the previous values afterwards: the thread may be the host's. */
    public <R> R call(Supplier<R> action) {
        String jobBefore = MDC.get(JOB);
        String runBefore = MDC.get(RUN);
        put(JOB, job);
        put(RUN, run);
        try {
            return action.get();
        } finally {
            put(JOB, jobBefore);
            put(RUN, runBefore);
        }
    }

    private static void put(String key, @Nullable String value) {
        if (value == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, value);
        }
    }
}
