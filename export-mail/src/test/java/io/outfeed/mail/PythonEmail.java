package io.outfeed.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.mail.servers.ScriptedMailServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads messages by Python's email module: another reader than the library that has written them. */
final class PythonEmail {

    /** The newer of its two parsers. */
    static final String DEFAULT_POLICY = "import email.policy; policy = {'policy': email.policy.default}\n";

    private PythonEmail() {}

    static void assumeInstalled() throws InterruptedException {
        assumeTrue(isInstalled(), "skipped: python3 is not installed");
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns the lines that a script prints about a message.
     *
     * @param policy sets the dictionary {@code policy} of arguments of the parser, or does nothing
     * @param script has the variable {@code message}
     */
    static List<String> read(Path directory, ScriptedMailServer.Received received, String policy, String script)
            throws Exception {
        Path eml = directory.resolve("message.eml");
        Files.write(eml, received.data().getBytes(StandardCharsets.ISO_8859_1));
        Path output = directory.resolve("output");
        Process python = new ProcessBuilder("python3", "-c", "policy = {}\n" + policy + """
                        import email, email.utils, hashlib, sys
                        message = email.message_from_binary_file(open(sys.argv[1], 'rb'), **policy)
                        """ + script, eml.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(python.waitFor()).as(Files.readString(output)).isZero();
        return Files.readAllLines(output);
    }
}
