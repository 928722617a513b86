package io.outfeed.internal.engine;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A call of the store, in a recording of the JDK's flight recorder. */
@Name("io.outfeed.StoreCall")
@Label("Store call")
@Description("A call of the store")
@Category("Outfeed")
@Enabled(false)
@StackTrace(false)
final class StoreFlightEvent extends Event {

    @Label("Operation")
    String operation = "";

    @Label("Failed")
    boolean failed;
}
