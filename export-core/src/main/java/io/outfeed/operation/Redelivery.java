package io.outfeed.operation;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Objects;

/**
 * Where {@link RunHandle#redeliver(Redelivery)} sends the files of a run, and what becomes of a file that has one of
 * their names there.
 *
 * <p>Immutable, comparable and thread-safe; each method returns another choice.
 */
public final class Redelivery {

    /** What becomes of a file of the same name at a destination, whatever the definition's {@code ifExists} says. */
    public enum Existing {
        /** The redelivery fails, and the file stays. The default. */
        FAIL,
        /**
         * Both stay: the new file gets the number of the new run at the end of its name. Fails where that name is taken
         * too.
         */
        KEEP_BOTH,
        /**
         * It is replaced this time. Refused where a younger run of any job has delivered other bytes under that name:
         * the receiver would lose them.
         */
        REPLACE_ONCE
    }

    private static final Redelivery TO_ALL = new Redelivery(List.of(), Existing.FAIL);

    private final List<String> deliveries;
    private final Existing existing;

    private Redelivery(List<String> deliveries, Existing existing) {
        this.deliveries = deliveries;
        this.existing = existing;
    }

    /**
     * Returns a redelivery to all destinations that the job has now, which fails where a file of the same name exists.
     *
     * @return the choice
     */
    public static Redelivery toAll() {
        return TO_ALL;
    }

    /**
     * Returns a redelivery to some of the job's destinations, which fails where a file of the same name exists.
     *
     * @param deliveries the ids of deliveries that the job has now, one or more
     * @return the choice
     * @throws IllegalArgumentException if there is none
     */
    public static Redelivery to(String... deliveries) {
        if (deliveries.length == 0) {
            throw new IllegalArgumentException("name a delivery: Redelivery.to(\"lakeside\"), or choose toAll()");
        }
        return new Redelivery(List.of(deliveries).stream().distinct().toList(), Existing.FAIL);
    }

    /**
     * Sets what becomes of a file of the same name. Default: {@link Existing#FAIL}. Ignored for mail.
     *
     * @param choice the choice
     * @return another choice
     */
    public Redelivery ifExists(Existing choice) {
        return new Redelivery(deliveries, requireNonNull(choice, "choice"));
    }

    /**
     * Returns the deliveries that send the files.
     *
     * @return their ids; none for all that the job has
     */
    public List<String> deliveries() {
        return deliveries;
    }

    /**
     * Returns what becomes of a file of the same name.
     *
     * @return the choice
     */
    public Existing existing() {
        return existing;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Redelivery that && deliveries.equals(that.deliveries) && existing == that.existing;
    }

    @Override
    public int hashCode() {
        return Objects.hash(deliveries, existing);
    }

    @Override
    public String toString() {
        return "redelivery to " + (deliveries.isEmpty() ? "all" : deliveries.toString()) + ", if a file exists: "
                + existing;
    }
}
