package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How far the deadlines of a job have been checked, so that each is checked once, over restarts and on all nodes.
 *
 * <p>Immutable.
 *
 * @param checkedUntil the last deadline that was checked, or when the job was first expected to deliver
 * @param overdue whether nothing was delivered by that deadline, nor since
 */
public record JobDeadline(Instant checkedUntil, boolean overdue) {

    /**
     * Checks that nothing is missing.
     *
     * @param checkedUntil the last deadline that was checked, or when the job was first expected to deliver
     * @param overdue whether nothing was delivered by that deadline, nor since
     */
    public JobDeadline {
        requireNonNull(checkedUntil, "checkedUntil");
    }
}
