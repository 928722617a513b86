package io.outfeed.console.internal.part;

import io.outfeed.ExportEngine;
import io.outfeed.console.internal.access.Access;
import io.outfeed.console.internal.access.ConsoleSettings;
import io.outfeed.console.internal.action.Operations;
import io.outfeed.console.internal.html.Times;

/**
 * What pages are made from.
 *
 * @param settings the settings of the console
 * @param access what the person may see and do
 * @param operations what can be done
 * @param times the time of the page
 */
public record Context(ConsoleSettings settings, Access access, Operations operations, Times times) {

    public ExportEngine engine() {
        return settings.engine();
    }
}
