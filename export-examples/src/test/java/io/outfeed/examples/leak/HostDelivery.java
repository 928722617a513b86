package io.outfeed.examples.leak;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliveryResources;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import java.util.Optional;

/** A delivery that the host has written; it names what it has thrown as a cause. */
final class HostDelivery implements Delivery {

    private final Fault fault;

    HostDelivery(Fault fault) {
        this.fault = fault;
    }

    @Override
    public String id() {
        return "archive";
    }

    @Override
    public DeliverySession open(DeliveryResources shared) {
        shared.get(Resource.class, () -> new Resource(fault));
        return open();
    }

    @Override
    public DeliverySession open() {
        return new DeliverySession() {
            @Override
            public PreparedFile prepare(OutgoingFile file) {
                if (fault == Fault.COPY_OF_THE_HOST) {
                    throw DeliveryException.retryable(
                            id(), "the archive is full", new IllegalStateException(Canary.all()));
                }
                return PreparedFile.direct(file.file().path());
            }

            @Override
            public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) {
                return Optional.of(new DeliveryReceipt(prepared.location(), Publication.ATOMIC));
            }

            @Override
            public void discard(OutgoingFile file) {}

            @Override
            public void close() {}
        };
    }

    /** What sessions share. */
    private record Resource(Fault fault) implements AutoCloseable {

        @Override
        public void close() {
            if (fault == Fault.RESOURCE_OF_THE_HOST) {
                throw new IllegalStateException(Canary.all());
            }
        }
    }
}
