package io.outfeed.directory;

/** What happens when another directory has taken the place of the one that was delivered to before. */
public enum IfReplaced {
    /**
     * The run waits until the old directory is back, or until a person accepts the new one
     * ({@link io.outfeed.operation.JobHandle#acceptDirectory}). Some file systems number their directories anew when
     * they are mounted, such as CIFS with {@code noserverino}: choose {@link #USE} there.
     */
    WAIT,
    /** It is used, for a directory that is made anew at each start, such as in a container. */
    USE
}
