package io.outfeed.internal.delivery;

import io.outfeed.delivery.DeliveryWindow;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.failure.Context;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if the files of a run may not become visible yet: the delivery window is closed, or the receiver has not taken
 * an old file. It is no failure for the caller: the run waits.
 */
public final class PostponedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String delivery;
    private final @Nullable Instant opensAt;

    private PostponedException(String delivery, String message, @Nullable Instant opensAt, @Nullable Throwable cause) {
        super(message, cause);
        this.delivery = delivery;
        this.opensAt = opensAt;
    }

    static PostponedException closed(String delivery, DeliveryWindow window, Instant opensAt) {
        return new PostponedException(
                delivery, "the delivery window, " + window + ", is closed until " + opensAt, opensAt, null);
    }

    static PostponedException occupied(ExportRun run, FileDelivery step, DeliveryException cause) {
        return new PostponedException(
                step.delivery(),
                "delivery '" + step.delivery() + "' still has the file " + step.path()
                        + " that the receiver has not taken: nothing is published until it is gone" + Context.of(run),
                null,
                cause);
    }

    /** Returns the failure of a request, which does not wait: its caller can ask again. */
    public DeliveryException refusal() {
        boolean occupied = opensAt == null;
        return DeliveryException.of(
                occupied ? FailureCode.NAME_AWAITED : FailureCode.DELIVERY_WINDOW_CLOSED,
                delivery,
                getMessage() + (occupied ? "" : ": nothing was sent, ask again when it is open"),
                this);
    }

    /** Returns when the delivery window opens; empty if the run waits for the receiver. */
    public Optional<Instant> opensAt() {
        return Optional.ofNullable(opensAt);
    }
}
