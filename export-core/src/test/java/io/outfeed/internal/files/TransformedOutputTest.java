package io.outfeed.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.outfeed.file.transform.FileTransform;
import io.outfeed.file.transform.Gzip;
import io.outfeed.file.transform.Zip;
import io.outfeed.internal.transform.CompressorThreads;
import io.outfeed.internal.transform.TransformChain;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, counted and thrown where a second thread compresses. */
@Timeout(120)
class TransformedOutputTest {

    private static final int LENGTH = 2_000_000;

    private final CompressorThreads none = new CompressorThreads(0);
    private final CompressorThreads one = new CompressorThreads(1);

    @AfterEach
    void close() {
        one.close();
    }

    /** A transform of a host, which must be called on the thread of the run. */
    private static final class Inverted implements FileTransform {

        private final Set<Thread> callers = new HashSet<>();

        @Override
        public String ending() {
            return ".inverted";
        }

        @Override
        public OutputStream write(Content content, OutputStream out) {
            return new FilterOutputStream(out) {
                @Override
                public void write(int b) throws IOException {
                    callers.add(Thread.currentThread());
                    out.write(~b);
                }
            };
        }
    }

    private static TransformedOutput open(List<FileTransform> transforms, CompressorThreads threads, OutputStream out)
            throws IOException {
        TransformChain chain = new TransformChain(transforms);
        return TransformedOutput.open(
                chain,
                threads,
                "visits.csv" + chain.endings(),
                Instant.EPOCH,
                out,
                OutputStream.nullOutputStream(),
                " (job=visits, run=1)");
    }

    private static void write(TransformedOutput out) throws IOException {
        Random random = new Random(3);
        byte[] row = new byte[1000];
        for (int i = 0; i < LENGTH / row.length; i++) {
            for (int j = 0; j < row.length; j++) {
                row[j] = (byte) ('a' + random.nextInt(20));
            }
            out.write(row, 0, row.length);
        }
    }

    static List<List<FileTransform>> chains() {
        return List.of(
                List.of(Gzip.defaults()),
                List.of(Zip.level(1)),
                List.of(Gzip.level(2), Zip.defaults()),
                List.of(Gzip.defaults(), new Inverted()),
                List.of(new Inverted(), Gzip.defaults()));
    }

    @ParameterizedTest
    @MethodSource("chains")
    void should_send_and_count_the_same_bytes(List<FileTransform> transforms) throws IOException {
        ByteArrayOutputStream plainly = new ByteArrayOutputStream();
        ByteArrayOutputStream pipelined = new ByteArrayOutputStream();
        TransformedOutput expected = open(transforms, none, plainly);
        TransformedOutput actual = open(transforms, one, pipelined);

        write(expected);
        expected.close();
        write(actual);
        actual.close();

        assertThat(pipelined.toByteArray()).isEqualTo(plainly.toByteArray());
        assertThat(actual.bytes()).isEqualTo(pipelined.size());
        assertThat(actual.sha256()).isEqualTo(expected.sha256());
        assertThat(actual.plain(false)).isEqualTo(expected.plain(false)).isPresent();
        for (FileTransform transform : transforms) {
            if (transform instanceof Inverted inverted) {
                assertThat(inverted.callers).containsExactly(Thread.currentThread());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 200_000, 500_000, 1_000_000})
    void should_throw_what_the_disk_throws_and_discard_the_rest(int room) throws IOException {
        IOException full = new IOException("no space left on device");
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        TransformedOutput out = open(List.of(Gzip.defaults()), one, new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                if (written.size() + length > room + 10) { // the header of gzip
                    throw full;
                }
                written.write(buffer, offset, length);
            }
        });

        Throwable thrown = catchThrowable(() -> {
            write(out);
            out.close();
        });
        int before = written.size();
        out.abort();

        assertThat(thrown).isSameAs(full);
        assertThat(written.size()).isEqualTo(before);
    }

    @Test
    void should_discard_a_file_that_is_not_wanted() throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        TransformedOutput out = open(List.of(Gzip.defaults()), one, written);
        write(out);
        int before = written.size();

        out.abort();

        assertThat(written.size()).isEqualTo(before);
    }
}
