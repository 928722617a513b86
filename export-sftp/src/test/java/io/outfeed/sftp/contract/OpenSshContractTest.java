package io.outfeed.sftp.contract;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.sftp.SftpPublication;
import io.outfeed.sftp.fixture.OpenSshServer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class OpenSshContractTest {

    private static OpenSshServer server;
    private static Path key;

    @TempDir
    private Path exports;

    @BeforeAll
    static void start(@TempDir Path home) {
        server = OpenSshServer.start(home);
        key = server.newLogin("ed25519", "", "");
    }

    @AfterAll
    static void stop() {
        @Nullable OpenSshServer started = server; // null where the tests are skipped
        if (started != null) {
            started.close();
        }
    }

    private Delivery delivery(SftpPublication publication, TemporaryNames names) {
        return server.delivery()
                .privateKey(key)
                .directory(exports.toString())
                .publication(publication)
                .temporaryNames(names)
                .build();
    }

    @Nested
    class ByRename extends ServerContract {

        @Override
        Path exports() {
            return exports;
        }

        @Override
        protected Delivery delivery() {
            return OpenSshContractTest.this.delivery(SftpPublication.PROBE, names());
        }
    }

    @Nested
    class ByRenameFromADirectory extends ByRename {

        @Override
        protected TemporaryNames names() {
            return TemporaryNames.prefixed("tmp_").inDirectory("incoming/parts");
        }
    }

    @Nested
    class Directly extends DirectServerContract {

        @Override
        Path exports() {
            return exports;
        }

        @Override
        protected Delivery delivery() {
            return OpenSshContractTest.this.delivery(SftpPublication.DIRECT_WITH_DONE_FILE, names());
        }
    }
}
