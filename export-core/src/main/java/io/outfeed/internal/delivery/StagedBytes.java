package io.outfeed.internal.delivery;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.spool.Spool;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Set;

/**
 * Verifies that the bytes to be sent are those that the ledger has. Where nodes share a store but no directory, a node
 * may have to finish a run that another one has staged; and a file on a disk may have changed. Used by one thread.
 */
public final class StagedBytes {

    /** When the files were staged. */
    public enum Age {
        /** By this attempt: their bytes are known. */
        FRESH,
        /** By an earlier attempt: each is read once before it is sent. */
        STORED
    }

    private final Spool spool;
    private final Age age;
    private final Set<String> verified = new HashSet<>();

    StagedBytes(Spool spool, Age age) {
        this.spool = spool;
        this.age = age;
    }

    /**
     * Verifies a file.
     *
     * @throws DeliveryException if it is missing, or its bytes have changed
     */
    void verify(ExportRun run, FileDelivery step) {
        StagedFile file = DeliverySteps.file(run, step);
        if (!Files.exists(spool.path(run.number(), file))) {
            throw DeliveryException.of(
                    FailureCode.BYTES_ELSEWHERE,
                    step.delivery(),
                    "the bytes of " + step.path()
                            + " are not in this engine's directory, and no others may follow what may have"
                            + " been published: start the node that staged them, let the nodes share the directory, or"
                            + " call giveUp(reason) on engine.run(" + run.number() + ")" + Context.of(run),
                    null);
        }
        if (age == Age.STORED && !verified.contains(file.path())) {
            String whatToDo = run.status() == RunStatus.PUBLISHING
                    ? "put the file back as it was, or call giveUp(reason) on engine.run(" + run.number() + ")"
                    : "find out what has changed them";
            verifyAsStaged(spool, run, step, whatToDo);
            verified.add(file.path());
        }
    }

    /**
     * Reads a file and compares it with the ledger.
     *
     * @throws DeliveryException if its bytes have changed, such as by a disk failure or by hand
     */
    public static void verifyAsStaged(Spool spool, ExportRun run, FileDelivery step, String whatToDo) {
        boolean same = HostCalls.callDelivery(
                step.delivery(),
                "can't read " + step.path() + " in this engine's directory" + Context.of(run),
                () -> spool.isAsStaged(run.number(), DeliverySteps.file(run, step)));
        if (!same) {
            throw DeliveryException.of(
                    FailureCode.BYTES_CHANGED,
                    step.delivery(),
                    "the bytes of " + step.path()
                            + " in this engine's directory are not those that were staged, and are not sent: "
                            + whatToDo
                            + Context.of(run),
                    null);
        }
    }
}
