package io.outfeed.internal.spool;

import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.file.PlainBytes;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.io.DigestOutput;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.Sidecar;
import io.outfeed.spool.Spool;
import io.outfeed.spool.SpooledFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The staged files and the sidecars of runs, in the directory of this engine and in the spool that nodes share, if
 * there is one. What the ledger says of a file counts: one that is missing in the directory, or differs there, since
 * this node has made an earlier attempt of the run, is fetched from the spool. Thread-safe.
 */
public final class RunBytes {

    private static final Logger log = LoggerFactory.getLogger(RunBytes.class);

    private final SpoolDirectory directory;
    private final Optional<Spool> spool;

    public RunBytes(SpoolDirectory directory, Optional<Spool> spool) {
        this.directory = directory;
        this.spool = spool;
    }

    /** What there is of a file. */
    public enum Found {
        /** The directory of this engine has the bytes of the ledger. */
        AS_STAGED,
        /** Neither the directory nor the spool has the file. */
        MISSING,
        /** The file in the directory has other bytes, and the spool does not have it. */
        CHANGED,
        /** The spool has other bytes. */
        CHANGED_IN_SPOOL
    }

    public SpoolDirectory directory() {
        return directory;
    }

    // ---- what a run has staged

    /**
     * Saves what an attempt has staged, so that any node can continue from it. Call it when the sources are closed, and
     * before the ledger says that the run is staged.
     *
     * @param definitions those that may have written sidecars
     * @return the run with its sidecars, and with the token by which the spool has its files
     */
    public ExportRun save(ExportRun staged, List<String> definitions) {
        List<Sidecar> sidecars = sidecars(staged, definitions);
        RunBuilder saved = RunBuilder.of(staged).sidecars(sidecars);
        if (spool.isEmpty() || (staged.files().isEmpty() && sidecars.isEmpty())) {
            return saved.build();
        }
        ExportRun run = saved.spoolToken(staged.token()).build();
        for (StagedFile file : run.files()) {
            save(spool.get(), run, spooled(run, file), directory.path(run.number(), file));
            Optional<SpooledFile> plain = spooledPlain(run, file);
            if (plain.isPresent()) {
                save(spool.get(), run, plain.get(), directory.plainPath(run.number(), file));
            }
        }
        for (Sidecar sidecar : sidecars) {
            save(spool.get(), run, spooled(run, sidecar), path(run, sidecar));
        }
        return run;
    }

    private List<Sidecar> sidecars(ExportRun run, List<String> definitions) {
        List<Sidecar> sidecars = new ArrayList<>();
        for (String definition : definitions) {
            for (Sidecar.Kind kind : Sidecar.Kind.values()) {
                Path path = directory.sidecar(run.number(), kind, definition);
                if (Files.exists(path)) {
                    sidecars.add(sidecar(run, kind, definition, path));
                }
            }
        }
        return sidecars;
    }

    private Sidecar sidecar(ExportRun run, Sidecar.Kind kind, String definition, Path path) {
        DigestOutput read = new DigestOutput(OutputStream.nullOutputStream());
        try {
            Files.copy(path, read);
        } catch (IOException e) {
            throw directory.cantRead(run.number(), path, e);
        }
        return new Sidecar(kind, definition, read.bytes(), read.sha256());
    }

    private static void save(Spool to, ExportRun run, SpooledFile file, Path path) {
        call("can't save " + file.name() + " in the spool, and nothing was published", run, () -> {
            try (InputStream content =
                    new VerifiedInput(Files.newInputStream(path), file.bytes(), file.sha256(), () -> "")) {
                to.save(file, content);
            } catch (VerifiedInput.ChangedException e) {
                throw StoreException.of(
                        FailureCode.BYTES_CHANGED,
                        "the bytes of " + file.name() + " have changed in this engine's directory since they were"
                                + " staged, and nothing was published: find out what has changed them"
                                + Context.of(run),
                        e);
            }
            return true;
        });
    }

    private static <R> R call(String failure, ExportRun run, Callable<R> call) {
        try {
            return call.call();
        } catch (Throwable e) {
            throw failed(failure, run, e);
        }
    }

    /** Returns what is thrown: a spool in a database fails as a store, and need not be in the database of the store. */
    private static ExportException failed(String failure, ExportRun run, Throwable e) {
        if (e instanceof ExportException known) {
            return known.code() == FailureCode.STORE_UNAVAILABLE
                    ? StoreException.of(
                            FailureCode.SPOOL_UNAVAILABLE, failure + ": " + known.getMessage() + Context.of(run), known)
                    : known;
        }
        Throwable cause = HostCalls.redact(e);
        return StoreException.of(
                e instanceof Error ? FailureCode.UNEXPECTED : FailureCode.SPOOL_UNAVAILABLE,
                failure + ": check that this node can reach the spool" + Context.of(run),
                cause);
    }

    private static SpooledFile spooled(ExportRun run, StagedFile file) {
        return new SpooledFile(run.number(), run.spoolToken(), SpoolDirectory.name(file), file.bytes(), file.sha256());
    }

    /** Returns the plain copy of a file; empty if none is kept. */
    private static Optional<SpooledFile> spooledPlain(ExportRun run, StagedFile file) {
        return file.plain()
                .filter(PlainBytes::kept)
                .map(plain -> new SpooledFile(
                        run.number(), run.spoolToken(), SpoolDirectory.plainName(file), plain.bytes(), plain.sha256()));
    }

    private static SpooledFile spooled(ExportRun run, Sidecar sidecar) {
        return new SpooledFile(
                run.number(),
                run.spoolToken(),
                SpoolDirectory.sidecarName(sidecar.kind(), sidecar.definition()),
                sidecar.bytes(),
                sidecar.sha256());
    }

    // ---- what a run needs

    /** Returns the sidecar that a run has, as the ledger says. */
    public static Optional<Sidecar> sidecar(ExportRun run, Sidecar.Kind kind, String definition) {
        return run.sidecars().stream()
                .filter(sidecar -> sidecar.kind() == kind)
                .filter(sidecar -> sidecar.definition().equals(definition))
                .findFirst();
    }

    /** Returns where a sidecar is in the directory of this engine once it was {@linkplain #provide provided}. */
    public Path path(ExportRun run, Sidecar sidecar) {
        return directory.sidecar(run.number(), sidecar.kind(), sidecar.definition());
    }

    /** Whether all files of a run are in the directory of this engine, or the ledger says that the spool has them. */
    public boolean mayProvide(ExportRun run) {
        return isSpooled(run)
                || run.files().stream().allMatch(file -> Files.exists(directory.path(run.number(), file)));
    }

    /** Whether the ledger says that the spool has the files of a run. */
    public boolean isSpooled(ExportRun run) {
        return spool.isPresent() && run.spoolToken() > 0;
    }

    /**
     * Puts a staged file into the directory of this engine, unless it is there; reads it either way.
     *
     * @throws StoreException if the spool can't be reached, or the directory can't be read or written
     */
    public Found provide(ExportRun run, StagedFile file) {
        return provide(run, spooled(run, file), directory.path(run.number(), file));
    }

    /** Puts the plain copy of a staged file into the directory of this engine, in the same way. */
    public Found providePlain(ExportRun run, StagedFile file) {
        return provide(run, spooledPlain(run, file).orElseThrow(), directory.plainPath(run.number(), file));
    }

    /** Puts a sidecar into the directory of this engine, in the same way. */
    public Found provide(ExportRun run, Sidecar sidecar) {
        return provide(run, spooled(run, sidecar), path(run, sidecar));
    }

    private Found provide(ExportRun run, SpooledFile file, Path path) {
        boolean exists = Files.exists(path);
        try {
            if (exists && SpoolDirectory.has(path, file.bytes(), file.sha256())) {
                return Found.AS_STAGED;
            }
        } catch (IOException e) {
            throw directory.cantRead(run.number(), path, e);
        }
        Optional<InputStream> content = open(run, file);
        if (content.isEmpty()) {
            return exists ? Found.CHANGED : Found.MISSING;
        }
        try (InputStream in = new VerifiedInput(content.get(), file.bytes(), file.sha256(), () -> "")) {
            directory.receive(run.number(), path, in::transferTo);
            log.info("{} of run {} was fetched from the spool", file.name(), file.run());
            return Found.AS_STAGED;
        } catch (VerifiedInput.ChangedException e) {
            log.error("{} of run {} has other bytes in the spool than were saved", file.name(), file.run());
            return Found.CHANGED_IN_SPOOL;
        } catch (IOException e) {
            throw directory.cantWrite(run.number(), e);
        }
    }

    /**
     * Returns the failure of what needs a file that was not found as staged.
     *
     * @param what the bytes, such as {@code the bytes of visits-1.csv}
     * @param advice what else can be done
     */
    public StoreException failure(Found found, ExportRun run, String what, String advice) {
        boolean missing = found == Found.MISSING;
        String why = switch (found) {
            case CHANGED -> " in this engine's directory are not those that were staged: ";
            case CHANGED_IN_SPOOL -> " in the spool are not those that were staged: ";
            case MISSING, AS_STAGED ->
                isSpooled(run)
                        ? " are neither in this engine's directory nor in the spool: "
                        : " are not in this engine's directory: if another node has them, let the nodes share"
                                + " the directory or use a spool; ";
        };
        return StoreException.of(
                missing ? FailureCode.BYTES_ELSEWHERE : FailureCode.BYTES_CHANGED,
                what + why + advice + Context.of(run),
                null);
    }

    /**
     * Opens a staged file where it is, without putting it into the directory. Its bytes are not verified.
     *
     * @return its bytes; empty if neither the directory nor the spool has it
     * @throws StoreException if the spool can't be reached; so do the methods of the stream
     */
    public Optional<InputStream> open(ExportRun run, StagedFile file) throws IOException {
        Path path = directory.path(run.number(), file);
        boolean local = Files.exists(path) && (!isSpooled(run) || Files.size(path) == file.bytes());
        return local ? Optional.of(Files.newInputStream(path)) : open(run, spooled(run, file));
    }

    /** Opens the plain copy of a staged file, in the same way. */
    public Optional<InputStream> openPlain(ExportRun run, StagedFile file) throws IOException {
        SpooledFile plain = spooledPlain(run, file).orElseThrow();
        Path path = directory.plainPath(run.number(), file);
        boolean local = Files.exists(path) && (!isSpooled(run) || Files.size(path) == plain.bytes());
        return local ? Optional.of(Files.newInputStream(path)) : open(run, plain);
    }

    private Optional<InputStream> open(ExportRun run, SpooledFile file) {
        if (!isSpooled(run)) {
            return Optional.empty();
        }
        String failure = "can't read " + file.name() + " from the spool";
        return call(failure, run, () -> spool.get().open(file))
                .map(content -> new SpoolInput(content, e -> failed(failure, run, e)));
    }

    // ---- what is not needed any more

    /**
     * Removes what the attempts of a run have staged. If the spool can't be reached, that is logged, and done by the
     * sweep later.
     *
     * @param run the run; what later attempts of it have saved in the spool stays there
     */
    public void discard(ExportRun run) {
        directory.delete(run.number());
        discardSpooled(run);
    }

    /** Removes what the attempts of a run have saved in the spool, in the same way. */
    public void discardSpooled(ExportRun run) {
        try {
            deleteSpooled(run, run.token());
        } catch (StoreException e) {
            log.warn(
                    "The files of run {} stay in the spool until the next sweep: {}",
                    run.number(),
                    e.getMessage(),
                    Redacted.of(e));
        }
    }

    /**
     * Removes from the spool what a run has kept for the next one, which has committed: the run after it needs nothing
     * of it. What can't be removed goes with the run.
     */
    public void discardSuperseded(ExportRun before) {
        if (!isSpooled(before)) {
            return;
        }
        for (Sidecar sidecar : before.sidecars()) {
            if (isForNextRun(sidecar)) {
                try {
                    call("can't remove a file from the spool", before, () -> {
                        spool.get().delete(spooled(before, sidecar));
                        return true;
                    });
                } catch (StoreException e) {
                    log.debug("A sidecar of run {} stays in the spool", before.number(), Redacted.of(e));
                }
            }
        }
    }

    /** Whether a run keeps something that only the next one needs, in a spool. */
    public boolean keepsForNextRun(ExportRun run) {
        return isSpooled(run) && run.sidecars().stream().anyMatch(RunBytes::isForNextRun);
    }

    private static boolean isForNextRun(Sidecar sidecar) {
        return sidecar.kind() != Sidecar.Kind.REJECTS;
    }

    /**
     * Removes the files of a run that is about to be deleted from the history.
     *
     * @throws StoreException if one can't be removed
     */
    public void delete(ExportRun run) {
        directory.delete(run.number());
        deleteSpooled(run, Long.MAX_VALUE);
    }

    private void deleteSpooled(ExportRun run, long token) {
        if (spool.isPresent()) {
            call("can't remove the files of the run from the spool", run, () -> {
                spool.get().delete(run.number(), token);
                return true;
            });
        }
    }
}
