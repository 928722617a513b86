package io.outfeed.mail.internal.notification;

import io.outfeed.event.RunEvent;

/** The events of runs whose files are at all their destinations. */
public final class Successes {

    private Successes() {}

    public static boolean contains(RunEvent event) {
        boolean delivered = switch (event.kind()) {
            case SUCCEEDED, REDELIVERED -> true;
            case PLANNED,
                    STAGED,
                    LATE_RECORDS,
                    LAYOUT_CHANGED,
                    DELAYED,
                    UNCONFIRMED,
                    HELD,
                    EMPTY,
                    FAILED,
                    SKIPPED,
                    DISCARDED,
                    CANCELLED,
                    DEFERRED,
                    GIVEN_UP -> false;
        };
        return delivered && !event.run().files().isEmpty();
    }
}
