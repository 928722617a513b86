package io.outfeed.internal.delivery;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.spool.RunBytes;
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

    private final RunBytes bytes;
    private final Age age;
    private final Set<String> verified = new HashSet<>();

    StagedBytes(RunBytes bytes, Age age) {
        this.bytes = bytes;
        this.age = age;
    }

    /**
     * Verifies a file, which is fetched from the spool if this node does not have it.
     *
     * @throws DeliveryException if it is missing, or its bytes have changed
     * @throws StoreException if the spool can't be reached
     */
    void verify(ExportRun run, FileDelivery step) {
        StagedFile file = DeliverySteps.file(run, step);
        boolean there = Files.exists(bytes.directory().path(run.number(), file));
        if (there && (age == Age.FRESH || verified.contains(file.path()))) {
            return;
        }
        provide(bytes, run, step);
        verified.add(file.path());
    }

    /**
     * Reads a file and compares it with the ledger; fetches it from the spool if this node does not have it.
     *
     * @throws DeliveryException if it is missing, or its bytes have changed, such as by a disk failure or by hand
     * @throws StoreException if the spool can't be reached
     */
    public static void provide(RunBytes bytes, ExportRun run, FileDelivery step) {
        switch (bytes.provide(run, DeliverySteps.file(run, step))) {
            case AS_STAGED -> {}
            case MISSING -> throw elsewhere(bytes, run, step);
            case CHANGED -> throw changed("in this engine's directory", "put the file back as it was", run, step);
            case CHANGED_IN_SPOOL -> throw changed("in the spool", "start the node that staged them", run, step);
        }
    }

    private static DeliveryException elsewhere(RunBytes bytes, ExportRun run, FileDelivery step) {
        return DeliveryException.of(
                FailureCode.BYTES_ELSEWHERE,
                step.delivery(),
                "the bytes of " + step.path()
                        + (bytes.isSpooled(run)
                                ? " are neither in this engine's directory nor in the spool"
                                : " are not in this engine's directory")
                        + ", and no others may follow what may have been published: start the node that staged them,"
                        + (bytes.isSpooled(run) ? "" : " let the nodes share the directory or use a spool,")
                        + " or call giveUp(reason) on engine.run(" + run.number() + ")" + Context.of(run),
                null);
    }

    private static DeliveryException changed(String where, String whatToDo, ExportRun run, FileDelivery step) {
        return DeliveryException.of(
                FailureCode.BYTES_CHANGED,
                step.delivery(),
                "the bytes of " + step.path() + " " + where + " are not those that were staged, and are not sent: "
                        + (run.status() == RunStatus.PUBLISHING
                                ? whatToDo + ", or call giveUp(reason) on engine.run(" + run.number() + ")"
                                : "find out what has changed them")
                        + Context.of(run),
                null);
    }
}
