package io.outfeed.s3;

import io.outfeed.delivery.Delivery;
import io.outfeed.testing.contract.DeliveryContract;
import java.util.List;
import java.util.Optional;

/** Files that are uploaded in parts: all but empty ones, which have none. */
class LargeFilesContractTest extends DeliveryContract {

    private final ObjectServer server = ObjectServer.get();
    private String bucket = "";

    @Override
    protected Delivery delivery() {
        bucket = server.makeBucket();
        return server.delivery(bucket).multipartFrom(1).build();
    }

    @Override
    protected Optional<byte[]> visible(String path) {
        return server.read(bucket, "exports/" + path);
    }

    @Override
    protected List<String> secrets() {
        return List.of(ObjectServer.SECRET);
    }

    /** S3Proxy remembers which upload an object was, as Amazon S3 does. */
    @Override
    protected boolean acknowledgesBoth() {
        return true;
    }
}
