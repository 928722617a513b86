package io.outfeed.internal.engine;

import io.outfeed.ExportRun;
import io.outfeed.event.ExportListener;
import java.util.List;
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
        for (ExportListener listener : all) {
            try {
                listener.onRunEnded(run);
            } catch (RuntimeException e) {
                log.warn(
                        "Listener {} failed; run {} of job '{}' is not affected",
                        listener.getClass().getName(),
                        run.number(),
                        run.job(),
                        e);
            }
        }
    }
}
