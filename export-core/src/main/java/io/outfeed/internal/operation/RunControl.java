package io.outfeed.internal.operation;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportJob;
import io.outfeed.error.AlreadyRunningException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.StoreException;
import io.outfeed.file.PlainBytes;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.files.Transforms;
import io.outfeed.internal.job.ScheduledJob;
import io.outfeed.internal.mapping.Rejects;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.internal.spool.RunBytes;
import io.outfeed.internal.spool.RunBytes.Found;
import io.outfeed.internal.spool.VerifiedInput;
import io.outfeed.operation.Arrival;
import io.outfeed.operation.Cancellation;
import io.outfeed.operation.Redelivery;
import io.outfeed.operation.RunHandle;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RejectedRecord;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Sidecar;
import io.outfeed.store.JobLock;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The handle of a run, by number: each call reads the run anew. Thread-safe. */
public record RunControl(long number, OperationServices services) implements RunHandle {

    @Override
    public ExportRun run() {
        return services.runs()
                .store()
                .run(number)
                .orElseThrow(
                        () -> new NoSuchJobException("no run " + number + ": it never was, or its history was pruned"));
    }

    @Override
    public Optional<URI> link(FileDelivery file) {
        return services.links().link(run(), requireNonNull(file, "file"));
    }

    @Override
    public Optional<RunProgress> progress() {
        return services.runs().meters().ofRun(number);
    }

    @Override
    public ExportRun redeliver() {
        return redeliver(Redelivery.toAll());
    }

    @Override
    public ExportRun redeliver(Redelivery options) {
        return changeRun(
                RunControl::isSent, (job, lock) -> services.operations().redeliver(job, lock, run(), options));
    }

    @Override
    public ExportRun reExport() {
        return changeRun(
                RunControl::isSent, (job, lock) -> services.operations().reExport(job, lock, run()));
    }

    @Override
    public ExportRun release() {
        return changeRun(
                RunControl::isHeld, (job, lock) -> services.operations().release(job, lock, run()));
    }

    @Override
    public ExportRun discard() {
        return changeRun(
                run -> isHeld(run) && !run.publishing(),
                (job, lock) -> services.operations().discard(job, lock, run()));
    }

    @Override
    public Cancellation cancel(String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("say why the run is cancelled: it is kept in the history");
        }
        services.jobs().get(run().job()); // throws if the engine does not have the job
        if (!services.runs().store().requestCancel(number, reason)) {
            return Cancellation.TOO_LATE;
        }
        services.runs().meters().cancel(number);
        try {
            ExportRun run = changeRun(
                    open -> !open.publishing() && !open.status().ended(),
                    (job, lock) -> services.operations().cancel(job, lock, run(), reason));
            return run.status() == RunStatus.CANCELLED ? Cancellation.CANCELLED : Cancellation.TOO_LATE;
        } catch (AlreadyRunningException e) {
            return Cancellation.REQUESTED; // its attempt holds the lock
        } catch (IllegalStateException e) { // it ended in between
            ExportRun run = run();
            return run.status() == RunStatus.CANCELLED ? Cancellation.CANCELLED : Cancellation.TOO_LATE;
        }
    }

    @Override
    public ExportRun giveUp(String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("say why the run is given up: it is kept in the history");
        }
        return changeRun(
                run -> run.publishing() && !run.status().ended(),
                (job, lock) -> services.operations().giveUp(job, lock, run(), reason));
    }

    @Override
    public ExportRun acknowledge(Arrival arrival, String reason) {
        requireNonNull(arrival, "arrival");
        if (reason.isBlank()) {
            throw new IllegalArgumentException("say how the arrival was found out: it is kept in the history");
        }
        return locked((job, lock) -> services.operations().acknowledge(job, lock, run(), arrival, reason));
    }

    private static boolean isSent(ExportRun run) {
        return run.status() == RunStatus.COMMITTED || run.status() == RunStatus.GIVEN_UP;
    }

    private static boolean isHeld(ExportRun run) {
        return run.status() == RunStatus.HELD;
    }

    /** Changes a run in a state that allows it, under its job's lock. */
    private ExportRun changeRun(Predicate<ExportRun> allowed, BiFunction<ExportJob, JobLock, ExportRun> action) {
        return locked((job, lock) -> {
            ExportRun run = run();
            if (!allowed.test(run)) {
                throw new IllegalStateException("run " + number + " is " + run.status()
                        + (run.publishing() && !run.status().ended() ? ", and published in part" : "")
                        + ": that can't be done to it"
                        + Context.of(run));
            }
            return action.apply(job, lock);
        });
    }

    private ExportRun locked(BiFunction<ExportJob, JobLock, ExportRun> action) {
        ScheduledJob scheduled = services.jobs().get(run().job());
        return services.executor().locked(scheduled, lock -> action.apply(scheduled.job(), lock));
    }

    @Override
    public InputStream open(String path) {
        ExportRun run = run();
        return open(run, file(run, path));
    }

    private StagedFile file(ExportRun run, String path) {
        return run.files().stream()
                .filter(candidate -> candidate.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new NoSuchJobException("run " + number + " has no file '" + path + "', only "
                        + run.files().stream().map(StagedFile::path).toList()));
    }

    private InputStream open(ExportRun run, StagedFile file) {
        RunBytes bytes = services.runs().bytes();
        Path local = bytes.directory().path(number, file);
        boolean there = !bytes.isSpooled(run) && Files.exists(local); // its bytes are verified while they are read
        Found found = there ? Found.AS_STAGED : bytes.provide(run, file);
        checkFound(found, run, "the bytes of " + file.path());
        try {
            return VerifiedInput.forHost(Files.newInputStream(local), run, file);
        } catch (IOException e) {
            throw cantRead(local, e);
        }
    }

    private void checkFound(Found found, ExportRun run, String what) {
        if (found != Found.AS_STAGED) {
            throw services.runs()
                    .bytes()
                    .failure(
                            found,
                            run,
                            what,
                            "only runs that staged a file and were not discarded or cancelled keep them");
        }
    }

    private static StoreException cantRead(Path file, IOException e) {
        return StoreFailures.ofFile("can't read " + file, "check permissions and the disk", e);
    }

    @Override
    public InputStream openPlain(String path) {
        ExportRun run = run();
        StagedFile file = file(run, path);
        if (file.plain().isEmpty()) {
            return open(run, file);
        }
        PlainBytes plain = file.plain().get();
        if (plain.kept()) {
            return openCopy(run, file, plain);
        } else if (plain.encrypted()) {
            throw new IllegalStateException(
                    path + " is encrypted, and the run has kept no plain copy: only its receivers"
                            + " can read it; for later runs set plainCopies(PlainCopies.KEEP) on the job"
                            + Context.of(run));
        }
        return VerifiedInput.ofPlain(readBack(run, file), run, file, plain);
    }

    private InputStream openCopy(ExportRun run, StagedFile file, PlainBytes plain) {
        RunBytes bytes = services.runs().bytes();
        Path local = bytes.directory().plainPath(number, file);
        boolean there = !bytes.isSpooled(run) && Files.exists(local); // its bytes are verified while they are read
        checkFound(
                there ? Found.AS_STAGED : bytes.providePlain(run, file),
                run,
                "the bytes of the plain copy of " + file.path());
        try {
            return VerifiedInput.ofPlain(Files.newInputStream(local), run, file, plain);
        } catch (IOException e) {
            throw cantRead(local, e);
        }
    }

    private InputStream readBack(ExportRun run, StagedFile file) {
        ExportJob job = services.jobs().get(run.job()).job();
        InputStream sent = open(run, file);
        try {
            Optional<InputStream> plain = Transforms.readBack(job, file, sent);
            if (plain.isPresent()) {
                return plain.get();
            }
        } catch (IOException | RuntimeException | Error e) {
            throw HostCalls.closing(otherTransforms(run, file, HostCalls.redact(e)), sent);
        }
        throw HostCalls.closing(otherTransforms(run, file, null), sent);
    }

    private static IllegalStateException otherTransforms(ExportRun run, StagedFile file, @Nullable Throwable cause) {
        return new IllegalStateException(
                file.path()
                        + " can't be read back by the transforms that the job has now: open() gives its bytes as they"
                        + " were delivered" + Context.of(run),
                cause);
    }

    @Override
    public List<RejectedRecord> rejects() {
        ExportRun run = run();
        return run.sidecars().stream()
                .filter(sidecar -> sidecar.kind() == Sidecar.Kind.REJECTS)
                .flatMap(sidecar -> rejects(run, sidecar).stream())
                .toList();
    }

    private List<RejectedRecord> rejects(ExportRun run, Sidecar sidecar) {
        RunBytes bytes = services.runs().bytes();
        Found found = bytes.provide(run, sidecar);
        if (found != Found.AS_STAGED) {
            throw bytes.failure(
                    found,
                    run,
                    "the bytes of ." + sidecar.definition() + ".rejects",
                    "the run has left out " + run.rejected() + " records");
        }
        return Rejects.read(bytes.path(run, sidecar), sidecar.definition());
    }

    @Override
    public String toString() {
        return "run " + number;
    }
}
