package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliveryResources;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.incident.Incident.Step;
import io.outfeed.internal.delivery.Destinations;
import io.outfeed.internal.delivery.KnownDirectories;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.files.ControlFileWriter;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.internal.spool.SpoolDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tests a destination by all that a delivery does: uploads a small temporary file, renames it, inspects it, and removes
 * it again. Both names are temporary ones, so that no receiver takes the file for data. A delivery without a rename
 * prepares a file, and checks what else it can. Thread-safe.
 */
public final class DestinationProbe {

    private static final Logger log = LoggerFactory.getLogger(DestinationProbe.class);

    private static final byte[] CONTENT = "a check of the export; to be ignored\n".getBytes(StandardCharsets.US_ASCII);

    private final SpoolDirectory spool;
    private final DeliveryResources shared;
    private final JobStates states;

    /**
     * What a test has found.
     *
     * @param problem what is wrong, and what to do
     * @param step where it has failed
     */
    record Failure(Problem problem, Step step) {}

    public DestinationProbe(SpoolDirectory spool, DeliveryResources shared, JobStates states) {
        this.spool = spool;
        this.shared = shared;
        this.states = states;
    }

    /** Tests a destination of a job. Returns its problem and what to do; empty if it works. */
    public Optional<Problem> problem(ExportJob job, Delivery delivery) {
        return failure(job, delivery).map(Failure::problem);
    }

    /** Tests a destination of a job. Returns how it has failed; empty if it works. */
    Optional<Failure> failure(ExportJob job, Delivery delivery) {
        try (Destinations destinations =
                new Destinations(List.of(delivery), shared, KnownDirectories.unchanged(states, job))) {
            Optional<Problem> problem = problem(job, delivery, destinations);
            Step step = destinations.isUnreached(delivery.id()) ? Step.CONNECT : Step.PUBLISH;
            return problem.map(what -> new Failure(what, step));
        }
    }

    private Optional<Problem> problem(ExportJob job, Delivery delivery, Destinations destinations) {
        try {
            putAndRemove(job, delivery, destinations);
            return Optional.empty();
        } catch (ExportException e) {
            return Optional.of(RunLedger.problem(e));
        } catch (RuntimeException | Error e) { // by the host's code; its message may have a secret
            log.warn("The check of destination '{}' failed", delivery.id(), HostCalls.redact(e));
            return Optional.of(RunLedger.problem(e));
        }
    }

    private void putAndRemove(ExportJob job, Delivery delivery, Destinations destinations) {
        StagedFile staged = staged(job);
        Path content = write(staged);
        try {
            IfExists ifExists = ControlFileWriter.ifExists(job, staged.definition()); // which decides how it is renamed
            OutgoingFile file = new OutgoingFile(job.name(), 0, 0, staged, content, ifExists);
            HostCalls.callDelivery(delivery.id(), "can't put a file at " + delivery + Context.of(job), () -> {
                putAndRemove(delivery.id(), destinations.session(delivery.id()), file);
                return true;
            });
        } finally {
            delete(content);
        }
    }

    private static void putAndRemove(String id, DeliverySession session, OutgoingFile file) throws Exception {
        try {
            PreparedFile prepared = session.prepare(file);
            if (prepared.temporary().isPresent()) {
                rename(id, session, hidden(prepared, file), file);
            } else {
                session.check(file);
            }
        } catch (Exception e) {
            HostCalls.closeAfter(e, () -> session.discard(file)); // a part of the file may be there
            throw e;
        }
        session.discard(file);
    }

    /** A receiver must not take the file for data: it is published under a name with the prefix of temporary ones. */
    private static PreparedFile hidden(PreparedFile prepared, OutgoingFile file) {
        String name = file.file().name();
        String temporary = prepared.temporary().orElseThrow();
        int end = temporary.lastIndexOf(name);
        String prefix = temporary.substring(folder(temporary), Math.max(end, folder(temporary)));
        String location = prepared.location();
        return PreparedFile.renamed(
                location.substring(0, location.length() - name.length()) + prefix + name, temporary);
    }

    /** Returns where the name begins in a path with slashes, or backslashes on Windows. */
    private static int folder(String path) {
        return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
    }

    private static void rename(String id, DeliverySession session, PreparedFile prepared, OutgoingFile file)
            throws Exception {
        boolean gone = publish(session, prepared, file).isEmpty();
        Inspection renamed = session.inspect(prepared.location());
        Deletion deletion = session.delete(prepared.location(), file.file().bytes());
        if (gone) {
            throw DeliveryException.of(
                    FailureCode.TEMPORARY_TAKEN,
                    id,
                    "something takes uploaded files before they can be renamed: if the receiver takes each file when"
                            + " it is closed, set takesAtClose() on the delivery; else find out what takes them",
                    null);
        } else if (renamed.isMissing()) {
            throw DeliveryException.permanent(
                    id,
                    "a rename is acknowledged, and the file is not there under its new name: find out why the server"
                            + " does that, or choose another way to publish",
                    null);
        } else if (deletion != Deletion.DELETED) {
            log.info("The file {} of a check may be left: it is hidden and harmless", prepared.location());
        }
    }

    /** A rename that failed may have been done: then its file is removed too. */
    private static Optional<DeliveryReceipt> publish(DeliverySession session, PreparedFile prepared, OutgoingFile file)
            throws Exception {
        try {
            return session.publish(prepared, file);
        } catch (Exception e) {
            HostCalls.closeAfter(e, () -> {
                Deletion unused =
                        session.delete(prepared.location(), file.file().bytes());
            });
            throw e;
        }
    }

    /** A unique name each time, so that checks of two nodes do not collide. */
    private static StagedFile staged(ExportJob job) {
        String name = "outfeed-check-" + UUID.randomUUID() + ".part";
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(CONTENT);
            String definition = job.definitions().get(0).name();
            return new StagedFile(
                    definition, "", name, 0, CONTENT.length, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private Path write(StagedFile staged) {
        try {
            return Files.write(spool.scratch(staged.name()), CONTENT);
        } catch (IOException e) {
            throw StoreFailures.ofFile(
                    "can't write a temporary file for a check", "check free space and permissions", e);
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
