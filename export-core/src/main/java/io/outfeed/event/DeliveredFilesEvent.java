package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import io.outfeed.run.ExportRun;
import io.outfeed.run.FileDelivery;
import java.util.List;

/**
 * Something happened to files of a run at one destination: they arrived, the watch missed them, or their time was over.
 *
 * <p>Immutable. Holds names and sizes, never content.
 *
 * @param kind what happened
 * @param run the run as the store has it, all its records included
 * @param delivery the id of the destination
 * @param files the files that it happened to, one or more
 */
public record DeliveredFilesEvent(Kind kind, ExportRun run, String delivery, List<FileDelivery> files)
        implements ExportEvent {

    /** What happened. */
    public enum Kind {
        /** The destination has all files of the run; its receipts say where. Others may not have them yet. */
        DELIVERED("delivered", false),
        /** A file was missing, and was copied again. */
        RECOPIED("missing, copied again", false),
        /**
         * A file is missing and could not be copied again; the next look tries once more, unless it counts as copied.
         */
        NOT_RECOPIED("missing, and could not be copied again", true),
        /** A file vanished once more after its copies were used up: something takes it. Watched no more. */
        VANISHED_AGAIN("missing, and not to be copied again: something takes it, it is watched no more", true),
        /** The directory is gone with the files. Nothing is copied. */
        DIRECTORY_MISSING("missing, with the directory: nothing is copied, look at the destination", true),
        /** More than one file, and more than half of those watched there, are gone at once. Nothing is copied. */
        MANY_MISSING("missing at once, most of all: nothing is copied, look at the destination", true),
        /** Something else has the name of a file. Nothing is overwritten; watched no more. */
        CONFLICT("replaced by something of another size or kind: left alone, watched no more", true),
        /** The time of files was over, and they were deleted. */
        DELETED("deleted, since its time was over", false),
        /** The time of files was over, but they were left: not ours any more, or nobody could tell. */
        NOT_DELETED("not deleted although its time was over: it is not ours any more, or nobody can tell", true);

        private final String text;
        private final boolean alarm;

        Kind(String text, boolean alarm) {
            this.text = text;
            this.alarm = alarm;
        }
    }

    /**
     * Copies the list.
     *
     * @param kind what happened
     * @param run the run as the store has it, all its records included
     * @param delivery the id of the destination
     * @param files the files that it happened to, one or more
     */
    public DeliveredFilesEvent {
        requireNonNull(kind, "kind");
        requireNonNull(run, "run");
        requireNonNull(delivery, "delivery");
        files = List.copyOf(files);
    }

    @Override
    public boolean alarm() {
        return kind.alarm;
    }

    /** One line for a person: the files, what happened, and where. */
    @Override
    public String toString() {
        return String.join(", ", files.stream().map(FileDelivery::path).toList()) + " at delivery '" + delivery + "': "
                + kind.text + " (job=" + run.job() + ", run=" + run.number() + ")";
    }
}
