package io.outfeed.internal.progress;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** Reading or writing a definition, in a recording of the JDK's flight recorder. */
@Name("io.outfeed.Stage")
@Label("Stage")
@Description("A definition is read, or its files are written")
@Category("Outfeed")
@Enabled(false)
@StackTrace(false)
final class StageFlightEvent extends Event {

    @Label("Job")
    String job = "";

    @Label("Run")
    long run;

    @Label("Step")
    String step = "";

    @Label("Definition")
    String definition = "";

    @Label("Rows read")
    long rowsRead;

    @Label("Rows written")
    long rowsWritten;

    @Label("Failure")
    @Description("The code of the failure")
    @Nullable
    String failure;
}
