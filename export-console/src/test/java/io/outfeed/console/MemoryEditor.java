package io.outfeed.console;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.StartFrom;
import io.outfeed.layout.Layout;
import io.outfeed.operation.History;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;

/** Changes jobs of an engine, as a host would in its table; remembers what it was asked for. */
final class MemoryEditor implements JobEditor {

    final List<String> asked = new ArrayList<>();

    private final ExportEngine engine;

    MemoryEditor(ExportEngine engine) {
        this.engine = engine;
    }

    @Override
    public boolean edits(ExportJob job) {
        return job.name().startsWith("lakeside");
    }

    @Override
    public void saveLayout(Principal principal, ExportJob job, String definition, Layout layout) {
        asked.add(principal.getName() + " saves " + layout.columns().size() + " columns");
        engine.add(job.toBuilder().layout(definition, layout).build());
    }

    @Override
    public void duplicate(Principal principal, ExportJob job, String name) {
        asked.add(principal.getName() + " copies to " + name);
        engine.add(job.toBuilder(name, StartFrom.beginning()).build());
    }

    @Override
    public void remove(Principal principal, ExportJob job) {
        asked.add(principal.getName() + " removes " + job.name());
        engine.remove(job.name(), History.KEEP);
    }
}
