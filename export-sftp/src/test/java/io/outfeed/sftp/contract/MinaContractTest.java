package io.outfeed.sftp.contract;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.sftp.SftpPublication;
import io.outfeed.sftp.fixture.MinaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class MinaContractTest {

    @TempDir
    private Path root;

    private @Nullable MinaServer server;

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private Path exports() {
        return root.resolve("exports");
    }

    private Delivery delivery(SftpPublication publication, TemporaryNames names) throws IOException {
        Files.createDirectory(exports());
        MinaServer started = MinaServer.start(root);
        server = started;
        return started.delivery().publication(publication).temporaryNames(names).build();
    }

    @Nested
    class ByRename extends ServerContract {

        @Override
        Path exports() {
            return MinaContractTest.this.exports();
        }

        @Override
        protected Delivery delivery() throws IOException {
            return MinaContractTest.this.delivery(SftpPublication.PROBE, names());
        }

        @Override
        protected List<String> secrets() {
            return List.of("secret");
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
            return MinaContractTest.this.exports();
        }

        @Override
        protected Delivery delivery() throws IOException {
            return MinaContractTest.this.delivery(SftpPublication.DIRECT, names());
        }

        @Override
        protected List<String> secrets() {
            return List.of("secret");
        }
    }
}
