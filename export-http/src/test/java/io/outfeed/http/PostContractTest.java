package io.outfeed.http;

import io.outfeed.delivery.Delivery;
import io.outfeed.file.IfExists;
import io.outfeed.testing.contract.DirectDeliveryContract;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** An address that takes each file as the body of a request, and knows no names. */
class PostContractTest extends DirectDeliveryContract {

    private @Nullable FileServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Delivery delivery() throws IOException {
        FileServer started = new FileServer();
        server = started;
        return HttpDelivery.post("lakeside", started.imports())
                .withoutEncryption()
                .bearer("t0k3n"::toCharArray)
                .idempotent()
                .build();
    }

    @Override
    protected Optional<byte[]> visible(String path) {
        String name = "attachment; filename=\"" + path.substring(path.lastIndexOf('/') + 1) + "\"";
        return server == null
                ? Optional.empty()
                : server.requests("POST").stream()
                        .filter(request -> request.header("Content-Disposition").equals(name))
                        .reduce((first, second) -> second)
                        .map(FileServer.Request::body);
    }

    @Override
    protected Set<IfExists> supported() {
        return EnumSet.noneOf(IfExists.class);
    }

    @Override
    protected List<String> secrets() {
        return List.of("t0k3n", "vendor-s3cret");
    }
}
