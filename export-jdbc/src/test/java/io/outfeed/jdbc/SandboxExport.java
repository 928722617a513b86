package io.outfeed.jdbc;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RunHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RejectedRecord;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** A job of one definition, in an engine whose time the test moves; its files are {@code NAME-SEQUENCE.csv}. */
final class SandboxExport implements AutoCloseable {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.now());
    private final InMemoryDelivery delivery = InMemoryDelivery.create("lakeside");
    private final JobHandle job;
    private final String name;

    SandboxExport(ExportDefinition<?> definition) {
        this(definition, job -> job);
    }

    SandboxExport(ExportDefinition<?> definition, UnaryOperator<ExportJob.Builder> options) {
        name = definition.name();
        job = sandbox.add(options.apply(ExportJob.builder(name, definition).deliverTo(delivery))
                .build());
    }

    JobHandle job() {
        return job;
    }

    RunHandle run(ExportRun run) {
        return sandbox.engine().run(run.number());
    }

    List<RejectedRecord> rejects(ExportRun run) {
        return run(run).rejects();
    }

    List<String> lines(long sequence) {
        return delivery.file(name + "-" + sequence + ".csv").lines();
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
