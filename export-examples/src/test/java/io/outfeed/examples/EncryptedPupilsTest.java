package io.outfeed.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.Protection;
import io.outfeed.examples.EncryptedPupils.Pupil;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.zip.GZIPInputStream;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.api.OpenPGPApi;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.OpenPGPMessageInputStream;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedPupilsTest {

    private static final OpenPGPApi PGP = new BcOpenPGPApi();
    private static final char[] SCHOOL_PASSPHRASE = {'o', 't', 'h', 'e', 'r'};
    private static final char[] PASSPHRASE = {'s', '3', 'c', 'r', 'e', 't'};

    private static EncryptedPupils.Vault vault(OpenPGPKey key) {
        return new EncryptedPupils.Vault() {
            @Override
            public byte[] privateKey() throws IOException {
                return key.getEncoded();
            }

            @Override
            public char[] passphrase() {
                return PASSPHRASE.clone();
            }
        };
    }

    private static OpenPGPKey key(String owner, char[] passphrase) throws PGPException {
        return PGP.generateKey(4, Date.from(Instant.parse("2026-01-15T08:00:00Z")))
                .withPrimaryKey(PGPKeyPairGenerator::generateLegacyEd25519KeyPair)
                .addUserId(owner)
                .addSigningSubkey(PGPKeyPairGenerator::generateLegacyEd25519KeyPair)
                .addEncryptionSubkey(PGPKeyPairGenerator::generateLegacyX25519KeyPair)
                .build(passphrase.clone()); // which is erased
    }

    @Test
    void should_send_by_mail_what_only_the_school_can_read(@TempDir Path directory) throws Exception {
        OpenPGPKey school = key("Lakeside", SCHOOL_PASSPHRASE);
        OpenPGPKey ours = key("Exports", PASSPHRASE);
        Path lakesideKey = Files.write(
                directory.resolve("lakeside.pgp"), school.toCertificate().getEncoded());
        ListSource<Pupil> source = ListSource.create(Pupil::id, Pupil::enrolledAt)
                .put(new Pupil(1, "Zoë Ångström", Instant.parse("2026-02-01T00:00:00Z")));
        InMemoryDelivery mail = InMemoryDelivery.create("mail").protection(Protection.PLAIN);

        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"))) {
            sandbox.add(EncryptedPupils.job(EncryptedPupils.definition(source), mail, lakesideKey, vault(ours)))
                    .runNow();
        }

        assertThat(decrypted(mail.file("pupils-1.csv.gz.pgp").bytes(), school, ours))
                .isEqualTo("id,name\r\n1,Zoë Ångström\r\n");
        assertThat(Readme.code("docs/guide/encryption.md", "# Encrypted files"))
                .isEqualTo(Readme.region("EncryptedPupils.java", "encryption"));
    }

    private static String decrypted(byte[] file, OpenPGPKey school, OpenPGPKey sender)
            throws IOException, PGPException {
        OpenPGPMessageInputStream in = PGP.decryptAndOrVerifyMessage()
                .addDecryptionKey(school, SCHOOL_PASSPHRASE.clone())
                .addVerificationCertificate(sender.toCertificate())
                .process(new ByteArrayInputStream(file));
        String text;
        try (InputStream plain = new GZIPInputStream(in)) {
            text = new String(plain.readAllBytes(), UTF_8);
        }
        assertThat(in.getResult().getSignatures()).hasSize(1);
        assertThat(in.getResult().getSignatures().get(0).isValid()).isTrue();
        return text;
    }
}
