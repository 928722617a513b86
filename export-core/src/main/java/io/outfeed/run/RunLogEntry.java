package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * An entry in the log of a run.
 *
 * <p>Immutable. Has no value of a record and no secret.
 *
 * @param at when, by the engine's clock
 * @param phase what
 * @param delivery the id of the delivery that it concerns; empty if it concerns the run
 * @param rows how many records, in all files; 0 where none were written or sent
 * @param bytes how many bytes, in all files; 0 where none were written or sent
 * @param tries how often it was tried, 0 where nothing is tried again
 * @param failure what went wrong
 */
public record RunLogEntry(
        Instant at,
        RunPhase phase,
        Optional<String> delivery,
        long rows,
        long bytes,
        int tries,
        Optional<RunFailure> failure) {

    /**
     * Checks that nothing is missing.
     *
     * @param at when, by the engine's clock
     * @param phase what
     * @param delivery the id of the delivery that it concerns; empty if it concerns the run
     * @param rows how many records, in all files; 0 where none were written or sent
     * @param bytes how many bytes, in all files; 0 where none were written or sent
     * @param tries how often it was tried, 0 where nothing is tried again
     * @param failure what went wrong
     */
    public RunLogEntry {
        requireNonNull(at, "at");
        requireNonNull(phase, "phase");
        requireNonNull(delivery, "delivery");
        requireNonNull(failure, "failure");
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return at + " " + phase
                + delivery.map(id -> " at delivery '" + id + "'").orElse("")
                + (rows > 0 || bytes > 0 ? ", " + rows + " rows, " + bytes + " bytes" : "")
                + (tries > 1 ? ", " + tries + " tries" : "")
                + failure.map(cause -> ": " + cause.message()
                                + cause.origin()
                                        .map(origin -> " [" + origin + "]")
                                        .orElse(""))
                        .orElse("");
    }
}
