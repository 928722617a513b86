package io.outfeed.internal.progress;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** Sending a file to a destination, in a recording of the JDK's flight recorder. */
@Name("io.outfeed.Upload")
@Label("Upload")
@Description("A file is uploaded, published or copied to a destination")
@Category("Outfeed")
@Enabled(false)
@StackTrace(false)
final class UploadFlightEvent extends Event {

    @Label("Job")
    String job = "";

    @Label("Run")
    long run;

    @Label("Step")
    String step = "";

    @Label("Delivery")
    String delivery = "";

    @Label("Path")
    String path = "";

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Failed")
    boolean failed;

    @Label("Failure")
    @Description("The code of the failure, if it ended the attempt")
    @Nullable
    String failure;
}
