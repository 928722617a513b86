package io.outfeed.testing.contract;

import io.outfeed.delivery.Delivery;
import org.junit.jupiter.api.Nested;

/**
 * What the engine relies on in a {@link Delivery} to a destination that can rename. For one that sends when it
 * publishes there is {@link DirectDeliveryContract}.
 *
 * <p>The tests are in four groups, each of which can be run alone: {@code Upload}, {@code Publication},
 * {@code OccupiedName} and {@code DeliveredFiles}.
 *
 * <pre>{@code
 * class MyDeliveryTest extends DeliveryContract {
 *     @Override
 *     protected Delivery delivery() {
 *         return MyDelivery.to("lakeside", emptyBucket);
 *     }
 *
 *     @Override
 *     protected Optional<byte[]> visible(String path) {
 *         return emptyBucket.read(path);
 *     }
 * }
 * }</pre>
 */
public abstract class DeliveryContract extends TestedDelivery {

    /** Made by JUnit, for each test. */
    protected DeliveryContract() {}

    @Nested
    class Upload extends DeliveryUploadContract {

        @Override
        DeliveryContract implementation() {
            return DeliveryContract.this;
        }
    }

    @Nested
    class Publication extends DeliveryPublicationContract {

        @Override
        DeliveryContract implementation() {
            return DeliveryContract.this;
        }
    }

    @Nested
    class OccupiedName extends DeliveryOccupiedNameContract {

        @Override
        DeliveryContract implementation() {
            return DeliveryContract.this;
        }
    }

    @Nested
    class DeliveredFiles extends DeliveredFilesContract {

        @Override
        DeliveryContract implementation() {
            return DeliveryContract.this;
        }
    }
}
