package io.outfeed.sftp;

import io.outfeed.delivery.Delivery;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class ProftpdContractTest extends ServerContract {

    @TempDir
    private Path home;

    private @Nullable ProftpdServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    Path exports() {
        return home.resolve("exports");
    }

    @Override
    protected Delivery delivery() {
        ProftpdServer started = ProftpdServer.start(home);
        server = started;
        return started.delivery().build();
    }
}
