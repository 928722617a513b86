package io.outfeed;

/** Why a run was started. */
public enum Trigger {
    /** Its schedule said so. */
    SCHEDULED,
    /** Somebody asked for it. */
    MANUAL
}
