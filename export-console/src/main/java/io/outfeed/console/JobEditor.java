package io.outfeed.console;

import io.outfeed.ExportJob;
import io.outfeed.layout.Layout;
import java.security.Principal;

/**
 * Changes the jobs where the host keeps them, such as the table that its {@link io.outfeed.job.JobSource} loads: the
 * other direction of that. After a change the console lets the engine load its sources. Without an editor the console
 * offers no change of a layout, no copy and no removal.
 *
 * <p>An SPI. Thread-safe. What it throws is shown by its class only, and nothing counts as changed.
 */
public interface JobEditor {

    /**
     * Tells whether the host keeps a job where this editor can change it.
     *
     * @param job the job
     * @return whether the other methods may be called
     */
    boolean edits(ExportJob job);

    /**
     * Saves a layout. It was compared with the definition before: it fits.
     *
     * @param principal the person who has asked
     * @param job the job
     * @param definition the name of the definition
     * @param layout the layout; {@link Layout#none} for what the definition has
     * @throws Exception if it is not saved
     */
    void saveLayout(Principal principal, ExportJob job, String definition, Layout layout) throws Exception;

    /**
     * Saves a copy of a job, disabled or enabled as the host likes.
     *
     * @param principal the person who has asked
     * @param job the job
     * @param name the name of the copy, which no other job has
     * @throws Exception if it is not saved
     */
    void duplicate(Principal principal, ExportJob job, String name) throws Exception;

    /**
     * Removes a job from where the host keeps it: it runs no more, its history stays.
     *
     * @param principal the person who has asked
     * @param job the job
     * @throws Exception if it is not removed
     */
    void remove(Principal principal, ExportJob job) throws Exception;
}
