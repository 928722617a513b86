package io.outfeed.pgp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GnuPG reads what is encrypted, and makes the keys. */
class GpgTest {

    private static final byte[] TEXT = "id,note\r\n1,Grüße\r\n".getBytes(UTF_8);

    @TempDir
    private Path directory;

    private Gpg receiver;

    /** By the clock of the system, which gpg goes by. */
    private Instant now;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Gpg.isThere(), "gpg is not installed: what it reads is not tested");
        receiver = Gpg.open(directory.resolve("r"));
        now = Instant.now();
    }

    @AfterEach
    void close() throws Exception {
        if (receiver != null) {
            receiver.close();
        }
    }

    private PgpKeySource key(String name) throws Exception {
        byte[] bytes = receiver.publicKey(name);
        return PgpKeySource.supplied(name, () -> bytes);
    }

    private Instant afterKeys() {
        return now.plusSeconds(120);
    }

    @ParameterizedTest
    @CsvSource({"future-default, default", "rsa3072, default", "rsa2048, 'encrypt,sign'"})
    void should_be_decrypted_by_keys_that_gpg_has_made(String algorithm, String usage) throws Exception {
        receiver.generate("lakeside", algorithm, usage, "never");
        if (usage.equals("default") && algorithm.startsWith("rsa")) {
            receiver.callWell(
                    "--passphrase",
                    "",
                    "--quick-add-key",
                    receiver.fingerprint("lakeside"),
                    algorithm,
                    "encr",
                    "never");
        }
        byte[] large = new byte[300_000];
        new Random(7).nextBytes(large);
        for (PgpFormat format : PgpFormat.values()) {
            PgpEncryption transform = PgpEncryption.builder()
                    .recipient(key("lakeside"))
                    .format(format)
                    .keyCheck(KeyCheck.AT_RUN)
                    .build();

            Gpg.Result text = receiver.decrypt(TestKeys.encrypt(transform, TEXT, afterKeys()));
            assertThat(text.messages()).contains("DECRYPTION_OKAY", "GOODMDC", "PLAINTEXT 62 ", "visits-1.csv");
            assertThat(text.output()).isEqualTo(TEXT);
            assertThat(receiver.decrypt(TestKeys.encrypt(transform, large, afterKeys()))
                            .output())
                    .isEqualTo(large);
            assertThat(receiver.decrypt(TestKeys.encrypt(transform, new byte[0], afterKeys()))
                            .exit())
                    .isZero();
        }
    }

    @Test
    void should_be_decrypted_by_a_key_of_bouncycastle_and_verified() throws Exception {
        OpenPGPKey lakeside = TestKeys.curve25519("lakeside <lakeside@example.org>");
        OpenPGPKey rsa = TestKeys.rsa("rsa <rsa@example.org>");
        OpenPGPKey ours = TestKeys.curve25519("ours <ours@example.org>");
        receiver.importKey(TestKeys.privateKey(lakeside));
        receiver.importKey(TestKeys.publicKey(ours));

        Gpg.Result result = receiver.decrypt(TestKeys.encrypt(
                PgpEncryption.builder()
                        .recipient(TestKeys.source("rsa", rsa))
                        .recipient(TestKeys.source("lakeside", lakeside))
                        .signWith(TestKeys.privateSource("ours", ours))
                        .build(),
                TEXT,
                TestKeys.NOON));

        assertThat(result.output()).isEqualTo(TEXT);
        assertThat(result.messages()).contains("DECRYPTION_OKAY", "GOODSIG", "VALIDSIG");
    }

    @Test
    void should_sign_with_a_key_of_gpg_that_has_a_passphrase() throws Exception {
        receiver.generate("lakeside", "future-default", "default", "never");
        byte[] ours;
        try (Gpg sender = Gpg.open(directory.resolve("s"))) {
            sender.generate("ours", "correct horse");
            ours = sender.privateKey("ours", "correct horse");
            receiver.importKey(sender.publicKey("ours"));
        }
        PgpEncryption transform = PgpEncryption.builder()
                .recipient(key("lakeside"))
                .signWith(PgpKeySource.supplied("ours", () -> ours), () -> "correct horse".toCharArray())
                .keyCheck(KeyCheck.AT_RUN)
                .build();

        Gpg.Result result = receiver.decrypt(TestKeys.encrypt(transform, TEXT, Instant.now()));

        assertThat(result.output()).isEqualTo(TEXT);
        assertThat(result.messages()).contains("GOODSIG");
    }

    @Test
    void should_not_be_decrypted_by_another_key() throws Exception {
        receiver.generate("other", "future-default", "default", "never");

        Gpg.Result result = receiver.decrypt(TestKeys.encrypt(
                PgpEncryption.builder()
                        .recipient(TestKeys.source("lakeside", TestKeys.curve25519("lakeside")))
                        .build(),
                TEXT,
                TestKeys.NOON));

        assertThat(result.exit()).isNotZero();
        assertThat(result.messages()).contains("DECRYPTION_FAILED");
        assertThat(result.output()).isEmpty();
    }

    @Test
    void should_know_what_gpg_says_of_its_keys() throws Exception {
        receiver.generate("signs", "ed25519", "sign", "never");
        receiver.generate("expires", "future-default", "default", "60d");
        receiver.generate("revoked", "future-default", "default", "never");
        receiver.revoke("revoked");

        assertThat(problem("signs", afterKeys())).contains(" has no part that encrypts and is valid now");
        assertThat(problem("revoked", afterKeys())).contains(" was revoked");
        assertThat(problem("expires", now.plus(Duration.ofDays(45)))).contains(" expires on ");
        assertThat(problem("expires", now.plus(Duration.ofDays(61)))).contains(" has expired on ");
        assertThat(transform("expires").check(now.plus(Duration.ofDays(20)))).isEmpty();
        assertThat(transform("expires").check(now.plus(Duration.ofDays(61))))
                .extracting(Problem::code)
                .containsExactly(FailureCode.KEY_UNUSABLE);
    }

    private PgpEncryption transform(String name) throws Exception {
        return PgpEncryption.builder()
                .recipient(key(name))
                .keyCheck(KeyCheck.AT_RUN)
                .build();
    }

    private String problem(String name, Instant at) throws Exception {
        return transform(name).check(at).get(0).message();
    }
}
