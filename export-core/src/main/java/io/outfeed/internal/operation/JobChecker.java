package io.outfeed.internal.operation;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.field.FieldKind;
import io.outfeed.field.FieldPreview;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.files.RunFileName;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.maintenance.DestinationProbe;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.preview.Previewer;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.run.RunServices;
import io.outfeed.operation.JobCheck;
import io.outfeed.operation.JobCheck.Finding;
import io.outfeed.operation.JobCheck.Subject;
import io.outfeed.operation.RecordPreview;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import io.outfeed.store.JobPositions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether everything works that a job needs. Exports nothing. */
public final class JobChecker {

    private static final Logger log = LoggerFactory.getLogger(JobChecker.class);

    private final RunServices services;
    private final Previewer previewer;
    private final DestinationProbe probe;

    public JobChecker(RunServices services, Previewer previewer, DestinationProbe probe) {
        this.services = services;
        this.previewer = previewer;
        this.probe = probe;
    }

    JobCheck check(ExportJob job) {
        List<Finding> findings = new ArrayList<>();
        for (ExportDefinition<?> definition : job.definitions()) {
            Finding source = find(Subject.SOURCE, definition.name(), () -> source(job, definition));
            findings.add(source);
            if (source.problem().isEmpty()) {
                findings.add(find(Subject.FIELDS, definition.name(), () -> fields(job, definition)));
                findings.add(find(Subject.FILE_NAME, definition.name(), () -> fileName(job, definition)));
            }
        }
        Stream.concat(job.deliveries().stream(), job.copies().stream())
                .map(delivery -> new Finding(Subject.DESTINATION, delivery.id(), probe.problem(job, delivery)))
                .forEach(findings::add);
        return new JobCheck(job.name(), findings);
    }

    private static Finding find(Subject subject, String name, Supplier<Optional<String>> look) {
        try {
            return new Finding(subject, name, look.get());
        } catch (ExportException e) {
            return new Finding(subject, name, Optional.of(RunLedger.failure(e).message()));
        } catch (RuntimeException e) { // of the host's code; its message may hold values
            log.warn("The check of {} '{}' failed", subject, name, e);
            return new Finding(subject, name, Optional.of(RunLedger.failure(e).message()));
        }
    }

    private Optional<String> source(ExportJob job, ExportDefinition<?> definition) {
        JobPositions positions = services.store().positions(job.name());
        PlannedExport.open(
                        definition,
                        job.parameters(),
                        positions.position(definition.name()),
                        services.clock(),
                        Context.of(job))
                .close();
        return Optional.empty();
    }

    private Optional<String> fields(ExportJob job, ExportDefinition<?> definition) {
        for (RecordPreview record : previewer.preview(job, definition, List.of())) {
            Optional<String> problem = record.fields().stream()
                    .filter(field -> record.passesFilter() && field.kind() != FieldKind.NOT_MAPPED)
                    .map(FieldPreview::problem)
                    .flatMap(Optional::stream)
                    .findFirst();
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> fileName(ExportJob job, ExportDefinition<?> definition) {
        JobPositions positions = services.store().positions(job.name());
        ExportRun next = RunBuilder.planned(
                        Math.max(1, positions.run() + 1),
                        job.name(),
                        Trigger.MANUAL,
                        services.clock().instant())
                .build();
        try (PlannedExport<?> export = PlannedExport.open(
                definition,
                job.parameters(),
                positions.position(definition.name()),
                services.clock(),
                Context.of(job))) {
            RunFileName.of(job, next, export, positions.sequence() + 1);
        }
        return Optional.empty();
    }
}
