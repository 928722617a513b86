package io.outfeed.internal.operation;

import io.outfeed.event.DeliveryLinks;
import io.outfeed.internal.execution.PositionOperations;
import io.outfeed.internal.execution.RunOperations;
import io.outfeed.internal.job.JobRegistry;
import io.outfeed.internal.preview.Previewer;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.scheduling.JobExecutor;
import io.outfeed.internal.search.RecordTracer;

/** The services that the handles of an engine share. */
public record OperationServices(
        RunServices runs,
        JobRegistry jobs,
        JobExecutor executor,
        RunOperations operations,
        PositionOperations positions,
        Previewer previewer,
        RecordTracer tracer,
        JobChecker checker,
        DeliveryLinks links) {}
