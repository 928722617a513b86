package io.outfeed.mail;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.mail.servers.ScriptedMailServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server that answers as a test says, and a file to send. */
abstract class ScriptedServerFixture {

    @TempDir
    Path directory;

    ScriptedMailServer mail;
    OutgoingFile file;

    @BeforeEach
    void startServer() throws Exception {
        mail = new ScriptedMailServer();
        file = TestFiles.awkward(directory);
    }

    @AfterEach
    void stopServer() throws Exception {
        mail.close();
    }
}
