package io.outfeed.view;

import io.outfeed.run.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * What a run waits for, for JSON. Immutable.
 *
 * @param until when the next attempt begins, in ISO 8601
 * @param cause the name of the {@link Waiting.Cause}
 * @param incident the id of the incident; null if it waits for none
 */
public record WaitingView(
        String until, String cause, @Nullable String incident) {

    /**
     * Shows what a run waits for.
     *
     * @param waiting what it waits for
     * @return its view
     */
    public static WaitingView of(Waiting waiting) {
        return new WaitingView(
                waiting.until().toString(),
                waiting.cause().name(),
                waiting.incident().orElse(null));
    }
}
