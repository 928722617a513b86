package io.outfeed.s3;

import io.outfeed.delivery.Delivery;
import io.outfeed.testing.contract.DirectDeliveryContract;
import java.util.List;
import java.util.Optional;

/** Files that are put by one request. */
class SmallFilesContractTest extends DirectDeliveryContract {

    private final ObjectServer server = ObjectServer.get();
    private String bucket = "";

    @Override
    protected Delivery delivery() {
        bucket = server.makeBucket();
        return server.delivery(bucket).build();
    }

    @Override
    protected Optional<byte[]> visible(String path) {
        return server.read(bucket, "exports/" + path);
    }

    @Override
    protected List<String> secrets() {
        return List.of(ObjectServer.SECRET);
    }
}
