package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.net.URI;
import java.util.Optional;

/**
 * A run has completed a step, or has ended.
 *
 * <p>Immutable. The run's receipts have the locations of its files, {@link ExportRun#log} has its steps so far.
 *
 * @param kind what happened
 * @param run the run as the store has it
 * @param links gives links to its files
 */
public record RunEvent(Kind kind, ExportRun run, DeliveryLinks links) implements ExportEvent {

    /** What happened. */
    public enum Kind {
        /** The windows are frozen, and the source is about to be read. */
        PLANNED("is planned", false, false),
        /** The files are finished, and about to be delivered. */
        STAGED("is staged", false, false),
        /** Late records were found, before the position: the run's note has their number. */
        LATE_RECORDS("has found records that came late", true, false),
        /** The files are laid out otherwise than those of the run before: the run's note says what has changed. */
        LAYOUT_CHANGED("has another layout than the run before", false, false),
        /**
         * An attempt has failed, and the run is tried again. Published once, at the first failed attempt of the run.
         */
        DELAYED("is delayed", true, false),
        /**
         * A file has vanished that may have been published, and counts as taken: ask the receiver, then acknowledge
         * the run.
         */
        UNCONFIRMED("does not know whether a file has arrived", true, false),
        /** A guard holds the run until a person releases or discards it. */
        HELD("is held", true, false),
        /** Every destination has every file. */
        SUCCEEDED("has succeeded", false, true),
        /** The files of an earlier run were sent once more. */
        REDELIVERED("has redelivered files", false, true),
        /** There was nothing to export, and no file was to be delivered. */
        EMPTY("was empty", false, true),
        /** An error has ended the run; with some of the triggers, a receiver may have seen a part of it. */
        FAILED("has failed", true, true),
        /** Fire times were skipped: the run was never tried. */
        SKIPPED("was skipped", false, true),
        /** A person has discarded the run, which has published nothing. */
        DISCARDED("was discarded", false, true),
        /** A person has cancelled the run, which has published nothing. */
        CANCELLED("was cancelled", false, true),
        /** The receiver has not taken the old file: the next run covers the window. */
        DEFERRED("was deferred, since the receiver has not taken the old file", true, true),
        /** A person has ended the run although a destination misses a file. */
        GIVEN_UP("was given up", false, true);

        private final String text;
        private final boolean alarm;
        private final boolean end;

        Kind(String text, boolean alarm, boolean end) {
            this.text = text;
            this.alarm = alarm;
            this.end = end;
        }

        /**
         * Tells whether the run has ended with it.
         *
         * @return whether nothing follows
         */
        public boolean end() {
            return end;
        }
    }

    /**
     * Checks that nothing is missing.
     *
     * @param kind what happened
     * @param run the run as the store has it
     * @param links gives links to its files
     */
    public RunEvent {
        requireNonNull(kind, "kind");
        requireNonNull(run, "run");
        requireNonNull(links, "links");
    }

    /**
     * Makes an event without links.
     *
     * @param kind what happened
     * @param run the run as the store has it
     */
    public RunEvent(Kind kind, ExportRun run) {
        this(kind, run, DeliveryLinks.NONE);
    }

    /**
     * Returns a link by which a person opens a published file.
     *
     * <p>Effects: none. Nothing is connected.
     *
     * @param file one of the run's deliveries
     * @return the link, as {@link DeliveryLinks#link} gives it
     */
    public Optional<URI> link(FileDelivery file) {
        return links.link(run, file);
    }

    @Override
    public boolean alarm() {
        return kind.alarm;
    }

    /** One line for a person: what happened, and why. */
    @Override
    public String toString() {
        String why = run.failure().map(failure -> ": " + failure.message()).orElse("");
        return "run " + run.number() + " of job '" + run.job() + "' " + kind.text + (kind.alarm ? why : "")
                + (run.note().isEmpty() ? "" : " (" + run.note() + ")");
    }
}
