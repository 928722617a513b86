package io.outfeed.internal.reading;

import io.outfeed.ExportDefinition;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.source.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The open sources of a run, opened and closed together. Used by the thread of the run. */
public record OpenExports(List<PlannedExport<?>> all) implements SourcePermits.Sessions {

    /** Opens the sources in order; if one fails, closes those that are open. */
    public static OpenExports open(
            List<ExportDefinition<?>> definitions, Function<ExportDefinition<?>, PlannedExport<?>> open) {
        OpenExports exports = new OpenExports(new ArrayList<>());
        try {
            for (ExportDefinition<?> definition : definitions) {
                exports.all.add(open.apply(definition));
            }
        } catch (RuntimeException | Error e) {
            HostCalls.closeAfter(e, exports);
            throw e;
        }
        return exports;
    }

    public Map<String, Window> windows() {
        Map<String, Window> windows = new LinkedHashMap<>();
        all.forEach(export -> windows.put(export.definition().name(), export.window()));
        return windows;
    }

    /** Closes all sources, then throws the first failure. */
    @Override
    public void close() {
        RuntimeException first = null;
        for (PlannedExport<?> export : all) {
            try {
                export.close();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
