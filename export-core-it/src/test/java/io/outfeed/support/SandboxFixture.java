package io.outfeed.support;

import io.outfeed.run.ExportRun;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** An engine at midnight with two destinations and a source of one visit; the job of most tests is "visits". */
public abstract class SandboxFixture {

    protected static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    protected final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    protected final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    protected final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
    protected final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    protected void close() {
        sandbox.close();
    }

    /** Returns a run as the ledger has it now. */
    protected ExportRun run(long number) {
        return sandbox.engine().run(number).run();
    }

    /** Returns the runs of the job, newest first. */
    protected List<ExportRun> runs() {
        return Runs.newest(sandbox.engine(), "visits", 100);
    }
}
