package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.sftp.SftpDelivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Delivers a file as the engine does: in one session, and retries what fails once in another session. */
public final class RetryingDelivery implements AutoCloseable {

    private static final int MOST = 2;

    private final SftpDelivery delivery;
    private final OutgoingFile file;
    private final Runnable afterFailure;
    private final List<DeliveryException> failures = new ArrayList<>();
    private @Nullable SftpSession open;

    /** {@code afterFailure} runs before the next attempt. */
    public RetryingDelivery(SftpDelivery delivery, OutgoingFile file, Runnable afterFailure) {
        this.delivery = delivery;
        this.file = file;
        this.afterFailure = afterFailure;
    }

    @FunctionalInterface
    private interface Step<R> {
        R attempt(SftpSession session, int number);
    }

    /** The failures, each of which was followed by another attempt. */
    public List<DeliveryException> failures() {
        return failures;
    }

    public SftpSession session() {
        SftpSession now = open;
        if (now == null) {
            now = openSession(delivery);
            open = now;
        }
        return now;
    }

    public DeliveryReceipt deliver() {
        return publish(prepare());
    }

    PreparedFile prepare() {
        return retrying((session, number) -> session.prepare(file));
    }

    private DeliveryReceipt publish(PreparedFile prepared) {
        return retrying((session, number) -> {
            PreparedFile sent = number > 1 ? prepared.toTouched() : prepared; // as the engine does
            Optional<DeliveryReceipt> receipt = session.publish(sent, file);
            assertThat(receipt.isPresent() || number > 1)
                    .as("the temporary file exists until it is renamed")
                    .isTrue();
            return receipt.orElse(new DeliveryReceipt(prepared.location(), Publication.INFERRED));
        });
    }

    public Inspection inspect(String location) {
        return retrying((session, number) -> session.inspect(location));
    }

    public Deletion delete(String location) {
        return retrying((session, number) -> {
            Deletion deletion = session.delete(location, file.file().bytes());
            return number > 1 && deletion == Deletion.NOT_THERE ? Deletion.DELETED : deletion;
        });
    }

    private <R> R retrying(Step<R> step) {
        for (int number = 1; ; number++) {
            try {
                return step.attempt(session(), number);
            } catch (DeliveryException e) {
                failures.add(e);
                if (!e.retryable() || number == MOST) {
                    throw e;
                }
                close();
                afterFailure.run();
            }
        }
    }

    @Override
    public void close() {
        SftpSession session = open;
        open = null;
        if (session != null) {
            session.close();
        }
    }
}
