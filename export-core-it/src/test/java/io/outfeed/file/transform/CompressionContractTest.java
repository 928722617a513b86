package io.outfeed.file.transform;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.testing.contract.FileTransformContract;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What gzip and zip do as transforms. */
class CompressionContractTest {

    @Nested
    class ByGzip extends FileTransformContract {

        @Override
        protected FileTransform transform() {
            return Gzip.defaults();
        }

        @Override
        protected byte[] read(byte[] file) throws Exception {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
                return in.readAllBytes();
            }
        }
    }

    @Nested
    class ByZip extends FileTransformContract {

        @Override
        protected FileTransform transform() {
            return Zip.level(9);
        }

        @Override
        protected byte[] read(byte[] file) throws Exception {
            try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(file))) {
                assertThat(in.getNextEntry()).hasFieldOrPropertyWithValue("name", "visits-1.csv");
                byte[] plain = in.readAllBytes();
                assertThat(in.getNextEntry()).isNull();
                return plain;
            }
        }
    }

    @Test
    void should_be_smaller_at_a_higher_level() throws IOException {
        assertThat(size(Gzip.level(9))).isLessThan(size(Gzip.level(1)));
        assertThat(size(Zip.level(9))).isLessThan(size(Zip.level(1)));
    }

    private static int size(FileTransform transform) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream in = transform.write(new FileTransform.Content("a", Instant.EPOCH), out)) {
            for (int i = 0; i < 20_000; i++) {
                in.write((i + "," + (i * 7919) % 1009 + "\r\n").getBytes(US_ASCII));
            }
        }
        return out.size();
    }

    @Test
    void should_tell_levels_apart() {
        assertThat(Gzip.level(9)).isNotEqualTo(Gzip.level(8)).hasToString("gzip (level 9)");
        assertThat(Zip.level(1)).isNotEqualTo(Zip.defaults()).hasToString("zip (level 1)");
        assertThat(Gzip.defaults()).hasToString("gzip");
        assertThat(Gzip.level(9).fingerprint()).isNotEqualTo(Gzip.level(8).fingerprint());
    }

    @Test
    void should_refuse_other_levels() {
        assertThatThrownBy(() -> Gzip.level(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the level must be 1 to 9, not 0");
        assertThatThrownBy(() -> Zip.level(10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the level must be 1 to 9, not 10");
    }
}
