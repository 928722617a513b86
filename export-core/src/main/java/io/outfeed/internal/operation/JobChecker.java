package io.outfeed.internal.operation;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import io.outfeed.field.FieldKind;
import io.outfeed.field.FieldPreview;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.files.RunFileName;
import io.outfeed.internal.files.RunSequence;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.maintenance.DestinationProbe;
import io.outfeed.internal.maintenance.TransformChecks;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.preview.Previewer;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.reading.SourcePermits;
import io.outfeed.internal.run.RunServices;
import io.outfeed.operation.JobCheck;
import io.outfeed.operation.JobCheck.Finding;
import io.outfeed.operation.JobCheck.Subject;
import io.outfeed.operation.RecordPreview;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the source, the fields, the file names, the transforms and the destinations of a job. Exports nothing.
 * Thread-safe.
 */
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
            Finding source = finding(Subject.SOURCE, definition.name(), () -> checkSource(job, definition));
            findings.add(source);
            if (source.problem().isEmpty()) {
                findings.add(toFinding(Subject.FIELDS, definition.name(), () -> checkFields(job, definition)));
                findings.add(toFinding(Subject.FILE_NAME, definition.name(), () -> checkFileName(job, definition)));
            }
        }
        for (FileTransform transform : TransformChecks.transforms(job)) {
            List<Problem> problems =
                    TransformChecks.problems(transform, services.clock().instant());
            if (problems.isEmpty()) {
                findings.add(new Finding(Subject.TRANSFORM, transform.toString(), Optional.empty()));
            }
            problems.forEach(problem ->
                    findings.add(new Finding(Subject.TRANSFORM, transform.toString(), Optional.of(problem))));
        }
        Stream.concat(job.deliveries().stream(), job.copies().stream())
                .map(delivery -> new Finding(Subject.DESTINATION, delivery.id(), probe.problem(job, delivery)))
                .forEach(findings::add);
        return new JobCheck(job.name(), findings);
    }

    private static Finding toFinding(Subject subject, String name, Supplier<Optional<Problem>> check) {
        return finding(subject, name, () -> new Finding(subject, name, check.get()));
    }

    private static Finding finding(Subject subject, String name, Supplier<Finding> check) {
        try {
            return check.get();
        } catch (ExportException e) {
            return new Finding(subject, name, Optional.of(RunLedger.problem(e)));
        } catch (RuntimeException | Error e) { // by the host's code; its message may have values
            log.warn("The check of {} '{}' failed", subject, name, HostCalls.redact(e));
            return new Finding(subject, name, Optional.of(RunLedger.problem(e)));
        }
    }

    private Finding checkSource(ExportJob job, ExportDefinition<?> definition) {
        JobPositions positions = services.store().positions(job.name());
        try (SourcePermits.Permitted<PlannedExport<?>> opened = open(job, definition, positions)) {
            PlannedExport<?> export = opened.sessions();
            Optional<Problem> excluded = HostCalls.callSource(
                            "can't look for records that no window includes",
                            Context.of(job),
                            () -> export.session().excludedRecords(export.window()))
                    .map(problem -> new Problem(FailureCode.SOURCE_REFUSED, problem));
            Optional<String> transport = HostCalls.callSource(
                    "can't tell how the source is read",
                    Context.of(job),
                    () -> export.session().transport());
            return new Finding(Subject.SOURCE, definition.name(), excluded, transport);
        }
    }

    private SourcePermits.Permitted<PlannedExport<?>> open(
            ExportJob job, ExportDefinition<?> definition, JobPositions positions) {
        String at = Context.of(job);
        return services.sourcePermits()
                .open(
                        List.of(definition),
                        at,
                        () -> PlannedExport.open(
                                definition,
                                job.parameters(),
                                positions.position(definition.name()),
                                services.clock(),
                                at));
    }

    private Optional<Problem> checkFields(ExportJob job, ExportDefinition<?> definition) {
        for (RecordPreview record : previewer.preview(job, definition, List.of())) {
            Optional<String> problem = record.fields().stream()
                    .filter(field -> record.passesFilter() && field.kind() != FieldKind.NOT_MAPPED)
                    .map(FieldPreview::problem)
                    .flatMap(Optional::stream)
                    .findFirst();
            if (problem.isPresent()) {
                return problem.map(what -> new Problem(FailureCode.MAPPING_FAILED, what));
            }
        }
        return Optional.empty();
    }

    private Optional<Problem> checkFileName(ExportJob job, ExportDefinition<?> definition) {
        JobPositions positions = services.store().positions(job.name());
        ExportRun next = RunBuilder.planned(
                        Math.max(1, positions.run() + 1),
                        job.name(),
                        Trigger.MANUAL,
                        services.clock().instant())
                .build();
        try (SourcePermits.Permitted<PlannedExport<?>> opened = open(job, definition, positions)) {
            PlannedExport<?> export = opened.sessions();
            RunFileName.of(
                    job,
                    next,
                    export,
                    RunSequence.next(positions, services.dailySequences().next(job, next, positions)));
        }
        return Optional.empty();
    }
}
