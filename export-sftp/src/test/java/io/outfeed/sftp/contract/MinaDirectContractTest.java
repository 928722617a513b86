package io.outfeed.sftp.contract;

import io.outfeed.delivery.Delivery;
import io.outfeed.sftp.SftpPublication;
import io.outfeed.sftp.fixture.MinaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class MinaDirectContractTest extends DirectServerContract {

    @TempDir
    private Path root;

    private @Nullable MinaServer server;

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Override
    Path exports() {
        return root.resolve("exports");
    }

    @Override
    protected Delivery delivery() throws IOException {
        Files.createDirectory(exports());
        MinaServer started = MinaServer.start(root);
        server = started;
        return started.delivery().publication(SftpPublication.DIRECT).build();
    }

    @Override
    protected List<String> secrets() {
        return List.of("secret");
    }
}
