package io.outfeed.internal.run;

import io.outfeed.run.ExportRun;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The end of a run, in a recording of the JDK's flight recorder. */
@Name("io.outfeed.Run")
@Label("Run")
@Description("A run has ended")
@Category("Outfeed")
@Enabled(false)
@StackTrace(false)
final class RunFlightEvent extends Event {

    @Label("Job")
    String job = "";

    @Label("Run")
    long run;

    @Label("Status")
    String status = "";

    @Label("Attempts")
    int attempts;

    @Label("Rows")
    long rows;

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("From plan to end")
    @Timespan(Timespan.MILLISECONDS)
    long elapsed;

    /** Records the end of a run, if a recording asks for it. */
    static void record(ExportRun ended) {
        RunFlightEvent event = new RunFlightEvent();
        if (event.isEnabled()) {
            event.job = ended.job();
            event.run = ended.number();
            event.status = ended.status().name();
            event.attempts = ended.attemptCount();
            event.rows = ended.rows();
            event.bytes = ended.bytes();
            event.elapsed = Duration.between(ended.startedAt(), ended.endedAt().orElse(ended.startedAt()))
                    .toMillis();
            event.commit();
        }
    }
}
