package io.outfeed.job;

import java.util.List;

/**
 * Where a host keeps its jobs: a table of customers, a configuration file. Added by {@code
 * ExportEngine.builder().jobs(source, every)} on each node alike; the engine loads it when it starts, at that interval,
 * and at {@code reloadJobs}.
 *
 * <p>An SPI. Loads don't overlap. A load that fails changes nothing, makes an incident, and is done again at the
 * interval. It is called by a thread that a scheduled run would use, and must be ended by an interrupt.
 *
 * <ul>
 *   <li>A row that is new, or whose version is another one, adds or replaces its job. Positions and history stay.
 *   <li>A row of which no job can be made is an incident; its job runs no more until the row is corrected, and all
 *       other jobs do.
 *   <li>A job without a row is disabled: a run of it that is being published is finished, positions and history stay,
 *       and it goes on as soon as it has a row again. Nothing is deleted. {@code remove(name, History.PURGE)} of the
 *       engine does that, once the row is gone.
 *   <li>If all jobs are missing at once, or more than a tenth of them and more than one, or more than 20, none is
 *       disabled: a table that was emptied by mistake would stop all deliveries. That is an incident, until the jobs
 *       are back or {@code confirmMissingJobs} is called. What a source had is kept in the store.
 * </ul>
 */
public interface JobSource {

    /**
     * Returns what identifies the source in the store and in incidents: after a restart, and on all nodes, it is the
     * same.
     *
     * @return letters, digits, {@code .}, {@code _} and {@code -}; another one for each source of an engine
     */
    String id();

    /**
     * Loads all rows.
     *
     * @return a row for each job, with different names
     * @throws Exception if they can't be loaded; its message is in no log
     */
    List<JobRow> load() throws Exception;
}
