package io.outfeed.internal.text;

/** What to do about a name that another file has, for the messages of all deliveries. */
public final class NameAdvice {

    /** Follows what exists already. A store that is new counts from 1: the name may have a sequence. */
    public static final String OCCUPIED = "let the receiver take it, or give the file a name that is free: with"
            + " {sequence}, or, where a new store counts from 1 again, with another text before {sequence}; or choose"
            + " ifExists(REPLACE)";

    private NameAdvice() {}
}
