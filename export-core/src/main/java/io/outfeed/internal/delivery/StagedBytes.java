package io.outfeed.internal.delivery;

import io.outfeed.error.DeliveryException;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.spool.Spool;
import io.outfeed.run.ExportRun;
import io.outfeed.run.FileDelivery;
import io.outfeed.run.RunStatus;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Set;

/**
 * Proves that the bytes which are about to be sent are those that the ledger has. Where nodes share a store and no
 * directory, a node may have to finish what another one has staged; and what has lain on a disk may have changed. Used
 * by one thread.
 */
public final class StagedBytes {

    /** When the files were staged. */
    public enum Age {
        /** By this very attempt: their bytes are known. */
        FRESH,
        /** By an earlier attempt: each is read once before it is sent. */
        STORED
    }

    private final Spool spool;
    private final Age age;
    private final Set<String> proven = new HashSet<>();

    StagedBytes(Spool spool, Age age) {
        this.spool = spool;
        this.age = age;
    }

    /**
     * Checks a file.
     *
     * @throws DeliveryException if its bytes are gone, or are others
     */
    void require(ExportRun run, FileDelivery step) {
        StagedFile file = DeliverySteps.file(run, step);
        if (!Files.exists(spool.path(run.number(), file))) {
            throw DeliveryException.permanent(
                    step.delivery(),
                    "the bytes of " + step.path()
                            + " are not in this engine's directory, and no others may follow what may have"
                            + " been published: start the node that staged them, let the nodes share the directory, or call"
                            + " giveUp(reason) on engine.run(" + run.number() + ")" + Context.of(run),
                    null);
        }
        if (age == Age.STORED && !proven.contains(file.path())) {
            String whatToDo = run.status() == RunStatus.PUBLISHING
                    ? "put the file back as it was, or call giveUp(reason) on engine.run(" + run.number() + ")"
                    : "find out what has changed them";
            requireAsStaged(spool, run, step, whatToDo);
            proven.add(file.path());
        }
    }

    /**
     * Reads a file and compares it with the ledger.
     *
     * @throws DeliveryException if its bytes are others, by a disk that rots or a person who edits it
     */
    public static void requireAsStaged(Spool spool, ExportRun run, FileDelivery step, String whatToDo) {
        boolean same = HostCalls.delivery(
                step.delivery(),
                "can't read " + step.path() + " in this engine's directory" + Context.of(run),
                () -> spool.isAsStaged(run.number(), DeliverySteps.file(run, step)));
        if (!same) {
            throw DeliveryException.permanent(
                    step.delivery(),
                    "the bytes of " + step.path()
                            + " in this engine's directory are not those that were staged, and are not sent: "
                            + whatToDo
                            + Context.of(run),
                    null);
        }
    }
}
