package io.outfeed.error;

/**
 * What kind of failure it is: stable names, for programs and alarms. Each has a page in {@code docs/guide/errors}, such
 * as {@code login-refused.md}: what it means for the data, what the library does by itself, and what to do.
 *
 * <p>Each code says with {@link #remedy()} what can help, which decides whether a run is tried again.
 */
public enum FailureCode {

    // ---- definition and source

    /** A definition, job or position does not fit: see {@link InvalidDefinitionException}. */
    DEFINITION_INVALID(Remedy.CHANGED_JOB),
    /** The source can't be reached, or broke off. */
    SOURCE_UNAVAILABLE(Remedy.TIME),
    /** The source refuses the login, or does not permit what a definition must read. */
    SOURCE_ACCESS_DENIED(Remedy.PERSON),
    /** The source gives what a definition does not allow, or refuses its query. */
    SOURCE_REFUSED(Remedy.CHANGED_JOB),
    /** A field of a record can't be mapped or written. */
    MAPPING_FAILED(Remedy.CHANGED_JOB),
    /** The code of the host, or of this library, threw what it should not throw. */
    UNEXPECTED(Remedy.CHANGED_JOB),

    // ---- destinations

    /** The destination can't be reached, broke off, or failed without saying why. */
    DESTINATION_UNAVAILABLE(Remedy.TIME),
    /** The host's supplier of a password or another secret gave none. */
    SECRET_UNAVAILABLE(Remedy.TIME),
    /** The destination or its proxy has refused the login, or the private key for it can't be used. */
    LOGIN_REFUSED(Remedy.PERSON),
    /** The destination does not prove that it is the trusted one: its host key or certificate differs. */
    IDENTITY_REFUSED(Remedy.PERSON),
    /** The destination does not permit what a delivery must do. */
    PERMISSION_DENIED(Remedy.PERSON),
    /** The directory, mailbox or account at the destination does not exist. */
    DESTINATION_MISSING(Remedy.PERSON),
    /** The directory of the destination is another one than before. */
    DESTINATION_CHANGED(Remedy.PERSON),
    /** The destination has no space left, or no quota. */
    DESTINATION_FULL(Remedy.TIME),
    /** The destination refuses the file, for a reason that only a person can find out. */
    DESTINATION_REFUSED(Remedy.PERSON),
    /** Something removes the uploaded files at the destination before they can be renamed. */
    TEMPORARY_TAKEN(Remedy.PERSON),
    /** Another file has the name at the destination. */
    NAME_OCCUPIED(Remedy.CHANGED_JOB),
    /** The receiver has not taken an old file of that name yet, and the job is to wait for it. */
    NAME_AWAITED(Remedy.TIME),
    /** The delivery window is closed, and a request does not wait for it. */
    DELIVERY_WINDOW_CLOSED(Remedy.TIME),
    /** The files have sensitive fields, and the delivery does not protect them. */
    PROTECTION_REQUIRED(Remedy.CHANGED_JOB),
    /** A key to encrypt or sign files with is missing, expired or revoked, or can't be used. */
    KEY_UNUSABLE(Remedy.PERSON),

    // ---- this engine

    /** The store, or the disk of this engine, can't be read or written. */
    STORE_UNAVAILABLE(Remedy.TIME),
    /** The store has what can't be true, or can't be read as what was written. */
    STORE_DAMAGED(Remedy.PERSON),
    /** The directory of the store was removed or replaced while the engine has it open: the engine has stopped. */
    STORE_MISSING(Remedy.PERSON),
    /** The position of a job is ahead of the clock: records behind it would be left out, and the job is paused. */
    POSITION_AHEAD(Remedy.CHANGED_JOB),
    /** The clock of this host differs from that of the store by more than 30 seconds. */
    CLOCK_SKEW(Remedy.PERSON),
    /** Another node has taken the job's lock. */
    LOCK_LOST(Remedy.TIME),
    /** The spool, which has the bytes of runs for all nodes, can't be read or written. */
    SPOOL_UNAVAILABLE(Remedy.TIME),
    /** The disk of this engine has no space left. */
    DISK_FULL(Remedy.TIME),
    /** The positions of the job were moved since the run was staged. */
    POSITIONS_MOVED(Remedy.CHANGED_JOB),
    /** The staged bytes are in the directory of another node, and not in a spool. */
    BYTES_ELSEWHERE(Remedy.TIME),
    /** The staged bytes have changed since they were staged. */
    BYTES_CHANGED(Remedy.PERSON),
    /** The process ended during the run, or another node took it over. */
    CRASHED(Remedy.TIME),
    /** The engine was closed, or the thread was interrupted. */
    STOPPED(Remedy.TIME),
    /** The run took longer than the job allows. */
    TIME_LIMIT_EXCEEDED(Remedy.TIME),
    /** Another run of the job is in progress, or is held. */
    ALREADY_RUNNING(Remedy.TIME),
    /** The engine does not know the job or the run, the job was renamed, or it has no delivery of that id. */
    NOT_FOUND(Remedy.CHANGED_JOB),

    // ---- only of incidents: no exception has them

    /** A run is held until a person releases or discards it. */
    RUN_HELD(Remedy.DECISION),
    /** A file has vanished that may have been published, and counts as taken: a person asks the receiver. */
    RUN_UNCONFIRMED(Remedy.DECISION),
    /** Nothing was delivered by the time at which the receiver of a job expects it. */
    DELIVERY_OVERDUE(Remedy.DECISION),
    /** The engine has paused a job, since its runs fail or its position is ahead of the clock. */
    JOB_PAUSED(Remedy.DECISION),
    /** Delivered files are missing or were replaced at the destination, and are not copied again. */
    FILE_MISSING(Remedy.DECISION),
    /** Records were found that came late, before the position. */
    RECORDS_LATE(Remedy.DECISION),
    /** Fire times were skipped: no run covers them, but the next one has their records. */
    FIRES_SKIPPED(Remedy.DECISION),
    /** A key to encrypt or sign files with expires soon. */
    KEY_EXPIRING(Remedy.DECISION),
    /** A {@link io.outfeed.job.JobSource} can't be loaded: its jobs run as they were loaded last. */
    JOBS_NOT_LOADED(Remedy.DECISION),
    /** A job source has lost so many jobs that none of them is disabled until a person confirms it. */
    JOBS_MISSING(Remedy.DECISION),
    /** No job can be made of a row of a job source: that job does not run. */
    JOB_INVALID(Remedy.DECISION);

    /** What can help. */
    public enum Remedy {
        /** It may go away by itself: the run is tried again, at growing intervals. */
        TIME,
        /** A person must correct something outside of the job: the run is tried again once an hour. */
        PERSON,
        /** Only another job or definition can help: the run ends. */
        CHANGED_JOB,
        /** A person must decide, or has to know: nothing is tried. */
        DECISION
    }

    private final Remedy remedy;

    FailureCode(Remedy remedy) {
        this.remedy = remedy;
    }

    /**
     * Returns what can help.
     *
     * @return the remedy
     */
    public Remedy remedy() {
        return remedy;
    }
}
