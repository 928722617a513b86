package io.outfeed.pgp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** GnuPG with a home of its own, as a receiver has it. */
final class Gpg implements AutoCloseable {

    private static final long LIMIT_SECONDS = 120;

    private final Path home;
    private int files;

    private Gpg(Path home) {
        this.home = home;
    }

    /** Whether the program is there. */
    static boolean isThere() {
        try {
            return new ProcessBuilder("gpg", "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static Gpg open(Path directory) throws IOException {
        Path home = Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new Gpg(home);
    }

    /** What a call has given. */
    static final class Result {

        private final int exit;
        private final byte[] output;
        private final String messages;

        private Result(int exit, byte[] output, String messages) {
            this.exit = exit;
            this.output = output;
            this.messages = messages;
        }

        int exit() {
            return exit;
        }

        byte[] output() {
            return output;
        }

        String messages() {
            return messages;
        }
    }

    Result call(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "gpg",
                "--homedir",
                home.toString(),
                "--batch",
                "--yes",
                "--no-tty",
                "--pinentry-mode",
                "loopback",
                "--trust-model",
                "always",
                "--status-fd",
                "2"));
        command.addAll(List.of(arguments));
        Path out = home.resolve("out-" + files);
        Path err = home.resolve("err-" + files++);
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as("gpg ends")
                .isTrue();
        return new Result(process.exitValue(), Files.readAllBytes(out), Files.readString(err, UTF_8));
    }

    Result callWell(String... arguments) throws Exception {
        Result result = call(arguments);
        assertThat(result.exit()).as(result.messages()).isZero();
        return result;
    }

    /** Makes a key without a passphrase. */
    void generate(String name, String algorithm, String usage, String expires) throws Exception {
        callWell("--passphrase", "", "--quick-generate-key", name, algorithm, usage, expires);
    }

    void generate(String name, String passphrase) throws Exception {
        callWell("--passphrase", passphrase, "--quick-generate-key", name, "future-default", "default", "never");
    }

    byte[] publicKey(String name) throws Exception {
        return callWell("--export", name).output();
    }

    byte[] privateKey(String name, String passphrase) throws Exception {
        return callWell("--passphrase", passphrase, "--export-secret-keys", name)
                .output();
    }

    String fingerprint(String name) throws Exception {
        return new String(callWell("--with-colons", "--fingerprint", name).output(), UTF_8)
                .lines()
                .filter(line -> line.startsWith("fpr:"))
                .findFirst()
                .orElseThrow()
                .split(":", -1)[9];
    }

    void importKey(byte[] key) throws Exception {
        callWell("--import", write("key", key).toString());
    }

    /** Revokes a key by the certificate that was made with it. */
    void revoke(String name) throws Exception {
        String certificate = Files.readString(home.resolve("openpgp-revocs.d").resolve(fingerprint(name) + ".rev"));
        importKey(certificate.replace("\n:-----BEGIN", "\n-----BEGIN").getBytes(UTF_8));
    }

    Result decrypt(byte[] file) throws Exception {
        return call("--decrypt", write("file", file).toString());
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(home.resolve(name + "-" + files), bytes);
    }

    /** Ends the agent of this home. */
    @Override
    public void close() throws IOException {
        Process process = new ProcessBuilder("gpgconf", "--homedir", home.toString(), "--kill", "all")
                .redirectErrorStream(true)
                .start();
        assertThat(process.onExit().join().exitValue()).isZero();
    }
}
