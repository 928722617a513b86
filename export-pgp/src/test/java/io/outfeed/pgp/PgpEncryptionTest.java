package io.outfeed.pgp;

import static io.outfeed.pgp.TestKeys.CREATED;
import static io.outfeed.pgp.TestKeys.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.Problem;
import io.outfeed.error.TransformException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that can't be used, what is said of them, and keys that are renewed. */
class PgpEncryptionTest {

    private static final byte[] TEXT = "id,note\r\n1,alpha\r\n".getBytes(UTF_8);
    private static final OpenPGPKey LAKESIDE = TestKeys.curve25519("Lake Side <office@lakeside.example>");
    private static final OpenPGPKey OURS = TestKeys.curve25519("ours", "the passphrase".toCharArray());

    @TempDir
    private Path directory;

    private static PgpEncryption.Builder builder() {
        return PgpEncryption.builder().clock(Clock.fixed(NOON, ZoneOffset.UTC));
    }

    private static String fingerprint(OpenPGPKey key) {
        return HexFormat.of().withUpperCase().formatHex(key.getFingerprint());
    }

    private static void refused(PgpEncryption.Builder builder, String message) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("PGP encryption has 1 problem: " + message);
        assertThat(builder.keyCheck(KeyCheck.AT_RUN).build().check(NOON))
                .extracting(Problem::message)
                .containsExactly(message);
        assertThatThrownBy(() -> TestKeys.encrypt(builder.build(), TEXT, NOON))
                .isInstanceOf(TransformException.class)
                .hasMessage(message);
    }

    @Test
    void should_refuse_a_key_that_is_not_there() throws Exception {
        Path file = directory.resolve("lakeside.asc");

        refused(builder().recipient(PgpKeySource.file(file)), "there is no key file " + file + ": put it there");

        Files.write(file, new byte[] {(byte) 0xc6, 5, 4, 1, 2, 3, 4}); // a part of a key
        refused(
                builder().recipient(PgpKeySource.file(file)),
                file + " has no OpenPGP key that can be read: export one, such as by gpg --export");
        Files.writeString(file, "no key");
        refused(
                builder().recipient(PgpKeySource.file(file)),
                "there is no key in " + file + ": export one, such as by gpg --export");
    }

    @Test
    void should_refuse_a_revoked_key() {
        OpenPGPKey revoked = TestKeys.revoked(TestKeys.curve25519("lakeside"));

        assertThat(PgpEncryption.builder()
                        .recipient(TestKeys.source("lakeside", revoked))
                        .keyCheck(KeyCheck.AT_RUN)
                        .build()
                        .check(Instant.now()))
                .containsExactly(new Problem(
                        FailureCode.KEY_UNUSABLE,
                        "the key " + fingerprint(revoked) + " in lakeside was revoked: ask its owner for another one"));
    }

    @Test
    void should_refuse_a_key_that_only_signs() {
        OpenPGPKey key = TestKeys.signOnly();

        refused(
                builder().recipient(TestKeys.source("lakeside", key)),
                "the key " + fingerprint(key) + " in lakeside has no part that encrypts and is valid now: ask its owner"
                        + " for a key with an encryption subkey");
    }

    @Test
    void should_refuse_a_private_key_of_a_recipient() {
        refused(
                builder().recipient(TestKeys.privateSource("lakeside", LAKESIDE)),
                "the key " + fingerprint(LAKESIDE) + " in lakeside is a private one, which only its owner may have: ask"
                        + " for the public key, and remove this one");
    }

    @Test
    void should_refuse_a_wrong_passphrase_and_never_show_it() {
        refused(
                builder()
                        .recipient(TestKeys.source("lakeside", LAKESIDE))
                        .signWith(TestKeys.privateSource("ours", OURS), () -> "hunter2".toCharArray()),
                "the key " + fingerprint(OURS) + " in ours has another passphrase than the one that was given: correct"
                        + " it");
        refused(
                builder()
                        .recipient(TestKeys.source("lakeside", LAKESIDE))
                        .signWith(TestKeys.privateSource("ours", OURS)),
                "the key " + fingerprint(OURS) + " in ours is protected by a passphrase: give a supplier of it to"
                        + " signWith");
        assertThatThrownBy(() -> builder()
                        .recipient(TestKeys.source("lakeside", LAKESIDE))
                        .signWith(TestKeys.privateSource("ours", OURS), () -> "hunter2".toCharArray())
                        .build())
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("hunter2", "Lake Side", "office@"));
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    @Test
    void should_refuse_a_public_key_to_sign_with() {
        refused(
                builder().recipient(TestKeys.source("lakeside", LAKESIDE)).signWith(TestKeys.source("ours", OURS)),
                "ours has a public key, and a private one signs: export it, such as by gpg --export-secret-keys");
    }

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> builder()
                        .recipient(PgpKeySource.supplied("vault", () -> {
                            throw new IllegalStateException("the secret of the vault");
                        }))
                        .recipient(PgpKeySource.supplied("empty", () -> new byte[0]))
                        .signWith(TestKeys.privateSource("ours", OURS), () -> {
                            throw new IllegalStateException("the secret of the vault");
                        })
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("PGP encryption has 3 problems: the supplier of the key vault has failed"
                        + " (java.lang.IllegalStateException): check what it reads; there is no key in empty: export"
                        + " one, such as by gpg --export; the supplier of the passphrase of the key "
                        + fingerprint(OURS)
                        + " in ours has failed (java.lang.IllegalStateException): check what it reads");
        assertThatThrownBy(() -> builder().build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("PGP encryption has 1 problem: recipient is missing: give the public key of the receiver");
    }

    @Test
    void should_have_nothing_secret_in_its_name() {
        PgpEncryption transform = builder()
                .recipient(TestKeys.source("lakeside", LAKESIDE))
                .signWith(TestKeys.privateSource("ours", OURS), () -> "the passphrase".toCharArray())
                .format(PgpFormat.ARMORED)
                .build();

        assertThat(transform).hasToString("PGP for [lakeside], signed with ours, armored");
        assertThat(transform.fingerprint()).isEqualTo(transform.toString());
        assertThat(transform.ending()).isEqualTo(".asc");
        assertThat(transform.encrypts()).isTrue();
    }

    @Test
    void should_sign_and_leave_the_passphrase_of_the_host_alone() throws Exception {
        char[] passphrase = "the passphrase".toCharArray();
        PgpEncryption transform = builder()
                .recipient(TestKeys.source("lakeside", LAKESIDE))
                .signWith(TestKeys.privateSource("ours", OURS), () -> passphrase)
                .build();

        byte[] file = TestKeys.encrypt(transform, TEXT, NOON);

        assertThat(TestKeys.isSigned(LAKESIDE, OURS, file)).isTrue();
        assertThat(TestKeys.isSigned(LAKESIDE, LAKESIDE, file)).isFalse();
        assertThat(new String(passphrase)).isEqualTo("the passphrase");
        assertThat(TestKeys.encrypt(transform, TEXT, NOON))
                .as("never the same bytes")
                .isNotEqualTo(file);
    }

    @Test
    void should_be_unreadable_for_others() throws Exception {
        byte[] file = TestKeys.encrypt(
                builder().recipient(TestKeys.source("lakeside", LAKESIDE)).build(), TEXT, NOON);

        assertThat(TestKeys.decrypt(LAKESIDE, file)).isEqualTo(TEXT);
        assertThatThrownBy(() -> TestKeys.decrypt(TestKeys.curve25519("other"), file))
                .hasMessageContaining("No");
    }

    @Test
    void should_encrypt_for_each_key_of_a_file() throws Exception {
        OpenPGPKey riverside = TestKeys.rsa("riverside");
        Path ring = directory.resolve("ring.pgp");
        Files.write(ring, TestKeys.publicKey(LAKESIDE));
        Files.write(ring, TestKeys.publicKey(riverside), StandardOpenOption.APPEND);

        byte[] file = TestKeys.encrypt(PgpEncryption.to(ring), TEXT, NOON);

        assertThat(TestKeys.decrypt(LAKESIDE, file)).isEqualTo(TEXT);
        assertThat(TestKeys.decrypt(riverside, file)).isEqualTo(TEXT);
    }

    @Test
    void should_use_a_renewed_key_without_a_restart() throws Exception {
        OpenPGPKey renewed = TestKeys.curve25519("lakeside");
        Path key = directory.resolve("lakeside.asc");
        Files.writeString(key, LAKESIDE.toCertificate().toAsciiArmoredString());
        PgpEncryption transform = PgpEncryption.to(key);

        Files.writeString(key, renewed.toCertificate().toAsciiArmoredString());

        assertThat(TestKeys.decrypt(renewed, TestKeys.encrypt(transform, TEXT, NOON)))
                .isEqualTo(TEXT);
    }

    @Test
    void should_tell_that_a_key_expires_soon_and_refuse_it_then() {
        OpenPGPKey key = TestKeys.expiring(Duration.ofDays(60), Duration.ofDays(90));
        PgpEncryption transform =
                builder().recipient(TestKeys.source("lakeside", key)).build();

        assertThat(transform.check(CREATED.plus(Duration.ofDays(29)))).isEmpty();
        assertThat(transform.check(CREATED.plus(Duration.ofDays(31))))
                .containsExactly(new Problem(
                        FailureCode.KEY_EXPIRING,
                        "the key " + fingerprint(key)
                                + " in lakeside expires on 2026-03-16: ask its owner to extend it, and replace it"));
        assertThat(transform.check(CREATED.plus(Duration.ofDays(60))))
                .containsExactly(new Problem(
                        FailureCode.KEY_UNUSABLE,
                        "the key " + fingerprint(key)
                                + " in lakeside has expired on 2026-03-16: ask its owner to extend it"));
    }

    @Test
    void should_tell_that_only_the_subkey_expires() {
        OpenPGPKey key = TestKeys.expiring(Duration.ofDays(90), Duration.ofDays(60));
        PgpEncryption transform = builder()
                .recipient(TestKeys.source("lakeside", key))
                .warnBefore(Duration.ofDays(2))
                .build();

        assertThat(transform.check(CREATED.plus(Duration.ofDays(57)))).isEmpty();
        assertThat(transform.check(CREATED.plus(Duration.ofDays(59))))
                .extracting(Problem::code)
                .containsExactly(FailureCode.KEY_EXPIRING);
        assertThat(transform.check(CREATED.plus(Duration.ofDays(61))))
                .containsExactly(new Problem(
                        FailureCode.KEY_UNUSABLE,
                        "the key " + fingerprint(key) + " in lakeside has a subkey that encrypts, which has expired on"
                                + " 2026-03-16: ask its owner to extend it"));
    }
}
