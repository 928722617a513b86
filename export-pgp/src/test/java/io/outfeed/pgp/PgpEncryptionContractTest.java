package io.outfeed.pgp;

import io.outfeed.file.transform.FileTransform;
import io.outfeed.testing.contract.FileTransformContract;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.junit.jupiter.api.Nested;

/** What encryption does as a transform, with keys of two kinds. */
class PgpEncryptionContractTest {

    private static final OpenPGPKey CURVE = TestKeys.curve25519("lakeside");
    private static final OpenPGPKey X25519 = TestKeys.x25519("lakeside");
    private static final OpenPGPKey RSA = TestKeys.rsa("lakeside");

    private static final PgpEncryption.Builder BUILDER = PgpEncryption.builder()
            .recipient(TestKeys.source("curve", CURVE))
            .recipient(TestKeys.source("x25519", X25519))
            .recipient(TestKeys.source("rsa", RSA));

    private static final PgpEncryption BINARY = BUILDER.build();
    private static final PgpEncryption ARMORED_AND_SIGNED = BUILDER.format(PgpFormat.ARMORED)
            .signWith(TestKeys.privateSource("ours", TestKeys.curve25519("ours")))
            .build();

    @Nested
    class ForCurve25519 extends FileTransformContract {

        @Override
        protected FileTransform transform() {
            return BINARY;
        }

        @Override
        protected byte[] read(byte[] file) throws Exception {
            return TestKeys.decrypt(CURVE, file);
        }
    }

    @Nested
    class ForX25519 extends FileTransformContract {

        @Override
        protected FileTransform transform() {
            return BINARY;
        }

        @Override
        protected byte[] read(byte[] file) throws Exception {
            return TestKeys.decrypt(X25519, file);
        }
    }

    @Nested
    class ArmoredAndSigned extends FileTransformContract {

        @Override
        protected FileTransform transform() {
            return ARMORED_AND_SIGNED;
        }

        @Override
        protected byte[] read(byte[] file) throws Exception {
            return TestKeys.decrypt(RSA, file);
        }
    }
}
