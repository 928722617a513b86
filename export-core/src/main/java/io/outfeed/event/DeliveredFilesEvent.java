package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.util.List;

/**
 * Files of a run at one destination were delivered, found missing by the watch, or deleted after their retention.
 *
 * <p>Immutable. Has names and sizes, never content.
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
         * A file is missing and could not be copied again; the next inspection tries once more, unless it counts as
         * copied.
         */
        NOT_RECOPIED("missing, and could not be copied again", true),
        /** A file vanished again after its copies were used up: something takes it. No longer watched. */
        VANISHED_AGAIN("missing, and not to be copied again: something takes it, it is watched no more", true),
        /** The directory is gone with the files. Nothing is copied. */
        DIRECTORY_MISSING("missing, with the directory: nothing is copied, look at the destination", true),
        /** More than one file, and more than half of those watched there, are gone at once. Nothing is copied. */
        MANY_MISSING("missing at once, most of all: nothing is copied, look at the destination", true),
        /** Something else has the name of a file. Nothing is overwritten; no longer watched. */
        CONFLICT("replaced by something of another size or kind: left alone, watched no more", true),
        /** Files were deleted after their retention. */
        DELETED("deleted, since its time was over", false),
        /** Files were not deleted after their retention: they were replaced, or the destination can't tell. */
        NOT_DELETED("not deleted although its time was over: it was replaced, or the destination can't tell", true);

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
