package io.outfeed.testing;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Protection;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.FileNames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A destination that does not do what it says, as servers do that run hooks, take files at once, or clean up: for tests
 * of exports that must lose nothing and send nothing twice whatever the server answers. What arrives is seen at its
 * {@link #destination()}.
 *
 * <pre>{@code
 * LyingDelivery lakeside = LyingDelivery.create("lakeside").tell(Lie.RENAME_FAILED_BUT_DONE);
 * }</pre>
 *
 * <p>Thread-safe. It may be shared by the jobs, engines and threads of a test.
 */
public final class LyingDelivery implements Delivery {

    /** What the destination does instead of what it says. */
    public enum Lie {
        /** It acknowledges a rename, and does nothing. */
        RENAME_DONE_BUT_NOT,
        /** It acknowledges a rename, and makes a copy instead: the temporary file stays. */
        RENAME_COPIES,
        /** It renames, and answers that it failed. */
        RENAME_FAILED_BUT_DONE,
        /** It renames, the receiver takes the file at once, and it answers that it failed. */
        RENAME_FAILED_BUT_TAKEN,
        /** It renames, and answers that there is no such file. */
        RENAME_MISSING_BUT_DONE,
        /** It renames, the receiver takes the file at once, and it answers that there is no such file. */
        RENAME_MISSING_BUT_TAKEN,
        /** It renames, and breaks the connection before it answers. */
        RENAME_UNANSWERED_BUT_DONE,
        /** It renames, the receiver takes the file at once, and it breaks the connection before it answers. */
        RENAME_UNANSWERED_BUT_TAKEN,
        /** It does not permit a rename. */
        RENAME_DENIED,
        /** It acknowledges an upload, and the receiver takes the temporary file at once. */
        UPLOAD_TAKEN,
        /** The receiver takes the temporary file at once, and the delivery notices when it verifies the upload. */
        UPLOAD_TAKEN_AND_NOTICED,
        /** It has no space left for an upload. */
        UPLOAD_OVER_QUOTA,
        /** It permits no name that begins with a dot. */
        DOT_FILES_REFUSED,
        /** It confirms an upload under the final name, for a delivery that takes at close, and breaks before. */
        CLOSE_UNANSWERED,
        /** It says nothing about files. */
        NOTHING_SAID
    }

    private final InMemoryDelivery destination;
    private final Deque<Lie> once = new ArrayDeque<>();
    private final Set<Lie> always = EnumSet.noneOf(Lie.class);
    private final List<Lie> told = new ArrayList<>();
    private boolean takesAtClose;
    private int uploads;

    private LyingDelivery(InMemoryDelivery destination) {
        this.destination = destination;
    }

    /**
     * Makes a destination without files, which is honest until it is told to lie.
     *
     * @param id what the ledger calls it
     * @return the delivery
     */
    public static LyingDelivery create(String id) {
        return new LyingDelivery(InMemoryDelivery.create(id));
    }

    /**
     * Makes the next operation that a lie is about tell it; called several times, the ones after it too.
     *
     * @param lie the lie
     * @return this delivery
     */
    public synchronized LyingDelivery tell(Lie lie) {
        once.add(requireNonNull(lie, "lie"));
        return this;
    }

    /**
     * Makes each operation that a lie is about tell it.
     *
     * @param lie the lie
     * @return this delivery
     */
    public synchronized LyingDelivery tellAlways(Lie lie) {
        always.add(requireNonNull(lie, "lie"));
        return this;
    }

    /**
     * Ends all lies.
     *
     * @return this delivery
     */
    public synchronized LyingDelivery beHonest() {
        once.clear();
        always.clear();
        return this;
    }

    /**
     * Sets that the delivery knows that the receiver takes each file when it is closed, whatever its name is.
     *
     * @param takesAtClose what {@link Delivery#takesAtClose} returns
     * @return this delivery
     */
    public synchronized LyingDelivery takesAtClose(boolean takesAtClose) {
        this.takesAtClose = takesAtClose;
        return this;
    }

    /**
     * Removes all temporary files, as a cleaner does at night.
     *
     * @return this delivery
     */
    public LyingDelivery clean() {
        destination.temporaryNames().forEach(destination::removeTemporary);
        return this;
    }

    /**
     * Returns the destination: what arrived, and what a receiver sees.
     *
     * @return the destination
     */
    public InMemoryDelivery destination() {
        return destination;
    }

    /**
     * Returns how many uploads the destination has acknowledged.
     *
     * @return zero or more
     */
    public synchronized int uploads() {
        return uploads;
    }

    /**
     * Returns the lies that the destination has told: whether a receipt has to be one that is not certain.
     *
     * @return the lies, in order
     */
    public synchronized List<Lie> told() {
        return List.copyOf(told);
    }

    private synchronized boolean tells(Lie lie) {
        boolean next = lie == once.peek();
        if (next) {
            once.poll();
        }
        boolean tells = next || always.contains(lie);
        if (tells) {
            told.add(lie);
        }
        return tells;
    }

    @Override
    public String id() {
        return destination.id();
    }

    @Override
    public FileNames fileNames() {
        return FileNames.UNICODE;
    }

    @Override
    public Protection protection() {
        return destination.protection();
    }

    @Override
    public synchronized String fingerprint() {
        return id() + " " + takesAtClose;
    }

    @Override
    public synchronized boolean takesAtClose() {
        return takesAtClose;
    }

    @Override
    public DeliverySession open() {
        return new Session(destination.open());
    }

    /** The destination. */
    @Override
    public String toString() {
        return "lying " + destination;
    }

    private DeliveryException refused(FailureCode code, String what) {
        return DeliveryException.answered(code, id(), "LIE", what + ", as the test wanted", null);
    }

    private DeliveryException broken() {
        return DeliveryException.retryable(id(), "the connection broke, as the test wanted", null);
    }

    @SuppressWarnings("try") // close may be interrupted
    private final class Session implements DeliverySession {

        private final DeliverySession session;

        private Session(DeliverySession session) {
            this.session = session;
        }

        @Override
        public PreparedFile prepare(OutgoingFile file) throws Exception {
            if (takesAtClose()) {
                return PreparedFile.direct(file.file().path());
            }
            if (tells(Lie.UPLOAD_OVER_QUOTA)) {
                throw refused(FailureCode.DESTINATION_FULL, "there is no space");
            }
            if (tells(Lie.DOT_FILES_REFUSED) && file.temporaryName().startsWith(".")) {
                throw refused(FailureCode.PERMISSION_DENIED, "names with a dot are not permitted");
            }
            PreparedFile prepared = session.prepare(file);
            synchronized (LyingDelivery.this) {
                uploads++;
            }
            if (tells(Lie.UPLOAD_TAKEN)) {
                destination.takeTemporary(prepared.temporary().orElseThrow());
            }
            if (tells(Lie.UPLOAD_TAKEN_AND_NOTICED)) {
                destination.takeTemporary(prepared.temporary().orElseThrow());
                throw refused(FailureCode.TEMPORARY_TAKEN, "the upload is gone");
            }
            return prepared;
        }

        @Override
        public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
            if (prepared.temporary().isEmpty()) {
                return close(prepared, file);
            }
            if (tells(Lie.RENAME_DENIED)) {
                throw refused(FailureCode.PERMISSION_DENIED, "renames are not permitted");
            }
            if (tells(Lie.RENAME_DONE_BUT_NOT)) {
                return Optional.of(new DeliveryReceipt(prepared.location(), Publication.ATOMIC));
            }
            if (tells(Lie.RENAME_COPIES)) {
                destination.copyTemporary(prepared.temporary().get(), prepared.location());
                return Optional.of(new DeliveryReceipt(prepared.location(), Publication.ATOMIC));
            }
            Optional<DeliveryReceipt> receipt = session.publish(prepared, file);
            if (receipt.isEmpty()) {
                return receipt;
            }
            return answer(receipt);
        }

        private Optional<DeliveryReceipt> answer(Optional<DeliveryReceipt> receipt) {
            String path = receipt.orElseThrow().location();
            if (tells(Lie.RENAME_FAILED_BUT_DONE)) {
                throw refused(FailureCode.DESTINATION_UNAVAILABLE, "the rename failed");
            } else if (tells(Lie.RENAME_FAILED_BUT_TAKEN)) {
                destination.take(path);
                throw refused(FailureCode.DESTINATION_UNAVAILABLE, "the rename failed");
            } else if (tells(Lie.RENAME_MISSING_BUT_DONE)) {
                return Optional.empty();
            } else if (tells(Lie.RENAME_MISSING_BUT_TAKEN)) {
                destination.take(path);
                return Optional.empty();
            } else if (tells(Lie.RENAME_UNANSWERED_BUT_DONE)) {
                throw broken();
            } else if (tells(Lie.RENAME_UNANSWERED_BUT_TAKEN)) {
                destination.take(path);
                throw broken();
            }
            return receipt;
        }

        private Optional<DeliveryReceipt> close(PreparedFile prepared, OutgoingFile file) throws Exception {
            destination.receive(prepared.location(), file);
            return tells(Lie.CLOSE_UNANSWERED)
                    ? Optional.empty()
                    : Optional.of(new DeliveryReceipt(prepared.location(), Publication.ACCEPTED));
        }

        @Override
        public void discard(OutgoingFile file) throws Exception {
            session.discard(file);
        }

        @Override
        public Inspection inspect(String location) throws Exception {
            return tells(Lie.NOTHING_SAID) ? Inspection.notSaid() : session.inspect(location);
        }

        @Override
        public Deletion delete(String location, long expectedBytes) throws Exception {
            return session.delete(location, expectedBytes);
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
