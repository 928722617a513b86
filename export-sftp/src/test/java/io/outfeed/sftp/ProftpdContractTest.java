package io.outfeed.sftp;

import io.outfeed.delivery.Delivery;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class ProftpdContractTest extends ServerContract {

    private static ProftpdServer server;

    @TempDir
    private Path exports;

    @BeforeAll
    static void start(@TempDir Path home) {
        server = ProftpdServer.start(home);
    }

    @AfterAll
    static void stop() {
        @Nullable ProftpdServer started = server; // null where the tests are skipped
        if (started != null) {
            started.close();
        }
    }

    @Override
    Path exports() {
        return exports;
    }

    @Override
    protected Delivery delivery() {
        return server.delivery().directory(exports.toString()).build();
    }
}
