package io.outfeed.examples;

import io.outfeed.ExportEngine;
import io.outfeed.event.ExportListener;
import io.outfeed.operation.History;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What an operator's page is built on, as the README shows it. */
final class Operating {

    private Operating() {}

    static ExportEngine listening(Path home, Consumer<String> pager) {
        return ExportEngine.builder()
                .directory(home)
                .listener(ExportListener.alarms(event -> pager.accept(event.toString())))
                .build();
    }

    static void operate(ExportEngine engine, Consumer<String> page) {
        // operating:begin
        engine.jobs(JobQuery.all().nameContains("lakeside")).forEach(job -> page.accept(job.toString()));

        JobHandle job = engine.job("interactions-lakeside");
        job.check().problems().forEach(finding -> page.accept(finding.toString())); // exports nothing
        job.pause("the receiver moves its server"); // survives a restart
        job.resume(); // what was missed is made up for once

        RunQuery failing = RunQuery.ofJob("interactions-lakeside").status(RunStatus.WAITING, RunStatus.FAILED);
        engine.runs(failing).runs().stream()
                .flatMap(run -> run.log().stream())
                .forEach(entry -> page.accept(entry.toString()));

        job.summary().delay().ifPresent(delay -> engine.run(delay.run()).cancel("the contract has ended"));
        engine.add(job.job().toBuilder().disabled("the contract has ended").build());
        engine.rename("interactions-lakeside", job.job().renamed("interactions-riverside")); // keeps its history
        engine.remove("interactions-riverside", History.KEEP);
        // operating:end
    }
}
