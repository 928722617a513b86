package io.outfeed.ftp.contract;

import io.outfeed.delivery.Delivery;
import io.outfeed.ftp.fixture.ProftpdServer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** A server that describes files by {@code MLST}, and hidden temporary names. */
class ProftpdContractTest {

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

    @Nested
    class ByRename extends ServerContract {

        @Override
        Path exports() {
            return exports;
        }

        @Override
        protected Delivery delivery() {
            return server.delivery()
                    .directory(exports.toString())
                    .temporaryNames(names())
                    .build();
        }

        @Override
        protected List<String> secrets() {
            return List.of(ProftpdServer.PASSWORD);
        }
    }
}
