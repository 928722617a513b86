package io.outfeed.support;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliveryResources;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import java.util.Optional;

/** Does something else once, at one point of a delivery. Used by one engine. */
public final class HookedDelivery implements Delivery {

    /** Where something else may happen. */
    public enum Point {
        BEFORE_PREPARE,
        AFTER_PREPARE,
        BEFORE_PUBLISH,
        AFTER_PUBLISH,
        BEFORE_DISCARD,
        BEFORE_CLOSE
    }

    private final Delivery delivery;
    private final Point point;
    private final Runnable hook;
    private boolean happened;

    public HookedDelivery(Delivery delivery, Point point, Runnable hook) {
        this.delivery = delivery;
        this.point = point;
        this.hook = hook;
    }

    @Override
    public String id() {
        return delivery.id();
    }

    @Override
    public String server() {
        return delivery.server();
    }

    @Override
    public boolean takesAtClose() {
        return delivery.takesAtClose();
    }

    @Override
    public DeliverySession open() throws Exception {
        return new Session(delivery.open());
    }

    @Override
    public DeliverySession open(DeliveryResources shared) throws Exception {
        return new Session(delivery.open(shared));
    }

    @Override
    public String toString() {
        return delivery.toString();
    }

    private void at(Point reached) {
        if (reached == point && !happened) {
            happened = true;
            hook.run();
        }
    }

    @SuppressWarnings("try") // close may be interrupted
    private final class Session implements DeliverySession {

        private final DeliverySession session;

        private Session(DeliverySession session) {
            this.session = session;
        }

        @Override
        public PreparedFile prepare(OutgoingFile file) throws Exception {
            at(Point.BEFORE_PREPARE);
            PreparedFile prepared = session.prepare(file);
            at(Point.AFTER_PREPARE);
            return prepared;
        }

        @Override
        public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
            at(Point.BEFORE_PUBLISH);
            Optional<DeliveryReceipt> receipt = session.publish(prepared, file);
            at(Point.AFTER_PUBLISH);
            return receipt;
        }

        @Override
        public void discard(OutgoingFile file) throws Exception {
            at(Point.BEFORE_DISCARD);
            session.discard(file);
        }

        @Override
        public Inspection inspect(String location) throws Exception {
            return session.inspect(location);
        }

        @Override
        public Deletion delete(String location, long expectedBytes) throws Exception {
            return session.delete(location, expectedBytes);
        }

        @Override
        public Optional<String> directoryKey() throws Exception {
            return session.directoryKey();
        }

        @Override
        public void close() {
            at(Point.BEFORE_CLOSE);
            session.close();
        }
    }
}
