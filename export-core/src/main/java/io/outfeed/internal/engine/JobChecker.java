package io.outfeed.internal.engine;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportException;
import io.outfeed.ExportJob;
import io.outfeed.ExportRun;
import io.outfeed.JobCheck;
import io.outfeed.JobCheck.Finding;
import io.outfeed.JobCheck.Subject;
import io.outfeed.RecordPreview;
import io.outfeed.StoreException;
import io.outfeed.Trigger;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.field.FieldKind;
import io.outfeed.field.FieldPreview;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.store.JobPositions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether everything works that a job needs. Exports nothing: a destination gets a small temporary file, as the first half
 * of a delivery puts it there, and it is removed again.
 */
final class JobChecker {

    private static final Logger log = LoggerFactory.getLogger(JobChecker.class);

    private static final byte[] CONTENT = "a check of the export; to be ignored\n".getBytes(StandardCharsets.US_ASCII);

    private final RunServices services;
    private final Previewer previewer;

    JobChecker(RunServices services, Previewer previewer) {
        this.services = services;
        this.previewer = previewer;
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
                .map(delivery -> find(Subject.DESTINATION, delivery.id(), () -> destination(job, delivery)))
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
        ExportRun next = ExportRun.builder(
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

    private Optional<String> destination(ExportJob job, Delivery delivery) {
        StagedFile staged = staged(job);
        Path content = probe(staged);
        try (Destinations destinations = new Destinations(List.of(delivery))) {
            // nothing is published, so nothing is replaced
            OutgoingFile file = new OutgoingFile(job.name(), 0, 0, staged, content, IfExists.REPLACE);
            Calls.delivery(delivery.id(), "can't put a file at " + delivery + Context.of(job), () -> {
                putAndRemove(destinations.session(delivery.id()), file);
                return true;
            });
            return Optional.empty();
        } finally {
            delete(content);
        }
    }

    private static void putAndRemove(DeliverySession session, OutgoingFile file) throws Exception {
        try {
            session.prepare(file);
        } catch (Exception e) {
            Calls.closeAfter(e, () -> session.discard(file)); // half of it may be there
            throw e;
        }
        session.discard(file);
    }

    /** Another name each time: two checks, on two nodes, don't meet. */
    private static StagedFile staged(ExportJob job) {
        String name = "outfeed-check-" + UUID.randomUUID() + ".txt";
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(CONTENT);
            String definition = job.definitions().get(0).name();
            return new StagedFile(
                    definition, "", name, 0, CONTENT.length, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private Path probe(StagedFile staged) {
        try {
            return Files.write(services.spool().scratch(staged.name()), CONTENT);
        } catch (IOException e) {
            throw new StoreException("can't write a temporary file for a check: check free space and permissions", e);
        }
    }

    private static void delete(Path content) {
        try {
            Files.deleteIfExists(content);
        } catch (IOException e) {
            log.debug("A temporary file of a check is left: {}", content, e);
        }
    }
}
