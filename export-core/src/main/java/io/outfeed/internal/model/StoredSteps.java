package io.outfeed.internal.model;

import io.outfeed.run.ExportRun;

/**
 * The steps that the ledger has of a run. Immutable.
 *
 * @param count how many were appended, those included that a later one has replaced
 * @param whole the size of the last step that has the whole run, in characters
 * @param changes the size of the steps after it, in characters
 */
public record StoredSteps(int count, long whole, long changes) {

    /** The steps of a run that was never saved. */
    public static final StoredSteps NONE = new StoredSteps(0, 0, 0);

    /** Changes of this size are not worth a step that replaces them. */
    private static final long SMALL = 16 * 1024;

    /** Returns the steps of a run as it was saved or read. */
    public static StoredSteps of(ExportRun run) {
        return RunBuilder.storedSteps(run);
    }

    /** Returns the steps after one that replaces all. */
    public StoredSteps plusWhole(long size) {
        return new StoredSteps(count + 1, size, 0);
    }

    public StoredSteps plusChange(long size) {
        return new StoredSteps(count + 1, whole, changes + size);
    }

    /**
     * Whether the next step should replace them. The size of what is written stays within a multiple of the changes:
     * what a step replaces has grown by as much as the step writes.
     */
    public boolean outgrown() {
        return changes > Math.max(SMALL, 2 * whole);
    }
}
