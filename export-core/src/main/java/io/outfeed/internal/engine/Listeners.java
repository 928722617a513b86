package io.outfeed.internal.engine;

import io.outfeed.ExportRun;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.ExportListener;
import io.outfeed.event.MissedFiresEvent;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who are told. One that throws harms nobody. */
final class Listeners {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private final List<ExportListener> all;

    Listeners(List<ExportListener> all) {
        this.all = all;
    }

    void runEnded(ExportRun run) {
        tell(run, listener -> listener.onRunEnded(run));
    }

    void publicationDelayed(ExportRun run) {
        tell(run, listener -> listener.onPublicationDelayed(run));
    }

    /** Says what happened to delivered files, when the ledger has it. */
    void deliveredFiles(DeliveredFilesEvent event) {
        if (event.kind().alarm()) {
            log.warn("{}", event);
        } else {
            log.info("{}", event);
        }
        tell(event.run(), listener -> listener.onDeliveredFiles(event));
    }

    void overdue(DeliveryOverdueEvent event) {
        log.warn("{}", event);
        for (ExportListener listener : all) {
            protect(listener, event.job(), () -> listener.onDeliveryOverdue(event));
        }
    }

    /** Says that fires have no run of their own. */
    void missedFires(MissedFiresEvent event) {
        if (event.outcome().alarm()) {
            log.warn("{}", event);
        } else {
            log.info("{}", event);
        }
        for (ExportListener listener : all) {
            protect(listener, event.job(), () -> listener.onMissedFires(event));
        }
    }

    private void tell(ExportRun run, Consumer<ExportListener> event) {
        for (ExportListener listener : all) {
            protect(listener, run.job(), () -> event.accept(listener));
        }
    }

    private static void protect(ExportListener listener, String job, Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            log.warn(
                    "Listener {} failed; job '{}' is not affected",
                    listener.getClass().getName(),
                    job,
                    e);
        }
    }
}
