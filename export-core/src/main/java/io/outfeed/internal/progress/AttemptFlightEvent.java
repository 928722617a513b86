package io.outfeed.internal.progress;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** An attempt, in a recording of the JDK's flight recorder. */
@Name("io.outfeed.Attempt")
@Label("Attempt")
@Description("One attempt of a run")
@Category("Outfeed")
@Enabled(false)
@StackTrace(false)
final class AttemptFlightEvent extends Event {

    @Label("Job")
    String job = "";

    @Label("Run")
    long run;

    @Label("Number")
    @Description("The number of the attempt within its run")
    int number;

    @Label("Status")
    @Description("What the run has reached")
    @Nullable
    String status;

    @Label("Failure")
    @Description("The code of the failure")
    @Nullable
    String failure;
}
