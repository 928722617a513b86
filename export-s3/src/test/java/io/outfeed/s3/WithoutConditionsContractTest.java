package io.outfeed.s3;

import io.outfeed.delivery.Delivery;
import io.outfeed.testing.contract.DirectDeliveryContract;
import java.util.Optional;

/** A server that takes no conditions: names are looked at before they are written. */
class WithoutConditionsContractTest extends DirectDeliveryContract {

    private final ObjectServer server = ObjectServer.get();
    private String bucket = "";

    @Override
    protected Delivery delivery() {
        bucket = server.makeBucket();
        return server.delivery(bucket)
                .conditionalWrites(ConditionalWrites.NOT_SUPPORTED)
                .build();
    }

    @Override
    protected Optional<byte[]> visible(String path) {
        return server.read(bucket, "exports/" + path);
    }
}
