package io.outfeed.console;

import io.outfeed.ExportJob;
import java.security.Principal;

/**
 * Decides what a person may do. Required: there is no default, and what is not allowed is denied. A job that may not be
 * {@linkplain ConsoleAction#VIEW viewed} does not exist for that person, nor is it counted.
 *
 * <p>An SPI. Thread-safe. Called several times for each job of a list: it should read memory only.
 */
@FunctionalInterface
public interface Authorizer {

    /**
     * Decides about one job.
     *
     * @param principal the person, as the host has authenticated them; may be cast to the host's own type
     * @param action what they want to do
     * @param job the job, such as with the customer in a parameter
     * @return whether they may
     */
    boolean allows(Principal principal, ConsoleAction action, ExportJob job);

    /**
     * Decides about all jobs at once, those included that are in the store and not added any more. It saves the
     * questions about each job, and is asked for what belongs to no job: the whole audit, incidents of the store.
     *
     * @param principal the person
     * @param action what they want to do
     * @return whether they may with every job; false by default
     */
    default boolean allowsAll(Principal principal, ConsoleAction action) {
        return false;
    }
}
