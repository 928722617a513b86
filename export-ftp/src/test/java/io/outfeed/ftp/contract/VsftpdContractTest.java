package io.outfeed.ftp.contract;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.ftp.fixture.ProftpdServer;
import io.outfeed.ftp.fixture.VsftpdServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A server without {@code MLST}: sizes and times are asked for one by one. Temporary files have a directory. */
class VsftpdContractTest extends ServerContract {

    private static VsftpdServer server;

    private final String directory = UUID.randomUUID().toString();

    @BeforeAll
    static void start(@TempDir Path home) {
        server = VsftpdServer.start(home);
    }

    @AfterAll
    static void stop() {
        @Nullable VsftpdServer started = server; // null where the tests are skipped
        if (started != null) {
            started.close();
        }
    }

    @Override
    Path exports() {
        return server.exports().resolve(directory);
    }

    @Override
    protected Delivery delivery() throws IOException {
        Files.createDirectory(exports());
        Files.setPosixFilePermissions(exports(), PosixFilePermissions.fromString("rwxrwxrwx"));
        return server.delivery()
                .directory("/exports/" + directory)
                .temporaryNames(names())
                .build();
    }

    @Override
    protected TemporaryNames names() {
        return TemporaryNames.prefixed("tmp_").inDirectory("incoming/parts");
    }

    @Override
    protected List<String> secrets() {
        return List.of(ProftpdServer.PASSWORD);
    }
}
