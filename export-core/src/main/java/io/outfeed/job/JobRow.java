package io.outfeed.job;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportJob;
import java.util.concurrent.Callable;

/**
 * A row of a {@link JobSource}, of which a job is made when it is new or has changed. Immutable.
 *
 * @param name the name of the job
 * @param version differs when something that the job is made of has changed: a column with the time of the last change,
 *     or a hash of the row; those of another table that it reads must be a part of it
 * @param job makes the job, of that name; what it throws is an incident of this row
 */
public record JobRow(String name, String version, Callable<ExportJob> job) {

    /**
     * Checks that nothing is missing.
     *
     * @param name the name of the job
     * @param version differs when something that the job is made of has changed
     * @param job makes the job
     */
    public JobRow {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        requireNonNull(job, "job");
    }

    /** The name: the version may be made of what the row has. */
    @Override
    public String toString() {
        return "row of job '" + name + "'";
    }
}
